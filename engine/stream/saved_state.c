// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  A saved state is little-endian, whatever machine wrote it:

  magic, model hash, storage of its weights, sample rate, channels, name of the
  kernels; frames since the start; the mix's factors, their targets and frames
  left; fresh, even; parameters, activity; every channel's memory; FNV-1a of all
  bytes before.

  Counts that follow from the frames since the start are not in it, so that no
  state can make them disagree.
*/

#include "base/fnv.h"
#include "base/message.h"
#include "frames/inference.h"
#include "grus/grus.h"
#include "grus/params.h"
#include "stream/instance.h"
#include "stream/resampler.h"
#include "stream/settings.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char magic[8] = {'G', 'R', 'U', 'S', 'S', 'T', '0', '4'};

enum {
  NAME_SIZE     = 16, ///< Of the kernels' name, zero-padded
  VERSION_SIZE  = 2,  ///< End of the magic
  IDENTITY_SIZE = 8 + 8 + 4 + 4 + 4 + NAME_SIZE,
  HEADER_SIZE   = IDENTITY_SIZE + 8 + (((2 * GRUS_N_FACTORS) + 3) * 4) +
                (GRUS_N_PARAMS * 4) + 4,
  HASH_SIZE = 8,
};

/// More frames than a stream of 768 kHz hears in ten years
static const uint64_t max_frames = UINT64_C(1) << 48U;

/// Input and output gain together cannot be larger: 48 dB
static const float most_gain = 252.0f;

static uint8_t*
store_u32(uint8_t* const p, const uint32_t value)
{
  for (unsigned i = 0U; i < 4U; ++i) {
    p[i] = (uint8_t)(value >> (8U * i));
  }
  return p + 4;
}

static uint8_t*
store_u64(uint8_t* const p, const uint64_t value)
{
  return store_u32(store_u32(p, (uint32_t)value), (uint32_t)(value >> 32U));
}

static uint8_t*
store_float(uint8_t* const p, const float value)
{
  uint32_t bits = 0U;
  memcpy(&bits, &value, sizeof(bits));
  return store_u32(p, bits);
}

static uint32_t
load_u32(const uint8_t** const p)
{
  uint32_t value = 0U;
  for (unsigned i = 0U; i < 4U; ++i) {
    value |= (uint32_t)(*p)[i] << (8U * i);
  }
  *p += 4;
  return value;
}

static uint64_t
load_u64(const uint8_t** const p)
{
  const uint64_t low = load_u32(p);
  return low | ((uint64_t)load_u32(p) << 32U);
}

static float
load_float(const uint8_t** const p)
{
  const uint32_t bits  = load_u32(p);
  float          value = 0.0f;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

size_t
grus_stream_state_size(const GrusStream* const stream)
{
  return HEADER_SIZE + (stream->memory.used * 4U) + HASH_SIZE;
}

/// Write what tells whose state this is
static uint8_t*
store_identity(const GrusStream* const stream, uint8_t* p)
{
  memcpy(p, magic, sizeof(magic));
  p = store_u64(p + sizeof(magic), stream->model->info.hash);
  p = store_u32(p, (uint32_t)stream->model->info.storage);
  p = store_u32(p, stream->sample_rate);
  p = store_u32(p, stream->n_channels);
  memset(p, 0, NAME_SIZE);
  for (size_t i = 0U; i + 1U < NAME_SIZE && stream->kernels->name[i]; ++i) {
    p[i] = (uint8_t)stream->kernels->name[i];
  }
  return p + NAME_SIZE;
}

GrusStatus
grus_stream_get_state(const GrusStream* const stream,
                      void* const             data,
                      const size_t            size)
{
  if (size < grus_stream_state_size(stream)) {
    return GRUS_ERR_BAD_ARG;
  }

  const GrusMix* const mix = &stream->position.mix;
  uint8_t*             p   = store_identity(stream, (uint8_t*)data);

  p = store_u64(p, stream->position.n_in);
  for (uint32_t f = 0U; f < GRUS_N_FACTORS; ++f) {
    p = store_float(p, mix->now[f]);
    p = store_float(p, mix->target[f]);
  }
  p = store_u32(p, mix->n_left);
  p = store_u32(p, stream->position.fresh);
  p = store_u32(p, stream->position.even);
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    p = store_float(p, grus_stream_param(stream, (GrusParam)i));
  }
  p = store_float(p, grus_stream_meter(stream, GRUS_METER_ACTIVITY));
  for (size_t i = 0U; i < stream->memory.used; ++i) {
    p = store_float(p, stream->memory.base[i]);
  }

  store_u64(p, grus_fnv1a(data, grus_stream_state_size(stream) - HASH_SIZE));
  return GRUS_SUCCESS;
}

/// A state's header, apart from whose it is
typedef struct {
  GrusPosition position;
  float        params[GRUS_N_PARAMS];
  float        activity;
} Header;

static bool
is_within(const float value, const float limit)
{
  return value >= -limit && value <= limit; // False for NaN
}

/// Read a header; false if a running stream could not have written it
static bool
load_header(const GrusStream* const stream,
            const uint8_t*          p,
            Header* const           header)
{
  GrusMix* const mix = &header->position.mix;
  bool           ok  = true;

  memset(header, 0, sizeof(*header));
  header->position.n_in = load_u64(&p);
  for (uint32_t f = 0U; f < GRUS_N_FACTORS; ++f) {
    mix->now[f]    = load_float(&p);
    mix->target[f] = load_float(&p);
    ok             = ok && is_within(mix->now[f], most_gain) &&
         is_within(mix->target[f], most_gain);
  }
  mix->n_left            = load_u32(&p);
  const uint32_t fresh   = load_u32(&p);
  const uint32_t even    = load_u32(&p);
  header->position.fresh = !!fresh;
  header->position.even  = !!even;
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParamInfo* const info = grus_param_info(i);
    header->params[i]               = load_float(&p);
    ok = ok && header->params[i] >= info->minimum &&
         header->params[i] <= info->maximum;
  }
  header->activity = load_float(&p);

  return ok && fresh <= 1U && even <= 1U &&
         header->position.n_in < max_frames &&
         mix->n_left <= stream->sample_rate &&
         is_within(header->activity, 1.0f);
}

static bool
all_finite(const uint8_t* p, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    if (!isfinite(load_float(&p))) {
      return false;
    }
  }

  return true;
}

static GrusStatus
check_state(const GrusStream* const stream,
            const uint8_t* const    bytes,
            const size_t            size,
            GrusMessage* const      message)
{
  if (size < HEADER_SIZE + HASH_SIZE ||
      memcmp(bytes, magic, sizeof(magic) - VERSION_SIZE)) {
    return grus_fail(message, GRUS_ERR_BAD_FORMAT, "this is not a Grus state");
  }
  if (memcmp(bytes, magic, sizeof(magic))) {
    return grus_fail(
      message, GRUS_ERR_BAD_FORMAT, "the state is of another version of Grus");
  }

  const uint8_t* p = bytes + size - HASH_SIZE;
  if (load_u64(&p) != grus_fnv1a(bytes, size - HASH_SIZE)) {
    return grus_fail(message, GRUS_ERR_BAD_FORMAT, "the state is damaged");
  }

  uint8_t identity[IDENTITY_SIZE];
  store_identity(stream, identity);
  if (memcmp(bytes, identity, IDENTITY_SIZE)) {
    return grus_fail(message,
                     GRUS_ERR_MISMATCH,
                     "the state belongs to another model, storage of weights, "
                     "sample rate, number of channels or kernel variant");
  }
  if (size != grus_stream_state_size(stream)) {
    return grus_fail(
      message, GRUS_ERR_BAD_FORMAT, "the state has the wrong size");
  }

  return GRUS_SUCCESS;
}

/// Bring the resamplers to where every channel's histories leave them
static void
restore_resamplers(GrusStream* const stream)
{
  GrusPosition* const p = &stream->position;

  p->n_network = grus_resampler_count(stream->down, p->n_in);
  p->n_up      = p->n_network + stream->padding[p->even];
  p->n_waiting =
    (uint32_t)(grus_resampler_count(stream->up, p->n_up) - p->n_in);
  grus_resampler_reset(stream->down);
  grus_resampler_reset(stream->up);
  for (uint32_t c = 0U; !p->fresh && c < stream->n_channels; ++c) {
    const GrusMemory* const m = &stream->channel_memory[c];
    grus_resampler_restore(
      stream->down, c, m->history_down, p->n_in, stream->wet[c]);
    grus_resampler_restore(
      stream->up, c, m->history_up, p->n_up, stream->wet[c]);
  }
}

/// Take up the work on a frame where it was
static void
restore_channels(GrusStream* const stream)
{
  const GrusInferenceMode mode = grus_stream_mode(stream);
  grus_inference_restore(stream->inference, &mode, stream->position.n_network);
}

GrusStatus
grus_stream_set_state(GrusStream* const  stream,
                      const void* const  data,
                      const size_t       size,
                      GrusMessage* const message)
{
  const uint8_t* const bytes = (const uint8_t*)data;
  const GrusStatus     st    = check_state(stream, bytes, size, message);
  if (st) {
    return st;
  }

  const uint8_t* p = bytes + HEADER_SIZE;
  Header         header;
  if (!load_header(stream, bytes + IDENTITY_SIZE, &header) ||
      !all_finite(p, stream->memory.used)) {
    return grus_fail(
      message, GRUS_ERR_BAD_FORMAT, "the state holds a number out of range");
  }

  for (size_t i = 0U; i < stream->memory.used; ++i) {
    stream->memory.base[i] = load_float(&p);
  }
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    grus_stream_set_param(stream, (GrusParam)i, header.params[i]);
  }
  atomic_store_explicit(&stream->meters[GRUS_METER_ACTIVITY],
                        header.activity,
                        memory_order_relaxed);
  stream->position           = header.position;
  stream->position.n_network = stream->position.n_in;
  if (stream->down) {
    restore_resamplers(stream);
  }
  restore_channels(stream);

  return GRUS_SUCCESS;
}
