// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A GRU on whole arrays gives PyTorch's numbers (golden/).

#include "gru_arrays.h"

#include "format/safetensors.h"
#include "grus/gru.h"
#include "grus/grus.h"
#include "grus/packed_sequence.h"
#include "kernels/kernels.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char* const goldens[] = {
  "lesson_batch_first",
  "lesson_wide",
  "lesson_seq_first",
  "lesson_two_layers",
  "lesson_default",
  "lesson_packed",
  "unsorted",
  "one_sequence",
  "no_bias",
  "sixteen",
  "double",
  "double_unsorted",
};

static const double golden_padding = -7.5; ///< As in golden/make.py

/// A golden file
typedef struct {
  WriterFile       stored;
  GrusSafetensors* file;
} Golden;

static Golden
golden_open(const char* const name)
{
  Golden      golden = {writer_read_from("GRUS_GOLDEN", name), NULL};
  GrusMessage message;
  cr_assert_eq(
    grus_safetensors_open(
      golden.stored.bytes, golden.stored.size, &golden.file, &message),
    GRUS_SUCCESS,
    "%s: %s",
    name,
    message.text);
  return golden;
}

static void
golden_close(Golden* const golden)
{
  grus_safetensors_close(golden->file);
  free(golden->stored.bytes);
}

/// Read a tensor of a golden file, or return an array without data
static Array
golden_array(const Golden* const golden,
             const GrusNumber    dtype,
             const char* const   name)
{
  const GrusTensor* const tensor = grus_safetensors_find(golden->file, name);
  if (!tensor) {
    const Array none = {{0U, {0U}}, 0U, NULL};
    return none;
  }

  GrusShape shape = {tensor->n_dims, {0U}};
  for (uint32_t i = 0U; i < tensor->n_dims; ++i) {
    shape.sizes[i] = (size_t)tensor->shape[i];
  }
  const Array array = array_of(dtype, shape);
  cr_assert(dtype == GRUS_FLOAT64
              ? grus_tensor_read_f64(tensor, 0U, array.n, (double*)array.data)
              : grus_tensor_read(tensor, 0U, array.n, (float*)array.data));
  return array;
}

/// Read whole numbers, or return null
static int64_t*
golden_integers(const Golden* const golden,
                const char* const   name,
                size_t* const       n)
{
  const Array array = golden_array(golden, GRUS_FLOAT64, name);
  if (!array.data) {
    return NULL;
  }

  int64_t* const integers = (int64_t*)calloc(array.n, sizeof(int64_t));
  for (size_t i = 0U; i < array.n; ++i) {
    integers[i] = (int64_t)((const double*)array.data)[i];
  }
  *n = array.n;
  free(array.data);
  return integers;
}

static bool
golden_flag(const Golden* const golden, const char* const key)
{
  const char* const value = grus_safetensors_metadata(golden->file, key);
  cr_assert_not_null(value);
  return !strcmp(value, "True");
}

/// The GRU of a golden file on one kernel variant
static GrusGru*
golden_gru(const Golden* const golden, const char* const kernels)
{
  GrusMessage   message = {""};
  GrusGruConfig config;
  GrusGru*      gru = NULL;
  cr_assert_eq(
    grus_gru_read_config(
      golden->stored.bytes, golden->stored.size, "gru.", &config, &message),
    GRUS_SUCCESS,
    "%s",
    message.text);
  config.batch_first = golden_flag(golden, "batch_first");
  config.kernels     = kernels;
  cr_assert_eq(
    grus_gru_new(&config, &gru, &message), GRUS_SUCCESS, "%s", message.text);
  cr_assert_eq(
    grus_gru_load(
      gru, golden->stored.bytes, golden->stored.size, "gru.", &message),
    GRUS_SUCCESS,
    "%s",
    message.text);
  return gru;
}

static void
assert_integers(const int64_t* const result,
                const int64_t* const expected,
                const size_t         n,
                const char* const    name)
{
  cr_assert_eq(!result, !expected, "%s", name);
  if (expected) {
    cr_assert_arr_eq(result, expected, n * sizeof(int64_t), "%s", name);
  }
}

/// Compare a packed array and its packing with PyTorch's
static void
check_packing(const Golden* const             golden,
              const GrusNumber                dtype,
              const GrusPackedSequence* const packed,
              const char* const               name)
{
  size_t         n_steps  = 0U;
  size_t         batch    = 0U;
  int64_t* const sizes    = golden_integers(golden, "batch_sizes", &n_steps);
  int64_t* const sorted   = golden_integers(golden, "sorted_indices", &batch);
  int64_t* const unsorted = golden_integers(golden, "unsorted_indices", &batch);
  const Array    data     = golden_array(golden, dtype, "packed");

  cr_assert_eq(packed->packing.n_steps, n_steps);
  cr_assert_eq(packed->n_rows * packed->n_features, data.n);
  cr_assert_arr_eq(packed->data, data.data, data.n * number_size(dtype));
  assert_integers(packed->packing.batch_sizes, sizes, n_steps, name);
  assert_integers(packed->packing.sorted_indices, sorted, batch, name);
  assert_integers(packed->packing.unsorted_indices, unsorted, batch, name);
  free(sizes);
  free(sorted);
  free(unsorted);
  free(data.data);
}

/// Write NaN where an input is padding, which nobody may read
static void
poison_padding(const GrusNumber     dtype,
               const Array          input,
               const bool           batch_first,
               const int64_t* const lengths)
{
  const size_t batch   = input.shape.sizes[batch_first ? 0U : 1U];
  const size_t n_steps = input.shape.sizes[batch_first ? 1U : 0U];
  const size_t row     = input.shape.sizes[2] * number_size(dtype);
  for (size_t b = 0U; b < batch; ++b) {
    for (size_t t = (size_t)lengths[b]; t < n_steps; ++t) {
      const size_t i = batch_first ? (b * n_steps) + t : (t * batch) + b;
      memset((char*)input.data + (i * row), 0xFF, row);
    }
  }
}

/// Pack, run, unpack; return the padded output and h_n
static Results
forward_packed(GrusGru* const       gru,
               const Golden* const  golden,
               const Array          input,
               const Array          h_0,
               const int64_t* const lengths,
               const size_t         batch,
               const char* const    name)
{
  const GrusGruConfig* const config  = grus_gru_config(gru);
  GrusMessage                message = {""};
  const GrusPackOptions      options = {lengths,
                                        batch,
                                        number_size(config->dtype),
                                        config->batch_first,
                                        golden_flag(golden, "enforce_sorted")};
  GrusPackedSequence*        packed  = NULL;
  poison_padding(config->dtype, input, config->batch_first, lengths);
  cr_assert_eq(grus_pack_padded_sequence(
                 input.data, &input.shape, &options, &packed, &message),
               GRUS_SUCCESS,
               "%s",
               message.text);
  check_packing(golden, config->dtype, packed, name);

  const Array   rows    = {{2U, {packed->n_rows, packed->n_features, 0U}},
                           packed->n_rows * packed->n_features,
                           packed->data};
  const Results results = forward(gru, rows, h_0, &packed->packing);

  const float          single = (float)golden_padding;
  const GrusPadOptions pad    = {config->dtype == GRUS_FLOAT64
                                   ? (const void*)&golden_padding
                                   : (const void*)&single,
                              0U,
                              config->batch_first};
  const GrusPackedSequence out = {results.output.data,
                                  packed->n_rows,
                                  results.output.shape.sizes[1],
                                  options.element_size,
                                  packed->packing};
  GrusShape                shape;
  cr_assert_eq(grus_padded_shape(&out, &pad, &shape, &message), GRUS_SUCCESS);
  const Results padded = {array_of(config->dtype, shape), results.h_n};
  int64_t*      found  = (int64_t*)calloc(batch, sizeof(int64_t));
  cr_assert_eq(
    grus_pad_packed_sequence(&out, &pad, padded.output.data, found, &message),
    GRUS_SUCCESS);
  cr_assert_arr_eq(found, lengths, batch * sizeof(int64_t), "%s", name);

  free(found);
  free(results.output.data);
  grus_packed_sequence_free(packed);
  return padded;
}

static void
check_golden(const char* const name, const char* const kernels)
{
  Golden           golden  = golden_open(name);
  GrusGru* const   gru     = golden_gru(&golden, kernels);
  const GrusNumber dtype   = grus_gru_config(gru)->dtype;
  const Array      input   = golden_array(&golden, dtype, "input");
  const Array      h_0     = golden_array(&golden, dtype, "h_0");
  const Array      output  = golden_array(&golden, dtype, "output");
  const Array      h_n     = golden_array(&golden, dtype, "h_n");
  size_t           n       = 0U;
  int64_t* const   lengths = golden_integers(&golden, "lengths", &n);

  const Results results =
    lengths ? forward_packed(gru, &golden, input, h_0, lengths, n, name)
            : forward(gru, input, h_0, NULL);
  assert_near(dtype, results.output, output, name, "output");
  assert_near(dtype, results.h_n, h_n, name, "h_n");

  results_free(results);
  free(lengths);
  free(input.data);
  free(h_0.data);
  free(output.data);
  free(h_n.data);
  grus_gru_free(gru);
  golden_close(&golden);
}

Test(gru, gives_the_numbers_of_pytorch_on_every_kernel_variant)
{
  for (size_t i = 0U; i < sizeof(goldens) / sizeof(goldens[0]); ++i) {
    for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
      check_golden(goldens[i], (*k)->name);
    }
  }
}

Test(gru, tells_what_gru_a_file_holds)
{
  static const WriterTensor odd[] = {{"weight_ih_l0", 2U, {8U, 2U, 0U}},
                                     {"weight_hh_l0", 2U, {8U, 3U, 0U}}};

  Golden        golden  = golden_open("double");
  GrusMessage   message = {""};
  GrusGruConfig config;
  cr_assert_eq(
    grus_gru_read_config(
      golden.stored.bytes, golden.stored.size, "gru.", &config, &message),
    GRUS_SUCCESS);
  cr_assert_eq(config.input_size, 5U);
  cr_assert_eq(config.hidden_size, 6U);
  cr_assert_eq(config.num_layers, 3U);
  cr_assert(config.bias && config.bidirectional && !config.batch_first);
  cr_assert_eq(config.dtype, GRUS_FLOAT64);
  cr_assert_eq(
    grus_gru_read_config(
      golden.stored.bytes, golden.stored.size, NULL, &config, &message),
    GRUS_ERR_BAD_FORMAT);
  golden_close(&golden);

  WriterFile file = writer_file("{}", odd, 2U);
  cr_assert_eq(
    grus_gru_read_config(file.bytes, file.size, "", &config, &message),
    GRUS_ERR_BAD_FORMAT);
  cr_assert_not_null(strstr(message.text, "shapes"), "%s", message.text);
  free(file.bytes);
}
