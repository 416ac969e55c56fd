// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What kernels do number by number, in every variant that this processor runs,
// against double precision: activations, normalization, spectra.  A plain
// program, so that an emulator of another processor can run it.

#include "compare.h"
#include "random_numbers.h"

#include "kernels/kernels.h"
#include "kernels/reference.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static void
check_layer_norm(const GrusKernels* const k, const size_t n, const size_t size)
{
  const size_t stride = grus_pad(size);
  float* const x      = new_floats(n * stride);
  float* const add    = new_floats(n * stride);
  float* const gain   = new_floats(stride);
  float* const bias   = new_floats(stride);
  float* const y      = new_floats(n * stride);
  fill(x, n * stride, 3.0f);
  fill(add, n * stride, 1.0f);
  fill(gain, stride, 1.0f);
  fill(bias, stride, 1.0f);

  k->layer_norm(y, x, gain, bias, add, stride, n, size, 1e-4f);
  double worst = 0.0;
  for (size_t r = 0U; r < n; ++r) {
    const float* const row  = x + (r * stride);
    double             mean = 0.0;
    double             var  = 0.0;
    for (size_t i = 0U; i < size; ++i) {
      mean += (double)row[i] / (double)size;
    }
    for (size_t i = 0U; i < size; ++i) {
      var += ((double)row[i] - mean) * ((double)row[i] - mean) / (double)size;
    }
    for (size_t i = 0U; i < stride; ++i) {
      const double expected =
        i < size
          ? ((((double)row[i] - mean) / sqrt(var + 1e-4)) * (double)gain[i]) +
              (double)bias[i] + (double)add[(r * stride) + i]
          : 0.0;
      worst = grus_reference_larger(
        worst, fabs(expected - (double)y[(r * stride) + i]));
    }
  }
  expect(worst < 4e-6, k, "layer_norm", worst);

  free(y);
  free(bias);
  free(gain);
  free(add);
  free(x);
}

static void
check_activations(const GrusKernels* const k)
{
  double worst_tanh    = 0.0;
  double worst_sigmoid = 0.0;
  for (int block = -20000; block < 20000; ++block) {
    _Alignas(64) float t[GRUS_PAD];
    _Alignas(64) float s[GRUS_PAD];
    float              x[GRUS_PAD];
    for (int i = 0; i < GRUS_PAD; ++i) {
      x[i] = (float)((block * GRUS_PAD) + i) * 6.1e-5f;
      if (abs(block) > 19990) {
        x[i] *= 1e34f; // Far beyond saturation
      }
      t[i] = x[i];
      s[i] = x[i];
    }
    k->tanh(t, GRUS_PAD);
    k->sigmoid(s, GRUS_PAD);
    for (int i = 0; i < GRUS_PAD; ++i) {
      worst_tanh = grus_reference_larger(
        worst_tanh, fabs((double)t[i] - tanh((double)x[i])));
      worst_sigmoid = grus_reference_larger(
        worst_sigmoid,
        fabs((double)s[i] - grus_reference_sigmoid((double)x[i])));
    }
  }
  expect(worst_tanh < 4e-7, k, "tanh", worst_tanh);
  expect(worst_sigmoid < 2e-7, k, "sigmoid", worst_sigmoid);
}

/// Spectra from silence to far beyond full scale, through both directions
static void
check_spectrum(const GrusKernels* const k)
{
  enum { N = 64 };
  static const float shape[] = {0.3f, -18.0f, 0.12f, 0.5f};

  double worst        = 0.0;
  double worst_expand = 0.0;
  for (int exponent = -45; exponent <= 12; ++exponent) {
    _Alignas(64) float re[N];
    _Alignas(64) float im[N];
    _Alignas(64) float cre[N];
    _Alignas(64) float cim[N];
    _Alignas(64) float feature[N];
    _Alignas(64) float mre[N];
    _Alignas(64) float mim[N];
    fill(re, N, powf(10.0f, (float)exponent));
    fill(im, N, powf(10.0f, (float)exponent));
    fill(mre, N, 1.0f);
    fill(mim, N, 1.0f);
    re[0] = 0.0f;
    im[0] = 0.0f;

    k->compress(cre, cim, feature, re, im, shape, N);
    for (int i = 0; i < N; ++i) {
      const double a = (double)re[i];
      const double b = (double)im[i];
      const double l = log((a * a) + (b * b) + 1e-12);
      const double g = exp(-0.35 * l);
      const double f = (fmax(l, -18.0) * 0.12) + 0.5;
      worst          = grus_reference_larger(
        worst, fabs((double)cre[i] - (a * g)) / (fabs(a * g) + 1e-30));
      worst = grus_reference_larger(worst, fabs((double)feature[i] - f));
    }

    float ore[N];
    float oim[N];
    memcpy(ore, cre, sizeof(ore));
    memcpy(oim, cim, sizeof(oim));
    k->mask_expand(cre, cim, mre, mim, 0.3f, N);
    for (int i = 0; i < N; ++i) {
      const double u =
        ((double)ore[i] * (double)mre[i]) - ((double)oim[i] * (double)mim[i]);
      const double v =
        ((double)ore[i] * (double)mim[i]) + ((double)oim[i] * (double)mre[i]);
      const double p = (u * u) + (v * v);
      const double g =
        p > 1e-30 ? pow(p, 0.5 * ((1.0 / (double)0.3f) - 1.0)) : 0.0;
      worst_expand = grus_reference_larger(
        worst_expand, fabs((double)cre[i] - (u * g)) / ((sqrt(p) * g) + 1e-12));
    }
  }
  expect(worst < 4e-6, k, "compress", worst);
  expect(worst_expand < 2e-5, k, "mask_expand", worst_expand);
}

static void
check(const GrusKernels* const k)
{
  for (size_t i = 0U; i < N_SIZES; ++i) {
    for (size_t n = 1U; n <= 9U; n += 2U) {
      check_layer_norm(k, n, sizes[i]);
    }
  }
  check_activations(k);
  check_spectrum(k);
}

int
main(void)
{
  return each_variant(check);
}
