// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Make room for `n` more bytes
static bool
reserve(Buffer* const buffer, const size_t n)
{
  if (buffer->failed || n > SIZE_MAX / 4U - buffer->size) {
    buffer->failed = true;
    return false;
  }
  if (buffer->size + n <= buffer->capacity) {
    return true;
  }

  const size_t   capacity = 2U * (buffer->size + n) + 64U;
  uint8_t* const data     = (uint8_t*)realloc(buffer->data, capacity);
  if (!data) {
    buffer->failed = true;
    return false;
  }
  buffer->data     = data;
  buffer->capacity = capacity;
  return true;
}

void
buffer_add(Buffer* const buffer, const void* const data, const size_t n)
{
  if (!n || !reserve(buffer, n)) {
    return;
  }
  if (data) {
    memcpy(buffer->data + buffer->size, data, n);
  } else {
    memset(buffer->data + buffer->size, 0, n);
  }
  buffer->size += n;
}

void
buffer_text(Buffer* const buffer, const char* const text)
{
  buffer_add(buffer, text, strlen(text));
}

void
buffer_le(Buffer* const buffer, const uint64_t value, const unsigned n_bytes)
{
  uint8_t bytes[8];
  store_le(bytes, value, n_bytes);
  buffer_add(buffer, bytes, n_bytes);
}

void
buffer_be(Buffer* const buffer, const uint64_t value, const unsigned n_bytes)
{
  uint8_t bytes[8];
  store_be(bytes, value, n_bytes);
  buffer_add(buffer, bytes, n_bytes);
}

void
buffer_free(Buffer* const buffer)
{
  free(buffer->data);
  memset(buffer, 0, sizeof(*buffer));
}

uint64_t
load_le(const uint8_t* const p, const unsigned n_bytes)
{
  uint64_t value = 0U;
  for (unsigned i = 0U; i < n_bytes; ++i) {
    value |= (uint64_t)p[i] << (8U * i);
  }
  return value;
}

uint64_t
load_be(const uint8_t* const p, const unsigned n_bytes)
{
  uint64_t value = 0U;
  for (unsigned i = 0U; i < n_bytes; ++i) {
    value = (value << 8U) | p[i];
  }
  return value;
}

void
store_le(uint8_t* const p, const uint64_t value, const unsigned n_bytes)
{
  for (unsigned i = 0U; i < n_bytes; ++i) {
    p[i] = (uint8_t)(value >> (8U * i));
  }
}

void
store_be(uint8_t* const p, const uint64_t value, const unsigned n_bytes)
{
  for (unsigned i = 0U; i < n_bytes; ++i) {
    p[i] = (uint8_t)(value >> (8U * (n_bytes - 1U - i)));
  }
}
