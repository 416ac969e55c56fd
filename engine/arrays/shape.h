// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_SHAPE_H
#define GRUS_SHAPE_H

#include "grus/packed_sequence.h"
#include "grus/status.h"

#include <stdbool.h>
#include <stddef.h>

enum { GRUS_SHAPE_TEXT_SIZE = 72 };

/// Text of a shape as PyTorch writes it, like "(2, 3, 4)"
typedef struct {
  char text[GRUS_SHAPE_TEXT_SIZE];
} GrusShapeText;

GrusShapeText
grus_shape_text(const GrusShape* shape);

bool
grus_shape_equal(const GrusShape* a, const GrusShape* b);

/// Set `n` to the number of elements, or return false if it overflows
bool
grus_shape_elements(const GrusShape* shape, size_t* n);

/**
   Check that a packing is one: falling batch sizes that add up to `n_rows`,
   and indices that are permutations and undo each other.
*/
GrusStatus
grus_check_packing(const GrusPacking* packing,
                   size_t             n_rows,
                   GrusMessage*       message);

#endif // GRUS_SHAPE_H
