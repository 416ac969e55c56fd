// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Not one byte beyond the file is its header's or a tensor's.  Files lie in
// memory of just their size, so that a sanitizer sees whoever reads on.

#include "grus/gru.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Read a file of this header and `n_data` bytes, of which the last `n_missing`
/// bytes are not there; returns what is said
static GrusMessage
read_file(const char* const header, const size_t n_data, const size_t n_missing)
{
  const WriterFile file    = writer_raw_file(header, n_data);
  const size_t     size    = file.size - n_missing;
  void* const      copy    = malloc(size);
  GrusMessage      message = {"read"};
  GrusGruConfig    config;
  memcpy(copy, file.bytes, size);
  (void)!grus_gru_read_config(copy, size, "", &config, &message);
  free(copy);
  free(file.bytes);
  return message;
}

static void
expect(const GrusMessage message, const char* const said)
{
  cr_expect_not_null(strstr(message.text, said), "%s", message.text);
}

Test(bounds, header_ends_with_the_file)
{
  static const char header[] = "{\"__metadata__\":{}}";
  expect(read_file(header, 0U, 0U), "weight_ih_l0");
  expect(read_file(header, 0U, 1U), "the file is cut short");
  expect(read_file(header, 0U, 2U), "the file is cut short");
}

Test(bounds, header_may_not_be_as_long_as_any_number)
{
  static const uint8_t lengths[][8] = {
    {0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU},
    {0xF8U, 0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU, 0xFFU},
    {0U, 0U, 0U, 0U, 0U, 0U, 0U, 0x80U},
    {3U, 0U, 0U, 0U, 0U, 0U, 0U, 0U},
  };

  for (size_t i = 0U; i < sizeof(lengths) / sizeof(lengths[0]); ++i) {
    uint8_t* const bytes   = (uint8_t*)malloc(10U);
    GrusMessage    message = {"read"};
    GrusGruConfig  config;
    memcpy(bytes, lengths[i], 8U);
    bytes[8] = '{';
    bytes[9] = '}';
    (void)!grus_gru_read_config(bytes, 10U, "", &config, &message);
    expect(message, "the file is cut short");
    free(bytes);
  }
}

#define GRU(end)                                                           \
  "{\"weight_ih_l0\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":" \
  "[0,12]},\"weight_hh_l0\":{\"dtype\":\"F32\",\"shape\":[3,1],"           \
  "\"data_offsets\":[12," #end "]}}"

Test(bounds, tensors_end_with_the_file)
{
  expect(read_file(GRU(24), 24U, 0U), "read");
  expect(read_file(GRU(24), 24U, 1U), "data_offsets outside the file");
  expect(read_file(GRU(25), 24U, 0U), "data_offsets outside the file");
  expect(read_file(GRU(23), 24U, 0U), "data_offsets that do not fit");
  expect(read_file(GRU(24), 25U, 0U), "not all of the file's data");
}
