// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/slot.h"

#include "grus/grus.h"
#include "grus/params.h"
#include "grus/ring.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  CHUNK     = 256, ///< Frames that both streams process in turns
  N_RETIRED = 16,  ///< Streams that may wait to be freed
};

/// How long a new stream listens before it is heard: hidden states settle
static const float warm_up_seconds = 0.4f;
static const float fade_seconds    = 0.05f;

/// How alike the two streams sound, from sums over their outputs
typedef struct {
  double old_energy;
  double new_energy;
  double product;
} Likeness;

struct GrusSlotImpl {
  _Atomic(GrusStream*) next;
  GrusStream*          current;
  GrusStream*          coming; ///< Warming up or being faded in, or null
  GrusRing*            retired;
  uint32_t             n_channels;
  uint32_t             n_warm_up; ///< Frames
  uint32_t             n_fade;    ///< Frames
  uint32_t             n_heard;   ///< Frames since `coming` was taken
  Likeness             likeness;
  float                correlation; ///< Fixed when the fade begins
  float*               planes[GRUS_MAX_CHANNELS];
  float                fade_out[CHUNK];
  float                fade_in[CHUNK];
  _Atomic float        params[GRUS_N_PARAMS];
  _Atomic uint32_t     block; ///< Frames, 0 if unknown
};

GrusSlot*
grus_slot_new(GrusStream* const stream,
              const uint32_t    n_channels,
              const uint32_t    sample_rate)
{
  GrusSlot* const slot = (GrusSlot*)calloc(1U, sizeof(GrusSlot));
  if (!slot) {
    return NULL;
  }

  float* const plane =
    (float*)calloc((size_t)n_channels * CHUNK, sizeof(float));
  slot->retired   = grus_ring_new(N_RETIRED * (uint32_t)sizeof(GrusStream*));
  slot->planes[0] = plane;
  if (!plane || !slot->retired) {
    grus_slot_free(slot);
    return NULL;
  }

  for (uint32_t c = 0U; c < n_channels; ++c) {
    slot->planes[c] = plane + ((size_t)c * CHUNK);
  }
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    atomic_init(&slot->params[i], grus_stream_param(stream, (GrusParam)i));
  }
  atomic_init(&slot->block, 0U);
  atomic_init(&slot->next, NULL);
  slot->current    = stream;
  slot->n_channels = n_channels;
  slot->n_warm_up  = (uint32_t)((float)sample_rate * warm_up_seconds);
  slot->n_fade     = (uint32_t)((float)sample_rate * fade_seconds);
  return slot;
}

void
grus_slot_free(GrusSlot* const slot)
{
  if (slot) {
    for (GrusStream* s = NULL;
         slot->retired && (s = grus_slot_collect(slot));) {
      grus_stream_free(s);
    }
    grus_stream_free(atomic_load(&slot->next));
    grus_stream_free(slot->coming);
    grus_stream_free(slot->current);
    grus_ring_free(slot->retired);
    free(slot->planes[0]);
    free(slot);
  }
}

GrusStream*
grus_slot_publish(GrusSlot* const slot, GrusStream* const stream)
{
  return atomic_exchange_explicit(&slot->next, stream, memory_order_acq_rel);
}

GrusStream*
grus_slot_collect(GrusSlot* const slot)
{
  GrusStream* stream = NULL;
  return grus_ring_read(slot->retired, &stream, sizeof(stream)) ? stream : NULL;
}

void
grus_slot_set_param(GrusSlot* const slot,
                    const GrusParam param,
                    const float     value)
{
  if ((uint32_t)param < GRUS_N_PARAMS && !isnan(value)) {
    atomic_store_explicit(&slot->params[param], value, memory_order_relaxed);
  }
}

float
grus_slot_param(const GrusSlot* const slot, const GrusParam param)
{
  return (uint32_t)param < GRUS_N_PARAMS
           ? atomic_load_explicit(&slot->params[param], memory_order_relaxed)
           : 0.0f;
}

void
grus_slot_set_block(GrusSlot* const slot, const uint32_t n_frames)
{
  atomic_store_explicit(&slot->block, n_frames, memory_order_relaxed);
}

const GrusStream*
grus_slot_stream(const GrusSlot* const slot)
{
  return slot->current;
}

bool
grus_slot_has_retired(const GrusSlot* const slot)
{
  // The reading side's question, but a stale answer only comes later
  return grus_ring_read_space(slot->retired) > 0U;
}

bool
grus_slot_is_changing(const GrusSlot* const slot)
{
  return !!slot->coming;
}

static void
pass_params(const GrusSlot* const slot, GrusStream* const stream)
{
  grus_stream_set_block(
    stream, atomic_load_explicit(&slot->block, memory_order_relaxed));
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParam param = (GrusParam)i;
    const float     value = grus_slot_param(slot, param);
    if (value != grus_stream_param(stream, param)) {
      grus_stream_set_param(stream, param, value);
    }
  }
}

/// Take a new stream if there is one and room for the old one later
static void
take_next(GrusSlot* const slot)
{
  if (!slot->coming &&
      atomic_load_explicit(&slot->next, memory_order_relaxed) &&
      grus_ring_write_space(slot->retired) >= sizeof(GrusStream*)) {
    slot->coming =
      atomic_exchange_explicit(&slot->next, NULL, memory_order_acq_rel);
    slot->n_heard = 0U;
    memset(&slot->likeness, 0, sizeof(slot->likeness));
  }
}

/// The new stream is the one that plays, the old one is to be freed
static void
retire_current(GrusSlot* const slot)
{
  // There is room: take_next() saw it, and only this thread writes
  (void)grus_ring_write(slot->retired, &slot->current, sizeof(slot->current));
  slot->current = slot->coming;
  slot->coming  = NULL;
}

void
grus_slot_reset(GrusSlot* const slot)
{
  if (slot->coming) {
    retire_current(slot);
  }
  take_next(slot);
  if (slot->coming) {
    retire_current(slot);
  }
  pass_params(slot, slot->current);
  grus_stream_reset(slot->current);
}

static void
compare(GrusSlot* const slot, float* const* const out, const uint32_t n)
{
  Likeness* const likeness = &slot->likeness;
  for (uint32_t c = 0U; c < slot->n_channels; ++c) {
    float old_energy = 0.0f;
    float new_energy = 0.0f;
    float product    = 0.0f;
    for (uint32_t i = 0U; i < n; ++i) {
      old_energy += out[c][i] * out[c][i];
      new_energy += slot->planes[c][i] * slot->planes[c][i];
      product += out[c][i] * slot->planes[c][i];
    }
    likeness->old_energy += (double)old_energy;
    likeness->new_energy += (double)new_energy;
    likeness->product += (double)product;
  }
}

static float
correlation(const Likeness* const likeness)
{
  const double power = likeness->old_energy * likeness->new_energy;
  if (power < 1e-20) {
    return 1.0f;
  }

  const double value = likeness->product / sqrt(power);
  return (float)fmin(fmax(value, 0.0), 1.0);
}

/**
   Equal power for sounds of correlation r: with the plain quarter circle a, b
   the sum has a^2 + b^2 + 2 r a b times the power, which is divided out.
*/
static void
make_fade(GrusSlot* const slot, const uint32_t n)
{
  const float quarter = 1.57079633f;
  const float start   = (float)(slot->n_heard - slot->n_warm_up);

  for (uint32_t i = 0U; i < n; ++i) {
    const float t =
      fminf((start + (float)i + 1.0f) / (float)slot->n_fade, 1.0f);
    const float a     = cosf(quarter * t);
    const float b     = sinf(quarter * t);
    const float norm  = sqrtf(1.0f + (2.0f * slot->correlation * a * b));
    slot->fade_out[i] = a / norm;
    slot->fade_in[i]  = b / norm;
  }
}

static void
fade(GrusSlot* const slot, float* const* const out, const uint32_t n)
{
  make_fade(slot, n);
  for (uint32_t c = 0U; c < slot->n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      out[c][i] = (out[c][i] * slot->fade_out[i]) +
                  (slot->planes[c][i] * slot->fade_in[i]);
    }
  }
}

/// Frames until the new stream's part changes, at most `n`
static uint32_t
until_change(const GrusSlot* const slot, const uint32_t n)
{
  const uint32_t next = slot->n_heard < slot->n_warm_up
                          ? slot->n_warm_up
                          : slot->n_warm_up + slot->n_fade;
  const uint32_t left = next - slot->n_heard;
  const uint32_t most = n < CHUNK ? n : CHUNK;
  return left < most ? left : most;
}

/// Process at most a chunk with both streams; return how many frames that was
static uint32_t
process_both(GrusSlot* const           slot,
             const float* const* const in,
             float* const* const       out,
             const uint32_t            most)
{
  const uint32_t n = until_change(slot, most);

  // The new one first: `out` may be `in`
  grus_stream_process(slot->coming, in, slot->planes, n);
  grus_stream_process(slot->current, in, out, n);
  if (slot->n_heard < slot->n_warm_up) {
    compare(slot, out, n);
  } else {
    fade(slot, out, n);
  }

  slot->n_heard += n;
  if (slot->n_heard == slot->n_warm_up) {
    slot->correlation = correlation(&slot->likeness);
  } else if (slot->n_heard == slot->n_warm_up + slot->n_fade) {
    retire_current(slot);
  }
  return n;
}

void
grus_slot_process(GrusSlot* const           slot,
                  const float* const* const in,
                  float* const* const       out,
                  const uint32_t            n_frames)
{
  const float* inputs[GRUS_MAX_CHANNELS];
  float*       outputs[GRUS_MAX_CHANNELS];

  take_next(slot);
  pass_params(slot, slot->current);
  if (slot->coming) {
    pass_params(slot, slot->coming);
  }
  for (uint32_t done = 0U; done < n_frames;) {
    for (uint32_t c = 0U; c < slot->n_channels; ++c) {
      inputs[c]  = in[c] + done;
      outputs[c] = out[c] + done;
    }
    if (slot->coming) {
      done += process_both(slot, inputs, outputs, n_frames - done);
    } else {
      grus_stream_process(slot->current, inputs, outputs, n_frames - done);
      done = n_frames;
    }
  }
}
