// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file sound.h

   All that the audio callback of `grus live` touches, and what it does: take
   sound, clean it, play it, offer it to whoever records.  Knows no devices.

   The audio thread owns everything but what is marked atomic, and the far ends
   of the rings.  Other threads look at LiveShown, and set parameters through
   the slot.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_SOUND_H
#define GRUS_TOOLS_LIVE_AUDIO_SOUND_H

#include "grus/attributes.h"
#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "live/audio/guard.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { LIVE_CHUNK = 512 }; ///< Frames that are worked on at once

/// What the audio thread shows, and the one word that others say to it
typedef struct {
  _Atomic bool     go;    ///< Begin (from others); until then there is silence
  _Atomic uint32_t block; ///< Frames of the latest block, 0 before it
  _Atomic uint64_t n_frames;   ///< Played since the beginning
  _Atomic uint64_t n_finished; ///< Of these, sound that went in: less latency
  _Atomic uint64_t n_dropped;  ///< Not recorded, because nobody took them
  _Atomic uint64_t n_missing;  ///< Silent, because the source was late
  _Atomic uint32_t n_xruns;    ///< Sound that the device lost
  _Atomic uint32_t n_rests;    ///< How often the machine could not keep up
  _Atomic uint32_t latency;    ///< Of the stream that is heard, frames
  _Atomic bool     resting;    ///< Dry, because the machine cannot keep up
  _Atomic float    load;       ///< Share of the time that is used, last second
  _Atomic float    worst_load; ///< Of one block, since the beginning
  _Atomic float    meters[GRUS_N_METERS];
} LiveShown;

/// What the sound is made of
typedef struct {
  GrusSlot* slot;      ///< What cleans it
  GrusRing* source;    ///< Interleaved frames instead of a microphone, or null
  GrusRing* recording; ///< Takes frames of all dry, then all clean channels, or
                       ///< null; live_sound_record() changes it
  const _Atomic uint64_t* n_expected; ///< Frames of the source, or null
  uint64_t                n_most; ///< Frames that go in at most: then silence
  uint32_t                n_channels;
  uint32_t                sample_rate;
  double (*clock)(void); ///< Seconds, real-time safe
} LiveSoundConfig;

/// All that the callback touches
typedef struct {
  LiveSoundConfig    config;
  LiveShown          shown;
  LiveGuard          guard;
  _Atomic(GrusRing*) recording;
  bool               begun;
  float              mix;        ///< 1 for clean, 0 for dry sound
  float              mix_step;   ///< Change of that in one frame
  double             busy_time;  ///< Of the second that is being measured
  double             sound_time; ///< Likewise
  uint64_t           n_taken;    ///< Frames of sound that went in
  uint32_t           n_skip;     ///< Frames of latency that are not recorded
  uint32_t           delay_size; ///< Frames of each delay line, a power of two
  uint32_t           delay_head;
  float* delay[GRUS_MAX_CHANNELS];   ///< Dry sound of the last seconds
  float* dry[GRUS_MAX_CHANNELS];     ///< (chunk) That goes in
  float* aligned[GRUS_MAX_CHANNELS]; ///< (chunk) That comes out as dry
  float* clean[GRUS_MAX_CHANNELS];   ///< (chunk) That comes out
  float* frames;                     ///< (chunk, 2 * channels) Interleaved
} LiveSound;

/// Return new sound with silence in it, or null without memory
LiveSound*
live_sound_new(const LiveSoundConfig* config);

/**
   Record into another ring from here on, or into none where it is null.

   @return Whether the audio thread is known to be done with the former ring,
   which may then be freed (control thread; waits for a block, a second at
   most).
*/
bool
live_sound_record(LiveSound* sound, GrusRing* recording);

/// Return how many frames go in, UINT64_MAX if that is not known yet (any
/// thread)
GRUS_REALTIME uint64_t
live_sound_expected(const LiveSound* sound);

/// Free `sound` (null is allowed), but nothing that it was made of
void
live_sound_free(LiveSound* sound);

/**
   Process a block of any length (audio thread).

   @param in A pointer for every channel, or null where there is a source.
   @param out A pointer for every channel, or null where nobody listens.
*/
GRUS_REALTIME void
live_sound_play(LiveSound*          sound,
                const float* const* in,
                float* const*       out,
                uint32_t            n_frames);

/// Count sound that the device lost (audio thread)
GRUS_REALTIME void
live_sound_count_xrun(LiveSound* sound);

#endif // GRUS_TOOLS_LIVE_AUDIO_SOUND_H
