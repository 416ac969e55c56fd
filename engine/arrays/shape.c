// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "arrays/shape.h"

#include "base/sizes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

GrusShapeText
grus_shape_text(const GrusShape* const shape)
{
  GrusShapeText text = {"("};
  size_t        used = 1U;
  for (uint32_t i = 0U; i < shape->n_dims && i < GRUS_MAX_RANK; ++i) {
    used += (size_t)snprintf(text.text + used,
                             sizeof(text.text) - used,
                             "%s%zu",
                             i ? ", " : "",
                             shape->sizes[i]);
  }
  snprintf(text.text + used,
           sizeof(text.text) - used,
           "%s)",
           shape->n_dims == 1U ? "," : "");
  return text;
}

bool
grus_shape_equal(const GrusShape* const a, const GrusShape* const b)
{
  bool equal = a->n_dims == b->n_dims;
  for (uint32_t i = 0U; equal && i < a->n_dims; ++i) {
    equal = a->sizes[i] == b->sizes[i];
  }

  return equal;
}

bool
grus_shape_elements(const GrusShape* const shape, size_t* const n)
{
  *n = 1U;
  for (uint32_t i = 0U; i < shape->n_dims; ++i) {
    if (!grus_size_multiply(*n, shape->sizes[i], n)) {
      return false;
    }
  }

  return true;
}
