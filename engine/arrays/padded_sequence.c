// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Packed sequences as arrays with padding

#include "arrays/shape.h"
#include "base/message.h"
#include "base/sizes.h"
#include "grus/packed_sequence.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

GrusStatus
grus_padded_shape(const GrusPackedSequence* const packed,
                  const GrusPadOptions* const     options,
                  GrusShape* const                shape,
                  GrusMessage* const              message)
{
  const GrusStatus st =
    grus_check_packing(&packed->packing, packed->n_rows, message);
  if (st) {
    return st;
  }

  const size_t n_steps = packed->packing.n_steps;
  const size_t total = options->total_length ? options->total_length : n_steps;
  if (total < n_steps) {
    return grus_fail(
      message,
      GRUS_ERR_BAD_ARG,
      "total_length is %zu, less than the longest sequence (%zu)",
      total,
      n_steps);
  }

  const size_t    batch  = (size_t)packed->packing.batch_sizes[0];
  const GrusShape padded = {3U,
                            {options->batch_first ? batch : total,
                             options->batch_first ? total : batch,
                             packed->n_features}};
  size_t          n      = 0U;
  if (!grus_shape_elements(&padded, &n) ||
      !grus_size_multiply(n, packed->element_size, &n)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "an array of shape %s is too large",
                     grus_shape_text(&padded).text);
  }

  *shape = padded;
  return GRUS_SUCCESS;
}

static void
fill_padding(char* const       output,
             const size_t      n,
             const void* const value,
             const size_t      element_size)
{
  if (!value) {
    memset(output, 0, n * element_size);
    return;
  }
  for (size_t i = 0U; i < n; ++i) {
    memcpy(output + (i * element_size), value, element_size);
  }
}

/// Copy every sequence to its rows, and the padding after it
static void
pad(const GrusPackedSequence* const packed,
    const GrusPadOptions* const     options,
    const GrusShape* const          shape,
    char* const                     output,
    int64_t* const                  lengths)
{
  const GrusPacking* const packing = &packed->packing;
  const size_t             row     = packed->n_features * packed->element_size;
  const size_t             batch   = (size_t)packing->batch_sizes[0];
  const size_t             total = shape->sizes[options->batch_first ? 1U : 0U];
  const char*              in    = (const char*)packed->data;

  for (size_t t = 0U; t < total; ++t) {
    const size_t present =
      t < packing->n_steps ? (size_t)packing->batch_sizes[t] : 0U;
    for (size_t b = 0U; b < batch; ++b) {
      const size_t i =
        packing->sorted_indices ? (size_t)packing->sorted_indices[b] : b;
      char* const out =
        output +
        ((options->batch_first ? (i * total) + t : (t * batch) + i) * row);
      if (b < present) {
        memcpy(out, in, row);
        in += row;
        lengths[i] = (int64_t)t + 1;
      } else {
        fill_padding(out,
                     packed->n_features,
                     options->padding_value,
                     packed->element_size);
      }
    }
  }
}

GrusStatus
grus_pad_packed_sequence(const GrusPackedSequence* const packed,
                         const GrusPadOptions* const     options,
                         void* const                     output,
                         int64_t* const                  lengths,
                         GrusMessage* const              message)
{
  GrusShape        shape = {0U, {0U, 0U, 0U}};
  const GrusStatus st    = grus_padded_shape(packed, options, &shape, message);
  if (!st) {
    pad(packed, options, &shape, (char*)output, lengths);
  }

  return st;
}
