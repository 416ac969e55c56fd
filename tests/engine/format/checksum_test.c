// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A file whose tensors were damaged is refused, and one that was given its
// checksum is still the one that a session names.

#include "base/random.h"
#include "grus/grus.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_FLIPS = 40, LENGTH_SIZE = 8, MEMBER_SIZE = 32 };

/// Parse a file that must be a model, and return its hash
static uint64_t
hash_of(const WriterFile file)
{
  GrusModel*  model = NULL;
  GrusMessage message;
  cr_assert_eq(grus_model_parse(file.bytes, file.size, &model, &message),
               GRUS_SUCCESS,
               "%s",
               message.text);

  const uint64_t hash = grus_model_info(model)->hash;
  grus_model_free(model);
  return hash;
}

Test(checksum, finds_every_flipped_bit_of_the_tensors)
{
  const WriterFile file = writer_read_from("GRUS_MODELS", "voice-light");
  uint32_t         seed = 23U;
  for (unsigned i = 0U; i < N_FLIPS; ++i) {
    grus_random_lcg(&seed);
    const size_t  n    = file.size - file.data_offset;
    const size_t  at   = file.data_offset + (seed % n);
    const uint8_t bit  = (uint8_t)(1U << (seed >> 29U));
    GrusModel*    none = NULL;
    GrusMessage   message;
    file.bytes[at] ^= bit;
    cr_assert_eq(grus_model_parse(file.bytes, file.size, &none, &message),
                 GRUS_ERR_BAD_FORMAT,
                 "byte %zu",
                 at);
    cr_assert_not_null(
      strstr(message.text, "the file is damaged"), "%s", message.text);
    file.bytes[at] ^= bit;
  }
  free(file.bytes);
}

/// A model that comes with Grus, and what sessions know it by
typedef struct {
  const char* name;
  uint64_t    hash;
} Known;

Test(checksum, sessions_find_the_models_that_they_name)
{
  static const Known known[] = {
    {"voice", 0xBF237DA96BF7150CU},
    {"voice-light", 0x48CF651BE781EDD5U},
    {"voice-low-latency", 0x3A3E3289E10D9756U},
  };

  for (size_t i = 0U; i < sizeof(known) / sizeof(known[0]); ++i) {
    const WriterFile file = writer_read_from("GRUS_MODELS", known[i].name);
    cr_assert_eq(hash_of(file), known[i].hash, "%s", known[i].name);
    free(file.bytes);
  }
}

Test(checksum, may_be_absent)
{
  static const char start[] = "{\"__metadata__\":{\"data_fnv1a\":\"";

  WriterFile     file   = writer_read_from("GRUS_MODELS", "voice-light");
  const uint64_t hash   = hash_of(file);
  const size_t   n      = LENGTH_SIZE + strlen("{\"__metadata__\":{");
  uint64_t       length = file.data_offset - LENGTH_SIZE - MEMBER_SIZE;
  cr_assert_arr_eq(file.bytes + LENGTH_SIZE, start, sizeof(start) - 1U);
  memmove(
    file.bytes + n, file.bytes + n + MEMBER_SIZE, file.size - n - MEMBER_SIZE);
  for (unsigned i = 0U; i < LENGTH_SIZE; ++i) {
    file.bytes[i] = (uint8_t)(length >> (8U * i));
  }
  file.size -= MEMBER_SIZE;
  cr_assert_eq(hash_of(file), hash);
  free(file.bytes);
}
