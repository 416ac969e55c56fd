// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "voice.h"

#include "control.h"
#include "feed/feed.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "host/clock.h"
#include "host_features.h"
#include "ports.h"
#include "private_fft.h"
#include "uris.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/log/logger.h>
#include <lv2/options/options.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void
read_options(Voice* const voice, const LV2_Options_Option* options)
{
  for (; options && options->key; ++options) {
    if (options->key == voice->uris.bufsz_nominalBlockLength &&
        options->type == voice->uris.atom_Int &&
        options->size == sizeof(int32_t) && options->value) {
      const int32_t block  = *(const int32_t*)options->value;
      voice->nominal_block = block > 0 ? (uint32_t)block : 0U;
    }
  }
}

/// Hosts may have none of these
static void
find_features(Voice* const voice, const LV2_Feature* const* const features)
{
  const LV2_Options_Option* const options =
    (const LV2_Options_Option*)host_features_find(features,
                                                  LV2_OPTIONS__options);
  LV2_Log_Log* const log =
    (LV2_Log_Log*)host_features_find(features, LV2_LOG__log);

  voice->map = (LV2_URID_Map*)host_features_find(features, LV2_URID__map);
  voice->schedule =
    (LV2_Worker_Schedule*)host_features_find(features, LV2_WORKER__schedule);
  lv2_log_logger_init(&voice->logger, voice->map, log);
  if (voice->map) {
    map_uris(voice->map, &voice->uris);
    lv2_atom_forge_init(&voice->forge, voice->map);
    read_options(voice, options);
  }
}

static bool
make_control(Voice* const      voice,
             const char* const bundle_path,
             const double      rate)
{
  GrusMessage message = {"no memory"};
  if (!(rate >= GRUS_MIN_SAMPLE_RATE) || !(rate <= GRUS_MAX_SAMPLE_RATE)) {
    lv2_log_error(
      &voice->logger, "Grus: cannot run at a sample rate of %g Hz\n", rate);
    return false;
  }

  voice->sample_rate = (uint32_t)lround(rate);
  voice->control =
    control_new(bundle_path, voice->n_channels, voice->sample_rate, &message);
  if (!voice->control) {
    lv2_log_error(&voice->logger,
                  "Grus: cannot load the model in \"%s\": %s\n",
                  bundle_path,
                  message.text);
    return false;
  }

  voice->slot = control_slot(voice->control);
  grus_slot_set_block(voice->slot, voice->nominal_block);
  return true;
}

static LV2_Handle
instantiate(const LV2_Descriptor* const     descriptor,
            const double                    rate,
            const char* const               bundle_path,
            const LV2_Feature* const* const features)
{
  Voice* const voice = (Voice*)calloc(1U, sizeof(Voice));
  if (!voice) {
    return NULL;
  }

  voice->n_channels =
    !strcmp(descriptor->URI, GRUS_VOICE_STEREO_URI) ? MAX_SIDES : 1U;
  voice->n_ports = ports_list(voice->n_channels, voice->ports);
  atomic_init(&voice->embed, false);
  find_features(voice, features);
  if (!make_control(voice, bundle_path, rate)) {
    free(voice);
    return NULL;
  }

  return voice;
}

static void
connect_port(const LV2_Handle instance, const uint32_t port, void* const buffer)
{
  Voice* const voice = (Voice*)instance;
  if (port < voice->n_ports) {
    voice->buffers[port] = buffer;
  }
}

static void
activate(const LV2_Handle instance)
{
  Voice* const voice = (Voice*)instance;
  grus_slot_reset(voice->slot);
  voice->started  = false;
  voice->replaced = NULL;
  memset(&voice->load, 0, sizeof(voice->load));
}

static void
read_params(const Voice* const voice)
{
  for (uint32_t i = 0U; i < voice->n_ports; ++i) {
    const float* const value = (const float*)voice->buffers[i];
    const GrusParam    param = (GrusParam)voice->ports[i].index;
    if (voice->ports[i].type != PORT_PARAM || !value) {
      continue;
    }
    if (param == GRUS_PARAM_ENABLED) {
      // As lv2:enabled has it: bypassed at zero and below
      grus_slot_set_param(voice->slot, param, *value > 0.0f ? 1.0f : 0.0f);
    } else {
      grus_slot_set_param(voice->slot, param, *value);
    }
  }
}

/// Where a host does not say how long its blocks are, the first one tells
static void
note_block(Voice* const voice, const uint32_t n_frames)
{
  if (!voice->started && !voice->nominal_block) {
    grus_slot_set_block(voice->slot, n_frames);
  }
  voice->started = true;
}

/// Ask once for a new stream where the one that plays, which spreads its work
/// or does not, would start otherwise by now
static void
update_load_mode(Voice* const voice)
{
  const GrusStream* const stream = grus_slot_stream(voice->slot);
  const bool              differs =
    grus_stream_wants_even_load(stream) != grus_stream_has_even_load(stream);
  if (!differs) {
    voice->replaced = NULL;
  } else if (voice->replaced != stream && !grus_slot_is_changing(voice->slot) &&
             ask_worker(voice, WORK_REBUILD, NULL)) {
    voice->replaced = stream;
  }
}

/// Gather the sound's buffers; false if one is not connected
static bool
find_sound(const Voice* const voice, const float** const in, float** const out)
{
  bool ok = true;
  for (uint32_t i = 0U; i < voice->n_ports; ++i) {
    if (voice->ports[i].type == PORT_INPUT) {
      in[voice->ports[i].index] = (const float*)voice->buffers[i];
      ok                        = ok && voice->buffers[i];
    } else if (voice->ports[i].type == PORT_OUTPUT) {
      out[voice->ports[i].index] = (float*)voice->buffers[i];
      ok                         = ok && voice->buffers[i];
    }
  }
  return ok;
}

static void
write_outputs(const Voice* const voice)
{
  const GrusStream* const stream = grus_slot_stream(voice->slot);
  for (uint32_t i = 0U; i < voice->n_ports; ++i) {
    float* const value = (float*)voice->buffers[i];
    if (!value) {
      continue;
    }
    switch (voice->ports[i].type) {
    case PORT_METER:
      *value = grus_stream_meter(stream, (GrusMeter)voice->ports[i].index);
      break;
    case PORT_LATENCY:
      *value = (float)grus_stream_latency(stream);
      break;
    case PORT_LOAD:
      *value = voice->load.mean;
      break;
    case PORT_LOAD_WORST:
      *value = voice->load.worst;
      break;
    case PORT_CONTROL:
    case PORT_NOTIFY:
    case PORT_PARAM:
    case PORT_INPUT:
    case PORT_OUTPUT:
      break;
    }
  }
}

static void
update_load(Voice* const voice, const double spent, const uint32_t n_frames)
{
  const float duration = (float)n_frames / (float)voice->sample_rate;
  const float percent  = 100.0f * (float)spent / duration;
  const float share    = fminf(duration, 1.0f);

  voice->load.mean += share * (percent - voice->load.mean);
  voice->load.worst = fmaxf(percent, voice->load.worst * (1.0f - share));
}

static void
tell_window(const Voice* const        voice,
            FeedSide* const           side,
            const float* const* const sound,
            const uint32_t            n_frames)
{
  if (feed_is_watched(&voice->feed)) {
    feed_take(side, sound, voice->n_channels, n_frames, voice->sample_rate);
  }
}

static void
process(Voice* const voice, const uint32_t n_frames)
{
  const float* in[MAX_SIDES];
  float*       out[MAX_SIDES];
  if (n_frames && find_sound(voice, in, out)) {
    tell_window(voice, &voice->feed.in, in, n_frames); // May be overwritten
    const double start = clock_seconds();
    grus_slot_process(voice->slot, in, out, n_frames);
    update_load(voice, clock_seconds() - start, n_frames);
    tell_window(voice, &voice->feed.out, (const float* const*)out, n_frames);
  }
}

static void
run(const LV2_Handle instance, const uint32_t n_frames)
{
  Voice* const                   voice = (Voice*)instance;
  const LV2_Atom_Sequence* const control =
    (const LV2_Atom_Sequence*)voice->buffers[PORT_CONTROL];
  LV2_Atom_Sequence* const notify =
    (LV2_Atom_Sequence*)voice->buffers[PORT_NOTIFY];

  messages_begin(voice, notify);
  messages_receive(voice, control);
  read_params(voice);
  if (n_frames) {
    note_block(voice, n_frames);
    process(voice, n_frames);
    update_load_mode(voice);
  }
  if (!grus_slot_has_retired(voice->slot)) {
    voice->collecting = false;
  } else if (!voice->collecting) {
    voice->collecting = ask_worker(voice, WORK_COLLECT, NULL);
  }
  write_outputs(voice);
  messages_end(voice, notify);
  feed_end_block(&voice->feed, n_frames);
}

static void
cleanup(const LV2_Handle instance)
{
  Voice* const voice = (Voice*)instance;
  control_free(voice->control);
  free(voice);
}

static void
load_model(Voice* const voice, const char* const path)
{
  const ModelReference reference = {path, 0U, NULL, 0U};
  GrusMessage          message;
  if (control_load(voice->control, &reference, &message)) {
    lv2_log_note(&voice->logger, "Grus: loaded model \"%s\"\n", path);
  } else {
    lv2_log_error(&voice->logger, "Grus: %s\n", message.text);
  }
}

static LV2_Worker_Status
work(const LV2_Handle                  instance,
     const LV2_Worker_Respond_Function respond,
     const LV2_Worker_Respond_Handle   handle,
     const uint32_t                    size,
     const void* const                 data)
{
  Voice* const voice = (Voice*)instance;
  Work         message;
  (void)respond;
  (void)handle;

  if (size < sizeof(message)) {
    return LV2_WORKER_ERR_UNKNOWN;
  }
  memcpy(&message, data, sizeof(message));
  switch (message.type) {
  case WORK_LOAD:
    load_model(voice, (const char*)data + sizeof(message));
    return LV2_WORKER_SUCCESS;
  case WORK_REBUILD:
    return control_rebuild(voice->control) ? LV2_WORKER_SUCCESS
                                           : LV2_WORKER_ERR_UNKNOWN;
  case WORK_COLLECT:
    control_collect(voice->control);
    return LV2_WORKER_SUCCESS;
  default:
    return LV2_WORKER_ERR_UNKNOWN;
  }
}

/// All news come through the control side's ring
static LV2_Worker_Status
work_response(const LV2_Handle  instance,
              const uint32_t    size,
              const void* const body)
{
  (void)instance;
  (void)size;
  (void)body;
  return LV2_WORKER_SUCCESS;
}

static const void*
extension_data(const char* const uri)
{
  static const LV2_Worker_Interface worker = {work, work_response, NULL};
  return !strcmp(uri, LV2_WORKER__interface)  ? &worker
         : !strcmp(uri, LV2_STATE__interface) ? state_interface()
                                              : NULL;
}

static const LV2_Descriptor descriptors[] = {
  {GRUS_VOICE_URI,
   instantiate,
   connect_port,
   activate,
   run,
   NULL,
   cleanup,
   extension_data},
  {GRUS_VOICE_STEREO_URI,
   instantiate,
   connect_port,
   activate,
   run,
   NULL,
   cleanup,
   extension_data},
};

LV2_SYMBOL_EXPORT const LV2_Descriptor*
lv2_descriptor(const uint32_t index)
{
  const bool exists = index < sizeof(descriptors) / sizeof(descriptors[0]);
  return exists && private_fft_is_loaded() ? &descriptors[index] : NULL;
}
