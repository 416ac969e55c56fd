// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "lv2_host/messages.h"

#include "lv2_host/impl.h"
#include "lv2_host/uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/patch/patch.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Start the messages of the next block, if none has
static void
begin(Host* const host)
{
  if (!host->forging) {
    lv2_atom_forge_set_buffer(&host->forge, host->in.bytes, ATOM_SIZE);
    lv2_atom_forge_sequence_head(&host->forge, &host->frame, 0U);
    host->forging = true;
  }
}

/// Begin a patch:Set of a property; the value comes next
static void
begin_set(Host* const                 host,
          LV2_Atom_Forge_Frame* const frame,
          const char* const           property)
{
  begin(host);
  lv2_atom_forge_frame_time(&host->forge, 0);
  lv2_atom_forge_object(&host->forge, frame, 0U, urid(LV2_PATCH__Set));
  lv2_atom_forge_key(&host->forge, urid(LV2_PATCH__property));
  lv2_atom_forge_urid(&host->forge, urid(property));
  lv2_atom_forge_key(&host->forge, urid(LV2_PATCH__value));
}

void
host_set_model(Host* const host, const char* const path)
{
  LV2_Atom_Forge_Frame frame;
  begin_set(host, &frame, "urn:grus:voice#model");
  lv2_atom_forge_path(&host->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&host->forge, &frame);
}

void
host_set_embed(Host* const host, const bool embed)
{
  LV2_Atom_Forge_Frame frame;
  begin_set(host, &frame, "urn:grus:voice#embed");
  lv2_atom_forge_bool(&host->forge, embed);
  lv2_atom_forge_pop(&host->forge, &frame);
}

void
host_get(Host* const host)
{
  LV2_Atom_Forge_Frame frame;
  begin(host);
  lv2_atom_forge_frame_time(&host->forge, 0);
  lv2_atom_forge_object(&host->forge, &frame, 0U, urid(LV2_PATCH__Get));
  lv2_atom_forge_pop(&host->forge, &frame);
}

void
host_send(Host* const host, const LV2_Atom* const message)
{
  begin(host);
  lv2_atom_forge_frame_time(&host->forge, 0);
  lv2_atom_forge_write(&host->forge, message, lv2_atom_total_size(message));
}

void
host_listen(Host* const host,
            void (*const told)(void*, const LV2_Atom*),
            void* const handle)
{
  host->told        = told;
  host->told_handle = handle;
}

static void
copy_text(char* const text, const size_t size, const LV2_Atom* const atom)
{
  snprintf(text, size, "%s", atom ? (const char*)(atom + 1) : "");
}

static void
read_put(Host* const host, const LV2_Atom_Object* const object)
{
  const LV2_Atom* body = NULL;
  lv2_atom_object_get(object, urid(LV2_PATCH__body), &body, 0);
  if (!body) {
    return;
  }

  const LV2_Atom* path  = NULL;
  const LV2_Atom* name  = NULL;
  const LV2_Atom* error = NULL;
  const LV2_Atom* rate  = NULL;
  const LV2_Atom* embed = NULL;
  lv2_atom_object_get((const LV2_Atom_Object*)body,
                      urid("urn:grus:voice#model"),
                      &path,
                      urid("urn:grus:voice#modelName"),
                      &name,
                      urid("urn:grus:voice#modelError"),
                      &error,
                      urid("urn:grus:voice#modelRate"),
                      &rate,
                      urid("urn:grus:voice#embed"),
                      &embed,
                      0);
  copy_text(host->news.path, sizeof(host->news.path), path);
  host->news.n_changes +=
    name && strcmp(host->news.name, (const char*)(name + 1));
  copy_text(host->news.name, sizeof(host->news.name), name);
  copy_text(host->news.error, sizeof(host->news.error), error);
  host->news.rate  = rate ? ((const LV2_Atom_Int*)rate)->body : 0;
  host->news.embed = embed && ((const LV2_Atom_Bool*)embed)->body;
  ++host->news.n_puts;
}

void
messages_read(Host* const host)
{
  LV2_ATOM_SEQUENCE_FOREACH(&host->out.sequence, event)
  {
    const LV2_Atom_Object* const object = (const LV2_Atom_Object*)&event->body;
    if (event->body.type == urid(LV2_ATOM__Object) &&
        object->body.otype == urid(LV2_PATCH__Put)) {
      read_put(host, object);
    }
    if (host->told) {
      host->told(host->told_handle, &event->body);
    }
  }
}

void
messages_end(Host* const host)
{
  begin(host);
  lv2_atom_forge_pop(&host->forge, &host->frame);
  host->forging = false;
}

uint8_t*
host_messages(Host* const host, uint32_t* const size)
{
  messages_end(host);
  *size         = lv2_atom_total_size(&host->in.sequence.atom);
  host->damaged = (uint8_t*)malloc(*size);
  memcpy(host->damaged, host->in.bytes, *size);
  return host->damaged;
}

const HostNews*
host_news(const Host* const host)
{
  return &host->news;
}
