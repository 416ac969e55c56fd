// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Models come from strangers: each kind of damage gets an error that names the
// thing at fault, and no damage at all may crash the host.

#include "model_writer.h"

#include "grus/grus.h"
#include "model/model.h"

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// A change to the description of the frame model, and what must be said
typedef struct {
  const char* from;
  const char* to;
  GrusStatus  status;
  const char* said; ///< Part of the message
} Damage;

static const Damage damages[] = {
  {"\"format\": 1", "\"format\": 2", GRUS_ERR_UNSUPPORTED, "format"},
  {"\"format\": 1", "\"format\": \"1\"", GRUS_ERR_BAD_FORMAT, "format"},
  {"\"format\": 1, ", "", GRUS_ERR_BAD_FORMAT, "format"},
  {"\"format\": 1", "\"format\": 1, \"x\": 1", GRUS_ERR_UNSUPPORTED, "\"x\""},
  {"\"kind\": \"frame\"", "\"kind\": \"song\"", GRUS_ERR_UNSUPPORTED, "kind"},
  {"\"kind\": \"frame\"",
   "\"kind\": \"sample\"",
   GRUS_ERR_UNSUPPORTED,
   "encoder"},
  {"\"name\": \"Test frames\", ", "", GRUS_ERR_BAD_FORMAT, "name"},
  {"48000", "0", GRUS_ERR_BAD_FORMAT, "sample_rate"},
  {"48000", "-48000", GRUS_ERR_BAD_FORMAT, "sample_rate"},
  {"48000", "99999999999999999999", GRUS_ERR_BAD_FORMAT, "description"},
  {"48000", "1e400", GRUS_ERR_BAD_FORMAT, "description"},
  {"\"window\": 480", "\"window\": 479", GRUS_ERR_UNSUPPORTED, "window"},
  {"\"window\": 480", "\"window\": 4000000000", GRUS_ERR_BAD_FORMAT, "window"},
  {"\"window\": 480, \"hop\": 240",
   "\"window\": 482, \"hop\": 241",
   GRUS_ERR_UNSUPPORTED,
   "window"},
  {"\"hop\": 240", "\"hop\": 0", GRUS_ERR_BAD_FORMAT, "hop"},
  {"\"hop\": 240", "\"hop\": 241", GRUS_ERR_UNSUPPORTED, "hop"},
  {"\"scale\": 0.1", "\"scale\": 0", GRUS_ERR_BAD_FORMAT, "scale"},
  {"\"power\": 0.3", "\"power\": -1", GRUS_ERR_BAD_FORMAT, "power"},
  {"\"power\": 0.3", "\"power\": null", GRUS_ERR_BAD_FORMAT, "power"},
  {"\"frontend\"", "\"backend\"", GRUS_ERR_UNSUPPORTED, "backend"},
  {"\"layers\": [",
   "\"layers\": 3, \"author\": [",
   GRUS_ERR_BAD_FORMAT,
   "author"},
  {"\"name\": \"mid\"",
   "\"name\": \"encoder\"",
   GRUS_ERR_BAD_FORMAT,
   "same name"},
  {"\"type\": \"gru\"", "\"type\": \"lstm\"", GRUS_ERR_UNSUPPORTED, "lstm"},
  {"\"type\": \"gru\"", "\"type\": 7", GRUS_ERR_BAD_FORMAT, "type"},
  {"\"first_bin\": 1,",
   "\"first_bin\": 300,",
   GRUS_ERR_BAD_FORMAT,
   "first_bin"},
  {"\"first_bin\": 1,", "\"first_bin\": 200,", GRUS_ERR_BAD_FORMAT, "bands"},
  {"[[3, 5], [2, 20]]",
   "[[3, 5], [2, 4000000000]]",
   GRUS_ERR_BAD_FORMAT,
   "bands"},
  {"[[3, 5], [2, 20]]", "[[3, 5], [2]]", GRUS_ERR_BAD_FORMAT, "bands"},
  {"[[3, 5], [2, 20]]", "[]", GRUS_ERR_BAD_FORMAT, "bands"},
  {"[[3, 5], [2, 20]]", "[[3, 5], [0, 20]]", GRUS_ERR_BAD_FORMAT, "bands"},
  {"[[3, 5], [2, 20]]", "[[3, 5], [3, 20]]", GRUS_ERR_BAD_FORMAT, "mask"},
  {"\"out\": 12}", "\"out\": 13}", GRUS_ERR_BAD_FORMAT, "across"},
  {"\"out\": 12}", "\"out\": 1000000}", GRUS_ERR_BAD_FORMAT, "out"},
  {"\"axis\": \"bands\"", "\"axis\": \"depth\"", GRUS_ERR_UNSUPPORTED, "axis"},
  {"\"axis\": \"bands\"", "\"axis\": \"time\"", GRUS_ERR_UNSUPPORTED, "future"},
  {"\"hidden_size\": 6",
   "\"hidden_size\": 0",
   GRUS_ERR_BAD_FORMAT,
   "hidden_size"},
  {"\"hidden_size\": 6", "\"hidden_size\": 7", GRUS_ERR_BAD_FORMAT, "columns"},
  {"\"num_layers\": 2",
   "\"num_layers\": 3",
   GRUS_ERR_BAD_FORMAT,
   "across.weight_ih_l2"},
  {"\"num_layers\": 2",
   "\"num_layers\": 1",
   GRUS_ERR_BAD_FORMAT,
   "belongs to no layer"},
  {"\"bias\": true", "\"bias\": 1", GRUS_ERR_BAD_FORMAT, "bias"},
  {"\"bias\": true", "\"bias\": false", GRUS_ERR_BAD_FORMAT, "bias_ih_l0"},
  {"\"add\": \"encoder\"", "\"add\": \"along\"", GRUS_ERR_BAD_FORMAT, "along"},
  {"\"add\": \"encoder\"", "\"add\": \"mid\"", GRUS_ERR_BAD_FORMAT, "mid"},
  {"\"eps\": 1e-4", "\"eps\": 0", GRUS_ERR_BAD_FORMAT, "eps"},
  {"\"size\": 12", "\"size\": 11", GRUS_ERR_BAD_FORMAT, "size"},
  {"\"input\": \"mid\"",
   "\"input\": \"spectrum\"",
   GRUS_ERR_BAD_FORMAT,
   "flat"},
  {"\"input\": \"spectrum\"",
   "\"input\": \"mid\"",
   GRUS_ERR_BAD_FORMAT,
   "energy"},
  {"[\"flat\", \"energy\"]",
   "[\"flat\", \"nothing\"]",
   GRUS_ERR_BAD_FORMAT,
   "nothing"},
  {"[\"flat\", \"energy\"]", "[\"flat\", 4]", GRUS_ERR_BAD_FORMAT, "both"},
  {"[\"flat\", \"energy\"]", "[]", GRUS_ERR_BAD_FORMAT, "inputs"},
  {"[\"flat\", \"energy\"]",
   "[\"flat\", \"mid\"]",
   GRUS_ERR_BAD_FORMAT,
   "rows"},
  {"\"function\": \"sigmoid\"",
   "\"function\": \"swish\"",
   GRUS_ERR_UNSUPPORTED,
   "function"},
  {"\"layer\": \"mask\"", "\"layer\": \"mid\"", GRUS_ERR_BAD_FORMAT, "mid"},
  {"\"layer\": \"gains\"", "\"layer\": \"both\"", GRUS_ERR_BAD_FORMAT, "both"},
  {"\"layer\": \"gains\", \"first_bin\": 100",
   "\"layer\": \"gains\", \"first_bin\": 20",
   GRUS_ERR_BAD_FORMAT,
   "overlap"},
  {"\"activity\": \"gains\"",
   "\"activity\": \"mid\"",
   GRUS_ERR_BAD_FORMAT,
   "activity"},
  {"\"activity\": \"gains\"",
   "\"activity\": \"\\u001b[2J\"",
   GRUS_ERR_BAD_FORMAT,
   "\\x1b[2J"},
  {"\"output\": {",
   "\"output\": {}, \"self_test\": {",
   GRUS_ERR_BAD_FORMAT,
   "neither"},
  {"\"output\": {",
   "\"self_test\": {\"input\": \"a\", \"output\": \"b\", \"tolerance\": 1e-4}, "
   "\"output\": {",
   GRUS_ERR_BAD_FORMAT,
   "\"a\""},
  {"\"output\": {",
   "\"self_test\": {\"input\": \"norm.bias\", \"output\": \"norm.weight\", "
   "\"tolerance\": 1}, \"output\": {",
   GRUS_ERR_BAD_FORMAT,
   "tolerance"},
  {"\"output\": {",
   "\"self_test\": {\"input\": \"norm.bias\", \"output\": \"gains.bias\", "
   "\"tolerance\": 1e-4}, \"output\": {",
   GRUS_ERR_BAD_FORMAT,
   "gains.bias"},
  {"\"output\": {",
   "\"self_test\": {\"input\": \"norm.bias\", \"output\": \"gains.weight\", "
   "\"tolerance\": 1e-4}, \"output\": {",
   GRUS_ERR_BAD_FORMAT,
   "10 seconds"},
  {"\"output\": {",
   "\"self_test\": {\"input\": \"norm.bias\", \"output\": \"norm.weight\", "
   "\"tolerance\": 1e-4}, \"output\": {",
   GRUS_ERR_SELF_TEST,
   "self-test"},
  {"{\"format\"", "[\"format\"", GRUS_ERR_BAD_FORMAT, "description"},
};

enum { N_DAMAGES = sizeof(damages) / sizeof(damages[0]) };

/// Return a copy of `text` with the first `from` replaced by `to`
static char*
replace(const char* const text, const char* const from, const char* const to)
{
  const char* const place = strstr(text, from);
  cr_assert_not_null(place, "%s is not in the description", from);

  const size_t head = (size_t)(place - text);
  char* const  copy = (char*)malloc(strlen(text) + strlen(to) + 1U);
  memcpy(copy, text, head);
  strcpy(copy + head, to);
  strcat(copy, place + strlen(from));
  return copy;
}

/// Parse, and check that nothing but an error comes of it
static GrusStatus
parse_bad(const void* const data, const size_t size, GrusMessage* const message)
{
  GrusModel* model = NULL;
  strcpy(message->text, "untouched");

  const GrusStatus st = grus_model_parse(data, size, &model, message);
  if (st) {
    cr_assert_null(model);
    cr_assert_str_neq(message->text, "untouched");
    cr_assert_null(strchr(message->text, '\n'));
  }
  grus_model_free(model);
  return st;
}

Test(model, names_what_is_wrong_with_a_description)
{
  for (size_t i = 0U; i < N_DAMAGES; ++i) {
    GrusMessage message;
    char* const json =
      replace(writer_frame_json, damages[i].from, damages[i].to);
    const WriterFile file =
      writer_file(json, writer_frame_tensors, writer_frame_n_tensors);
    const GrusStatus st = parse_bad(file.bytes, file.size, &message);
    cr_assert_eq(st,
                 damages[i].status,
                 "%s -> %s: status %d, %s",
                 damages[i].from,
                 damages[i].to,
                 st,
                 message.text);
    cr_assert_not_null(strstr(message.text, damages[i].said),
                       "%s -> %s: \"%s\" does not say %s",
                       damages[i].from,
                       damages[i].to,
                       message.text,
                       damages[i].said);
    free(file.bytes);
    free(json);
  }
}

Test(model, names_each_tensor_that_is_missing_or_has_another_shape)
{
  WriterTensor tensors[64];
  cr_assert_leq(writer_frame_n_tensors, 64U);

  for (size_t i = 0U; i < writer_frame_n_tensors; ++i) {
    GrusMessage message;
    memcpy(tensors,
           writer_frame_tensors,
           writer_frame_n_tensors * sizeof(WriterTensor));
    ++tensors[i].shape[0];
    WriterFile file =
      writer_file(writer_frame_json, tensors, writer_frame_n_tensors);
    cr_assert_eq(parse_bad(file.bytes, file.size, &message),
                 GRUS_ERR_BAD_FORMAT);
    cr_assert_not_null(strstr(message.text, tensors[i].name));
    cr_assert_not_null(strstr(message.text, "expected ["));
    free(file.bytes);

    memcpy(tensors,
           writer_frame_tensors,
           writer_frame_n_tensors * sizeof(WriterTensor));
    tensors[i].name = "stranger";
    file = writer_file(writer_frame_json, tensors, writer_frame_n_tensors);
    cr_assert_eq(parse_bad(file.bytes, file.size, &message),
                 GRUS_ERR_BAD_FORMAT);
    free(file.bytes);
  }
}

/// A whole header that is not as the format wants it
typedef struct {
  const char* header;
  size_t      data_size;
  GrusStatus  status;
  const char* said;
} Container;

static const Container containers[] = {
  {"[]", 0U, GRUS_ERR_BAD_FORMAT, "JSON"},
  {"{ ", 0U, GRUS_ERR_BAD_FORMAT, "JSON"},
  {"{}", 0U, GRUS_ERR_UNSUPPORTED, "metadata"},
  {"{}", 4U, GRUS_ERR_BAD_FORMAT, "all of the file"},
  {"{\"__metadata__\":{\"grus\":4}}", 0U, GRUS_ERR_UNSUPPORTED, "metadata"},
  {"{\"a\":{},\"a\":{}}", 0U, GRUS_ERR_BAD_FORMAT, "the key \"a\" twice"},
  {"{\"a\":7}", 0U, GRUS_ERR_BAD_FORMAT, "\"a\""},
  {"{\"a\":{\"dtype\":\"I8\",\"shape\":[5],\"data_offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "shape"},
  {"{\"__metadata__\":{\"data_fnv1a\":\"0123456789abcdef\"}}",
   0U,
   GRUS_ERR_BAD_FORMAT,
   "damaged"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "shape"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "shape"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "shape"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "shape"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4],\"data_"
   "offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "shape"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "outside"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "outside"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[-4,0]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "outside"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "outside"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
   8U,
   GRUS_ERR_BAD_FORMAT,
   "begin"},
  {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{"
   "\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
   4U,
   GRUS_ERR_BAD_FORMAT,
   "begin"},
};

Test(model, names_what_is_wrong_with_a_container)
{
  for (size_t i = 0U; i < sizeof(containers) / sizeof(containers[0]); ++i) {
    GrusMessage      message;
    const WriterFile file =
      writer_raw_file(containers[i].header, containers[i].data_size);
    cr_assert_eq(parse_bad(file.bytes, file.size, &message),
                 containers[i].status,
                 "%s: %s",
                 containers[i].header,
                 message.text);
    cr_assert_not_null(strstr(message.text, containers[i].said),
                       "%s: %s",
                       containers[i].header,
                       message.text);
    free(file.bytes);
  }
}

Test(model, refuses_every_truncation)
{
  const WriterFile file = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  for (size_t size = 0U; size < file.size; size += size < 300U ? 1U : 31U) {
    GrusMessage message;
    // A copy of just this size, so that a sanitizer sees a read beyond it
    void* const copy = malloc(size ? size : 1U);
    memcpy(copy, file.bytes, size);
    cr_assert_eq(parse_bad(copy, size, &message), GRUS_ERR_BAD_FORMAT);
    free(copy);
  }

  free(file.bytes);
}

Test(model, survives_every_flipped_bit_of_its_header)
{
  const WriterFile file = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  for (size_t i = 0U; i < file.data_offset; ++i) {
    GrusMessage   message;
    const uint8_t bit = (uint8_t)(1U << (i % 7U));
    file.bytes[i] ^= bit;
    (void)parse_bad(file.bytes, file.size, &message);
    file.bytes[i] ^= bit;
  }

  free(file.bytes);
}

Test(model, refuses_weights_that_are_not_finite)
{
  static const uint32_t poisons[] = {0x7FC00000U, 0x7F800000U, 0xFF800000U};

  const WriterFile file = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  for (size_t i = 0U; i < 3U; ++i) {
    GrusMessage message;
    memcpy(file.bytes + file.data_offset + 40U, &poisons[i], 4U);
    cr_assert_eq(parse_bad(file.bytes, file.size, &message),
                 GRUS_ERR_BAD_FORMAT);
    cr_assert_not_null(strstr(message.text, "enc.0.weight"));
    cr_assert_not_null(strstr(message.text, "finite"));
  }

  free(file.bytes);
}

Test(model, tells_its_facts)
{
  GrusModel* const           model = writer_frame_model();
  const GrusModelInfo* const info  = grus_model_info(model);
  cr_assert_str_eq(info->name, "Test frames");
  cr_assert_str_eq(info->license, "");
  cr_assert_eq(info->kind, GRUS_KIND_FRAME);
  cr_assert_eq(info->window, 480U);
  cr_assert_eq(info->hop, 240U);
  cr_assert(info->has_activity);
  cr_assert(!info->has_self_test);
  cr_assert_str_eq(grus_model_layer_type(model, 3U), "gru");
  cr_assert_str_eq(grus_model_layer_name(model, 3U), "along");
  cr_assert_null(grus_model_layer_name(model, 10U));

  uint64_t n = 0U;
  for (size_t i = 0U; i < writer_frame_n_tensors; ++i) {
    uint64_t size = 1U;
    for (uint32_t d = 0U; d < writer_frame_tensors[i].n_dims; ++d) {
      size *= writer_frame_tensors[i].shape[d];
    }
    n += size;
  }
  cr_assert_eq(info->n_parameters, n);
  grus_model_free(model);
}

Test(model, packs_gates_with_their_padding)
{
  GrusModel* const            model = writer_frame_model();
  const GrusLayer* const      layer = &model->layers[1];
  const GrusGruWeights* const w     = &layer->u.gru.layers[0];
  cr_assert_eq((uintptr_t)w->input_weights % 64U, 0U);

  // Gate z of the backward direction, unit 2, input 5; and a column of padding
  const size_t stride = 6U * 16U;
  cr_assert_neq(w->input_weights[(5U * stride) + 48U + 16U + 2U], 0.0f);
  cr_assert_eq(w->input_weights[(5U * stride) + 48U + 16U + 6U], 0.0f);
  grus_model_free(model);
}
