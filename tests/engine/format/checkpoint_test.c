// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A GRU out of a checkpoint that holds much else, and what is said about files
// that hold none.

#include "grus/gru.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TENSOR(name, dtype, shape, first, end)                 \
  "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape "," \
  "\"data_offsets\":[" #first "," #end "]}"

/// The weights of a GRU of 2 inputs and 1 unit: 3 * 2, 3 * 1, 3 and 3 numbers
#define GRU(prefix)                                                            \
  TENSOR(prefix "weight_ih_l0", "BF16", "[3,2]", 0, 12)                        \
  "," TENSOR(prefix "weight_hh_l0", "F32", "[3,1]", 12, 24) "," TENSOR(        \
    prefix "bias_ih_l0", "F32", "[3]", 24, 36) "," TENSOR(prefix "bias_hh_l0", \
                                                          "F32",               \
                                                          "[3]",               \
                                                          36,                  \
                                                          48)

#define OTHERS                                                            \
  TENSOR("step", "I64", "[]", 48, 56)                                     \
  "," TENSOR("mask", "BOOL", "[2,1,2,1,1,1]", 56, 60) "," TENSOR(         \
    "bytes",                                                              \
    "U8",                                                                 \
    "[4]",                                                                \
    60,                                                                   \
    64) "," TENSOR("eight",                                               \
                   "F8_E4M3",                                             \
                   "[2,2]",                                               \
                   64,                                                    \
                   68) "," TENSOR("wide",                                 \
                                  "F64",                                  \
                                  "[1]",                                  \
                                  68,                                     \
                                  76) "," TENSOR("nothing",               \
                                                 "F32",                   \
                                                 "[0,1099511627776]",     \
                                                 76,                      \
                                                 76) "," TENSOR("later",  \
                                                                "F4_NEW", \
                                                                "[8]",    \
                                                                76,       \
                                                                80)

enum { N_BYTES = 80 };

static GrusStatus
load(const char* const  header,
     const size_t       n_bytes,
     const char* const  prefix,
     GrusMessage* const message)
{
  const GrusGruConfig wanted = grus_gru_config_default(2U, 1U);
  const WriterFile    file   = writer_raw_file(header, n_bytes);
  GrusGruConfig       config;
  GrusGru*            gru = NULL;
  cr_assert_eq(grus_gru_new(&wanted, &gru, NULL), GRUS_SUCCESS);

  GrusStatus st =
    grus_gru_read_config(file.bytes, file.size, prefix, &config, message);
  if (!st) {
    cr_assert_eq(config.input_size, 2U);
    cr_assert_eq(config.hidden_size, 1U);
    st = grus_gru_load(gru, file.bytes, file.size, prefix, message);
  }
  grus_gru_free(gru);
  free(file.bytes);
  return st;
}

Test(checkpoint, tensors_of_any_kind_may_lie_beside_the_weights)
{
  GrusMessage message = {""};
  cr_assert_eq(
    load("{" OTHERS "," GRU("net.rnn.") "}", N_BYTES, "net.rnn.", &message),
    GRUS_SUCCESS,
    "%s",
    message.text);
}

/// A file, and what is said when it is asked for weights
typedef struct {
  const char* header;
  size_t      n_bytes;
  const char* prefix;
  const char* said;
} Asked;

Test(checkpoint, what_is_missing_is_told)
{
  static const Asked asked[] = {
    {"{" OTHERS "," GRU("net.rnn.") "}",
     N_BYTES,
     "",
     "the weight \"weight_ih_l0\" is not in the file; prefixes that would fit: "
     "\"net.rnn.\""},
    {"{" OTHERS "," GRU("net.rnn.") "}",
     N_BYTES,
     "rnn.",
     "the weight \"rnn.weight_ih_l0\" is not in the file; prefixes that would "
     "fit: \"net.rnn.\""},
    {"{" TENSOR("b.weight_ih_l0", "F32", "[4,1]", 0, 16) "," TENSOR(
       "b.weight_hh_l0", "F32", "[4,1]", 16, 32) "}",
     32U,
     "",
     "the weight \"weight_ih_l0\" is not in the file"},
    {"{" TENSOR("weight_ih_l0", "I32", "[3,1]", 0, 12) "," TENSOR(
       "weight_hh_l0", "F32", "[3,1]", 12, 24) "}",
     24U,
     "",
     "tensor \"weight_ih_l0\" has dtype \"I32\", not F32, F16, BF16 or F64"},
  };

  for (size_t i = 0U; i < sizeof(asked) / sizeof(asked[0]); ++i) {
    GrusMessage message = {""};
    cr_assert(
      load(asked[i].header, asked[i].n_bytes, asked[i].prefix, &message));
    cr_assert_str_eq(message.text, asked[i].said);
  }
}

Test(checkpoint, only_as_many_prefixes_are_told_as_there_is_room_for)
{
  char header[8192] = "{";
  for (unsigned i = 0U; i < 20U; ++i) {
    char pair[256];
    snprintf(pair,
             sizeof(pair),
             "%s\"layer%02u.weight_ih_l0\":{\"dtype\":\"F32\",\"shape\":[3,1],"
             "\"data_offsets\":[%u,%u]},\"layer%02u.weight_hh_l0\":{"
             "\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[%u,%u]}",
             i ? "," : "",
             i,
             24U * i,
             (24U * i) + 12U,
             i,
             (24U * i) + 12U,
             24U * (i + 1U));
    strcat(header, pair);
  }
  strcat(header, "}");

  GrusMessage message = {""};
  cr_assert_eq(load(header, 480U, "", &message), GRUS_ERR_BAD_FORMAT);
  cr_assert_not_null(strstr(message.text, "\"layer00.\", \"layer01.\", "));
  cr_assert_str_eq(message.text + strlen(message.text) - 6U, "\", ...");
}

/// The start of a file that is none, and what is said about it
typedef struct {
  const char* start;
  const char* said;
} Other;

Test(checkpoint, files_of_another_kind_get_a_hint)
{
  static const Other others[] = {
    {"PK\003\004 archive/data.pkl", "safetensors.torch.save_file(torch.load("},
    {"\x80\002\x8a\nl\xfc\x9c\x46\xf9", "safetensors.torch.save_file("},
    {"version https://git-lfs.github.com/spec/v1\noid", "\"git lfs pull\""},
    {"\n<!DOCTYPE html>\n<html>", "this is a web page"},
    {"<HTML><head></head>", "this is a web page"},
    {"plain text of a file", "this is not a .safetensors file: its header"},
    {"short", "too short to be a model"},
  };

  for (size_t i = 0U; i < sizeof(others) / sizeof(others[0]); ++i) {
    GrusMessage   message = {""};
    GrusGruConfig config;
    const size_t  size = strlen(others[i].start);
    void* const   copy = malloc(size); // So that a sanitizer sees its end
    memcpy(copy, others[i].start, size);
    cr_assert(grus_gru_read_config(copy, size, "", &config, &message));
    cr_assert_not_null(
      strstr(message.text, others[i].said), "%s", message.text);
    free(copy);
  }
}
