// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Every kernel variant that this processor runs, for every size of GRU with
  weights of 16 or 8 bits, against the same weights in double precision.

      kernels_packed_check [N]
*/

#include "random_numbers.h"
#include "sweep.h"

#include "kernels/kernels.h"
#include "kernels/reference.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
      fail("%g is rounded to %g", (double)copy[i], (double)rounded[i]);
    }
  }
  memcpy(copy, rounded, n * sizeof(float));
  free(rounded);
}

/// Some steps with rounded weights, against the same weights
static void
check_bf16(const Memory* const m, const size_t in, const size_t n_hidden)
{
  const Gru g = new_gru(m, in, n_hidden, 1U);
  Gru       r = g;
  r.wi        = (float*)malloc(in * g.gates * sizeof(float));
  r.wh        = (float*)malloc(n_hidden * g.gates * sizeof(float));
  round_matrix(&g, g.wi, r.wi, in);
  round_matrix(&g, g.wh, r.wh, n_hidden);
  const Buffers b = new_buffers(m, &g);

  // Nothing behind the packed rows may be needed
  float* const wi = last_floats(m->wi, (in + 1U) / 2U * g.gates);
  float* const wh = last_floats(m->wh, (n_hidden + 1U) / 2U * g.gates);
  memmove(wi, g.wi, (in + 1U) / 2U * g.gates * sizeof(float));
  memmove(wh, g.wh, (n_hidden + 1U) / 2U * g.gates * sizeof(float));
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    double expected[MAX_HIDDEN] = {0.0};
    double error                = 0.0;
    memset(b.h, 0, g.hidden * sizeof(float));
    (*k)->linear_bf16(b.a, g.gates, wi, g.bi, b.x, in, STEPS, in, g.gates);
    (*k)->gru_sequence_bf16(b.y,
                            g.hidden,
                            b.a,
                            g.gates,
                            wh,
                            g.bh,
                            b.h,
                            b.c,
                            STEPS,
                            n_hidden,
                            g.hidden);
    for (size_t t = 0U; t < STEPS; ++t) {
      reference_step(&r, 0U, b.x + (t * in), expected);
      error = grus_reference_larger(
        error, grus_reference_error(b.y + (t * g.hidden), expected, n_hidden));
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
        fail(
          "%g is rounded to %d * %g", (double)was, byte, (double)b.scales[i]);
      }
    }
    memcpy(&offset, w + ((groups + 1U) * stride) + i, sizeof(offset));
    if (offset != -128 * sum) {
      fail("offset %d of sum %d", offset, sum);
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

static void
check(const Memory* const m, const size_t in, const size_t n_hidden)
{
  check_bf16(m, in, n_hidden);
  if (n_hidden >= 3U) { // Fewer have no room for the scales
    check_int8(m, n_hidden);
  }
}

int
main(const int argc, char** const argv)
{
  return sweep(argc, argv, check);
}
