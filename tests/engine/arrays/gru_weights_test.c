// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Where the weights of a GRU on whole arrays come from, and wrong ones.

#include "gru_arrays.h"

#include "grus/gru.h"
#include "grus/grus.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

Test(gru, draws_weights_as_pytorch_does)
{
  GrusGruConfig config = grus_gru_config_default(30U, 100U);
  config.num_layers    = 2U;
  config.bidirectional = true;
  GrusGru* const a     = new_gru(config);
  GrusGru* const b     = new_gru(config);
  cr_assert_eq(grus_gru_n_parameters(a),
               2U * 300U * (30U + 100U + 2U + 200U + 100U + 2U));

  const double  k    = 0.1;
  double        sum  = 0.0;
  double        most = 0.0;
  uint64_t      n    = 0U;
  GrusGruWeight weight;
  GrusMessage   message;
  for (uint32_t i = 0U; grus_gru_weight(a, i, &weight); ++i) {
    const Array one = array_of(GRUS_FLOAT32, weight.shape);
    const Array two = array_of(GRUS_FLOAT32, weight.shape);
    cr_assert_eq(grus_gru_get_weight(a, weight.name, one.data, one.n, &message),
                 GRUS_SUCCESS);
    cr_assert_eq(grus_gru_get_weight(b, weight.name, two.data, two.n, &message),
                 GRUS_SUCCESS);
    cr_assert_arr_eq(one.data, two.data, one.n * sizeof(float));
    for (size_t j = 0U; j < one.n; ++j) {
      const double w = (double)((float*)one.data)[j];
      most           = fmax(most, fabs(w));
      sum += w * w;
    }
    n += one.n;
    free(one.data);
    free(two.data);
  }
  cr_assert_eq(n, grus_gru_n_parameters(a));
  cr_assert(most <= k * 1.0000001 && most > 0.99 * k);
  cr_assert_float_eq(sum / (double)n, k * k / 3.0, k * k / 100.0);

  grus_gru_free(a);
  grus_gru_free(b);
}

Test(gru, names_weights_in_the_order_of_state_dict)
{
  static const char* const names[] = {"weight_ih_l0",
                                      "weight_hh_l0",
                                      "bias_ih_l0",
                                      "bias_hh_l0",
                                      "weight_ih_l0_reverse",
                                      "weight_hh_l0_reverse",
                                      "bias_ih_l0_reverse",
                                      "bias_hh_l0_reverse",
                                      "weight_ih_l1"};
  GrusGruConfig            config  = grus_gru_config_default(2U, 3U);
  config.num_layers                = 2U;
  config.bidirectional             = true;
  GrusGru* const gru               = new_gru(config);
  GrusGruWeight  weight;
  for (uint32_t i = 0U; i < 9U; ++i) {
    cr_assert(grus_gru_weight(gru, i, &weight));
    cr_assert_str_eq(weight.name, names[i]);
  }
  cr_assert_eq(weight.shape.n_dims, 2U);
  cr_assert_eq(weight.shape.sizes[0], 9U);
  cr_assert_eq(weight.shape.sizes[1], 6U);
  cr_assert(grus_gru_weight(gru, 15U, &weight));
  cr_assert_not(grus_gru_weight(gru, 16U, &weight));
  cr_assert_not(grus_gru_weight(gru, UINT32_MAX, &weight));
  grus_gru_free(gru);
}

Test(gru, refuses_wrong_weights_and_keeps_its_own)
{
  static const char* const unknown[] = {"",
                                        "weight",
                                        "weight_ih_l",
                                        "weight_ih_l1",
                                        "weight_ih_l00",
                                        "weight_ih_l+0",
                                        "weight_ih_l0_reverse",
                                        "weight_ih_l0x",
                                        "weight_ih_l99999999999999999999",
                                        "bias_hr_l0"};
  GrusGru* const           gru       = new_gru(grus_gru_config_default(2U, 3U));
  const GrusShape          shape     = {2U, {9U, 2U, 0U}};
  const GrusShape          other     = {2U, {2U, 9U, 0U}};
  const float              data[27]  = {0.0f};
  float                    before[18];
  float                    after[18];
  GrusMessage              message = {""};
  cr_assert_eq(grus_gru_get_weight(gru, "weight_ih_l0", before, 18U, &message),
               GRUS_SUCCESS);
  for (size_t i = 0U; i < sizeof(unknown) / sizeof(unknown[0]); ++i) {
    cr_assert_eq(grus_gru_set_weight(gru, unknown[i], data, &shape, &message),
                 GRUS_ERR_BAD_ARG);
    cr_assert_not_null(strstr(message.text, unknown[i]), "%s", message.text);
  }
  cr_assert_eq(grus_gru_set_weight(gru, "weight_ih_l0", data, &other, &message),
               GRUS_ERR_BAD_ARG);
  cr_assert_not_null(strstr(message.text, "(9, 2)"), "%s", message.text);
  cr_assert_eq(grus_gru_get_weight(gru, "weight_ih_l0", after, 17U, &message),
               GRUS_ERR_BAD_ARG);
  cr_assert_eq(grus_gru_get_weight(gru, "weight_ih_l0", after, 18U, &message),
               GRUS_SUCCESS);
  cr_assert_arr_eq(before, after, sizeof(before));
  grus_gru_free(gru);
}

/// A file of weights that GRU(2, 3) refuses, and what must be said
typedef struct {
  WriterTensor tensors[6];
  size_t       n_tensors;
  const char*  said;
} BadFile;

Test(gru, refuses_wrong_files_and_keeps_its_own_weights)
{
  static const BadFile bad[] = {
    {{{"g.weight_ih_l0", 2U, {9U, 2U, 0U}},
      {"g.weight_hh_l0", 2U, {9U, 3U, 0U}},
      {"g.bias_ih_l0", 1U, {9U, 0U, 0U}}},
     3U,
     "\"g.bias_hh_l0\" is not in the file"},
    {{{"g.weight_ih_l0", 2U, {9U, 2U, 0U}},
      {"g.weight_hh_l0", 2U, {9U, 3U, 0U}},
      {"g.bias_ih_l0", 1U, {9U, 0U, 0U}},
      {"g.bias_hh_l0", 1U, {9U, 0U, 0U}},
      {"g.bias_hh_l1", 1U, {9U, 0U, 0U}}},
     5U,
     "no weight \"bias_hh_l1\""},
    {{{"g.weight_ih_l0", 2U, {9U, 2U, 0U}},
      {"g.weight_hh_l0", 2U, {3U, 9U, 0U}},
      {"g.bias_ih_l0", 1U, {9U, 0U, 0U}},
      {"g.bias_hh_l0", 1U, {9U, 0U, 0U}}},
     4U,
     "expected weight_hh_l0 of shape (9, 3), got (3, 9)"},
    {{{"g.weight_ih_l0", 3U, {9U, 2U, 1U}},
      {"g.weight_hh_l0", 2U, {9U, 3U, 0U}},
      {"g.bias_ih_l0", 1U, {9U, 0U, 0U}},
      {"g.bias_hh_l0", 1U, {9U, 0U, 0U}}},
     4U,
     "expected weight_ih_l0 of shape (9, 2), got (9, 2, 1)"},
  };

  GrusGru* const gru     = new_gru(grus_gru_config_default(2U, 3U));
  GrusMessage    message = {""};
  float          before[18];
  float          after[18];
  cr_assert_eq(grus_gru_get_weight(gru, "weight_ih_l0", before, 18U, &message),
               GRUS_SUCCESS);
  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    WriterFile file = writer_file("{}", bad[i].tensors, bad[i].n_tensors);
    cr_assert_eq(grus_gru_load(gru, file.bytes, file.size, "g.", &message),
                 GRUS_ERR_BAD_FORMAT);
    cr_assert_not_null(
      strstr(message.text, bad[i].said), "%zu: %s", i, message.text);
    free(file.bytes);
  }

  // A number that is not finite, in the last tensor
  WriterFile file = writer_file("{}", bad[1].tensors, 4U);
  memset(file.bytes + file.size - 4U, 0xFF, 4U);
  cr_assert_eq(grus_gru_load(gru, file.bytes, file.size, "g.", &message),
               GRUS_ERR_BAD_FORMAT);
  cr_assert_not_null(strstr(message.text, "not finite"), "%s", message.text);

  cr_assert_eq(grus_gru_get_weight(gru, "weight_ih_l0", after, 18U, &message),
               GRUS_SUCCESS);
  cr_assert_arr_eq(before, after, sizeof(before));

  // Cut short anywhere
  for (size_t size = 0U; size < file.size; ++size) {
    GrusGruConfig config;
    cr_assert_neq(grus_gru_load(gru, file.bytes, size, "g.", NULL),
                  GRUS_SUCCESS);
    cr_assert_neq(grus_gru_read_config(file.bytes, size, "g.", &config, NULL),
                  GRUS_SUCCESS);
  }
  free(file.bytes);
  grus_gru_free(gru);
}
