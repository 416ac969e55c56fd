// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file scale.h

   Places in the sound when its rate changes.
*/

#ifndef GRUS_TOOLS_METADATA_SCALE_H
#define GRUS_TOOLS_METADATA_SCALE_H

#include <stdint.h>

/// Return the nearest frame at another rate, as much as 32 bits hold
uint32_t
scaled_frames(uint64_t frames, double ratio);

/// Return the last frame of what ended with `last`, which belongs to it
uint32_t
scaled_last_frame(uint64_t last, double ratio);

#endif // GRUS_TOOLS_METADATA_SCALE_H
