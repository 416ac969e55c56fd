// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Every kernel variant that this processor runs, for every size of GRU from 1
  to 257 units and from 1 to 70 inputs, against double precision.

  A page that cannot be touched lies behind every buffer, so that reading or
  writing one float too many ends the program.  Everything is done twice: with
  buffers up to that page, and with buffers that no vector is aligned to.

      kernels_sweep_check [N]

  takes only every Nth number of units, for emulators.
*/

#define _DEFAULT_SOURCE // For anonymous memory

#include "random_numbers.h"

#include "kernels/kernels.h"
#include "kernels/reference.h"

#include <sys/mman.h>
#include <unistd.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_HIDDEN = 257,
  MAX_INPUT  = 70,
  STREAMS    = 2,
  STEPS      = 3, ///< Odd, so that columns are walked both ways
};

static unsigned n_failed;

/// Memory that ends where the next page cannot be touched
typedef struct {
  char*  end;
  size_t size; ///< Bytes
} Guarded;

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

/// Floats between a buffer and the page behind it: 0, or 1 to be unaligned
static size_t slack;

/// Return the last `n` floats
static float*
last_floats(const Guarded guarded, const size_t n)
{
  return (float*)(void*)guarded.end - n - slack;
}

/// Buffers of all sizes, used again and again
typedef struct {
  Guarded wi, bi, wh, bh; ///< Weights, both directions
  Guarded x, a, c, h, y;
  Guarded pair; ///< Input parts and results of two streams
} Memory;

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

/// A GRU of one size, in the memory
typedef struct {
  size_t in, n_hidden, hidden, gates, directions;
  float* wi; ///< (in, directions * gates)
  float* bi; ///< (directions * gates)
  float* wh; ///< (directions, n_hidden, gates)
  float* bh; ///< (directions * gates)
} Gru;

static Gru
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

/// One step of nn.GRU in double precision
static void
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

static void
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

/// One step of two streams that share their weights, as frame networks do it
static void
check_streams(const Memory* const m, const size_t in, const size_t n_hidden)
{
  const Gru    g = new_gru(m, in, n_hidden, 1U);
  float* const x = last_floats(m->x, STREAMS * in);
  float* const a = last_floats(m->a, STREAMS * g.gates);
  float* const c = last_floats(m->c, STREAMS * g.gates);
  float* const h = last_floats(m->h, STREAMS * g.hidden);
  float        start[STREAMS][MAX_HIDDEN + GRUS_PAD];
  double       expected[STREAMS][MAX_HIDDEN];
  fill(x, STREAMS * in, 1.0f);
  for (size_t s = 0U; s < STREAMS; ++s) {
    fill_padded(start[s], 1U, n_hidden, g.hidden, 1.0f);
    for (size_t j = 0U; j < n_hidden; ++j) {
      expected[s][j] = (double)start[s][j];
    }
    reference_step(&g, 0U, x + (s * in), expected[s]);
  }

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    for (size_t whole = 0U; whole < 2U; ++whole) { // Whole arrays use blocks
      double error = 0.0;
      for (size_t s = 0U; s < STREAMS; ++s) {
        memcpy(h + (s * g.hidden), start[s], g.hidden * sizeof(float));
      }
      (whole ? (*k)->linear_blocks : (*k)->linear)(
        a, g.gates, g.wi, g.bi, x, in, STREAMS, in, g.gates);
      (whole ? (*k)->linear_blocks : (*k)->linear)(
        c, g.gates, g.wh, g.bh, h, g.hidden, STREAMS, n_hidden, g.gates);
      (*k)->gru_gates(h, g.hidden, a, c, STREAMS, g.hidden);
      for (size_t s = 0U; s < STREAMS; ++s) {
        error = grus_reference_larger(
          error,
          grus_reference_error(h + (s * g.hidden), expected[s], n_hidden));
      }
      expect(*k, whole ? "whole streams" : "streams", &g, error);
    }
  }
}

/// One step of two sequences, as many of them take it in a small GRU
static void
check_rows(const Memory* const m, const size_t in, const size_t n_hidden)
{
  const Gru    g = new_gru(m, in, n_hidden, 1U);
  float* const x = last_floats(m->x, STREAMS * in);
  float* const h = last_floats(m->h, STREAMS * g.hidden);
  float* const y = last_floats(m->y, STREAMS * g.hidden);
  float        start[STREAMS * (MAX_HIDDEN + GRUS_PAD)];
  double       expected[STREAMS][MAX_HIDDEN];
  fill(x, STREAMS * in, 1.0f);
  fill_padded(start, STREAMS, n_hidden, g.hidden, 1.0f);
  for (size_t s = 0U; s < STREAMS; ++s) {
    for (size_t j = 0U; j < n_hidden; ++j) {
      expected[s][j] = (double)start[(s * g.hidden) + j];
    }
    reference_step(&g, 0U, x + (s * in), expected[s]);
  }

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    memcpy(h, start, STREAMS * g.hidden * sizeof(float));
    (*k)->gru_rows(y,
                   g.hidden,
                   x,
                   in,
                   g.wi,
                   g.bi,
                   in,
                   h,
                   g.wh,
                   g.bh,
                   STREAMS,
                   n_hidden,
                   g.hidden);
    double error = 0.0;
    for (size_t s = 0U; s < STREAMS; ++s) {
      const size_t row = s * g.hidden;
      error            = grus_reference_larger(
        error, grus_reference_error(y + row, expected[s], n_hidden));
      error = grus_reference_larger(
        error, grus_reference_error(h + row, expected[s], n_hidden));
    }
    expect(*k, "rows", &g, error);
  }
}

/// Some steps of one stream, as sample networks do it
static void
check_sequence(const Memory* const m, const size_t in, const size_t n_hidden)
{
  const Gru    g = new_gru(m, in, n_hidden, 1U);
  float* const x = last_floats(m->x, STEPS * in);
  float* const a = last_floats(m->a, STEPS * g.gates);
  float* const c = last_floats(m->c, g.gates);
  float* const h = last_floats(m->h, g.hidden);
  float* const y = last_floats(m->y, STEPS * g.hidden);
  fill(x, STEPS * in, 1.0f);

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    double expected[MAX_HIDDEN] = {0.0};
    double error                = 0.0;
    memset(h, 0, g.hidden * sizeof(float));
    (*k)->linear(a, g.gates, g.wi, g.bi, x, in, STEPS, in, g.gates);
    (*k)->gru_sequence(
      y, g.hidden, a, g.gates, g.wh, g.bh, h, c, STEPS, n_hidden, g.hidden);
    for (size_t t = 0U; t < STEPS; ++t) {
      reference_step(&g, 0U, x + (t * in), expected);
      error = grus_reference_larger(
        error, grus_reference_error(y + (t * g.hidden), expected, n_hidden));
    }
    expect(*k, "sequence", &g, error);
    expect(*k, "state", &g, grus_reference_error(h, expected, n_hidden));
  }
}

/// Two streams at once give the bits of one after the other
static void
check_pair(const Memory* const m, const size_t n_hidden, const bool bf16)
{
  const Gru     g    = new_gru(m, 1U, n_hidden, 1U);
  const size_t  rows = STREAMS * STEPS;
  const Guarded more = m->pair;
  float* const  a    = last_floats(more, rows * (g.gates + g.hidden));
  float* const  y    = a + (rows * g.gates);
  float* const  c    = last_floats(m->c, STREAMS * g.gates);
  float* const  h    = last_floats(m->h, STREAMS * g.hidden);
  float         alone[STREAMS * STEPS * (MAX_HIDDEN + GRUS_PAD)];
  float         state[STREAMS * (MAX_HIDDEN + GRUS_PAD)];
  fill_padded(a, rows * 3U, n_hidden, g.hidden, 1.0f);
  if (bf16) {
    grus_pack_bf16(g.wh, n_hidden, g.gates);
  }

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    float* const both[] = {h, h + g.hidden};
    memset(state, 0, STREAMS * g.hidden * sizeof(float));
    memset(h, 0, STREAMS * g.hidden * sizeof(float));
    for (size_t s = 0U; s < STREAMS; ++s) {
      (bf16 ? (*k)->gru_sequence_bf16
            : (*k)->gru_sequence)(alone + (s * STEPS * g.hidden),
                                  g.hidden,
                                  a + (s * STEPS * g.gates),
                                  g.gates,
                                  g.wh,
                                  g.bh,
                                  state + (s * g.hidden),
                                  c,
                                  STEPS,
                                  n_hidden,
                                  g.hidden);
    }
    (bf16 ? (*k)->gru_pair_bf16 : (*k)->gru_pair)(
      y, g.hidden, a, g.gates, g.wh, g.bh, both, c, STEPS, n_hidden, g.hidden);

    bool same = !memcmp(h, state, STREAMS * g.hidden * sizeof(float));
    for (size_t r = 0U; r < rows; ++r) {
      same = same && !memcmp(y + (r * g.hidden),
                             alone + (r * g.hidden),
                             n_hidden * sizeof(float));
    }
    expect(*k, bf16 ? "pair as bf16" : "pair", &g, same ? 0.0 : 1.0);
  }
}

/// Both directions, as networks over bands do it
static void
check_both_ways(const Memory* const m, const size_t in, const size_t n_hidden)
{
  const Gru    g      = new_gru(m, in, n_hidden, 2U);
  const size_t width  = 2U * g.gates;
  const size_t stride = 2U * n_hidden;
  float* const x      = last_floats(m->x, STEPS * in);
  float* const a      = last_floats(m->a, STEPS * width);
  float* const c      = last_floats(m->c, width);
  float* const h      = last_floats(m->h, 2U * g.hidden);
  float* const y      = last_floats(m->y, STEPS * stride);
  fill(x, STEPS * in, 1.0f);

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    double forward[MAX_HIDDEN]  = {0.0};
    double backward[MAX_HIDDEN] = {0.0};
    double error                = 0.0;
    (*k)->linear(a, width, g.wi, g.bi, x, in, STEPS, in, width);
    (*k)->gru_both_ways(
      y, stride, a, g.wh, g.bh, h, c, STEPS, n_hidden, g.hidden);
    for (size_t t = 0U; t < STEPS; ++t) {
      const size_t u = STEPS - 1U - t;
      reference_step(&g, 0U, x + (t * in), forward);
      reference_step(&g, 1U, x + (u * in), backward);
      error = grus_reference_larger(
        error, grus_reference_error(y + (t * stride), forward, n_hidden));
      error = grus_reference_larger(
        error,
        grus_reference_error(y + (u * stride) + n_hidden, backward, n_hidden));
    }
    expect(*k, "both ways", &g, error);
  }
}

/// A layer with one output, over some rows
static void
check_dot(const Memory* const m, const size_t in)
{
  const Gru    g = {in, 1U, 1U, 1U, 1U, NULL, NULL, NULL, NULL};
  float* const w = last_floats(m->wi, in);
  float* const b = last_floats(m->bi, 1U);
  float* const x = last_floats(m->a, STEPS * in);
  float* const y = last_floats(m->y, STEPS);
  fill(w, in, 1.0f / sqrtf((float)in));
  fill(b, 1U, 1.0f);
  fill(x, STEPS * in, 1.0f);

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    (*k)->dot(y, 1U, w, b, x, in, STEPS, in);
    for (size_t t = 0U; t < STEPS; ++t) {
      double sum = (double)b[0];
      for (size_t i = 0U; i < in; ++i) {
        sum += (double)w[i] * (double)x[(t * in) + i];
      }
      expect(*k, "dot", &g, fabs(sum - (double)y[t]));
    }
  }
}

/// Undo grus_pack_bf16(), as the kernels read it
static void
unpack_bf16(float* const       out,
            const float* const w,
            const size_t       rows,
            const size_t       stride)
{
  for (size_t row = 0U; row < rows; ++row) {
    for (size_t i = 0U; i < stride; ++i) {
      const float* const pair = w + (row / 2U * stride) + i;
      uint32_t           bits = 0U;
      memcpy(&bits, pair, sizeof(bits));
      bits = row % 2U ? bits : bits << 16U;
      memcpy(out + (row * stride) + i, &bits, sizeof(bits));
    }
  }
}

/// Round a matrix, and the copy of it that the reference reads
static void
round_matrix(const Gru* const g, float* const w, float* const copy, size_t rows)
{
  const size_t n = rows * g->gates;
  memcpy(copy, w, n * sizeof(float));
  grus_pack_bf16(w, rows, g->gates);

  float* const rounded = (float*)malloc(n * sizeof(float));
  unpack_bf16(rounded, w, rows, g->gates);
  for (size_t i = 0U; i < n; ++i) {
    // Half of the last of 8 bits; above other bits zero is not quite zero
    if (!(fabsf(rounded[i] - copy[i]) <=
          fmaxf(fabsf(copy[i]) / 256.0f, 1e-38f))) {
      printf(
        "FAILED: %g is rounded to %g\n", (double)copy[i], (double)rounded[i]);
      ++n_failed;
    }
  }
  memcpy(copy, rounded, n * sizeof(float));
  free(rounded);
}

/// Some steps with rounded weights, against the same weights
static void
check_bf16(const Memory* const m, const size_t in, const size_t n_hidden)
{
  const Gru    g = new_gru(m, in, n_hidden, 1U);
  float* const x = last_floats(m->x, STEPS * in);
  float* const a = last_floats(m->a, STEPS * g.gates);
  float* const c = last_floats(m->c, g.gates);
  float* const h = last_floats(m->h, g.hidden);
  float* const y = last_floats(m->y, STEPS * g.hidden);
  Gru          r = g;
  r.wi           = (float*)malloc(in * g.gates * sizeof(float));
  r.wh           = (float*)malloc(n_hidden * g.gates * sizeof(float));
  round_matrix(&g, g.wi, r.wi, in);
  round_matrix(&g, g.wh, r.wh, n_hidden);
  fill(x, STEPS * in, 1.0f);

  // Nothing behind the packed rows may be needed
  float* const wi = last_floats(m->wi, (in + 1U) / 2U * g.gates);
  float* const wh = last_floats(m->wh, (n_hidden + 1U) / 2U * g.gates);
  memmove(wi, g.wi, (in + 1U) / 2U * g.gates * sizeof(float));
  memmove(wh, g.wh, (n_hidden + 1U) / 2U * g.gates * sizeof(float));
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    double expected[MAX_HIDDEN] = {0.0};
    double error                = 0.0;
    memset(h, 0, g.hidden * sizeof(float));
    (*k)->linear_bf16(a, g.gates, wi, g.bi, x, in, STEPS, in, g.gates);
    (*k)->gru_sequence_bf16(
      y, g.hidden, a, g.gates, wh, g.bh, h, c, STEPS, n_hidden, g.hidden);
    for (size_t t = 0U; t < STEPS; ++t) {
      reference_step(&r, 0U, x + (t * in), expected);
      error = grus_reference_larger(
        error, grus_reference_error(y + (t * g.hidden), expected, n_hidden));
    }
    expect(*k, "bf16", &g, error);
  }

  free(r.wh);
  free(r.wi);
}

/// A matrix of bytes as it was packed
typedef struct {
  int8_t* bytes;  ///< (rows, stride)
  float*  scales; ///< (stride)
} Bytes;

/// Pack a matrix and undo it
static Bytes
pack_bytes(float* const w, const size_t rows, const size_t stride)
{
  const size_t n      = rows * stride;
  const size_t groups = (rows + 3U) / 4U;
  float* const copy   = (float*)malloc(n * sizeof(float));
  const Bytes  b = {(int8_t*)malloc(n), (float*)malloc(stride * sizeof(float))};
  memcpy(copy, w, n * sizeof(float));
  grus_pack_int8(w, rows, stride);

  memcpy(b.scales, w + (groups * stride), stride * sizeof(float));
  for (size_t i = 0U; i < stride; ++i) {
    int32_t sum    = 0;
    int32_t offset = 0;
    for (size_t row = 0U; row < rows; ++row) {
      const float  was  = copy[(row * stride) + i];
      const size_t four = (row / 4U * stride) + i;
      memcpy(&b.bytes[(row * stride) + i], (char*)(w + four) + (row % 4U), 1U);

      const int8_t byte = b.bytes[(row * stride) + i];
      sum += byte;
      if (!(fabsf(((float)byte * b.scales[i]) - was) <=
            b.scales[i] * 0.5001f)) {
        printf("FAILED: %g is rounded to %d * %g\n",
               (double)was,
               byte,
               (double)b.scales[i]);
        ++n_failed;
      }
    }
    memcpy(&offset, w + ((groups + 1U) * stride) + i, sizeof(offset));
    if (offset != -128 * sum) {
      printf("FAILED: offset %d of sum %d\n", offset, sum);
      ++n_failed;
    }
  }

  free(copy);
  return b;
}

/// One row of a linear layer of bytes: sums are exact, scaled in double
static void
reference_bytes(double* const      y,
                const Bytes        w,
                const float* const b,
                const float* const x,
                const size_t       in,
                const size_t       out)
{
  float top = 0.0f;
  for (size_t i = 0U; i < in; ++i) {
    top = fmaxf(top, fabsf(x[i]));
  }

  const float scale = top > 0.0f ? 127.0f / top : 0.0f;
  for (size_t o = 0U; o < out; ++o) {
    int32_t sum = 0;
    for (size_t i = 0U; i < in; ++i) {
      sum += (int32_t)rintf(x[i] * scale) * w.bytes[(i * out) + o];
    }
    y[o] = (double)b[o] + (sum * (double)w.scales[o] * (double)top / 127.0);
  }
}

/// A linear layer of bytes, for some rows, the first all zero
static void
check_int8(const Memory* const m, const size_t n_hidden)
{
  const Gru    g    = new_gru(m, 1U, n_hidden, 1U);
  const size_t rows = ((n_hidden + 3U) / 4U) + 2U;
  float* const w    = last_floats(m->wh, rows * g.gates);
  float* const x    = last_floats(m->h, STREAMS * n_hidden);
  float* const y    = last_floats(m->a, STREAMS * g.gates);
  double       expected[3U * (MAX_HIDDEN + GRUS_PAD)];
  const Bytes  bytes = pack_bytes(g.wh, n_hidden, g.gates);
  fill(x, STREAMS * n_hidden, 1.0f);
  memset(x, 0, n_hidden * sizeof(float));

  // Nothing behind the packed rows may be needed
  memmove(w, g.wh, rows * g.gates * sizeof(float));
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    (*k)->linear_int8(
      y, g.gates, w, g.bh, x, n_hidden, STREAMS, n_hidden, g.gates);
    for (size_t s = 0U; s < STREAMS; ++s) {
      reference_bytes(
        expected, bytes, g.bh, x + (s * n_hidden), n_hidden, g.gates);
      expect(*k,
             "int8",
             &g,
             grus_reference_error(y + (s * g.gates), expected, g.gates));
    }
  }

  free(bytes.scales);
  free(bytes.bytes);
}

int
main(const int argc, char** const argv)
{
  const Memory memory = new_memory();
  const size_t every  = argc > 1 ? strtoul(argv[1], NULL, 10) : 1U;
  if (!every) {
    return 2;
  }

  for (slack = 0U; slack < 2U; ++slack) {
    for (size_t n_hidden = 1U; n_hidden <= MAX_HIDDEN; n_hidden += every) {
      const size_t in = 1U + (n_hidden % MAX_INPUT);
      check_sequence(&memory, in, n_hidden);
      check_both_ways(&memory, in, n_hidden);
      check_bf16(&memory, in, n_hidden);
      check_dot(&memory, n_hidden);
      check_rows(&memory, in, n_hidden);
      if (n_hidden >= 3U) { // Fewer have no room for the scales
        check_int8(&memory, n_hidden);
      }
      check_pair(&memory, n_hidden, false);
      check_pair(&memory, n_hidden, true);
      for (size_t i = 1U; i <= MAX_INPUT; ++i) {
        check_streams(&memory, i, n_hidden);
      }
    }
  }

  printf("%s: 1 to %d units, 1 to %d inputs\n",
         n_failed ? "FAILED" : "passed",
         MAX_HIDDEN,
         MAX_INPUT);
  return n_failed ? 1 : 0;
}
