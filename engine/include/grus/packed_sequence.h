// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file packed_sequence.h

   Sequences of different lengths in one array without padding, laid out as by
   torch.nn.utils.rnn: first step 0 of every sequence, longest sequence first,
   then step 1 of those that have one, and so on.
   https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html

   Numbers are moved, never computed with, so that any type can be packed.

   Any thread, not real-time.  Arrays that are passed in stay the caller's and
   are not kept; a packed array that is returned is the caller's to free.
*/

#ifndef GRUS_PACKED_SEQUENCE_H
#define GRUS_PACKED_SEQUENCE_H

#include "grus/attributes.h"
#include "grus/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

GRUS_BEGIN_DECLS

enum { GRUS_MAX_RANK = 3 }; ///< Most dimensions of an array

/// Sizes of the dimensions of an array, slowest first
typedef struct {
  uint32_t n_dims;               ///< Dimensions used
  size_t   sizes[GRUS_MAX_RANK]; ///< One for each dimension
} GrusShape;

/// How rows belong to steps and sequences
typedef struct {
  size_t         n_steps;          ///< Length of the longest sequence
  const int64_t* batch_sizes;      ///< (n_steps) rows of each step, falling
  const int64_t* sorted_indices;   ///< (batch) sequence at each place, or null
  const int64_t* unsorted_indices; ///< (batch) place of each sequence, or null
} GrusPacking;

/// A packed array
typedef struct {
  void*       data;         ///< (n_rows, n_features)
  size_t      n_rows;       ///< Sum of all lengths
  size_t      n_features;   ///< Numbers of one row
  size_t      element_size; ///< Bytes of one number
  GrusPacking packing;      ///< Its arrays belong to the packed array
} GrusPackedSequence;

/// One sequence of pack_sequence()
typedef struct {
  const void* data;   ///< (length, n_features)
  size_t      length; ///< At least 1
} GrusSequence;

/// Arguments of pack_padded_sequence()
typedef struct {
  const int64_t* lengths;        ///< (n_lengths), each from 1 to seq
  size_t         n_lengths;      ///< The batch
  size_t         element_size;   ///< Bytes of one number
  bool           batch_first;    ///< Whether the input is (batch, seq, ...)
  bool           enforce_sorted; ///< Refuse lengths that rise, do not sort
} GrusPackOptions;

/// Arguments of pad_packed_sequence()
typedef struct {
  const void* padding_value; ///< One number, or null for zero bytes
  size_t      total_length;  ///< seq of the result, or 0 for the longest
  bool        batch_first;   ///< Whether the result is (batch, seq, ...)
} GrusPadOptions;

/**
   Pack a padded array, (seq, batch, features) or (batch, seq, features).

   The padding is neither read nor copied.  With enforce_sorted both indices of
   the result are null; else sequences of the same length keep their order.

   @param input Dense array of `shape`, numbers of options->element_size bytes.
   @param shape Three dimensions.
   @param options Lengths, size of a number, order of dimensions.
   @param packed Set to a new packed array, to be freed with
   grus_packed_sequence_free().  Untouched on error.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG for lengths that are not one for each sequence,
   below 1, above seq or not sorted, or an empty input; #GRUS_ERR_NO_MEM.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_pack_padded_sequence(const void*            input,
                          const GrusShape*       shape,
                          const GrusPackOptions* options,
                          GrusPackedSequence**   packed,
                          GrusMessage*           message);

/**
   Pack sequences that lie apart.

   @param sequences (n_sequences) arrays of (length, n_features).
   @param n_sequences At least 1.
   @param n_features Numbers of one row, the same in all sequences.
   @param options Of these, lengths, n_lengths and batch_first are ignored.
   @param packed As for grus_pack_padded_sequence().
   @param message Set to the reason on error, or null.
   @return As grus_pack_padded_sequence().
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_pack_sequence(const GrusSequence*    sequences,
                   size_t                 n_sequences,
                   size_t                 n_features,
                   const GrusPackOptions* options,
                   GrusPackedSequence**   packed,
                   GrusMessage*           message);

/// Free what a function above returned (null is allowed)
GRUS_API void
grus_packed_sequence_free(GrusPackedSequence* packed);

/**
   Tell the shape that grus_pad_packed_sequence() gives.

   @param packed As grus_pack_padded_sequence() made it.
   @param options Length and order of dimensions of the result.
   @param shape Set to the shape.  Untouched on error.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG if the packing is not consistent, or total_length
   is less than the longest sequence.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_padded_shape(const GrusPackedSequence* packed,
                  const GrusPadOptions*     options,
                  GrusShape*                shape,
                  GrusMessage*              message);

/**
   Undo packing, in the original order of the sequences.

   @param packed As grus_pack_padded_sequence() made it.
   @param options Padding, length and order of dimensions of the result.
   @param output Array of the shape that grus_padded_shape() tells.
   @param lengths (batch) set to the length of each sequence.
   @param message Set to the reason on error, or null.
   @return As grus_padded_shape().  On error nothing is written.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_pad_packed_sequence(const GrusPackedSequence* packed,
                         const GrusPadOptions*     options,
                         void*                     output,
                         int64_t*                  lengths,
                         GrusMessage*              message);

GRUS_END_DECLS

#endif // GRUS_PACKED_SEQUENCE_H
