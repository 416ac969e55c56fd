// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host_features.h"

#include <lv2/core/lv2.h>

#include <sys/mman.h>
#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/**
   Return whether a feature's name can be read.

   lv2file 0.84 passes a feature that it never filled in: its name is null, or
   whatever the stack held.
*/
static bool
has_name(const LV2_Feature* const feature)
{
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  const uintptr_t at   = (uintptr_t)feature->URI & ~(page - 1U);
  return feature->URI && !msync((void*)at, page, MS_ASYNC);
}

void*
host_features_find(const LV2_Feature* const* const features,
                   const char* const               uri)
{
  for (size_t i = 0U; features && features[i]; ++i) {
    if (has_name(features[i]) && !strcmp(features[i]->URI, uri)) {
      return features[i]->data;
    }
  }
  return NULL;
}
