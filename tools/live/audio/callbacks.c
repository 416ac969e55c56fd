// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/callbacks.h"

#include "grus/attributes.h"
#include "grus/grus.h"
#include "live/audio/drift.h"
#include "live/audio/plan.h"
#include "live/audio/sound.h"

#include <portaudio.h>

#include <stdint.h>
#include <string.h>

static GRUS_REALTIME void
count_xruns(LiveSound* const sound, const PaStreamCallbackFlags flags)
{
  const PaStreamCallbackFlags lost =
    paInputUnderflow | paInputOverflow | paOutputUnderflow | paOutputOverflow;
  if (flags & lost) {
    live_sound_count_xrun(sound);
  }
}

/// Put copies of the channels that are cleaned on the rest
static GRUS_REALTIME void
fill_outputs(const LivePlan* const plan,
             float* const* const   out,
             const uint32_t        n)
{
  for (uint32_t c = plan->n_channels; c < plan->n_outputs; ++c) {
    memcpy(out[c], out[c % plan->n_channels], n * sizeof(float));
  }
}

static GRUS_REALTIME void
spread_inputs(const LivePlan* const     plan,
              const float* const* const in,
              const float**             inputs)
{
  for (uint32_t c = 0U; c < plan->n_channels; ++c) {
    inputs[c] = in[c % plan->n_inputs];
  }
}

int
live_callback_both(const void* const                     input,
                   void* const                           output,
                   const unsigned long                   n_frames,
                   const PaStreamCallbackTimeInfo* const time,
                   const PaStreamCallbackFlags           flags,
                   void* const                           data)
{
  LiveCallbackData* const audio = (LiveCallbackData*)data;
  float* const* const     out   = (float* const*)output;
  const uint32_t          n     = (uint32_t)n_frames;
  const float*            inputs[GRUS_MAX_CHANNELS];
  (void)time;

  count_xruns(audio->sound, flags);
  if (input) {
    spread_inputs(&audio->plan, (const float* const*)input, inputs);
  }
  live_sound_play(audio->sound, input ? inputs : NULL, out, n);
  if (out) {
    fill_outputs(&audio->plan, out, n);
  }
  return paContinue;
}

int
live_callback_input(const void* const                     input,
                    void* const                           output,
                    const unsigned long                   n_frames,
                    const PaStreamCallbackTimeInfo* const time,
                    const PaStreamCallbackFlags           flags,
                    void* const                           data)
{
  LiveCallbackData* const audio = (LiveCallbackData*)data;
  const float*            inputs[GRUS_MAX_CHANNELS];
  const float*            cleaned[GRUS_MAX_CHANNELS];
  (void)output;
  (void)time;

  count_xruns(audio->sound, flags);
  spread_inputs(&audio->plan, (const float* const*)input, inputs);
  memcpy(cleaned, audio->cleaned, sizeof(cleaned));
  for (uint32_t done = 0U; done < n_frames;) {
    const uint32_t left = (uint32_t)n_frames - done;
    const uint32_t n    = left < LIVE_DRIFT_CHUNK ? left : LIVE_DRIFT_CHUNK;
    live_sound_play(audio->sound, inputs, audio->cleaned, n);
    live_drift_push(audio->drift, cleaned, n);
    for (uint32_t c = 0U; c < audio->plan.n_channels; ++c) {
      inputs[c] += n;
    }
    done += n;
  }
  return paContinue;
}

int
live_callback_output(const void* const                     input,
                     void* const                           output,
                     const unsigned long                   n_frames,
                     const PaStreamCallbackTimeInfo* const time,
                     const PaStreamCallbackFlags           flags,
                     void* const                           data)
{
  LiveCallbackData* const audio = (LiveCallbackData*)data;
  float* const* const     out   = (float* const*)output;
  (void)input;
  (void)time;

  count_xruns(audio->sound, flags);
  live_drift_pull(audio->drift, out, (uint32_t)n_frames);
  fill_outputs(&audio->plan, out, (uint32_t)n_frames);
  return paContinue;
}
