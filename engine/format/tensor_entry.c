// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/tensor_entry.h"

#include "base/message.h"
#include "format/tensor.h"

#include <jansson.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// A number format by its name
typedef struct {
  const char* name;
  unsigned    size; ///< Bytes of one number
} Dtype;

// Those that are read come first, in the order of GrusDtype
static const Dtype dtypes[] = {
  {"F32", 4U},
  {"F16", 2U},
  {"BF16", 2U},
  {"F64", 8U},
  {"BOOL", 1U},
  {"U8", 1U},
  {"I8", 1U},
  {"U16", 2U},
  {"I16", 2U},
  {"U32", 4U},
  {"I32", 4U},
  {"U64", 8U},
  {"I64", 8U},
  {"C64", 8U},
  {"F8_E4M3", 1U},
  {"F8_E5M2", 1U},
  {"F8_E8M0", 1U},
};

enum { N_DTYPES = sizeof(dtypes) / sizeof(dtypes[0]) };

unsigned
grus_dtype_size(const GrusDtype dtype)
{
  return dtype < GRUS_DTYPE_OTHER ? dtypes[dtype].size : 0U;
}

/// Read the number format; returns the bytes of a number, 0 if nobody knows
static unsigned
read_dtype(GrusTensor* const tensor)
{
  tensor->dtype = GRUS_DTYPE_OTHER;
  for (unsigned i = 0U; i < N_DTYPES; ++i) {
    if (!strcmp(tensor->dtype_name, dtypes[i].name)) {
      tensor->dtype = i < GRUS_DTYPE_OTHER ? (GrusDtype)i : GRUS_DTYPE_OTHER;
      return dtypes[i].size;
    }
  }

  return 0U;
}

static GrusStatus
fail_entry(const GrusTensor* const tensor,
           const char* const       what,
           GrusMessage* const      message)
{
  return grus_fail(message,
                   GRUS_ERR_BAD_FORMAT,
                   "tensor \"%.64s\" has %s",
                   tensor->name,
                   what);
}

/// Read a shape, and count its elements where 64 bits hold their number
static GrusStatus
read_shape(GrusTensor* const   tensor,
           const json_t* const entry,
           GrusMessage* const  message)
{
  const json_t* const shape = json_object_get(entry, "shape");
  const size_t        n     = json_array_size(shape);
  uint64_t            most  = UINT64_MAX;
  if (!json_is_array(shape)) {
    return fail_entry(tensor, "no shape", message);
  }

  tensor->n_dims     = (uint32_t)n;
  tensor->n_elements = 1U;
  for (size_t i = 0U; i < n; ++i) {
    const json_t* const dim   = json_array_get(shape, i);
    const json_int_t    value = json_integer_value(dim);
    if (!json_is_integer(dim) || value < 0 || (uint64_t)value > most) {
      return fail_entry(tensor, "an impossible shape", message);
    }
    if (i < GRUS_MAX_DIMS) {
      tensor->shape[i] = (uint64_t)value;
    }
    tensor->n_elements *= (uint64_t)value;
    most = tensor->n_elements ? UINT64_MAX / tensor->n_elements : UINT64_MAX;
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
    return fail_entry(tensor, "data_offsets outside the file", message);
  }

  tensor->offset = (uint64_t)json_integer_value(begin);
  tensor->size   = (uint64_t)json_integer_value(end) - tensor->offset;
  tensor->data   = data + tensor->offset;
  return GRUS_SUCCESS;
}

GrusStatus
grus_tensor_entry_read(GrusTensor* const    tensor,
                       const json_t* const  entry,
                       const uint8_t* const data,
                       const uint64_t       data_size,
                       GrusMessage* const   message)
{
  tensor->dtype_name = json_string_value(json_object_get(entry, "dtype"));
  if (!tensor->dtype_name) {
    return fail_entry(tensor, "no dtype", message);
  }

  const unsigned size = read_dtype(tensor);
  GrusStatus     st   = read_shape(tensor, entry, message);
  if (!st) {
    st = read_offsets(tensor, entry, data, data_size, message);
  }
  if (!st && size &&
      (tensor->size % size || tensor->size / size != tensor->n_elements)) {
    st = fail_entry(tensor, "data_offsets that do not fit its shape", message);
  }
  return st;
}

GrusStatus
grus_tensor_check_floats(const GrusTensor* const tensor,
                         GrusMessage* const      message)
{
  return tensor->dtype < GRUS_DTYPE_OTHER
           ? GRUS_SUCCESS
           : grus_fail(message,
                       GRUS_ERR_UNSUPPORTED,
                       "tensor \"%.64s\" has dtype \"%.16s\", not F32, F16, "
                       "BF16 or F64",
                       tensor->name,
                       tensor->dtype_name);
}
