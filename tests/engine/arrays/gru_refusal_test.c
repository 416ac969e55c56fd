// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A GRU on whole arrays answers wrong arguments without touching a result.

#include "gru_arrays.h"

#include "grus/gru.h"
#include "grus/grus.h"
#include "grus/packed_sequence.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Arguments that are refused, and what must be said
typedef struct {
  GrusGruConfig config;
  GrusStatus    status;
  const char*   said;
} BadConfig;

Test(gru, refuses_arguments_out_of_range)
{
  static const BadConfig bad[] = {
    {{0U, 4U, 1U, true, false, false, 0.0, GRUS_FLOAT32, NULL},
     GRUS_ERR_BAD_ARG,
     "input_size"},
    {{4U, 0U, 1U, true, false, false, 0.0, GRUS_FLOAT32, NULL},
     GRUS_ERR_BAD_ARG,
     "hidden_size"},
    {{4U, 4U, 0U, true, false, false, 0.0, GRUS_FLOAT32, NULL},
     GRUS_ERR_BAD_ARG,
     "num_layers"},
    {{4U, 4U, 1U, true, false, false, 1.5, GRUS_FLOAT32, NULL},
     GRUS_ERR_BAD_ARG,
     "dropout"},
    {{4U, 4U, 1U, true, false, false, -0.1, GRUS_FLOAT32, NULL},
     GRUS_ERR_BAD_ARG,
     "dropout"},
    {{4U, 4U, 1U, true, false, false, (double)NAN, GRUS_FLOAT32, NULL},
     GRUS_ERR_BAD_ARG,
     "dropout"},
    {{4U, 4U, 1U, true, false, false, 0.0, (GrusNumber)7, NULL},
     GRUS_ERR_BAD_ARG,
     "dtype"},
    {{4U, 4U, 1U, true, false, false, 0.0, GRUS_FLOAT32, "abacus"},
     GRUS_ERR_BAD_ARG,
     "abacus"},
    {{UINT32_MAX, UINT32_MAX, 1U, true, false, true, 0.0, GRUS_FLOAT64, NULL},
     GRUS_ERR_NO_MEM,
     "no memory"},
    {{1U, UINT32_MAX, UINT32_MAX, true, false, true, 0.0, GRUS_FLOAT64, NULL},
     GRUS_ERR_NO_MEM,
     "no memory"},
  };

  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    GrusGru*    gru     = NULL;
    GrusMessage message = {""};
    cr_assert_eq(grus_gru_new(&bad[i].config, &gru, &message), bad[i].status);
    cr_assert_null(gru);
    cr_assert_not_null(
      strstr(message.text, bad[i].said), "%zu: %s", i, message.text);
  }
}

/// A call that is refused, and what must be said
typedef struct {
  bool        packed;
  GrusShape   input;
  GrusShape   h_0;
  size_t      output_size;
  size_t      h_n_size;
  const char* said;
} BadCall;

Test(gru, refuses_wrong_shapes_before_it_writes)
{
  static const int64_t     sizes[]    = {2, 1};
  static const int64_t     rising[]   = {1, 2};
  static const int64_t     zero[]     = {3, 0};
  static const int64_t     twice[]    = {0, 0};
  static const int64_t     outside[]  = {0, 2};
  static const GrusPacking packings[] = {
    {2U, sizes, NULL, NULL}, // The only good one
    {2U, rising, NULL, NULL},
    {2U, zero, NULL, NULL},
    {2U, sizes, twice, twice},
    {2U, sizes, outside, outside},
    {2U, sizes, sizes, NULL},
    {0U, sizes, NULL, NULL},
    {2U, NULL, NULL, NULL},
  };
  static const BadCall bad[] = {
    {false, {3U, {3U, 2U, 5U}}, {3U, {1U, 2U, 4U}}, 24U, 8U, "expected 8 feat"},
    {false, {1U, {8U, 0U, 0U}}, {2U, {1U, 4U, 0U}}, 4U, 4U, "2 or 3"},
    {false, {0U, {0U, 0U, 0U}}, {2U, {1U, 4U, 0U}}, 4U, 4U, "2 or 3"},
    {false, {9U, {8U, 8U, 8U}}, {2U, {1U, 4U, 0U}}, 4U, 4U, "2 or 3"},
    {false, {3U, {3U, 2U, 8U}}, {3U, {1U, 3U, 4U}}, 24U, 8U, "(1, 2, 4)"},
    {false, {3U, {3U, 2U, 8U}}, {3U, {2U, 2U, 4U}}, 24U, 8U, "(1, 2, 4)"},
    {false, {3U, {3U, 2U, 8U}}, {2U, {1U, 4U, 0U}}, 24U, 8U, "(1, 2, 4)"},
    {false, {2U, {3U, 8U, 0U}}, {3U, {1U, 1U, 4U}}, 12U, 4U, "(1, 4)"},
    {false, {3U, {0U, 2U, 8U}}, {3U, {1U, 2U, 4U}}, 0U, 8U, "1 step"},
    {false, {3U, {3U, 2U, 8U}}, {3U, {1U, 2U, 4U}}, 23U, 8U, "output"},
    {false, {3U, {3U, 2U, 8U}}, {3U, {1U, 2U, 4U}}, 24U, 9U, "h_n"},
    {false,
     {3U, {SIZE_MAX / 2U, SIZE_MAX / 2U, 8U}},
     {3U, {1U, 2U, 4U}},
     24U,
     8U,
     "too large"},
    {true, {3U, {3U, 2U, 8U}}, {3U, {1U, 2U, 4U}}, 24U, 8U, "packed"},
    {true, {2U, {4U, 8U, 0U}}, {3U, {1U, 2U, 4U}}, 16U, 8U, "add up"},
    {true, {2U, {2U, 8U, 0U}}, {3U, {1U, 2U, 4U}}, 8U, 8U, "add up"},
    {true, {2U, {3U, 8U, 0U}}, {3U, {1U, 1U, 4U}}, 12U, 8U, "(1, 2, 4)"},
  };

  GrusGru* const gru       = new_gru(grus_gru_config_default(8U, 4U));
  const float    input[64] = {0.0f};
  const float    h_0[64]   = {0.0f};
  float          output[64];
  float          h_n[64];
  float          untouched[64];
  memset(output, 0x55, sizeof(output));
  memset(h_n, 0x55, sizeof(h_n));
  memset(untouched, 0x55, sizeof(untouched));
  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    const GrusGruCall call    = {input,
                                 bad[i].input,
                                 h_0,
                                 bad[i].h_0,
                              bad[i].packed ? &packings[0] : NULL,
                                 output,
                                 bad[i].output_size,
                                 h_n,
                                 bad[i].h_n_size};
    GrusMessage       message = {""};
    cr_assert_eq(
      grus_gru_forward(gru, &call, &message), GRUS_ERR_BAD_ARG, "%zu", i);
    cr_assert_not_null(
      strstr(message.text, bad[i].said), "%zu: %s", i, message.text);
  }
  for (size_t i = 1U; i < sizeof(packings) / sizeof(packings[0]); ++i) {
    const GrusGruCall call = {input,
                              {2U, {3U, 8U, 0U}},
                              NULL,
                              {0U, {0U}},
                              &packings[i],
                              output,
                              12U,
                              h_n,
                              8U};
    cr_assert_eq(
      grus_gru_forward(gru, &call, NULL), GRUS_ERR_BAD_ARG, "%zu", i);
  }
  cr_assert_arr_eq(output, untouched, sizeof(output));
  cr_assert_arr_eq(h_n, untouched, sizeof(h_n));
  grus_gru_free(gru);
}

/// Lengths that are refused, and what must be said
typedef struct {
  int64_t     lengths[3];
  size_t      n_lengths;
  bool        enforce_sorted;
  const char* said;
} BadLengths;

Test(gru, refuses_wrong_lengths)
{
  static const BadLengths bad[] = {
    {{2, 3, 1}, 3U, true, "not sorted"},
    {{3, 2, 0}, 3U, true, "at least 1"},
    {{3, -2, 1}, 3U, false, "at least 1"},
    {{4, 2, 1}, 3U, true, "longer than the 3 steps"},
    {{INT64_MAX, 2, 1}, 3U, true, "longer than the 3 steps"},
    {{3, 2, 1}, 2U, true, "expected 3 lengths"},
  };
  static const float     x[18] = {0.0f};
  static const GrusShape shape = {3U, {3U, 3U, 2U}};

  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    const GrusPackOptions options = {bad[i].lengths,
                                     bad[i].n_lengths,
                                     sizeof(float),
                                     false,
                                     bad[i].enforce_sorted};
    GrusPackedSequence*   packed  = NULL;
    GrusMessage           message = {""};
    cr_assert_eq(
      grus_pack_padded_sequence(x, &shape, &options, &packed, &message),
      GRUS_ERR_BAD_ARG);
    cr_assert_null(packed);
    cr_assert_not_null(
      strstr(message.text, bad[i].said), "%zu: %s", i, message.text);
  }

  static const int64_t  lengths[] = {3, 2, 1};
  const GrusPackOptions options   = {lengths, 3U, sizeof(float), false, true};
  GrusPackedSequence*   packed    = NULL;
  GrusMessage           message   = {""};
  cr_assert_eq(
    grus_pack_padded_sequence(x, &shape, &options, &packed, &message),
    GRUS_SUCCESS);
  const GrusPadOptions too_short = {NULL, 2U, false};
  const GrusPadOptions too_long  = {NULL, SIZE_MAX / 8U, false};
  float                output[18];
  int64_t              found[3];
  cr_assert_eq(
    grus_pad_packed_sequence(packed, &too_short, output, found, &message),
    GRUS_ERR_BAD_ARG);
  cr_assert_not_null(strstr(message.text, "total_length"), "%s", message.text);
  cr_assert_eq(
    grus_pad_packed_sequence(packed, &too_long, output, found, &message),
    GRUS_ERR_BAD_ARG);
  grus_packed_sequence_free(packed);
}
