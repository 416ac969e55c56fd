// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/packed_sequence.h"

#include "arrays/shape.h"
#include "base/message.h"
#include "base/sizes.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Where the rows of one sequence are
typedef struct {
  const char* first;  ///< Row 0
  size_t      stride; ///< Bytes from row to row
  size_t      length; ///< Rows
  size_t      index;  ///< Place in the caller's order
} Source;

/// A packed sequence and its numbers, in one piece
typedef struct {
  GrusPackedSequence sequence; ///< First, so that it can be freed
  int64_t            numbers[];
} Owned;

static GrusStatus
check_batch_sizes(const GrusPacking* const packing,
                  const size_t             n_rows,
                  GrusMessage* const       message)
{
  size_t left = n_rows;
  for (size_t t = 0U; t < packing->n_steps; ++t) {
    const int64_t n = packing->batch_sizes[t];
    if (n < 1) {
      return grus_fail(
        message, GRUS_ERR_BAD_ARG, "batch_sizes[%zu] is %" PRId64, t, n);
    }
    if (t && n > packing->batch_sizes[t - 1U]) {
      return grus_fail(
        message, GRUS_ERR_BAD_ARG, "batch_sizes rise at step %zu", t);
    }
    if ((uint64_t)n > left) {
      return grus_fail(message,
                       GRUS_ERR_BAD_ARG,
                       "batch_sizes add up to more than the %zu rows of data",
                       n_rows);
    }
    left -= (size_t)n;
  }

  return left ? grus_fail(message,
                          GRUS_ERR_BAD_ARG,
                          "batch_sizes add up to %zu, but data has %zu rows",
                          n_rows - left,
                          n_rows)
              : GRUS_SUCCESS;
}

/// Return whether to[from[i]] = i for every i, all of them inside
static bool
is_inverse(const int64_t* const from, const int64_t* const to, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    if (from[i] < 0 || (uint64_t)from[i] >= n || to[from[i]] != (int64_t)i) {
      return false;
    }
  }

  return true;
}

GrusStatus
grus_check_packing(const GrusPacking* const packing,
                   const size_t             n_rows,
                   GrusMessage* const       message)
{
  if (!packing->n_steps || !packing->batch_sizes) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "the packed sequence has no steps");
  }

  const GrusStatus st = check_batch_sizes(packing, n_rows, message);
  if (st || (!packing->sorted_indices && !packing->unsorted_indices)) {
    return st;
  }

  const size_t batch = (size_t)packing->batch_sizes[0];
  if (!packing->sorted_indices || !packing->unsorted_indices ||
      !is_inverse(packing->sorted_indices, packing->unsorted_indices, batch)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "sorted_indices and unsorted_indices are not permutations "
                     "of %zu that undo each other",
                     batch);
  }

  return GRUS_SUCCESS;
}

/// Longest first, as they came where the same
static int
compare_sources(const void* const a, const void* const b)
{
  const Source* const x = (const Source*)a;
  const Source* const y = (const Source*)b;
  return x->length != y->length ? (x->length < y->length ? 1 : -1)
                                : (x->index > y->index) - (x->index < y->index);
}

static GrusStatus
check_sorted(const Source* const sources,
             const size_t        n,
             GrusMessage* const  message)
{
  for (size_t i = 1U; i < n; ++i) {
    if (sources[i].length > sources[i - 1U].length) {
      return grus_fail(
        message,
        GRUS_ERR_BAD_ARG,
        "lengths are not sorted, longest first: %zu comes before "
        "%zu (pass enforce_sorted false to have them sorted)",
        sources[i - 1U].length,
        sources[i].length);
    }
  }

  return GRUS_SUCCESS;
}

/// Return memory for a packed array with everything but its numbers, or null
static Owned*
new_owned(const Source* const sources,
          const size_t        n,
          const size_t        n_rows,
          const size_t        row_size)
{
  const size_t n_steps = sources[0].length;
  size_t       n_bytes = 0U;
  size_t       count   = 0U;
  if (!grus_size_multiply(n, 2U, &count) ||
      !grus_size_add(count, n_steps, &count) ||
      !grus_size_multiply(count, sizeof(int64_t), &count) ||
      !grus_size_add(count, sizeof(Owned), &count) ||
      !grus_size_multiply(n_rows, row_size, &n_bytes)) {
    return NULL;
  }

  Owned* const owned = (Owned*)calloc(1U, count);
  void* const  data  = malloc(n_bytes ? n_bytes : 1U);
  if (!owned || !data) {
    free(owned);
    free(data);
    return NULL;
  }

  owned->sequence.data            = data;
  owned->sequence.n_rows          = n_rows;
  owned->sequence.packing.n_steps = n_steps;
  return owned;
}

/// Write batch sizes and copy the rows, step by step
static void
copy_steps(Owned* const        owned,
           const Source* const sources,
           const size_t        n,
           const size_t        row_size)
{
  char*  out   = (char*)owned->sequence.data;
  size_t batch = n;
  for (size_t t = 0U; t < owned->sequence.packing.n_steps; ++t) {
    while (sources[batch - 1U].length <= t) {
      --batch;
    }
    owned->numbers[t] = (int64_t)batch;
    for (size_t b = 0U; b < batch; ++b) {
      memcpy(out, sources[b].first + (t * sources[b].stride), row_size);
      out += row_size;
    }
  }
  owned->sequence.packing.batch_sizes = owned->numbers;
}

static void
write_indices(Owned* const owned, const Source* const sources, const size_t n)
{
  int64_t* const sorted   = owned->numbers + owned->sequence.packing.n_steps;
  int64_t* const unsorted = sorted + n;
  for (size_t i = 0U; i < n; ++i) {
    sorted[i]                  = (int64_t)sources[i].index;
    unsorted[sources[i].index] = (int64_t)i;
  }
  owned->sequence.packing.sorted_indices   = sorted;
  owned->sequence.packing.unsorted_indices = unsorted;
}

/// Pack `n` sequences, at least one, each with at least one row
static GrusStatus
pack(Source* const              sources,
     const size_t               n,
     const size_t               n_features,
     const GrusPackOptions      options,
     GrusPackedSequence** const packed,
     GrusMessage* const         message)
{
  size_t row_size = 0U;
  size_t n_rows   = 0U;
  bool   fits = grus_size_multiply(n_features, options.element_size, &row_size);
  for (size_t i = 0U; fits && i < n; ++i) {
    fits = grus_size_add(n_rows, sources[i].length, &n_rows);
  }
  if (options.enforce_sorted) {
    const GrusStatus st = check_sorted(sources, n, message);
    if (st) {
      return st;
    }
  } else {
    qsort(sources, n, sizeof(Source), compare_sources);
  }

  Owned* const owned = fits ? new_owned(sources, n, n_rows, row_size) : NULL;
  if (!owned) {
    return grus_fail(
      message, GRUS_ERR_NO_MEM, "no memory for the packed sequence");
  }

  owned->sequence.n_features   = n_features;
  owned->sequence.element_size = options.element_size;
  copy_steps(owned, sources, n, row_size);
  if (!options.enforce_sorted) {
    write_indices(owned, sources, n);
  }
  *packed = &owned->sequence;
  return GRUS_SUCCESS;
}

static Source*
new_sources(const size_t n)
{
  // NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): n is 1 or more
  return (Source*)calloc(n, sizeof(Source));
}

/// The dimensions of a padded array
typedef struct {
  size_t n_steps;
  size_t batch;
  size_t n_features;
} Padded;

static GrusStatus
check_padded(const GrusShape* const       shape,
             const GrusPackOptions* const options,
             Padded* const                padded,
             GrusMessage* const           message)
{
  size_t n = 0U;
  if (shape->n_dims != 3U) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected an array of 3 dimensions, got %" PRIu32,
                     shape->n_dims);
  }
  if (!grus_shape_elements(shape, &n) ||
      !grus_size_multiply(n, options->element_size, &n)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "an array of shape %s is too large",
                     grus_shape_text(shape).text);
  }
  if (!n) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "an empty array of shape %s cannot be packed",
                     grus_shape_text(shape).text);
  }

  padded->n_steps    = shape->sizes[options->batch_first ? 1U : 0U];
  padded->batch      = shape->sizes[options->batch_first ? 0U : 1U];
  padded->n_features = shape->sizes[2];
  return GRUS_SUCCESS;
}

static GrusStatus
check_lengths(const GrusPackOptions* const options,
              const Padded* const          padded,
              GrusMessage* const           message)
{
  if (options->n_lengths != padded->batch) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected %zu lengths, one for each sequence, got %zu",
                     padded->batch,
                     options->n_lengths);
  }
  for (size_t i = 0U; i < options->n_lengths; ++i) {
    const int64_t length = options->lengths[i];
    if (length < 1) {
      return grus_fail(message,
                       GRUS_ERR_BAD_ARG,
                       "every length must be at least 1, but lengths[%zu] is "
                       "%" PRId64,
                       i,
                       length);
    }
    if ((uint64_t)length > padded->n_steps) {
      return grus_fail(message,
                       GRUS_ERR_BAD_ARG,
                       "lengths[%zu] is %" PRId64
                       ", longer than the %zu steps of the input",
                       i,
                       length,
                       padded->n_steps);
    }
  }

  return GRUS_SUCCESS;
}

GrusStatus
grus_pack_padded_sequence(const void* const            input,
                          const GrusShape* const       shape,
                          const GrusPackOptions* const options,
                          GrusPackedSequence** const   packed,
                          GrusMessage* const           message)
{
  Padded     padded = {0U, 0U, 0U};
  GrusStatus st     = check_padded(shape, options, &padded, message);
  if (st || (st = check_lengths(options, &padded, message))) {
    return st;
  }

  Source* const sources = new_sources(padded.batch);
  if (!sources) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory to pack");
  }

  const size_t row = padded.n_features * options->element_size;
  for (size_t i = 0U; i < padded.batch; ++i) {
    sources[i].first =
      (const char*)input +
      (options->batch_first ? i * padded.n_steps * row : i * row);
    sources[i].stride = options->batch_first ? row : padded.batch * row;
    sources[i].length = (size_t)options->lengths[i];
    sources[i].index  = i;
  }

  st =
    pack(sources, padded.batch, padded.n_features, *options, packed, message);
  free(sources);
  return st;
}

GrusStatus
grus_pack_sequence(const GrusSequence* const    sequences,
                   const size_t                 n_sequences,
                   const size_t                 n_features,
                   const GrusPackOptions* const options,
                   GrusPackedSequence** const   packed,
                   GrusMessage* const           message)
{
  if (!n_sequences || !n_features || !options->element_size) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "there is no sequence to be packed");
  }

  Source* const sources = new_sources(n_sequences);
  if (!sources) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory to pack");
  }

  GrusStatus st = GRUS_SUCCESS;
  for (size_t i = 0U; !st && i < n_sequences; ++i) {
    sources[i].first  = (const char*)sequences[i].data;
    sources[i].stride = n_features * options->element_size;
    sources[i].length = sequences[i].length;
    sources[i].index  = i;
    if (!sequences[i].length) {
      st = grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "every length must be at least 1, but sequence %zu is "
                     "empty",
                     i);
    }
  }
  if (!st) {
    st = pack(sources, n_sequences, n_features, *options, packed, message);
  }

  free(sources);
  return st;
}

void
grus_packed_sequence_free(GrusPackedSequence* const packed)
{
  if (packed) {
    free(packed->data);
    free(packed);
  }
}
