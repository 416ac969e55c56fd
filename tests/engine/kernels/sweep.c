// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _DEFAULT_SOURCE // For anonymous memory

#include "sweep.h"

#include "random_numbers.h"

#include "kernels/kernels.h"
#include "kernels/reference.h"

#include <sys/mman.h>
#include <unistd.h>

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned n_failed;

/// Floats between a buffer and the page behind it: 0, or 1 to be unaligned
static size_t slack;

/// Map room for `n` floats, or end the program
static Guarded
new_guarded(const size_t n)
{
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  const size_t size =
    ((n * sizeof(float)) + (2U * page) - 1U) / page * page; // And a float more
  char* const base = (char*)mmap(NULL,
                                 size + page,
                                 PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS,
                                 -1,
                                 0);
  if (base == MAP_FAILED || mprotect(base + size, page, PROT_NONE)) {
    perror("mmap");
    exit(1);
  }

  const Guarded guarded = {base + size, size};
  return guarded;
}

float*
last_floats(const Guarded guarded, const size_t n)
{
  return (float*)(void*)guarded.end - n - slack;
}

static Memory
new_memory(void)
{
  const size_t hidden = grus_pad(MAX_HIDDEN);
  const size_t gates  = 2U * 3U * hidden;
  const Memory m      = {new_guarded(MAX_INPUT * gates),
                         new_guarded(gates),
                         new_guarded(MAX_HIDDEN * gates),
                         new_guarded(gates),
                         new_guarded(STEPS * MAX_INPUT),
                         new_guarded(STEPS * gates),
                         new_guarded(STEPS * gates),
                         new_guarded(STREAMS * hidden),
                         new_guarded(STEPS * 2U * hidden),
                         new_guarded(STREAMS * STEPS * 4U * hidden)};
  return m;
}

Gru
new_gru(const Memory* const m,
        const size_t        in,
        const size_t        n_hidden,
        const size_t        directions)
{
  const size_t hidden = grus_pad(n_hidden);
  const size_t gates  = 3U * hidden;
  const size_t width  = directions * gates;
  const Gru    g      = {in,
                         n_hidden,
                         hidden,
                         gates,
                         directions,
                         last_floats(m->wi, in * width),
                         last_floats(m->bi, width),
                         last_floats(m->wh, n_hidden * width),
                         last_floats(m->bh, width)};
  const float  scale  = 1.0f / sqrtf((float)n_hidden);
  fill_padded(
    g.wi, in * directions * 3U, n_hidden, hidden, 1.0f / sqrtf((float)in));
  fill_padded(g.bi, directions * 3U, n_hidden, hidden, 0.5f);
  fill_padded(g.wh, n_hidden * directions * 3U, n_hidden, hidden, scale);
  fill_padded(g.bh, directions * 3U, n_hidden, hidden, 0.5f);
  return g;
}

void
reference_step(const Gru* const   g,
               const size_t       direction,
               const float* const x,
               double* const      h)
{
  double       xs[MAX_INPUT];
  double       a[3U * (MAX_HIDDEN + GRUS_PAD)];
  double       c[3U * (MAX_HIDDEN + GRUS_PAD)];
  const size_t first = direction * g->gates;
  to_doubles(xs, x, g->in);
  grus_reference_linear(a,
                        g->wi + first,
                        g->directions * g->gates,
                        g->bi + first,
                        xs,
                        g->in,
                        g->gates);
  grus_reference_linear(c,
                        g->wh + (first * g->n_hidden),
                        g->gates,
                        g->bh + first,
                        h,
                        g->n_hidden,
                        g->gates);
  grus_reference_gates(h, a, c, g->n_hidden, g->hidden);
}

void
expect(const GrusKernels* const k,
       const char* const        what,
       const Gru* const         g,
       const double             error)
{
  // Also fails for NaN
  if (!(error < 2e-6)) {
    printf("FAILED: %s: %s of %zu inputs, %zu units, %s: error %g\n",
           k->name,
           what,
           g->in,
           g->n_hidden,
           slack ? "unaligned" : "aligned",
           error);
    ++n_failed;
  }
}

void
fail(const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  printf("FAILED: ");
  vprintf(format, args);
  printf("\n");
  va_end(args);
  ++n_failed;
}

Buffers
new_buffers(const Memory* const m, const Gru* const g)
{
  const Buffers buffers = {last_floats(m->x, STEPS * g->in),
                           last_floats(m->a, STEPS * g->gates),
                           last_floats(m->c, g->gates),
                           last_floats(m->h, g->hidden),
                           last_floats(m->y, STEPS * g->hidden)};
  fill(buffers.x, STEPS * g->in, 1.0f);
  return buffers;
}

int
sweep(const int    argc,
      char** const argv,
      void (*const check)(const Memory* m, size_t in, size_t n_hidden))
{
  const Memory memory = new_memory();
  const size_t every  = argc > 1 ? strtoul(argv[1], NULL, 10) : 1U;
  if (!every) {
    return 2;
  }

  for (slack = 0U; slack < 2U; ++slack) {
    for (size_t n_hidden = 1U; n_hidden <= MAX_HIDDEN; n_hidden += every) {
      check(&memory, 1U + (n_hidden % MAX_INPUT), n_hidden);
    }
  }

  printf("%s: 1 to %d units, 1 to %d inputs\n",
         n_failed ? "FAILED" : "passed",
         MAX_HIDDEN,
         MAX_INPUT);
  return n_failed ? 1 : 0;
}
