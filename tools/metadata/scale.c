// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/scale.h"

#include <math.h>
#include <stdint.h>

uint32_t
scaled_frames(const uint64_t frames, const double ratio)
{
  const double value = floor(((double)frames * ratio) + 0.5);
  return value < 4294967295.0 ? (uint32_t)value : UINT32_MAX;
}

uint32_t
scaled_last_frame(const uint64_t last, const double ratio)
{
  const uint32_t end = scaled_frames(last + 1U, ratio);
  return end ? end - 1U : 0U;
}
