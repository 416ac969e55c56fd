// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model_writer.h"

#include "base/random.h"
#include "grus/grus.h"

#include <jansson.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LENGTH_SIZE = 8 }; ///< Bytes of the header's length

const char* const writer_frame_json =
  "{\"format\": 1, \"name\": \"Test frames\", \"kind\": \"frame\","
  " \"sample_rate\": 48000,"
  " \"frontend\": {\"window\": 480, \"hop\": 240, \"scale\": 0.1,"
  "  \"power\": 0.3, \"log_floor\": -18.0, \"log_scale\": 0.12,"
  "  \"log_offset\": 0.5},"
  " \"layers\": ["
  "  {\"name\": \"encoder\", \"type\": \"spectrum_linear\","
  "   \"tensors\": \"enc\", \"first_bin\": 1, \"bands\": [[3, 5], [2, 20]],"
  "   \"out\": 12},"
  "  {\"name\": \"across\", \"type\": \"gru\", \"tensors\": \"across\","
  "   \"axis\": \"bands\", \"input_size\": 12, \"hidden_size\": 6,"
  "   \"num_layers\": 2, \"bias\": true, \"bidirectional\": true},"
  "  {\"name\": \"mid\", \"type\": \"layer_norm\", \"tensors\": \"norm\","
  "   \"size\": 12, \"eps\": 1e-4, \"add\": \"encoder\"},"
  "  {\"name\": \"along\", \"type\": \"gru\", \"tensors\": \"along\","
  "   \"axis\": \"time\", \"input_size\": 12, \"hidden_size\": 17,"
  "   \"num_layers\": 2, \"bias\": false, \"bidirectional\": false},"
  "  {\"name\": \"mask\", \"type\": \"band_linear\", \"tensors\": \"dec\","
  "   \"first_bin\": 1, \"bands\": [[3, 5], [2, 20]], \"in\": 17},"
  "  {\"name\": \"flat\", \"type\": \"flatten\", \"input\": \"mid\"},"
  "  {\"name\": \"energy\", \"type\": \"band_energy\","
  "   \"input\": \"spectrum\", \"first_bin\": 100, \"bands\": [[7, 20]]},"
  "  {\"name\": \"both\", \"type\": \"concat\","
  "   \"inputs\": [\"flat\", \"energy\"]},"
  "  {\"name\": \"gains_in\", \"type\": \"linear\", \"tensors\": \"gains\","
  "   \"in\": 67, \"out\": 7, \"bias\": true},"
  "  {\"name\": \"gains\", \"type\": \"activation\","
  "   \"function\": \"sigmoid\"}],"
  " \"output\": {"
  "  \"mask\": {\"layer\": \"mask\", \"first_bin\": 1,"
  "   \"bands\": [[3, 5], [2, 20]]},"
  "  \"gains\": {\"layer\": \"gains\", \"first_bin\": 100,"
  "   \"bands\": [[7, 20]]},"
  "  \"activity\": \"gains\"}}";

const WriterTensor writer_frame_tensors[] = {
  {"enc.0.weight", 3U, {3U, 12U, 15U}},
  {"enc.0.bias", 2U, {3U, 12U}},
  {"enc.1.weight", 3U, {2U, 12U, 60U}},
  {"enc.1.bias", 2U, {2U, 12U}},
  {"across.weight_ih_l0", 2U, {18U, 12U}},
  {"across.weight_hh_l0", 2U, {18U, 6U}},
  {"across.bias_ih_l0", 1U, {18U}},
  {"across.bias_hh_l0", 1U, {18U}},
  {"across.weight_ih_l0_reverse", 2U, {18U, 12U}},
  {"across.weight_hh_l0_reverse", 2U, {18U, 6U}},
  {"across.bias_ih_l0_reverse", 1U, {18U}},
  {"across.bias_hh_l0_reverse", 1U, {18U}},
  {"across.weight_ih_l1", 2U, {18U, 12U}},
  {"across.weight_hh_l1", 2U, {18U, 6U}},
  {"across.bias_ih_l1", 1U, {18U}},
  {"across.bias_hh_l1", 1U, {18U}},
  {"across.weight_ih_l1_reverse", 2U, {18U, 12U}},
  {"across.weight_hh_l1_reverse", 2U, {18U, 6U}},
  {"across.bias_ih_l1_reverse", 1U, {18U}},
  {"across.bias_hh_l1_reverse", 1U, {18U}},
  {"norm.weight", 1U, {12U}},
  {"norm.bias", 1U, {12U}},
  {"along.weight_ih_l0", 2U, {51U, 12U}},
  {"along.weight_hh_l0", 2U, {51U, 17U}},
  {"along.weight_ih_l1", 2U, {51U, 17U}},
  {"along.weight_hh_l1", 2U, {51U, 17U}},
  {"dec.0.weight", 3U, {3U, 10U, 17U}},
  {"dec.0.bias", 2U, {3U, 10U}},
  {"dec.1.weight", 3U, {2U, 40U, 17U}},
  {"dec.1.bias", 2U, {2U, 40U}},
  {"gains.weight", 2U, {7U, 67U}},
  {"gains.bias", 1U, {7U}},
};

const size_t writer_frame_n_tensors =
  sizeof(writer_frame_tensors) / sizeof(writer_frame_tensors[0]);

static const char* const identity_json =
  "{\"format\": 1, \"name\": \"Test identity\", \"kind\": \"frame\","
  " \"sample_rate\": 48000,"
  " \"frontend\": {\"window\": 480, \"hop\": 240, \"scale\": 0.1,"
  "  \"power\": 0.3, \"log_floor\": -18.0, \"log_scale\": 0.12,"
  "  \"log_offset\": 0.5},"
  " \"layers\": ["
  "  {\"name\": \"energy\", \"type\": \"band_energy\","
  "   \"first_bin\": 0, \"bands\": [[1, 241]]},"
  "  {\"name\": \"norm\", \"type\": \"layer_norm\", \"tensors\": \"norm\","
  "   \"size\": 1, \"eps\": 1e-5},"
  "  {\"name\": \"always\", \"type\": \"activation\","
  "   \"function\": \"relu\"}],"
  " \"output\": {\"gains\": {\"layer\": \"always\", \"first_bin\": 0,"
  "  \"bands\": [[1, 241]]}}}";

static const WriterTensor identity_tensors[] = {
  {"norm.weight", 1U, {1U}},
  {"norm.bias", 1U, {1U}},
};

static const char* const sample_json =
  "{\"format\": 1, \"name\": \"Test samples\", \"kind\": \"sample\","
  " \"sample_rate\": 48000,"
  " \"layers\": ["
  "  {\"name\": \"rec\", \"type\": \"gru\", \"tensors\": \"rec\","
  "   \"axis\": \"time\", \"input_size\": 1, \"hidden_size\": 20,"
  "   \"num_layers\": 2, \"bias\": true, \"bidirectional\": false},"
  "  {\"name\": \"lin\", \"type\": \"linear\", \"tensors\": \"lin\","
  "   \"in\": 20, \"out\": 1, \"bias\": true}],"
  " \"output\": {\"skip\": true}}";

static const WriterTensor sample_tensors[] = {
  {"rec.weight_ih_l0", 2U, {60U, 1U}},
  {"rec.weight_hh_l0", 2U, {60U, 20U}},
  {"rec.bias_ih_l0", 1U, {60U}},
  {"rec.bias_hh_l0", 1U, {60U}},
  {"rec.weight_ih_l1", 2U, {60U, 20U}},
  {"rec.weight_hh_l1", 2U, {60U, 20U}},
  {"rec.bias_ih_l1", 1U, {60U}},
  {"rec.bias_hh_l1", 1U, {60U}},
  {"lin.weight", 2U, {1U, 20U}},
  {"lin.bias", 1U, {1U}},
};

static const char* const large_json =
  "{\"format\": 1, \"name\": \"Test bytes\", \"kind\": \"sample\","
  " \"sample_rate\": 48000,"
  " \"layers\": ["
  "  {\"name\": \"rec\", \"type\": \"gru\", \"tensors\": \"rec\","
  "   \"axis\": \"time\", \"input_size\": 1, \"hidden_size\": 66,"
  "   \"num_layers\": 2, \"bias\": false, \"bidirectional\": false},"
  "  {\"name\": \"lin\", \"type\": \"linear\", \"tensors\": \"lin\","
  "   \"in\": 66, \"out\": 1, \"bias\": false}],"
  " \"output\": {\"skip\": true}}";

static const WriterTensor large_tensors[] = {
  {"rec.weight_ih_l0", 2U, {198U, 1U}},
  {"rec.weight_hh_l0", 2U, {198U, 66U}},
  {"rec.weight_ih_l1", 2U, {198U, 66U}},
  {"rec.weight_hh_l1", 2U, {198U, 66U}},
  {"lin.weight", 2U, {1U, 66U}},
};

static size_t
n_elements(const WriterTensor* const tensor)
{
  size_t n = 1U;
  for (uint32_t i = 0U; i < tensor->n_dims; ++i) {
    n *= tensor->shape[i];
  }

  return n;
}

WriterFile
writer_raw_file(const char* const header, const size_t data_size)
{
  const size_t header_size = strlen(header);
  WriterFile   file = {NULL, 8U + header_size + data_size, 8U + header_size};

  file.bytes = (uint8_t*)calloc(file.size + 1U, 1U);
  for (unsigned i = 0U; i < 8U; ++i) {
    file.bytes[i] = (uint8_t)((uint64_t)header_size >> (8U * i));
  }
  memcpy(file.bytes + 8, header, header_size);
  return file;
}

static json_t*
tensor_entry(const WriterTensor* const tensor, const size_t offset)
{
  json_t* const shape = json_array();
  for (uint32_t i = 0U; i < tensor->n_dims; ++i) {
    json_array_append_new(shape, json_integer(tensor->shape[i]));
  }

  return json_pack("{s:s, s:o, s:[I, I]}",
                   "dtype",
                   "F32",
                   "shape",
                   shape,
                   "data_offsets",
                   (json_int_t)offset,
                   (json_int_t)(offset + (4U * n_elements(tensor))));
}

/// Weights of about the size that PyTorch draws, from a fixed seed
static void
fill_random(uint8_t* const bytes, const size_t n)
{
  uint32_t seed = 42U;
  for (size_t i = 0U; i < n; ++i) {
    const float value = 0.5f * grus_random_noise(&seed) * 0.6f;
    memcpy(bytes + (4U * i), &value, sizeof(value));
  }
}

WriterFile
writer_file(const char* const         json,
            const WriterTensor* const tensors,
            const size_t              n_tensors)
{
  json_t* const header = json_pack("{s:{s:s}}", "__metadata__", "grus", json);
  size_t        size   = 0U;
  for (size_t i = 0U; i < n_tensors; ++i) {
    json_object_set_new(
      header, tensors[i].name, tensor_entry(&tensors[i], size));
    size += 4U * n_elements(&tensors[i]);
  }

  char* const      text = json_dumps(header, JSON_COMPACT);
  const WriterFile file = writer_raw_file(text, size);
  fill_random(file.bytes + file.data_offset, size / 4U);
  free(text);
  json_decref(header);
  return file;
}

static GrusModel*
parse_as(const WriterFile file, const GrusStorage weights)
{
  GrusModel*  model = NULL;
  GrusMessage message;
  if (grus_model_parse_as(file.bytes, file.size, weights, &model, &message)) {
    fprintf(stderr, "%s\n", message.text);
    abort();
  }

  free(file.bytes);
  return model;
}

static GrusModel*
parse(const WriterFile file)
{
  return parse_as(file, GRUS_STORAGE_F32);
}

WriterFile
writer_read(const char* const path)
{
  FILE* const stream = fopen(path, "rb");
  WriterFile  file   = {NULL, 0U, LENGTH_SIZE};
  if (!stream || fseek(stream, 0, SEEK_END)) {
    perror(path);
    abort();
  }

  file.size  = (size_t)ftell(stream);
  file.bytes = (uint8_t*)malloc(file.size);
  rewind(stream);
  if (!file.bytes || file.size < LENGTH_SIZE ||
      fread(file.bytes, 1U, file.size, stream) != file.size) {
    perror(path);
    abort();
  }
  fclose(stream);
  for (unsigned i = 0U; i < LENGTH_SIZE; ++i) {
    file.data_offset += (size_t)file.bytes[i] << (8U * i);
  }
  return file;
}

WriterFile
writer_read_from(const char* const variable, const char* const name)
{
  const char* const folder = getenv(variable);
  char              path[1024];
  if (!folder) {
    fprintf(stderr, "%s names no folder\n", variable);
    abort();
  }

  snprintf(path, sizeof(path), "%s/%s.safetensors", folder, name);
  return writer_read(path);
}

GrusModel*
writer_frame_model(void)
{
  return parse(writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors));
}

static GrusModel*
identity_model(const char* const json)
{
  const WriterFile file  = writer_file(json, identity_tensors, 2U);
  const float      one[] = {1.0f, 1.0f};

  // One column normalized is zero, so that the result is the bias: gain 1
  memcpy(file.bytes + file.data_offset, one, sizeof(one));
  return parse(file);
}

GrusModel*
writer_identity_model(void)
{
  return identity_model(identity_json);
}

/// Return a copy of `json` with a hop of a fifth of the window
static char*
overlapping(const char* const json)
{
  static const char half[]  = "\"hop\": 240";
  static const char fifth[] = "\"hop\":  96";
  const size_t      size    = strlen(json) + 1U;
  char* const       copy    = (char*)malloc(size);
  memcpy(copy, json, size);
  memcpy(strstr(copy, half), fifth, strlen(fifth));
  return copy;
}

GrusModel*
writer_overlapping_model(void)
{
  char* const      json = overlapping(writer_frame_json);
  GrusModel* const model =
    parse(writer_file(json, writer_frame_tensors, writer_frame_n_tensors));
  free(json);
  return model;
}

GrusModel*
writer_overlapping_identity_model(void)
{
  char* const      json  = overlapping(identity_json);
  GrusModel* const model = identity_model(json);
  free(json);
  return model;
}

GrusModel*
writer_sample_model(void)
{
  return parse(writer_file(sample_json,
                           sample_tensors,
                           sizeof(sample_tensors) / sizeof(sample_tensors[0])));
}

GrusModel*
writer_int8_model(void)
{
  return parse_as(writer_file(large_json,
                              large_tensors,
                              sizeof(large_tensors) / sizeof(large_tensors[0])),
                  GRUS_STORAGE_INT8);
}
