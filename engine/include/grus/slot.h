// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file slot.h

   Where an audio thread plays a stream that a control thread may replace.

   Protocol: the control thread puts a new stream into `next` with one atomic
   exchange, and gets back one that it put there before and nobody took.  The
   audio thread takes it out with another exchange, lets it hear the live input
   while the old one plays on, fades from the old to the new one, and puts the
   old one into a ring, from where the control thread takes it to be freed.  A
   stream therefore always has exactly one owner: the control thread, `next`,
   the audio thread, or the ring.  Where the ring is full, the audio thread
   keeps the old stream and takes no new one until there is room.
*/

#ifndef GRUS_SLOT_H
#define GRUS_SLOT_H

#include "grus/attributes.h"
#include "grus/grus.h"

#include <stdbool.h>
#include <stdint.h>

GRUS_BEGIN_DECLS

/// A place for one stream
typedef struct GrusSlotImpl GrusSlot;

/**
   @defgroup slot_setup Before and after any thread plays
   @{
*/

/**
   Return a slot that plays `stream`, or null without memory.

   The parameters of the slot are those of the stream.

   @param stream Owned by the slot from now on, unless null is returned.
   @param n_channels The channels of this stream and of all that follow.
   @param sample_rate Likewise, Hz.
*/
GRUS_API GRUS_NODISCARD GrusSlot*
grus_slot_new(GrusStream* stream, uint32_t n_channels, uint32_t sample_rate);

/// Free `slot` (null is allowed) and every stream in it
GRUS_API void
grus_slot_free(GrusSlot* slot);

/**
   @}
   @defgroup slot_control The control thread, not real-time
   @{
*/

/**
   Have the audio thread play `stream` from its next block on.

   @param slot Where it is to be played.
   @param stream Owned by the slot from now on.
   @return A stream that was published before and never played, now the
   caller's, or null.
*/
GRUS_API GRUS_NODISCARD GrusStream*
grus_slot_publish(GrusSlot* slot, GrusStream* stream);

/// Return a stream that is not played any more, now the caller's, or null
GRUS_API GRUS_NODISCARD GrusStream*
grus_slot_collect(GrusSlot* slot);

/**
   @}
   @defgroup slot_audio The audio thread, real-time safe
   @{
*/

/// Process a block of the slot's channels, as grus_stream_process() does
GRUS_API GRUS_REALTIME void
grus_slot_process(GrusSlot*           slot,
                  const float* const* in,
                  float* const*       out,
                  uint32_t            n_frames);

/**
   Start anew: forget all sound, with the newest stream and all parameters in
   force.  The old stream goes where grus_slot_collect() finds it.
*/
GRUS_API GRUS_REALTIME void
grus_slot_reset(GrusSlot* slot);

/// Return the stream that is heard, valid until the next block
GRUS_API GRUS_REALTIME const GrusStream*
grus_slot_stream(const GrusSlot* slot);

/// Return whether a stream waits for grus_slot_collect()
GRUS_API GRUS_REALTIME bool
grus_slot_has_retired(const GrusSlot* slot);

/// Return whether a new stream warms up or is being faded in
GRUS_API GRUS_REALTIME bool
grus_slot_is_changing(const GrusSlot* slot);

/**
   @}
   @defgroup slot_params Any thread, real-time safe
   @{
*/

/// Set a parameter of the stream that plays and of all that follow
GRUS_API GRUS_REALTIME void
grus_slot_set_param(GrusSlot* slot, GrusParam param, float value);

/// Return the value a parameter was last set to
GRUS_API GRUS_REALTIME float
grus_slot_param(const GrusSlot* slot, GrusParam param);

/// Tell how many frames blocks will mostly have, as grus_stream_set_block()
GRUS_API GRUS_REALTIME void
grus_slot_set_block(GrusSlot* slot, uint32_t n_frames);

/**
   @}
*/

GRUS_END_DECLS

#endif // GRUS_SLOT_H
