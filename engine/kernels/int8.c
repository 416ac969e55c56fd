// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/kernels.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Return the scale of a column: what its largest weight needs
static float
scale_of(const float* const column, const size_t rows, const size_t stride)
{
  float most = 0.0f;
  for (size_t i = 0U; i < rows; ++i) {
    most = fmaxf(most, fabsf(column[i * stride]));
  }

  return most / 127.0f;
}

/// Pack one column: no other one lies where it is written
static void
pack_column(float* const column, const size_t rows, const size_t stride)
{
  const float scale  = scale_of(column, rows, stride);
  const float over   = scale > 1e-30f ? 1.0f / scale : 0.0f;
  int32_t     offset = 0;
  float*      out    = column;
  for (size_t i = 0U; i < rows; i += 4U) {
    int8_t four[4] = {0, 0, 0, 0};
    for (size_t j = 0U; j < 4U && i + j < rows; ++j) {
      four[j] = (int8_t)lrintf(column[(i + j) * stride] * over);
      offset -= 128 * four[j];
    }
    memcpy(out, four, sizeof(four));
    out += stride;
  }

  out[0] = scale;
  memcpy(out + stride, &offset, sizeof(offset));
}

void
grus_pack_int8(float* const w, const size_t rows, const size_t stride)
{
  for (size_t i = 0U; i < stride; ++i) {
    pack_column(w + i, rows, stride);
  }
}
