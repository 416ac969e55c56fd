// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Every kernel variant that this processor runs, for every size of GRU, against
  double precision.

      kernels_sweep_check [N]
*/

#include "random_numbers.h"
#include "sweep.h"

#include "kernels/kernels.h"
#include "kernels/reference.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

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
  const Gru     g = new_gru(m, in, n_hidden, 1U);
  const Buffers b = new_buffers(m, &g);

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    double expected[MAX_HIDDEN] = {0.0};
    double error                = 0.0;
    memset(b.h, 0, g.hidden * sizeof(float));
    (*k)->linear(b.a, g.gates, g.wi, g.bi, b.x, in, STEPS, in, g.gates);
    (*k)->gru_sequence(b.y,
                       g.hidden,
                       b.a,
                       g.gates,
                       g.wh,
                       g.bh,
                       b.h,
                       b.c,
                       STEPS,
                       n_hidden,
                       g.hidden);
    for (size_t t = 0U; t < STEPS; ++t) {
      reference_step(&g, 0U, b.x + (t * in), expected);
      error = grus_reference_larger(
        error, grus_reference_error(b.y + (t * g.hidden), expected, n_hidden));
    }
    expect(*k, "sequence", &g, error);
    expect(*k, "state", &g, grus_reference_error(b.h, expected, n_hidden));
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

static void
check(const Memory* const m, const size_t in, const size_t n_hidden)
{
  check_sequence(m, in, n_hidden);
  check_both_ways(m, in, n_hidden);
  check_dot(m, n_hidden);
  check_rows(m, in, n_hidden);
  check_pair(m, n_hidden, false);
  check_pair(m, n_hidden, true);
  for (size_t i = 1U; i <= MAX_INPUT; ++i) {
    check_streams(m, i, n_hidden);
  }
}

int
main(const int argc, char** const argv)
{
  return sweep(argc, argv, check);
}
