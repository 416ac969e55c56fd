// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/containers/loops.h"

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/metadata.h"
#include "metadata/scale.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  SMPL_SIZE = 36, ///< Bytes before the loops
  LOOP_SIZE = 24,
  INST_SIZE = 20,
  MAX_NOTE  = 127,
};

static const MetadataChunk*
find(const Metadata* const metadata,
     const MetadataFamily  family,
     const char* const     id,
     const size_t          least)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    if (chunk->family == family && !strcmp(chunk->id, id) &&
        chunk->size >= least) {
      return chunk;
    }
  }
  return NULL;
}

bool
loop_of_smpl(const Metadata* const metadata, SamplerLoop* const loop)
{
  const MetadataChunk* const smpl =
    find(metadata, METADATA_RIFF, "smpl", SMPL_SIZE);
  memset(loop, 0, sizeof(*loop));
  if (!smpl) {
    return false;
  }

  const uint8_t* const p = smpl->data;
  loop->note             = (uint32_t)load_le(p + 12, 4U);
  loop->cents            = (double)load_le(p + 16, 4U) * 100.0 / 4294967296.0;
  if (load_le(p + 28, 4U) && smpl->size >= SMPL_SIZE + LOOP_SIZE) {
    const uint8_t* const q = p + SMPL_SIZE;
    loop->has_loop         = true;
    loop->alternates       = load_le(q + 4, 4U) == 1U;
    loop->begin            = load_le(q + 8, 4U);
    loop->end              = load_le(q + 12, 4U) + 1U;
  }
  return true;
}

/// Find the place of a marker, return whether it is there
static bool
find_mark(const Metadata* const metadata,
          const uint64_t        id,
          uint64_t* const       place)
{
  const MetadataChunk* const mark = find(metadata, METADATA_AIFF, "MARK", 2U);
  uint64_t                   n    = mark ? load_be(mark->data, 2U) : 0U;
  for (size_t at = 2U; n && at + 7U <= mark->size; --n) {
    const size_t size = mark->data[at + 6U];
    if (load_be(mark->data + at, 2U) == id) {
      *place = load_be(mark->data + at + 2U, 4U);
      return true;
    }
    at += 7U + size + !(size & 1U);
  }
  return false;
}

bool
loop_of_inst(const Metadata* const metadata, SamplerLoop* const loop)
{
  const MetadataChunk* const inst =
    find(metadata, METADATA_AIFF, "INST", INST_SIZE);
  memset(loop, 0, sizeof(*loop));
  if (!inst) {
    return false;
  }

  const uint8_t* const p    = inst->data;
  const uint64_t       mode = load_be(p + 8, 2U);
  loop->note                = p[0];
  loop->cents               = p[1] < 128U ? p[1] : p[1] - 256.0;
  loop->alternates          = mode == 2U;
  loop->has_loop            = mode &&
                   find_mark(metadata, load_be(p + 10, 2U), &loop->begin) &&
                   find_mark(metadata, load_be(p + 12, 2U), &loop->end) &&
                   loop->begin < loop->end;
  if (loop->cents < 0.0 && loop->note) { // "smpl" knows no way down
    loop->cents += 100.0;
    --loop->note;
  }
  return true;
}

void
loop_build_smpl(const Metadata* const       metadata,
                const MetadataTarget* const target,
                const SamplerLoop* const    loop,
                Buffer* const               out)
{
  const double rate  = (double)metadata->rate * target->ratio;
  const double cents = loop->cents > 0.0 ? loop->cents : 0.0;
  buffer_add(out, NULL, 8U);
  buffer_le(out, rate >= 1.0 ? (uint64_t)(1e9 / rate) : 0U, 4U);
  buffer_le(out, loop->note, 4U);
  buffer_le(out, (uint64_t)(cents * 4294967296.0 / 100.0), 4U);
  buffer_add(out, NULL, 8U);
  buffer_le(out, loop->has_loop, 4U);
  buffer_le(out, 0U, 4U);
  if (loop->has_loop) {
    buffer_le(out, 0U, 4U);
    buffer_le(out, loop->alternates, 4U);
    buffer_le(out, scaled_frames(loop->begin, target->ratio), 4U);
    buffer_le(out, scaled_last_frame(loop->end - 1U, target->ratio), 4U);
    buffer_add(out, NULL, 8U);
  }
}

void
loop_build_inst(const SamplerLoop* const loop,
                const uint64_t           begin_id,
                const uint64_t           end_id,
                Buffer* const            out)
{
  // AIFF bends by 50 cents at most
  const bool     up    = loop->cents > 50.0 && loop->note < MAX_NOTE;
  const double   cents = loop->cents - (up ? 100.0 : 0.0);
  const uint32_t note  = loop->note < MAX_NOTE ? loop->note : MAX_NOTE;
  buffer_be(out, note + up, 1U);
  buffer_be(out, (uint64_t)(int64_t)lrint(cents) & 0xFFU, 1U);
  buffer_be(out, MAX_NOTE, 2U); // Notes from 0 to the highest
  buffer_be(out, 0x100U | MAX_NOTE, 2U);
  buffer_be(out, 0U, 2U);
  buffer_be(out, !loop->has_loop ? 0U : loop->alternates ? 2U : 1U, 2U);
  buffer_be(out, loop->has_loop ? begin_id : 0U, 2U);
  buffer_be(out, loop->has_loop ? end_id : 0U, 2U);
  buffer_be(out, 0U, 6U);
}
