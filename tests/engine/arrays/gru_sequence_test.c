// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A GRU on whole arrays does not care how a sequence is cut, packed or laid
// out.

#include "gru_arrays.h"

#include "format/safetensors.h"
#include "grus/gru.h"
#include "grus/grus.h"
#include "grus/packed_sequence.h"
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
