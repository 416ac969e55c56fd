// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Linear layers and GRUs of every kernel variant that this processor runs,
// against double precision.  A plain program, so that an emulator of another
// processor can run it.

#include "compare.h"
#include "random_numbers.h"

#include "kernels/kernels.h"
#include "kernels/reference.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_UNITS = 320 };

/// linear(), or linear_blocks()
typedef struct {
  const char* name;
  GrusLinear  run;
} LinearKernel;

/// Return the sum of the squared errors
static double
check_linear_kernel(const GrusKernels* const k,
                    const LinearKernel       linear,
                    const size_t             n,
                    const size_t             in,
                    const size_t             out)
{
  const size_t  padded = grus_pad(out);
  const size_t  stride = in + 3U;
  float* const  w      = new_floats(in * padded);
  float* const  b      = new_floats(padded);
  float* const  x      = new_floats(n * stride);
  float* const  y      = new_floats(n * padded);
  float* const  one    = new_floats(padded);
  double* const xs     = (double*)malloc(in * sizeof(double));
  double* const sums   = (double*)malloc(out * sizeof(double));
  fill_padded(w, in, out, padded, 1.0f / sqrtf((float)in));
  fill_padded(b, 1U, out, padded, 1.0f);
  fill(x, n * stride, 1.0f);

  linear.run(y, padded, w, b, x, stride, n, in, padded);
  double worst   = 0.0;
  double squares = 0.0;
  bool   same    = true;
  for (size_t r = 0U; r < n; ++r) {
    const float* const row = y + (r * padded);
    to_doubles(xs, x + (r * stride), in);
    grus_reference_linear(sums, w, padded, b, xs, in, out);
    worst = grus_reference_larger(worst, grus_reference_error(row, sums, out));
    for (size_t o = 0U; o < out; ++o) {
      squares += (sums[o] - (double)row[o]) * (sums[o] - (double)row[o]);
    }
    linear.run(one, padded, w, b, x + (r * stride), stride, 1U, in, padded);
    same = same && !memcmp(one, y + (r * padded), out * sizeof(float));
  }
  expect(worst < 4e-6, k, linear.name, worst);
  expect(same, k, "a linear layer's bits depend on the number of rows", 0.0);
  expect(is_guarded(y, n * padded), k, "linear writes beyond its end", 0.0);

  free(sums);
  free(xs);
  free(one);
  free(y);
  free(x);
  free(b);
  free(w);
  return squares;
}

static void
check_linear(const GrusKernels* const k,
             const size_t             n,
             const size_t             in,
             const size_t             out)
{
  const LinearKernel linear = {"linear", k->linear};
  const LinearKernel blocks = {"linear_blocks", k->linear_blocks};
  check_linear_kernel(k, linear, n, in, out);
  check_linear_kernel(k, blocks, n, in, out);
}

/// Blocks are for less rounding where there are many inputs
static void
check_wide_linear(const GrusKernels* const k)
{
  const LinearKernel linear = {"linear", k->linear};
  const LinearKernel blocks = {"linear_blocks", k->linear_blocks};
  const double       plain  = check_linear_kernel(k, linear, 30U, 600U, 96U);
  const double       better = check_linear_kernel(k, blocks, 30U, 600U, 96U);
  expect(better < 0.25 * plain, k, "linear_blocks rounds", better / plain);
}

/// nn.GRU's cell in double precision, padded layout, in place
static void
reference_cell(double* const      h,
               const float* const a,
               const float* const w,
               const float* const b,
               const size_t       n_hidden,
               const size_t       hidden)
{
  double as[3 * MOST_UNITS];
  double c[3 * MOST_UNITS];
  to_doubles(as, a, 3U * hidden);
  grus_reference_linear(c, w, 3U * hidden, b, h, n_hidden, 3U * hidden);
  grus_reference_gates(h, as, c, n_hidden, hidden);
}

/// Operands of a GRU along a sequence
typedef struct {
  size_t n;
  size_t n_hidden;
  size_t hidden;
  size_t directions;
  float* a;
  float* w;
  float* b;
  float* h;
  float* c;
  float* y;
  size_t y_stride;
} Gru;

static Gru
new_gru(const size_t n, const size_t n_hidden, const size_t directions)
{
  const size_t hidden = grus_pad(n_hidden);
  const size_t gates  = 3U * hidden;
  Gru          g      = {.n          = n,
                         .n_hidden   = n_hidden,
                         .hidden     = hidden,
                         .directions = directions,
                         .y_stride   = grus_pad(directions * n_hidden)};

  g.a = new_floats(n * directions * gates);
  g.w = new_floats(directions * n_hidden * gates);
  g.b = new_floats(directions * gates);
  g.h = new_floats(directions * hidden);
  g.c = new_floats(directions * gates);
  g.y = new_floats(n * g.y_stride);
  fill_padded(g.a, n * directions * 3U, n_hidden, hidden, 1.5f);
  fill_padded(g.w,
              directions * n_hidden * 3U,
              n_hidden,
              hidden,
              1.0f / sqrtf((float)n_hidden));
  fill_padded(g.b, directions * 3U, n_hidden, hidden, 0.5f);
  memset(g.h, 0, directions * hidden * sizeof(float));
  return g;
}

static void
free_gru(const Gru g)
{
  free(g.y);
  free(g.c);
  free(g.h);
  free(g.b);
  free(g.w);
  free(g.a);
}

/// Largest difference of one direction of a result to double precision
static double
gru_error(const Gru g, const size_t direction)
{
  const size_t gates         = 3U * g.hidden;
  double       h[MOST_UNITS] = {0.0};
  double       worst         = 0.0;
  for (size_t s = 0U; s < g.n; ++s) {
    const size_t t = direction ? g.n - 1U - s : s;
    reference_cell(h,
                   g.a + (((t * g.directions) + direction) * gates),
                   g.w + (direction * g.n_hidden * gates),
                   g.b + (direction * gates),
                   g.n_hidden,
                   g.hidden);
    const float* const y = g.y + (t * g.y_stride) + (direction * g.n_hidden);
    worst =
      grus_reference_larger(worst, grus_reference_error(y, h, g.n_hidden));
  }

  return worst;
}

static void
check_gru(const GrusKernels* const k, const size_t n, const size_t n_hidden)
{
  Gru g = new_gru(n, n_hidden, 1U);
  k->gru_sequence(g.y,
                  g.y_stride,
                  g.a,
                  3U * g.hidden,
                  g.w,
                  g.b,
                  g.h,
                  g.c,
                  n,
                  n_hidden,
                  g.hidden);
  double error = gru_error(g, 0U);
  expect(error < 2e-6, k, "gru_sequence", error);
  expect(is_guarded(g.y, n * g.y_stride), k, "gru_sequence writes beyond", 0.0);
  free_gru(g);

  g = new_gru(n, n_hidden, 2U);
  k->gru_both_ways(
    g.y, g.y_stride, g.a, g.w, g.b, g.h, g.c, n, n_hidden, g.hidden);
  error = fmax(gru_error(g, 0U), gru_error(g, 1U));
  expect(error < 2e-6, k, "gru_both_ways", error);
  expect(
    is_guarded(g.y, n * g.y_stride), k, "gru_both_ways writes beyond", 0.0);
  free_gru(g);
}

static void
check_gates(const GrusKernels* const k, const size_t n, const size_t hidden)
{
  float* const a = new_floats(n * 3U * hidden);
  float* const c = new_floats(n * 3U * hidden);
  float* const h = new_floats(n * hidden);
  float* const y = new_floats(n * hidden);
  fill(a, n * 3U * hidden, 4.0f);
  fill(c, n * 3U * hidden, 4.0f);
  fill(h, n * hidden, 1.0f);
  memcpy(y, h, n * hidden * sizeof(float));

  k->gru_gates(y, hidden, a, c, n, hidden);
  double worst = 0.0;
  for (size_t i = 0U; i < n; ++i) {
    double expected[MOST_UNITS];
    double as[3 * MOST_UNITS];
    double cs[3 * MOST_UNITS];
    to_doubles(expected, h + (i * hidden), hidden);
    to_doubles(as, a + (i * 3U * hidden), 3U * hidden);
    to_doubles(cs, c + (i * 3U * hidden), 3U * hidden);
    grus_reference_gates(expected, as, cs, hidden, hidden);
    worst = grus_reference_larger(
      worst, grus_reference_error(y + (i * hidden), expected, hidden));
  }
  expect(worst < 1e-6, k, "gru_gates", worst);

  free(y);
  free(h);
  free(c);
  free(a);
}

/// One step of some GRUs, in two gos and each on its own
static void
check_rows(const GrusKernels* const k,
           const size_t             n,
           const size_t             in,
           const size_t             n_hidden)
{
  const size_t y_stride = grus_pad(n_hidden) + 5U;
  const size_t x_stride = in + 3U;
  const Gru    g        = new_gru(n, n_hidden, 1U);
  const size_t gates    = 3U * g.hidden;
  float* const w        = new_floats(in * gates);
  float* const b        = new_floats(gates);
  float* const x        = new_floats(n * x_stride);
  float* const h        = new_floats(n * g.hidden);
  float* const old      = new_floats(n * g.hidden);
  float* const y        = new_floats(n * y_stride);
  float* const one      = new_floats(g.hidden);
  fill_padded(w, in * 3U, n_hidden, g.hidden, 1.0f / sqrtf((float)in));
  fill_padded(b, 3U, n_hidden, g.hidden, 2.0f);
  fill_padded(old, n, n_hidden, g.hidden, 1.0f);
  fill(x, n * x_stride, 1.0f);
  memcpy(h, old, n * g.hidden * sizeof(float));

  k->gru_rows(
    y, y_stride, x, x_stride, w, b, in, h, g.w, g.b, n, n_hidden, g.hidden);
  k->linear(g.a, gates, w, b, x, x_stride, n, in, gates);
  double worst = 0.0;
  bool   same  = true;
  for (size_t r = 0U; r < n; ++r) {
    double expected[MOST_UNITS] = {0.0};
    for (size_t j = 0U; j < n_hidden; ++j) {
      expected[j] = (double)old[(r * g.hidden) + j];
    }
    reference_cell(expected, g.a + (r * gates), g.w, g.b, n_hidden, g.hidden);
    worst = grus_reference_larger(
      worst, grus_reference_error(y + (r * y_stride), expected, n_hidden));
    const size_t row = n_hidden * sizeof(float);
    same = same && !memcmp(h + (r * g.hidden), y + (r * y_stride), row);
    k->gru_rows(one,
                g.hidden,
                x + (r * x_stride),
                x_stride,
                w,
                b,
                in,
                old + (r * g.hidden),
                g.w,
                g.b,
                1U,
                n_hidden,
                g.hidden);
    same = same && !memcmp(one, y + (r * y_stride), row);
  }
  expect(worst < 2e-6, k, "gru_rows", worst);
  expect(same, k, "a GRU's bits depend on the number of rows", 0.0);
  expect(is_guarded(y, n * y_stride) && is_guarded(h, n * g.hidden),
         k,
         "gru_rows writes beyond",
         0.0);

  free(one);
  free(y);
  free(old);
  free(h);
  free(x);
  free(b);
  free(w);
  free_gru(g);
}

/// One GRU of one input and one unit, at sums from -40 to 40
static void
check_saturation(const GrusKernels* const k)
{
  enum { GATES = 3 * GRUS_PAD };
  double worst = 0.0;
  for (int i = -400; i <= 400; ++i) {
    for (size_t gate = 0U; gate < 3U; ++gate) {
      float w[GATES]    = {0.0f};
      float b[GATES]    = {0.0f};
      float h[GRUS_PAD] = {-0.75f};
      float y[GRUS_PAD];
      float a[GATES]         = {0.5f};
      a[GRUS_PAD]            = 0.25f;
      a[2 * GRUS_PAD]        = 1.5f;
      b[2 * GRUS_PAD]        = 0.5f;
      w[2 * GRUS_PAD]        = 2.0f;
      a[gate * GRUS_PAD]     = (float)i * (i % 10 ? 0.1f : 1e30f);
      const float x          = 0.0f;
      const float no[GATES]  = {0.0f};
      double      expected[] = {-0.75};
      reference_cell(expected, a, w, b, 1U, GRUS_PAD);
      k->gru_rows(y, GRUS_PAD, &x, 1U, no, a, 1U, h, w, b, 1U, 1U, GRUS_PAD);
      worst = grus_reference_larger(worst, fabs((double)y[0] - expected[0]));
      worst = y[0] == y[0] ? worst : INFINITY;
    }
  }
  expect(worst < 5e-7, k, "gru_rows of large sums", worst);
}

static void
check(const GrusKernels* const k)
{
  for (size_t i = 0U; i < N_SIZES; ++i) {
    for (size_t n = 1U; n <= 9U; n += 2U) {
      check_linear(k, n, sizes[i], 24U);
      check_linear(k, n, 13U, sizes[i]);
      check_gates(k, n, grus_pad(sizes[i]));
      check_rows(k, n, 13U, sizes[i]);
      check_rows(k, n + 1U, sizes[i], 24U);
    }
    check_linear(k, 32U, sizes[i], 96U);
    check_gru(k, 1U, sizes[i]);
    check_gru(k, 33U, sizes[i]);
  }
  check_rows(k, 32U, 64U, 64U);
  check_saturation(k);
  check_wide_linear(k);
}

int
main(void)
{
  return each_variant(check);
}
