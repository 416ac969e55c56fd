// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "gru_arrays.h"

#include "base/random.h"
#include "grus/gru.h"
#include "grus/grus.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

size_t
number_size(const GrusNumber dtype)
{
  return dtype == GRUS_FLOAT64 ? sizeof(double) : sizeof(float);
}

double
number_at(const GrusNumber dtype, const void* const data, const size_t i)
{
  return dtype == GRUS_FLOAT64 ? ((const double*)data)[i]
                               : (double)((const float*)data)[i];
}

Array
array_of(const GrusNumber dtype, const GrusShape shape)
{
  Array array = {shape, 1U, NULL};
  for (uint32_t i = 0U; i < shape.n_dims; ++i) {
    array.n *= shape.sizes[i];
  }
  array.data = calloc(array.n ? array.n : 1U, number_size(dtype));
  return array;
}

void
assert_near(const GrusNumber  dtype,
            const Array       result,
            const Array       expected,
            const char* const name,
            const char* const what)
{
  const double limit = dtype == GRUS_FLOAT64 ? 1e-12 : 1e-6;
  cr_assert_eq(result.n, expected.n, "%s: %s", name, what);
  for (size_t i = 0U; i < result.n; ++i) {
    const double a = number_at(dtype, result.data, i);
    const double b = number_at(dtype, expected.data, i);
    cr_assert(
      fabs(a - b) <= limit, "%s: %s[%zu]: %.17g != %.17g", name, what, i, a, b);
  }
}

Results
forward(GrusGru* const           gru,
        const Array              input,
        const Array              h_0,
        const GrusPacking* const packing)
{
  const GrusNumber dtype   = grus_gru_config(gru)->dtype;
  GrusMessage      message = {""};
  GrusShape        output  = {0U, {0U}};
  GrusShape        h_n     = {0U, {0U}};
  cr_assert_eq(
    grus_gru_shapes(gru, &input.shape, packing, &output, &h_n, &message),
    GRUS_SUCCESS,
    "%s",
    message.text);

  const Results     results = {array_of(dtype, output), array_of(dtype, h_n)};
  const GrusGruCall call    = {input.data,
                               input.shape,
                               h_0.data,
                               h_0.shape,
                               packing,
                               results.output.data,
                               results.output.n,
                               results.h_n.data,
                               results.h_n.n};
  cr_assert_eq(
    grus_gru_forward(gru, &call, &message), GRUS_SUCCESS, "%s", message.text);
  return results;
}

void
results_free(const Results results)
{
  free(results.output.data);
  free(results.h_n.data);
}

static uint32_t noise_state = 1U;

Array
noise(const GrusShape shape)
{
  const Array array = array_of(GRUS_FLOAT32, shape);
  for (size_t i = 0U; i < array.n; ++i) {
    ((float*)array.data)[i] = grus_random_noise(&noise_state);
  }

  return array;
}

GrusGru*
new_gru(const GrusGruConfig config)
{
  GrusGru*    gru     = NULL;
  GrusMessage message = {""};
  cr_assert_eq(
    grus_gru_new(&config, &gru, &message), GRUS_SUCCESS, "%s", message.text);
  grus_gru_init_weights(gru, 7U);
  return gru;
}
