// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/safetensors.h"

#include "base/message.h"
#include "format/json.h"

#include <jansson.h>

#include <math.h>
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
};

static uint64_t
load_le(const uint8_t* const p, const unsigned n_bytes)
{
  uint64_t value = 0U;
  for (unsigned i = 0U; i < n_bytes; ++i) {
    value |= (uint64_t)p[i] << (8U * i);
  }

  return value;
}

static unsigned
dtype_size(const GrusDtype dtype)
{
  switch (dtype) {
  case GRUS_DTYPE_F32:
    return 4U;
  case GRUS_DTYPE_F16:
  case GRUS_DTYPE_BF16:
    return 2U;
  case GRUS_DTYPE_F64:
    return 8U;
  }

  return 0U;
}

static GrusStatus
read_dtype(GrusTensor* const   tensor,
           const json_t* const entry,
           GrusMessage* const  message)
{
  static const char* const names[] = {"F32", "F16", "BF16", "F64"};

  const char* const dtype = json_string_value(json_object_get(entry, "dtype"));
  if (!dtype) {
    return grus_fail(message,
                     GRUS_ERR_BAD_FORMAT,
                     "tensor \"%.64s\" has no dtype",
                     tensor->name);
  }
  for (unsigned i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (!strcmp(dtype, names[i])) {
      tensor->dtype = (GrusDtype)i;
      return GRUS_SUCCESS;
    }
  }

  return grus_fail(message,
                   GRUS_ERR_UNSUPPORTED,
                   "tensor \"%.64s\" has dtype \"%.16s\", not F32, F16, BF16 "
                   "or F64",
                   tensor->name,
                   dtype);
}

static GrusStatus
read_shape(GrusTensor* const   tensor,
           const json_t* const entry,
           const uint64_t      data_size,
           GrusMessage* const  message)
{
  const json_t* const shape = json_object_get(entry, "shape");
  const size_t        n     = json_array_size(shape);
  if (!json_is_array(shape) || n > GRUS_MAX_DIMS) {
    return grus_fail(message,
                     GRUS_ERR_BAD_FORMAT,
                     "tensor \"%.64s\" has no shape of at most %d dimensions",
                     tensor->name,
                     GRUS_MAX_DIMS);
  }

  tensor->n_dims     = (uint32_t)n;
  tensor->n_elements = 1U;
  for (size_t i = 0U; i < n; ++i) {
    const json_t* const dim   = json_array_get(shape, i);
    const json_int_t    value = json_integer_value(dim);
    if (!json_is_integer(dim) || value < 1 || (uint64_t)value > data_size ||
        tensor->n_elements > data_size / (uint64_t)value) {
      return grus_fail(message,
                       GRUS_ERR_BAD_FORMAT,
                       "tensor \"%.64s\" has an impossible shape",
                       tensor->name);
    }
    tensor->shape[i] = (uint64_t)value;
    tensor->n_elements *= (uint64_t)value;
  }

  return GRUS_SUCCESS;
}

static GrusStatus
read_offsets(GrusTensor* const    tensor,
             const json_t* const  entry,
             const uint8_t* const data,
             const uint64_t       data_size,
             GrusMessage* const   message)
{
  const json_t* const offsets = json_object_get(entry, "data_offsets");
  const json_t* const begin   = json_array_get(offsets, 0U);
  const json_t* const end     = json_array_get(offsets, 1U);
  if (json_array_size(offsets) != 2U || !json_is_integer(begin) ||
      !json_is_integer(end) || json_integer_value(begin) < 0 ||
      json_integer_value(end) < json_integer_value(begin) ||
      (uint64_t)json_integer_value(end) > data_size) {
    return grus_fail(message,
                     GRUS_ERR_BAD_FORMAT,
                     "tensor \"%.64s\" has data_offsets outside the file",
                     tensor->name);
  }

  tensor->offset = (uint64_t)json_integer_value(begin);
  tensor->size   = (uint64_t)json_integer_value(end) - tensor->offset;
  tensor->data   = data + tensor->offset;
  if (tensor->n_elements > data_size / dtype_size(tensor->dtype) ||
      tensor->size != tensor->n_elements * dtype_size(tensor->dtype)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_FORMAT,
                     "tensor \"%.64s\" has data_offsets that do not fit its "
                     "shape",
                     tensor->name);
  }

  return GRUS_SUCCESS;
}

static int
compare_offsets(const void* const a, const void* const b)
{
  const uint64_t x = ((const GrusTensor*)a)->offset;
  const uint64_t y = ((const GrusTensor*)b)->offset;
  return (x > y) - (x < y);
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
      if ((st = read_dtype(tensor, entry, message)) ||
          (st = read_shape(tensor, entry, data_size, message)) ||
          (st = read_offsets(tensor, entry, data, data_size, message))) {
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

static GrusStatus
read_header(const uint8_t* const bytes,
            const size_t         size,
            json_t** const       header,
            uint64_t* const      header_size,
            GrusMessage* const   message)
{
  if (size < LENGTH_SIZE + 2U) {
    return grus_fail(
      message, GRUS_ERR_BAD_FORMAT, "the file is too short to be a model");
  }

  *header_size = load_le(bytes, 8U);
  if (*header_size > max_header || *header_size > size - LENGTH_SIZE) {
    return grus_fail(message,
                     GRUS_ERR_BAD_FORMAT,
                     "this is not a .safetensors file, or it is cut short: "
                     "its header would be longer than the file");
  }
  if (bytes[LENGTH_SIZE] != '{') {
    return grus_fail(message,
                     GRUS_ERR_BAD_FORMAT,
                     "this is not a .safetensors file: its header is not JSON");
  }

  GrusMessage      reason;
  const GrusStatus st = grus_json_read((const char*)bytes + LENGTH_SIZE,
                                       (size_t)*header_size,
                                       MAX_VALUES,
                                       header,
                                       &reason);
  return st ? grus_fail(message, st, "the file's header %s", reason.text)
            : GRUS_SUCCESS;
}

GrusStatus
grus_safetensors_open(const void* const       data,
                      const size_t            size,
                      GrusSafetensors** const file,
                      GrusMessage* const      message)
{
  const uint8_t* const   bytes       = (const uint8_t*)data;
  uint64_t               header_size = 0U;
  GrusSafetensors* const f =
    (GrusSafetensors*)calloc(1U, sizeof(GrusSafetensors));
  if (!f) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for the file");
  }

  GrusStatus st = read_header(bytes, size, &f->header, &header_size, message);
  if (!st) {
    st = read_tensors(f,
                      bytes + LENGTH_SIZE + header_size,
                      size - LENGTH_SIZE - header_size,
                      message);
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

static float
float_of_bits(const uint32_t bits)
{
  float value = 0.0f;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

/// IEEE 754 half precision
static float
load_half(const uint8_t* const p)
{
  const uint32_t half     = (uint32_t)load_le(p, 2U);
  const uint32_t sign     = (half & 0x8000U) << 16U;
  const uint32_t exponent = (half >> 10U) & 31U;
  const uint32_t mantissa = half & 0x3FFU;
  if (!exponent) {
    const float tiny = (float)mantissa * 5.9604644775390625e-8f; // 2^-24
    return sign ? -tiny : tiny;
  }

  return float_of_bits(sign | (mantissa << 13U) |
                       ((exponent == 31U ? 255U : exponent + 112U) << 23U));
}

static double
load_double(const uint8_t* const p)
{
  const uint64_t bits  = load_le(p, 8U);
  double         value = 0.0;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static double
load_element(const GrusTensor* const tensor, const uint64_t index)
{
  const uint8_t* const p = tensor->data + (index * dtype_size(tensor->dtype));
  switch (tensor->dtype) {
  case GRUS_DTYPE_F32:
    return (double)float_of_bits((uint32_t)load_le(p, 4U));
  case GRUS_DTYPE_F16:
    return (double)load_half(p);
  case GRUS_DTYPE_BF16:
    return (double)float_of_bits((uint32_t)load_le(p, 2U) << 16U);
  case GRUS_DTYPE_F64:
    return load_double(p);
  }

  return 0.0;
}

bool
grus_tensor_read(const GrusTensor* const tensor,
                 const uint64_t          first,
                 const size_t            n,
                 float* const            out)
{
  bool finite = true;
  for (size_t i = 0U; i < n; ++i) {
    out[i] = (float)load_element(tensor, first + i);
    finite = finite && isfinite(out[i]);
  }

  return finite;
}

bool
grus_tensor_read_f64(const GrusTensor* const tensor,
                     const uint64_t          first,
                     const size_t            n,
                     double* const           out)
{
  bool finite = true;
  for (size_t i = 0U; i < n; ++i) {
    out[i] = load_element(tensor, first + i);
    finite = finite && isfinite(out[i]);
  }

  return finite;
}
