// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A GRU on whole arrays gives PyTorch's numbers (golden/), does not care how a
// sequence is cut, and answers wrong arguments without touching a result.

#include "format/safetensors.h"
#include "grus/grus.h"
#include "kernels/kernels.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <math.h>
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

enum { PATH_SIZE = 1024 };

/// A golden file
typedef struct {
  uint8_t*         bytes;
  size_t           size;
  GrusSafetensors* file;
} Golden;

/// An array in the type of a GRU
typedef struct {
  GrusShape shape;
  size_t    n;
  void*     data; ///< Null if there is none
} Array;

static Golden
golden_open(const char* const name)
{
  const char* const folder = getenv("GRUS_GOLDEN");
  cr_assert_not_null(folder, "GRUS_GOLDEN names the folder of golden files");

  char path[PATH_SIZE];
  snprintf(path, sizeof(path), "%s/%s.safetensors", folder, name);
  FILE* const stream = fopen(path, "rb");
  cr_assert_not_null(stream, "%s", path);
  fseek(stream, 0, SEEK_END);

  Golden golden = {NULL, (size_t)ftell(stream), NULL};
  golden.bytes  = (uint8_t*)malloc(golden.size);
  rewind(stream);
  cr_assert_eq(fread(golden.bytes, 1U, golden.size, stream), golden.size);
  fclose(stream);

  GrusMessage message;
  cr_assert_eq(
    grus_safetensors_open(golden.bytes, golden.size, &golden.file, &message),
    GRUS_SUCCESS,
    "%s: %s",
    path,
    message.text);
  return golden;
}

static void
golden_close(Golden* const golden)
{
  grus_safetensors_close(golden->file);
  free(golden->bytes);
}

static size_t
number_size(const GrusNumber dtype)
{
  return dtype == GRUS_FLOAT64 ? sizeof(double) : sizeof(float);
}

static double
number_at(const GrusNumber dtype, const void* const data, const size_t i)
{
  return dtype == GRUS_FLOAT64 ? ((const double*)data)[i]
                               : (double)((const float*)data)[i];
}

static Array
array_of(const GrusNumber dtype, const GrusShape shape)
{
  Array array = {shape, 1U, NULL};
  for (uint32_t i = 0U; i < shape.n_dims; ++i) {
    array.n *= shape.sizes[i];
  }
  array.data = calloc(array.n ? array.n : 1U, number_size(dtype));
  return array;
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
  cr_assert_eq(grus_gru_read_config(
                 golden->bytes, golden->size, "gru.", &config, &message),
               GRUS_SUCCESS,
               "%s",
               message.text);
  config.batch_first = golden_flag(golden, "batch_first");
  config.kernels     = kernels;
  cr_assert_eq(
    grus_gru_new(&config, &gru, &message), GRUS_SUCCESS, "%s", message.text);
  cr_assert_eq(
    grus_gru_load(gru, golden->bytes, golden->size, "gru.", &message),
    GRUS_SUCCESS,
    "%s",
    message.text);
  return gru;
}

static void
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

/// Results for an input, padded or packed
typedef struct {
  Array output;
  Array h_n;
} Results;

static Results
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

static void
results_free(const Results results)
{
  free(results.output.data);
  free(results.h_n.data);
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

static uint32_t noise_state = 1U;

/// Noise from -1 to 1
static Array
noise(const GrusShape shape)
{
  const Array array = array_of(GRUS_FLOAT32, shape);
  for (size_t i = 0U; i < array.n; ++i) {
    noise_state             = (noise_state * 1664525U) + 1013904223U;
    ((float*)array.data)[i] = ((float)(noise_state >> 8U) / 8388608.0f) - 1.0f;
  }

  return array;
}

static GrusGru*
new_gru(const GrusGruConfig config)
{
  GrusGru*    gru     = NULL;
  GrusMessage message = {""};
  cr_assert_eq(
    grus_gru_new(&config, &gru, &message), GRUS_SUCCESS, "%s", message.text);
  grus_gru_init_weights(gru, 7U);
  return gru;
}

/// A batch of noise, cut into steps `a` and the rest: as in one piece
static void
check_cut(const char* const kernels,
          const uint32_t    hidden,
          const size_t      batch,
          const size_t      a)
{
  enum { IN = 5, LAYERS = 2, STEPS = 700 };

  GrusGruConfig config        = grus_gru_config_default(IN, hidden);
  config.num_layers           = LAYERS;
  config.kernels              = kernels;
  GrusGru* const  gru         = new_gru(config);
  const GrusShape whole_shape = {3U, {STEPS, batch, IN}};
  const GrusShape h_shape     = {3U, {LAYERS, batch, hidden}};
  const Array     x           = noise(whole_shape);
  const Array     h_0         = noise(h_shape);
  const Results   whole       = forward(gru, x, h_0, NULL);

  Array head          = x;
  Array tail          = x;
  head.shape.sizes[0] = a;
  tail.shape.sizes[0] = STEPS - a;
  tail.data           = (float*)x.data + (a * batch * IN);
  const Results first = forward(gru, head, h_0, NULL);
  const Results rest  = forward(gru, tail, first.h_n, NULL);

  const size_t row = batch * hidden * sizeof(float);
  cr_assert_arr_eq(whole.output.data, first.output.data, a * row);
  cr_assert_arr_eq((const char*)whole.output.data + (a * row),
                   rest.output.data,
                   (STEPS - a) * row);
  cr_assert_arr_eq(whole.h_n.data, rest.h_n.data, LAYERS * row);

  results_free(whole);
  results_free(first);
  results_free(rest);
  free(x.data);
  free(h_0.data);
  grus_gru_free(gru);
}

Test(gru, does_not_depend_on_how_a_sequence_is_cut)
{
  static const size_t cuts[] = {1U, 341U, 350U, 699U};
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    for (size_t i = 0U; i < sizeof(cuts) / sizeof(cuts[0]); ++i) {
      check_cut((*k)->name, 19U, 1U, cuts[i]);
      check_cut((*k)->name, 19U, 2U, cuts[i]);
      check_cut((*k)->name, 19U, 7U, cuts[i]); // Padded
      check_cut((*k)->name, 16U, 13U, cuts[i]);
      check_cut((*k)->name, 70U, 7U, cuts[i]); // Too large to go by rows
    }
  }
}

Test(gru, steps_one_by_one_give_the_bits_of_one_long_call)
{
  const GrusShape shape = {2U, {60U, 5U, 0U}};
  GrusGru* const  gru   = new_gru(grus_gru_config_default(5U, 19U));
  const Array     x     = noise(shape);
  const Array     none  = {{0U, {0U}}, 0U, NULL};
  const Results   whole = forward(gru, x, none, NULL);

  float       h[19] = {0.0f};
  float       y[19];
  GrusMessage message;
  for (size_t t = 0U; t < 60U; ++t) {
    const GrusGruCall call = {(const float*)x.data + (t * 5U),
                              {2U, {1U, 5U, 0U}},
                              h,
                              {2U, {1U, 19U, 0U}},
                              NULL,
                              y,
                              19U,
                              h,
                              19U};
    cr_assert_eq(grus_gru_forward(gru, &call, &message), GRUS_SUCCESS);
    cr_assert_arr_eq(y, (const float*)whole.output.data + (t * 19U), sizeof(y));
  }
  cr_assert_arr_eq(h, whole.h_n.data, sizeof(h));

  results_free(whole);
  free(x.data);
  grus_gru_free(gru);
}

/// Copy the weights of the backward direction to a GRU that only runs forwards
static void
copy_backwards(const GrusGru* const both, GrusGru* const forwards)
{
  GrusGruWeight weight;
  GrusMessage   message = {""};
  for (uint32_t i = 0U; grus_gru_weight(forwards, i, &weight); ++i) {
    char        name[GRUS_WEIGHT_NAME_SIZE];
    const Array data = array_of(GRUS_FLOAT32, weight.shape);
    snprintf(name, sizeof(name), "%.20s_reverse", weight.name);
    cr_assert_eq(grus_gru_get_weight(both, name, data.data, data.n, &message),
                 GRUS_SUCCESS,
                 "%s",
                 message.text);
    cr_assert_eq(grus_gru_set_weight(
                   forwards, weight.name, data.data, &weight.shape, &message),
                 GRUS_SUCCESS,
                 "%s",
                 message.text);
    free(data.data);
  }
}

/// Swap the first step with the last one, and so on
static void
turn_around(const Array array)
{
  const size_t n_steps = array.shape.sizes[0];
  const size_t row     = array.n / n_steps;
  float* const data    = (float*)array.data;
  for (size_t t = 0U; t < n_steps / 2U; ++t) {
    for (size_t i = 0U; i < row; ++i) {
      const float x = data[(t * row) + i];

      data[(t * row) + i] = data[((n_steps - 1U - t) * row) + i];
      data[((n_steps - 1U - t) * row) + i] = x;
    }
  }
}

/// The backward direction is a forward one on what is turned around
static void
check_backwards(const char* const kernels, const size_t batch)
{
  enum { IN = 3, HIDDEN = 18, STEPS = 701 };

  GrusGruConfig config    = grus_gru_config_default(IN, HIDDEN);
  config.kernels          = kernels;
  GrusGru* const forwards = new_gru(config);
  config.bidirectional    = true;
  GrusGru* const both     = new_gru(config);
  copy_backwards(both, forwards);

  const GrusShape shape = {3U, {STEPS, batch, IN}};
  const Array     x     = noise(shape);
  const Array     none  = {{0U, {0U}}, 0U, NULL};
  const Results   two   = forward(both, x, none, NULL);
  turn_around(x);
  const Results one = forward(forwards, x, none, NULL);
  turn_around(one.output);
  for (size_t row = 0U; row < STEPS * batch; ++row) {
    cr_assert_arr_eq((const float*)two.output.data + (row * 2U * HIDDEN) +
                       HIDDEN,
                     (const float*)one.output.data + (row * HIDDEN),
                     HIDDEN * sizeof(float));
  }
  cr_assert_arr_eq((const float*)two.h_n.data + (batch * HIDDEN),
                   one.h_n.data,
                   batch * HIDDEN * sizeof(float));

  results_free(two);
  results_free(one);
  free(x.data);
  grus_gru_free(both);
  grus_gru_free(forwards);
}

Test(gru, runs_backwards_over_long_sequences)
{
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    check_backwards((*k)->name, 1U);
    check_backwards((*k)->name, 3U);
  }
}

Test(gru, gives_the_bits_of_the_streaming_engine)
{
  // The same weights as a sample network whose linear layer sums all units
  enum { HIDDEN = 19, STEPS = 300 };

  static const char json[] =
    "{\"format\": 1, \"name\": \"g\", \"kind\": \"sample\", \"sample_rate\": "
    "48000, \"layers\": [{\"name\": \"rec\", \"type\": \"gru\", \"tensors\": "
    "\"rec\", \"axis\": \"time\", \"input_size\": 1, \"hidden_size\": 19, "
    "\"num_layers\": 1, \"bias\": true, \"bidirectional\": false}, {\"name\": "
    "\"lin\", \"type\": \"linear\", \"tensors\": \"lin\", \"in\": 19, \"out\": "
    "1, \"bias\": true}], \"output\": {\"skip\": false}}";
  static const WriterTensor tensors[] = {
    {"rec.weight_ih_l0", 2U, {57U, 1U, 0U}},
    {"rec.weight_hh_l0", 2U, {57U, 19U, 0U}},
    {"rec.bias_ih_l0", 1U, {57U, 0U, 0U}},
    {"rec.bias_hh_l0", 1U, {57U, 0U, 0U}},
    {"lin.weight", 2U, {1U, 19U, 0U}},
    {"lin.bias", 1U, {1U, 0U, 0U}},
  };

  WriterFile  file    = writer_file(json, tensors, 6U);
  GrusModel*  model   = NULL;
  GrusMessage message = {""};
  cr_assert_eq(grus_model_parse(file.bytes, file.size, &model, &message),
               GRUS_SUCCESS,
               "%s",
               message.text);
  GrusSafetensors* opened = NULL;
  cr_assert_eq(grus_safetensors_open(file.bytes, file.size, &opened, &message),
               GRUS_SUCCESS);
  float linear[HIDDEN + 1U];
  cr_assert(grus_tensor_read(
    grus_safetensors_find(opened, "lin.weight"), 0U, HIDDEN, linear));
  cr_assert(grus_tensor_read(
    grus_safetensors_find(opened, "lin.bias"), 0U, 1U, linear + HIDDEN));

  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    GrusGruConfig config = grus_gru_config_default(1U, HIDDEN);
    config.kernels       = (*k)->name;
    GrusGru* const gru   = new_gru(config);
    cr_assert_eq(grus_gru_load(gru, file.bytes, file.size, "rec.", &message),
                 GRUS_SUCCESS,
                 "%s",
                 message.text);
    const GrusStreamConfig stream_config = {48000U, 1U, (*k)->name};
    GrusStream*            stream        = NULL;
    cr_assert_eq(grus_stream_new(model, &stream_config, &stream, &message),
                 GRUS_SUCCESS);

    const GrusShape    shape = {2U, {STEPS, 1U, 0U}};
    const Array        x     = noise(shape);
    const Array        none  = {{0U, {0U}}, 0U, NULL};
    const Results      whole = forward(gru, x, none, NULL);
    float              streamed[STEPS];
    const float* const in  = (const float*)x.data;
    float*             out = streamed;
    grus_stream_process(stream, &in, &out, STEPS);

    for (size_t t = 0U; t < STEPS; ++t) {
      float y[1];
      (*k)->dot(y,
                1U,
                linear,
                linear + HIDDEN,
                (const float*)whole.output.data + (t * HIDDEN),
                HIDDEN,
                1U,
                HIDDEN);
      cr_assert_arr_eq(
        &y[0], &streamed[t], sizeof(float), "%s, step %zu", (*k)->name, t);
    }

    results_free(whole);
    free(x.data);
    grus_stream_free(stream);
    grus_gru_free(gru);
  }

  grus_safetensors_close(opened);
  grus_model_free(model);
  free(file.bytes);
}

Test(gru, batch_first_changes_nothing_but_the_layout)
{
  enum { IN = 3, HIDDEN = 18, STEPS = 701, BATCH = 3, OUT = 2 * HIDDEN };

  GrusGruConfig config  = grus_gru_config_default(IN, HIDDEN);
  config.num_layers     = 2U;
  config.bidirectional  = true;
  GrusGru* const seq    = new_gru(config);
  config.batch_first    = true;
  GrusGru* const  batch = new_gru(config);
  const GrusShape shape = {3U, {STEPS, BATCH, IN}};
  const GrusShape other = {3U, {BATCH, STEPS, IN}};
  const Array     x     = noise(shape);
  const Array     y     = array_of(GRUS_FLOAT32, other);
  for (size_t i = 0U; i < x.n; ++i) {
    const size_t t = i / (BATCH * IN);
    const size_t b = i / IN % BATCH;

    ((float*)y.data)[(((b * STEPS) + t) * IN) + (i % IN)] = ((float*)x.data)[i];
  }

  const Array   none = {{0U, {0U}}, 0U, NULL};
  const Results one  = forward(seq, x, none, NULL);
  const Results two  = forward(batch, y, none, NULL);
  for (size_t t = 0U; t < STEPS; ++t) {
    for (size_t b = 0U; b < BATCH; ++b) {
      cr_assert_arr_eq(
        (const float*)one.output.data + (((t * BATCH) + b) * OUT),
        (const float*)two.output.data + (((b * STEPS) + t) * OUT),
        OUT * sizeof(float));
    }
  }
  cr_assert_arr_eq(one.h_n.data, two.h_n.data, one.h_n.n * sizeof(float));

  results_free(one);
  results_free(two);
  free(x.data);
  free(y.data);
  grus_gru_free(seq);
  grus_gru_free(batch);
}

Test(gru, sequences_of_a_packed_batch_do_not_touch_each_other)
{
  static const int64_t lengths[] = {300, 701, 701, 1};

  GrusGruConfig config          = grus_gru_config_default(4U, 21U);
  config.bidirectional          = true;
  config.num_layers             = 2U;
  GrusGru* const        gru     = new_gru(config);
  const GrusShape       shape   = {3U, {701U, 4U, 4U}};
  const Array           x       = noise(shape);
  const GrusPackOptions options = {lengths, 4U, sizeof(float), false, false};
  GrusPackedSequence*   packed  = NULL;
  GrusMessage           message;
  const Array           none = {{0U, {0U}}, 0U, NULL};
  cr_assert_eq(
    grus_pack_padded_sequence(x.data, &x.shape, &options, &packed, &message),
    GRUS_SUCCESS);
  const Array   rows = {{2U, {packed->n_rows, 4U, 0U}}, 0U, packed->data};
  const Results all  = forward(gru, rows, none, &packed->packing);

  for (size_t b = 0U; b < 4U; ++b) {
    const GrusShape one_shape = {2U, {(size_t)lengths[b], 4U, 0U}};
    const Array     one       = array_of(GRUS_FLOAT32, one_shape);
    for (size_t t = 0U; t < one_shape.sizes[0]; ++t) {
      memcpy((float*)one.data + (t * 4U),
             (const float*)x.data + (((t * 4U) + b) * 4U),
             4U * sizeof(float));
    }
    const Results alone = forward(gru, one, none, NULL);
    for (size_t state = 0U; state < 4U; ++state) {
      for (size_t j = 0U; j < 21U; ++j) {
        const float apart = ((float*)alone.h_n.data)[(state * 21U) + j];
        const float together =
          ((float*)all.h_n.data)[(((state * 4U) + b) * 21U) + j];
        cr_assert_float_eq(apart, together, 1e-6f);
      }
    }
    results_free(alone);
    free(one.data);
  }

  results_free(all);
  grus_packed_sequence_free(packed);
  free(x.data);
  grus_gru_free(gru);
}

Test(gru, packs_sequences_that_lie_apart_as_if_they_were_padded)
{
  static const float    a[]         = {1.0f, 2.0f};
  static const float    b[]         = {3.0f, 4.0f, 5.0f};
  static const float    expected[]  = {3.0f, 1.0f, 4.0f, 2.0f, 5.0f};
  static const int64_t  sizes[]     = {2, 2, 1};
  static const int64_t  order[]     = {1, 0};
  const GrusSequence    sequences[] = {{a, 2U}, {b, 3U}};
  const GrusPackOptions options     = {NULL, 0U, sizeof(float), false, false};
  const GrusPadOptions  pad         = {NULL, 4U, true};
  GrusPackedSequence*   packed      = NULL;
  GrusMessage           message;
  cr_assert_eq(
    grus_pack_sequence(sequences, 2U, 1U, &options, &packed, &message),
    GRUS_SUCCESS);
  cr_assert_eq(packed->n_rows, 5U);
  cr_assert_arr_eq(packed->data, expected, sizeof(expected));
  cr_assert_arr_eq(packed->packing.batch_sizes, sizes, sizeof(sizes));
  cr_assert_arr_eq(packed->packing.sorted_indices, order, sizeof(order));
  cr_assert_arr_eq(packed->packing.unsorted_indices, order, sizeof(order));

  static const float padded[] = {
    1.0f, 2.0f, 0.0f, 0.0f, 3.0f, 4.0f, 5.0f, 0.0f};
  static const int64_t lengths[] = {2, 3};
  float                output[8];
  int64_t              found[2];
  cr_assert_eq(grus_pad_packed_sequence(packed, &pad, output, found, &message),
               GRUS_SUCCESS);
  cr_assert_arr_eq(output, padded, sizeof(padded));
  cr_assert_arr_eq(found, lengths, sizeof(lengths));
  grus_packed_sequence_free(packed);
}

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

Test(gru, tells_what_gru_a_file_holds)
{
  static const WriterTensor odd[] = {{"weight_ih_l0", 2U, {8U, 2U, 0U}},
                                     {"weight_hh_l0", 2U, {8U, 3U, 0U}}};

  Golden        golden  = golden_open("double");
  GrusMessage   message = {""};
  GrusGruConfig config;
  cr_assert_eq(
    grus_gru_read_config(golden.bytes, golden.size, "gru.", &config, &message),
    GRUS_SUCCESS);
  cr_assert_eq(config.input_size, 5U);
  cr_assert_eq(config.hidden_size, 6U);
  cr_assert_eq(config.num_layers, 3U);
  cr_assert(config.bias && config.bidirectional && !config.batch_first);
  cr_assert_eq(config.dtype, GRUS_FLOAT64);
  cr_assert_eq(
    grus_gru_read_config(golden.bytes, golden.size, NULL, &config, &message),
    GRUS_ERR_BAD_FORMAT);
  golden_close(&golden);

  WriterFile file = writer_file("{}", odd, 2U);
  cr_assert_eq(
    grus_gru_read_config(file.bytes, file.size, "", &config, &message),
    GRUS_ERR_BAD_FORMAT);
  cr_assert_not_null(strstr(message.text, "shapes"), "%s", message.text);
  free(file.bytes);
}

Test(gru, survives_numbers_that_are_not_finite)
{
  GrusGruConfig config = grus_gru_config_default(1U, 3U);
  config.bidirectional = true;
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    config.kernels        = (*k)->name;
    GrusGru* const  gru   = new_gru(config);
    const GrusShape shape = {2U, {4U, 1U, 0U}};
    const Array     none  = {{0U, {0U}}, 0U, NULL};
    float           x[]   = {NAN, INFINITY, -INFINITY, 1e38f};
    const Array     input = {shape, 4U, x};
    const Results   r     = forward(gru, input, none, NULL);
    cr_assert_eq(r.output.n, 24U);
    results_free(r);
    grus_gru_free(gru);
  }
}

Test(gru, runs_an_empty_batch)
{
  GrusGru* const  gru   = new_gru(grus_gru_config_default(2U, 3U));
  const GrusShape shape = {3U, {4U, 0U, 2U}};
  const Array     input = {shape, 0U, NULL};
  const Array     none  = {{0U, {0U}}, 0U, NULL};
  const Results   r     = forward(gru, input, none, NULL);
  cr_assert_eq(r.output.n, 0U);
  cr_assert_eq(r.h_n.n, 0U);
  results_free(r);
  grus_gru_free(gru);
}
