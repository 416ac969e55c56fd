// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/safetensors.h"

#include "base/message.h"
#include "format/checksum.h"
#include "format/json.h"
#include "format/little_endian.h"
#include "format/other_formats.h"
#include "format/tensor.h"
#include "format/tensor_entry.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Longest header that the format allows
static const uint64_t max_header = 100000000U;

enum {
  MAX_TENSORS = 65536,
  MAX_VALUES  = 16 * MAX_TENSORS, ///< Of a header: eight make a matrix
  LENGTH_SIZE = 8
};

struct GrusSafetensorsImpl {
  json_t*      header;
  GrusTensor*  tensors; ///< In the order of their offsets
  GrusTensor** by_name; ///< In the order of their names
  size_t       n_tensors;

  const uint8_t* bytes; ///< The whole file
  size_t         size;
  size_t         header_size;
};

static int
compare_offsets(const void* const a, const void* const b)
{
  const GrusTensor* const x = (const GrusTensor*)a;
  const GrusTensor* const y = (const GrusTensor*)b;
  return x->offset == y->offset
           ? (x->size > y->size) - (x->size < y->size)
           : (x->offset > y->offset) - (x->offset < y->offset);
}

static int
compare_names(const void* const a, const void* const b)
{
  return strcmp((*(GrusTensor* const*)a)->name, (*(GrusTensor* const*)b)->name);
}

/// Check that the tensors are all of the data, without holes or overlap
static GrusStatus
check_layout(GrusSafetensors* const file,
             const uint64_t         data_size,
             GrusMessage* const     message)
{
  uint64_t end = 0U;
  qsort(file->tensors, file->n_tensors, sizeof(GrusTensor), compare_offsets);
  for (size_t i = 0U; i < file->n_tensors; ++i) {
    if (file->tensors[i].offset != end) {
      return grus_fail(message,
                       GRUS_ERR_BAD_FORMAT,
                       "tensor \"%.64s\" does not begin where the one before "
                       "it ends",
                       file->tensors[i].name);
    }
    end += file->tensors[i].size;
  }

  return end == data_size
           ? GRUS_SUCCESS
           : grus_fail(message,
                       GRUS_ERR_BAD_FORMAT,
                       "the tensors are not all of the file's data");
}

static GrusStatus
read_tensors(GrusSafetensors* const file,
             const uint8_t* const   data,
             const uint64_t         data_size,
             GrusMessage* const     message)
{
  const size_t n_keys = json_object_size(file->header);
  const char*  name   = NULL;
  json_t*      entry  = NULL;
  GrusStatus   st     = GRUS_SUCCESS;

  if (n_keys > MAX_TENSORS) {
    return grus_fail(message, GRUS_ERR_BAD_FORMAT, "too many tensors");
  }
  file->tensors = (GrusTensor*)calloc(n_keys + 1U, sizeof(GrusTensor));
  if (!file->tensors) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for the tensors");
  }

  json_object_foreach(file->header, name, entry)
  {
    if (strcmp(name, "__metadata__") != 0) {
      GrusTensor* const tensor = &file->tensors[file->n_tensors++];
      tensor->name             = name;
      if ((st =
             grus_tensor_entry_read(tensor, entry, data, data_size, message))) {
        return st;
      }
    }
  }

  return check_layout(file, data_size, message);
}

/// Make tensors quick to find, however many there are
static GrusStatus
sort_names(GrusSafetensors* const file, GrusMessage* const message)
{
  file->by_name =
    (GrusTensor**)calloc(file->n_tensors + 1U, sizeof(GrusTensor*));
  if (!file->by_name) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for the tensors");
  }
  for (size_t i = 0U; i < file->n_tensors; ++i) {
    file->by_name[i] = &file->tensors[i];
  }
  qsort(file->by_name, file->n_tensors, sizeof(GrusTensor*), compare_names);
  return GRUS_SUCCESS;
}

/// Tell what a file is that is none
static GrusStatus
fail_other(const uint8_t* const bytes,
           const size_t         size,
           GrusMessage* const   message)
{
  const char* const other = grus_other_format(bytes, size);
  const char* const what =
    other                     ? other
    : size < LENGTH_SIZE + 2U ? "the file is too short to be a model"
    : bytes[LENGTH_SIZE] == '{'
      ? "the file is cut short: its header would be longer than the file"
      : "this is not a .safetensors file: its header is not JSON";
  return grus_fail(
    message, other ? GRUS_ERR_UNSUPPORTED : GRUS_ERR_BAD_FORMAT, "%s", what);
}

static GrusStatus
read_header(GrusSafetensors* const file, GrusMessage* const message)
{
  uint64_t size = 0U;
  if (file->size < LENGTH_SIZE + 2U ||
      (size = grus_load_le(file->bytes, LENGTH_SIZE)) > max_header ||
      size > file->size - LENGTH_SIZE || file->bytes[LENGTH_SIZE] != '{') {
    return fail_other(file->bytes, file->size, message);
  }

  file->header_size = (size_t)size;
  GrusMessage      reason;
  const GrusStatus st = grus_json_read((const char*)file->bytes + LENGTH_SIZE,
                                       file->header_size,
                                       MAX_VALUES,
                                       &file->header,
                                       &reason);
  return st ? grus_fail(message, st, "the file's header %s", reason.text)
            : GRUS_SUCCESS;
}

static GrusStatus
read_data(GrusSafetensors* const file, GrusMessage* const message)
{
  const uint8_t* const data = file->bytes + LENGTH_SIZE + file->header_size;
  const size_t         size = file->size - LENGTH_SIZE - file->header_size;
  const char* const    sum = grus_safetensors_metadata(file, GRUS_CHECKSUM_KEY);
  const GrusStatus     st  = read_tensors(file, data, size, message);
  return st || !sum ? st : grus_checksum_check(sum, data, size, message);
}

GrusStatus
grus_safetensors_open(const void* const       data,
                      const size_t            size,
                      GrusSafetensors** const file,
                      GrusMessage* const      message)
{
  GrusSafetensors* const f =
    (GrusSafetensors*)calloc(1U, sizeof(GrusSafetensors));
  if (!f) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for the file");
  }

  f->bytes = (const uint8_t*)data;
  f->size  = size;

  GrusStatus st = read_header(f, message);
  if (!st) {
    st = read_data(f, message);
  }
  if (!st) {
    st = sort_names(f, message);
  }
  if (st) {
    grus_safetensors_close(f);
    return st;
  }

  *file = f;
  return GRUS_SUCCESS;
}

uint64_t
grus_safetensors_identity(const GrusSafetensors* const file)
{
  return grus_checksum_identity(
    grus_safetensors_metadata(file, GRUS_CHECKSUM_KEY),
    file->bytes,
    file->size,
    file->header_size);
}

void
grus_safetensors_close(GrusSafetensors* const file)
{
  if (file) {
    json_decref(file->header);
    free(file->tensors);
    free(file->by_name);
    free(file);
  }
}

const char*
grus_safetensors_metadata(const GrusSafetensors* const file,
                          const char* const            key)
{
  return json_string_value(
    json_object_get(json_object_get(file->header, "__metadata__"), key));
}

GrusTensor*
grus_safetensors_find(const GrusSafetensors* const file, const char* const name)
{
  GrusTensor wanted;
  wanted.name = name;

  GrusTensor* const  key   = &wanted;
  GrusTensor** const found = (GrusTensor**)bsearch(
    &key, file->by_name, file->n_tensors, sizeof(GrusTensor*), compare_names);
  if (!found) {
    return NULL;
  }

  (*found)->used = true;
  return *found;
}

const GrusTensor*
grus_safetensors_unused(const GrusSafetensors* const file)
{
  for (size_t i = 0U; i < file->n_tensors; ++i) {
    if (!file->tensors[i].used) {
      return &file->tensors[i];
    }
  }

  return NULL;
}

const GrusTensor*
grus_safetensors_tensor(const GrusSafetensors* const file, const size_t index)
{
  return index < file->n_tensors ? &file->tensors[index] : NULL;
}
