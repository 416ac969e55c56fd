// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Properties over the atom ports: patch:Set and patch:Get come in, patch:Set
// and patch:Put go out.  Everything here runs in the audio thread, and nothing
// that a host sends is believed before its type and size are checked.

#include "control.h"
#include "feed/atoms.h"
#include "feed/feed.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "uris.h"
#include "voice.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/worker/worker.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

bool
ask_worker(const Voice* const voice,
           const WorkType     type,
           const char* const  path)
{
  char         message[sizeof(Work) + MAX_PATH];
  const size_t size = path ? strlen(path) + 1U : 0U;
  const Work   work = {(uint32_t)type};
  if (!voice->schedule || size > MAX_PATH) {
    return false;
  }

  memcpy(message, &work, sizeof(work));
  if (path) {
    memcpy(message + sizeof(work), path, size);
  }
  return !voice->schedule->schedule_work(
    voice->schedule->handle, (uint32_t)(sizeof(work) + size), message);
}

/// Return the text of a path or string atom if it ends where it must
static const char*
text_of(const Voice* const voice, const LV2_Atom* const atom)
{
  const bool is_text = atom->type == voice->uris.atom_Path ||
                       atom->type == voice->uris.atom_String;
  const char* const text = (const char*)(atom + 1);
  return is_text && atom->size && atom->size <= MAX_PATH &&
             !text[atom->size - 1U] && strlen(text) + 1U == atom->size
           ? text
           : NULL;
}

static void
tell_error(Voice* const voice, const char* const text)
{
  snprintf(voice->news.error, sizeof(voice->news.error), "%s", text);
  voice->must_notify = true;
}

static void
set_model(Voice* const voice, const LV2_Atom* const value)
{
  const char* const path = text_of(voice, value);
  if (!path) {
    tell_error(voice, "the model's path is not a path");
  } else if (!ask_worker(voice, WORK_LOAD, path)) {
    tell_error(voice, "the host has no worker that could load a model");
  }
}

/// patch:Set
static void
set_property(Voice* const voice, const LV2_Atom_Object* const object)
{
  const LV2_Atom* property = NULL;
  const LV2_Atom* value    = NULL;
  lv2_atom_object_get(object,
                      voice->uris.patch_property,
                      &property,
                      voice->uris.patch_value,
                      &value,
                      0);
  if (!property || !value || property->type != voice->uris.atom_URID ||
      property->size != sizeof(LV2_URID)) {
    return;
  }

  const LV2_URID key = ((const LV2_Atom_URID*)property)->body;
  if (key == voice->uris.model) {
    set_model(voice, value);
  } else if (key == voice->uris.embed && value->size == sizeof(int32_t) &&
             (value->type == voice->uris.atom_Bool ||
              value->type == voice->uris.atom_Int)) {
    atomic_store_explicit(&voice->embed,
                          !!((const LV2_Atom_Int*)value)->body,
                          memory_order_relaxed);
    voice->must_notify = true;
  }
}

static void
receive_event(Voice* const voice, const LV2_Atom* const atom)
{
  if (atom->type != voice->uris.atom_Object &&
      atom->type != voice->uris.atom_Blank) {
    return;
  }

  const LV2_Atom_Object* const object = (const LV2_Atom_Object*)atom;
  if (!atom_object_is_whole(object)) {
    return;
  }
  if (object->body.otype == voice->uris.patch_Set) {
    set_property(voice, object);
  } else if (object->body.otype == voice->uris.patch_Get) {
    voice->must_notify = true;
  } else if (object->body.otype == voice->uris.watch) {
    feed_watch(&voice->feed, voice->sample_rate);
  }
}

void
messages_receive(Voice* const voice, const LV2_Atom_Sequence* const in)
{
  if (!in || !voice->map || in->atom.type != voice->uris.atom_Sequence ||
      in->atom.size < sizeof(LV2_Atom_Sequence_Body)) {
    return;
  }

  const uint32_t size =
    in->atom.size - (uint32_t)sizeof(LV2_Atom_Sequence_Body);
  const char* const events = (const char*)(&in->body + 1);
  for (uint32_t used = 0U; size - used >= sizeof(LV2_Atom_Event);) {
    const LV2_Atom_Event* const event = (const LV2_Atom_Event*)(events + used);
    const uint32_t left = size - used - (uint32_t)sizeof(LV2_Atom_Event);
    if (event->body.size > left) {
      return;
    }
    receive_event(voice, &event->body);

    const uint32_t step =
      lv2_atom_pad_size((uint32_t)sizeof(LV2_Atom_Event) + event->body.size);
    used = step > size - used ? size : used + step;
  }
}

void
messages_begin(Voice* const voice, LV2_Atom_Sequence* const out)
{
  if (out && voice->map) {
    const uint32_t capacity = out->atom.size;
    lv2_atom_forge_set_buffer(&voice->forge, (uint8_t*)out, capacity);
  }
}

static void
forge_text(Voice* const      voice,
           const LV2_URID    key,
           const char* const text,
           const bool        is_path)
{
  const uint32_t size = (uint32_t)strlen(text);
  lv2_atom_forge_key(&voice->forge, key);
  if (is_path) {
    lv2_atom_forge_path(&voice->forge, text, size);
  } else {
    lv2_atom_forge_string(&voice->forge, text, size);
  }
}

/// Tell all properties in one patch:Put
static void
forge_put(Voice* const voice)
{
  const Uris* const     uris  = &voice->uris;
  LV2_Atom_Forge* const forge = &voice->forge;
  LV2_Atom_Forge_Frame  put;
  LV2_Atom_Forge_Frame  body;

  lv2_atom_forge_frame_time(forge, 0);
  lv2_atom_forge_object(forge, &put, 0U, uris->patch_Put);
  lv2_atom_forge_key(forge, uris->patch_body);
  lv2_atom_forge_object(forge, &body, 0U, 0U);
  forge_text(voice, uris->model, voice->news.path, true);
  forge_text(voice, uris->model_name, voice->news.name, false);
  forge_text(voice, uris->model_license, voice->news.license, false);
  forge_text(voice, uris->model_error, voice->news.error, false);
  lv2_atom_forge_key(forge, uris->model_rate);
  lv2_atom_forge_int(forge, (int32_t)voice->news.sample_rate);
  lv2_atom_forge_key(forge, uris->embed);
  lv2_atom_forge_bool(
    forge, atomic_load_explicit(&voice->embed, memory_order_relaxed));
  lv2_atom_forge_pop(forge, &body);
  lv2_atom_forge_pop(forge, &put);
}

/// Tell the path by itself, for hosts that look for patch:Set only
static void
forge_set(Voice* const voice)
{
  LV2_Atom_Forge* const forge = &voice->forge;
  LV2_Atom_Forge_Frame  set;

  lv2_atom_forge_frame_time(forge, 0);
  lv2_atom_forge_object(forge, &set, 0U, voice->uris.patch_Set);
  lv2_atom_forge_key(forge, voice->uris.patch_property);
  lv2_atom_forge_urid(forge, voice->uris.model);
  forge_text(voice, voice->uris.patch_value, voice->news.path, true);
  lv2_atom_forge_pop(forge, &set);
}

/// Tell windows the first `n` samples that wait
static void
forge_sound(Voice* const voice, const FeedHead* const head)
{
  LV2_Atom_Forge* const forge = &voice->forge;
  const uint32_t        size  = head->n * (uint32_t)sizeof(int16_t);
  LV2_Atom_Forge_Frame  sound;

  lv2_atom_forge_frame_time(forge, 0);
  lv2_atom_forge_object(forge, &sound, 0U, voice->uris.sound);
  lv2_atom_forge_key(forge, voice->uris.sound_data);
  lv2_atom_forge_atom(
    forge, (uint32_t)sizeof(*head) + (2U * size), voice->uris.atom_Chunk);
  lv2_atom_forge_raw(forge, head, sizeof(*head));
  lv2_atom_forge_raw(forge, voice->feed.in.samples, size);
  lv2_atom_forge_raw(forge, voice->feed.out.samples, size);
  lv2_atom_forge_pad(forge, (uint32_t)sizeof(*head) + (2U * size));
  lv2_atom_forge_pop(forge, &sound);
}

static FeedHead
feed_head(const Voice* const voice)
{
  const GrusStream* const stream  = grus_slot_stream(voice->slot);
  const uint32_t          divisor = feed_divisor(voice->sample_rate);
  FeedHead                head    = {voice->sample_rate,
                                     voice->sample_rate / divisor,
                                     grus_stream_latency(stream) / divisor,
                                     feed_message_samples(voice->sample_rate),
                                     {0.0f}};
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    head.meters[i] = grus_stream_meter(stream, (GrusMeter)i);
  }
  return head;
}

/// Tell windows the sound of this block, as far as the host has room for it
static void
forge_feed(Voice* const voice)
{
  Feed* const feed = &voice->feed;
  if (!feed_is_watched(feed)) {
    return;
  }

  const FeedHead head = feed_head(voice);
  while (feed->in.n >= head.n && feed->out.n >= head.n) {
    if (voice->forge.size - voice->forge.offset >= FEED_MESSAGE) {
      forge_sound(voice, &head);
    }
    feed_drop(feed, head.n);
  }
}

void
messages_end(Voice* const voice, const LV2_Atom_Sequence* const out)
{
  if (control_take_news(voice->control, &voice->news)) {
    voice->must_notify = true;
  }
  if (!out || !voice->map) {
    return;
  }

  LV2_Atom_Forge_Frame sequence;
  if (lv2_atom_forge_sequence_head(&voice->forge, &sequence, 0U)) {
    const uint32_t left = voice->forge.size - voice->forge.offset;
    if (voice->must_notify && left >= 2U * strlen(voice->news.path) + 1600U) {
      forge_put(voice);
      forge_set(voice);
      voice->must_notify = false;
    }
    forge_feed(voice);
    lv2_atom_forge_pop(&voice->forge, &sequence);
  }
}
