// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// One copy of the weights for all instances

#define _GNU_SOURCE

#include "checks.h"
#include "lv2_host/host.h"
#include "support.h"

#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static size_t
resident(void)
{
  size_t      pages  = 0U;
  FILE* const stream = fopen("/proc/self/statm", "r");
  if (stream) {
    if (fscanf(stream, "%*s %zu", &pages) != 1) {
      pages = 0U;
    }
    fclose(stream);
  }
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/**
   Run many instances in one process, as a DAW does.

   The weights of the model are about 320 KiB, and a channel has no more than
   that in state: a copy of the weights in each instance would show.
*/
int
check_many(const char* const uri, const uint32_t n)
{
  enum { MAX_INSTANCES = 1000 };
  static Host* hosts[MAX_INSTANCES];
  if (n < 2U || n > MAX_INSTANCES) {
    return EXIT_FAILURE;
  }

  hosts[0]            = host_new(uri, 48000.0, false);
  const size_t before = resident();
  bool         ok     = !!hosts[0];
  for (uint32_t i = 1U; ok && i < n; ++i) {
    hosts[i] = host_beside(hosts[0]);
    ok       = !!hosts[i];
  }
  const size_t each = ((resident() - before) / (n - 1U)) - host_own_size();
  const size_t n_channels = ok ? host_n_channels(hosts[0]) : 0U;
  printf("%u instances, %zu KiB each beyond the first\n", n, each / 1024U);

  for (uint32_t i = n; i-- > 0U;) {
    if (hosts[i]) {
      host_free(hosts[i]);
    }
  }
  return ok && expect(each < 1024U * (100U + (300U * n_channels)),
                      "weights are not shared")
           ? EXIT_SUCCESS
           : EXIT_FAILURE;
}
