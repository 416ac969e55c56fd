// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A small file takes neither the memory nor the time of a large one

#include "model_writer.h"

#include "grus/grus.h"
#include "load/limits.h"
#include "model/model.h"

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 65536 };

/// Parse a model of this description; it is freed, and so is the file
static GrusStatus
parse(const char* const         json,
      const WriterTensor* const tensors,
      const size_t              n_tensors,
      GrusMessage* const        message)
{
  const WriterFile file  = writer_file(json, tensors, n_tensors);
  GrusModel*       model = NULL;
  const GrusStatus st =
    grus_model_parse(file.bytes, file.size, &model, message);
  if (!st) {
    grus_model_free(model);
  }
  free(file.bytes);
  return st;
}

static void
expect_parsed(const char* const         json,
              const WriterTensor* const tensors,
              const size_t              n_tensors)
{
  GrusMessage message = {""};
  cr_expect_eq(parse(json, tensors, n_tensors, &message),
               GRUS_SUCCESS,
               "%s",
               message.text);
}

static void
expect_refused(const char* const         json,
               const WriterTensor* const tensors,
               const size_t              n_tensors,
               const char* const         reason)
{
  GrusMessage message = {""};
  cr_expect_eq(parse(json, tensors, n_tensors, &message), GRUS_ERR_UNSUPPORTED);
  cr_expect(strstr(message.text, reason),
            "\"%s\" does not say \"%s\"",
            message.text,
            reason);
}

static const char frame_head[] =
  "{\"format\": 1, \"name\": \"t\", \"kind\": \"frame\","
  " \"sample_rate\": 48000, \"frontend\": {\"window\": %u, \"hop\": %u,"
  " \"scale\": 0.1, \"power\": 0.3, \"log_floor\": -18.0,"
  " \"log_scale\": 0.12, \"log_offset\": 0.5},"
  " \"layers\": [{\"name\": \"e\", \"type\": \"band_energy\","
  "  \"first_bin\": 0, \"bands\": [[1, 2]]},"
  "  {\"name\": \"n\", \"type\": \"layer_norm\", \"tensors\": \"n\","
  "   \"size\": 1, \"eps\": 1e-5}],"
  " \"output\": {\"gains\": {\"layer\": \"n\", \"first_bin\": 0,"
  "  \"bands\": [[1, 2]]}, \"activity\": \"n\"}}";

static const WriterTensor norm[] = {{"n.weight", 1U, {1U}},
                                    {"n.bias", 1U, {1U}}};

Test(limits, frames_overlap_64_times_at_most)
{
  char json[2048];
  snprintf(json, sizeof(json), frame_head, 65536U, 1024U);
  expect_parsed(json, norm, 2U);
  snprintf(json, sizeof(json), frame_head, 65536U, 1022U);
  expect_refused(json, norm, 2U, "\"window\" is more than 64 times \"hop\"");
  snprintf(json, sizeof(json), frame_head, 65536U, 2U);
  expect_refused(json, norm, 2U, "\"window\" is more than 64 times \"hop\"");
}

/// Write a sample network of `n` activations between two linear layers
static void
write_wide(char* const json, const unsigned n, const unsigned width)
{
  size_t used = (size_t)snprintf(
    json,
    TEXT_SIZE,
    "{\"format\": 1, \"name\": \"t\", \"kind\": \"sample\","
    " \"sample_rate\": 4000, \"layers\": [{\"name\": \"i\","
    " \"type\": \"linear\", \"tensors\": \"i\", \"in\": 1, \"out\": %u,"
    " \"bias\": false}",
    width);
  for (unsigned i = 0U; i < n; ++i) {
    used += (size_t)snprintf(json + used,
                             TEXT_SIZE - used,
                             ", {\"name\": \"a%u\", \"type\": \"activation\","
                             " \"function\": \"tanh\"}",
                             i);
  }
  snprintf(json + used,
           TEXT_SIZE - used,
           ", {\"name\": \"o\", \"type\": \"linear\", \"tensors\": \"o\","
           " \"in\": %u, \"out\": 1, \"bias\": false}],"
           " \"output\": {\"skip\": false}}",
           width);
}

Test(limits, memory_follows_the_size_of_the_file)
{
  char* const        json      = (char*)malloc(TEXT_SIZE);
  const WriterTensor tensors[] = {{"i.weight", 2U, {8192U, 1U}},
                                  {"o.weight", 2U, {1U, 8192U}}};

  // 128 steps at once of 8192 floats are 4 MiB a layer
  write_wide(json, 1U, 8192U);
  expect_parsed(json, tensors, 2U);
  write_wide(json, 60U, 8192U);
  expect_refused(
    json, tensors, 2U, "MiB for each channel, more than the 12 MiB");
  free(json);
}

/// Write a frame network whose `n` layers all read the same tensor
static void
write_sharing(char* const json, const unsigned n, const unsigned width)
{
  size_t used = (size_t)snprintf(
    json,
    TEXT_SIZE,
    "{\"format\": 1, \"name\": \"t\", \"kind\": \"frame\","
    " \"sample_rate\": 48000, \"frontend\": {\"window\": 2048, \"hop\": 1024,"
    " \"scale\": 0.1, \"power\": 0.3, \"log_floor\": -18.0,"
    " \"log_scale\": 0.12, \"log_offset\": 0.5},"
    " \"layers\": [{\"name\": \"e\", \"type\": \"band_energy\","
    "  \"first_bin\": 0, \"bands\": [[%u, 1]]}",
    width);
  for (unsigned i = 0U; i < n; ++i) {
    used += (size_t)snprintf(json + used,
                             TEXT_SIZE - used,
                             ", {\"name\": \"l%u\", \"type\": \"linear\","
                             " \"tensors\": \"l\", \"in\": %u, \"out\": %u,"
                             " \"bias\": false}",
                             i,
                             width,
                             width);
  }
  snprintf(json + used,
           TEXT_SIZE - used,
           "], \"output\": {\"gains\": {\"layer\": \"l%u\", \"first_bin\": 0,"
           " \"bands\": [[%u, 1]]}}}",
           n - 1U,
           width);
}

Test(limits, weights_that_are_shared_count_each_time)
{
  char* const        json      = (char*)malloc(TEXT_SIZE);
  const WriterTensor tensors[] = {{"l.weight", 2U, {1024U, 1024U}}};
  write_sharing(json, 60U, 1024U);
  expect_parsed(json, tensors, 1U);
  write_sharing(json, 90U, 1024U);
  expect_refused(json, tensors, 1U, "layers that share tensors take more");
  free(json);
}

enum { STACKED = 16, N_BANDS = 16384, UNITS = 8 };

/// Add the weights of a GRU, whose names go into `names`
static size_t
add_gru(WriterTensor* const tensors,
        char (*const names)[32],
        const char* const prefix,
        const uint32_t    in)
{
  for (uint32_t k = 0U; k < 2U * STACKED; ++k) {
    const uint32_t layer = k / 2U;
    const bool     first = !(k % 2U);
    snprintf(names[k],
             sizeof(names[k]),
             "%s.weight_%s_l%u",
             prefix,
             first ? "ih" : "hh",
             layer);
    const WriterTensor tensor = {
      names[k], 2U, {3U * UNITS, first && !layer ? in : UNITS}};
    tensors[k] = tensor;
  }
  return 2U * STACKED;
}

/// Write a frame network whose `n` deep GRUs over many bands share weights
static void
write_deep(char* const json, const unsigned n)
{
  static const char gru[] =
    ", {\"name\": \"g%u\", \"type\": \"gru\", \"tensors\": \"%s\","
    " \"axis\": \"bands\", \"input_size\": %u, \"hidden_size\": 8,"
    " \"num_layers\": 16, \"bias\": false, \"bidirectional\": false}";

  size_t used = (size_t)snprintf(
    json,
    TEXT_SIZE,
    "{\"format\": 1, \"name\": \"t\", \"kind\": \"frame\","
    " \"sample_rate\": 48000, \"frontend\": {\"window\": 32768, \"hop\": 16384,"
    " \"scale\": 0.1, \"power\": 0.3, \"log_floor\": -18.0,"
    " \"log_scale\": 0.12, \"log_offset\": 0.5},"
    " \"layers\": [{\"name\": \"s\", \"type\": \"spectrum_linear\","
    "  \"tensors\": \"s\", \"first_bin\": 0, \"bands\": [[%d, 1]], \"out\": 1}",
    (int)N_BANDS);
  for (unsigned i = 0U; i < n; ++i) {
    used += (size_t)snprintf(
      json + used, TEXT_SIZE - used, gru, i, i ? "r" : "f", i ? 8U : 1U);
  }
  snprintf(json + used,
           TEXT_SIZE - used,
           ", {\"name\": \"b\", \"type\": \"band_linear\", \"tensors\": \"b\","
           "  \"first_bin\": 0, \"bands\": [[%d, 1]], \"in\": 8}],"
           " \"output\": {\"mask\": {\"layer\": \"b\", \"first_bin\": 0,"
           "  \"bands\": [[%d, 1]]}}}",
           (int)N_BANDS,
           (int)N_BANDS);
}

Test(limits, work_follows_the_number_of_weights)
{
  static char  names[2][2U * STACKED][32];
  WriterTensor tensors[4U + (4U * STACKED)] = {
    {"s.0.weight", 3U, {N_BANDS, 1U, 3U}},
    {"s.0.bias", 2U, {N_BANDS, 1U}},
    {"b.0.weight", 3U, {N_BANDS, 2U, UNITS}},
    {"b.0.bias", 2U, {N_BANDS, 2U}}};
  size_t n = 4U;
  n += add_gru(tensors + n, names[0], "f", 1U);
  n += add_gru(tensors + n, names[1], "r", UNITS);

  // A GRU is 100 million multiplications a step, and 360 000 weights may take
  // 440 million
  char* const json = (char*)malloc(TEXT_SIZE);
  write_deep(json, 3U);
  expect_parsed(json, tensors, n);
  write_deep(json, 12U);
  expect_refused(json, tensors, n, "multiplications for each step, more than");
  free(json);
}

Test(limits, self_test_stops_where_it_takes_too_long)
{
  GrusModel model = {
    .info      = {.kind = GRUS_KIND_FRAME, .hop = 63U, .test_samples = 480000U},
    .front_end = {.window = 4000U, .hop = 63U}};

  // A step is 4000 * (4 log2(4000) + 16) = 255 452, 2^30 + 4096 * 100 000 for
  // the file are 5806 steps
  grus_limits_shorten_test(&model, 100000U);
  cr_expect_eq(model.info.test_samples, 5806U * 63U);

  // What is short enough stays, and so do four hops of the heaviest
  grus_limits_shorten_test(&model, 100000000U);
  cr_expect_eq(model.info.test_samples, 5806U * 63U);
  model.info.n_macs = UINT64_C(1) << 40U;
  grus_limits_shorten_test(&model, 100000U);
  cr_expect_eq(model.info.test_samples, 4U * 63U);
}
