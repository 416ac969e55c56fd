// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Dropout between the layers of a GRU.

#include "gru_arrays.h"

#include "grus/gru.h"
#include "grus/grus.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/// Numbers that differ
static size_t
count_different(const Results plain, const Results dropped)
{
  size_t n = 0U;
  for (size_t i = 0U; i < plain.output.n; ++i) {
    n += ((float*)plain.output.data)[i] != ((float*)dropped.output.data)[i];
  }

  return n;
}

Test(gru, dropout_is_seeded_and_only_in_training)
{
  GrusGruConfig config  = grus_gru_config_default(3U, 8U);
  config.num_layers     = 2U;
  config.dropout        = 0.5;
  GrusGru* const  gru   = new_gru(config);
  const GrusShape shape = {3U, {20U, 2U, 3U}};
  const Array     x     = noise(shape);
  const Array     none  = {{0U, {0U}}, 0U, NULL};
  const Results   plain = forward(gru, x, none, NULL);
  const Results   again = forward(gru, x, none, NULL);
  cr_assert_not(grus_gru_training(gru));
  cr_assert_eq(count_different(plain, again), 0U);

  grus_gru_set_training(gru, true);
  grus_gru_seed(gru, 3U);
  const Results first = forward(gru, x, none, NULL);
  const Results next  = forward(gru, x, none, NULL);
  grus_gru_seed(gru, 3U);
  const Results same = forward(gru, x, none, NULL);
  cr_assert_gt(count_different(plain, first), 0U);
  cr_assert_gt(count_different(first, next), 0U);
  cr_assert_eq(count_different(first, same), 0U);

  // h_n of the first layer is what it was: dropout is between the layers
  cr_assert_arr_eq(plain.h_n.data, first.h_n.data, 2U * 8U * sizeof(float));

  results_free(plain);
  results_free(again);
  results_free(first);
  results_free(next);
  results_free(same);
  free(x.data);
  grus_gru_free(gru);
}

/// Set a float32 weight of a GRU with one hidden unit and one input
static void
set_gates(GrusGru* const    gru,
          const char* const name,
          const float       r,
          const float       z,
          const float       n)
{
  const float     gates[] = {r, z, n};
  const GrusShape shape   = {2U, {3U, 1U, 0U}};
  GrusMessage     message = {""};
  cr_assert_eq(grus_gru_set_weight(gru, name, gates, &shape, &message),
               GRUS_SUCCESS,
               "%s",
               message.text);
}

Test(gru, dropout_drops_its_share_and_scales_the_rest)
{
  // Layer 0 gives about tanh(0.01 x), layer 1 about tanh of what is left of
  // it: zero where it was dropped, 1 / (1 - p) times as much elsewhere
  const double  p      = 0.3;
  GrusGruConfig config = grus_gru_config_default(1U, 1U);
  config.num_layers    = 2U;
  config.bias          = false;
  config.dropout       = p;
  GrusGru* const gru   = new_gru(config);
  set_gates(gru, "weight_ih_l0", 0.0f, -1000.0f, 0.01f);
  set_gates(gru, "weight_hh_l0", 0.0f, 0.0f, 0.0f);
  set_gates(gru, "weight_ih_l1", 0.0f, 0.0f, 1.0f);
  set_gates(gru, "weight_hh_l1", 0.0f, 0.0f, 0.0f);

  enum { BATCH = 10000 };
  const GrusShape shape = {3U, {1U, BATCH, 1U}};
  const Array     x     = array_of(GRUS_FLOAT32, shape);
  for (size_t i = 0U; i < BATCH; ++i) {
    ((float*)x.data)[i] = 1.0f;
  }
  const Array none = {{0U, {0U}}, 0U, NULL};
  grus_gru_set_training(gru, true);
  const Results results   = forward(gru, x, none, NULL);
  const double  kept      = 0.5 * tanh(tanh(0.01) / (1.0 - p));
  size_t        n_dropped = 0U;
  for (size_t i = 0U; i < BATCH; ++i) {
    const double y = (double)((float*)results.output.data)[i];
    if (y == 0.0) {
      ++n_dropped;
    } else {
      cr_assert_float_eq(y, kept, 1e-7);
    }
  }
  // Six standard deviations of a binomial distribution
  cr_assert(fabs((double)n_dropped - (p * BATCH)) <
            6.0 * sqrt(BATCH * p * (1.0 - p)));

  results_free(results);
  free(x.data);
  grus_gru_free(gru);
}
