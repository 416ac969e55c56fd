// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file loops.h

   The note and the loop of a sampler: a "smpl" chunk in WAV, in AIFF an "INST"
   chunk and two markers.
*/

#ifndef GRUS_TOOLS_METADATA_CONTAINERS_LOOPS_H
#define GRUS_TOOLS_METADATA_CONTAINERS_LOOPS_H

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stdint.h>

/// What both formats hold
typedef struct {
  bool     has_loop;
  bool     alternates; ///< It is played forward and backward
  uint64_t begin;      ///< Frames at the rate of the input
  uint64_t end;        ///< The frame behind the last one
  uint32_t note;       ///< As MIDI numbers them, which plays as recorded
  double   cents;      ///< Above the note
} SamplerLoop;

/// Read the first loop of a "smpl" chunk, return false if there is none
bool
loop_of_smpl(const Metadata* metadata, SamplerLoop* loop);

/// Read the sustaining loop of an "INST" chunk, return false if there is none
bool
loop_of_inst(const Metadata* metadata, SamplerLoop* loop);

/// Make the content of a "smpl" chunk
void
loop_build_smpl(const Metadata*       metadata,
                const MetadataTarget* target,
                const SamplerLoop*    loop,
                Buffer*               out);

/// Make the content of an "INST" chunk, whose markers have these numbers
void
loop_build_inst(const SamplerLoop* loop,
                uint64_t           begin_id,
                uint64_t           end_id,
                Buffer*            out);

#endif // GRUS_TOOLS_METADATA_CONTAINERS_LOOPS_H
