// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What window and plugin tell each other over the ports for messages

#include "feed/atoms.h"
#include "feed/feed.h"
#include "host/clock.h"
#include "ports.h"
#include "uris.h"
#include "view/model/history.h"
#include "view/model/values.h"
#include "window/ui.h"

#include "grus/params.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { MESSAGE_SIZE = UI_PATH_SIZE + 512 };

/// Room for a message, aligned as atoms must be
typedef union {
  LV2_Atom atom;
  uint8_t  bytes[MESSAGE_SIZE];
  uint64_t alignment;
} Message;

static void
send(const Ui* const ui, const Message* const message)
{
  ui->write(ui->controller,
            PORT_CONTROL,
            lv2_atom_total_size(&message->atom),
            ui->uris.atom_eventTransfer,
            message);
}

/// Send an object that says all by its type
static void
send_word(Ui* const ui, const LV2_URID type)
{
  Message              message;
  LV2_Atom_Forge_Frame object;
  lv2_atom_forge_set_buffer(&ui->forge, message.bytes, MESSAGE_SIZE);
  lv2_atom_forge_object(&ui->forge, &object, 0U, type);
  lv2_atom_forge_pop(&ui->forge, &object);
  send(ui, &message);
}

void
ui_send_get(Ui* const ui)
{
  send_word(ui, ui->uris.patch_Get);
}

void
ui_send_watch(Ui* const ui)
{
  send_word(ui, ui->uris.watch);
}

void
ui_send_model(Ui* const ui, const char* const path)
{
  Message              message;
  LV2_Atom_Forge_Frame object;
  lv2_atom_forge_set_buffer(&ui->forge, message.bytes, MESSAGE_SIZE);
  lv2_atom_forge_object(&ui->forge, &object, 0U, ui->uris.patch_Set);
  lv2_atom_forge_key(&ui->forge, ui->uris.patch_property);
  lv2_atom_forge_urid(&ui->forge, ui->uris.model);
  lv2_atom_forge_key(&ui->forge, ui->uris.patch_value);
  lv2_atom_forge_path(&ui->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&ui->forge, &object);
  send(ui, &message);
}

/// Return the text of an atom that ends where it must, or null
static const char*
text_of(const Ui* const ui, const LV2_Atom* const atom)
{
  if (!atom || atom->type != ui->uris.atom_String || !atom->size) {
    return NULL;
  }

  const char* const text = (const char*)(atom + 1);
  return text[atom->size - 1U] ? NULL : text;
}

/// What there is to know about the model
static void
receive_put(Ui* const ui, const LV2_Atom_Object* const object)
{
  const LV2_Atom* body    = NULL;
  const LV2_Atom* name    = NULL;
  const LV2_Atom* license = NULL;
  const LV2_Atom* error   = NULL;
  lv2_atom_object_get(object, ui->uris.patch_body, &body, 0);
  if (!body || body->type != ui->uris.atom_Object ||
      !atom_object_is_whole((const LV2_Atom_Object*)body)) {
    return;
  }

  lv2_atom_object_get((const LV2_Atom_Object*)body,
                      ui->uris.model_name,
                      &name,
                      ui->uris.model_license,
                      &license,
                      ui->uris.model_error,
                      &error,
                      0);
  view_set_model(
    &ui->values, text_of(ui, name), text_of(ui, license), text_of(ui, error));
  view_set_loading(&ui->values, false);
}

/// The sound since the last message
static void
receive_sound(Ui* const ui, const LV2_Atom_Object* const object)
{
  const LV2_Atom* data = NULL;
  FeedHead        head;
  lv2_atom_object_get(object, ui->uris.sound_data, &data, 0);
  if (!data || data->type != ui->uris.atom_Chunk || data->size < sizeof(head) ||
      data->size > FEED_MESSAGE) {
    return;
  }

  memcpy(&head, data + 1, sizeof(head));
  if (head.n > FEED_MESSAGE ||
      data->size != sizeof(head) + (4U * (size_t)head.n)) {
    return;
  }

  const int16_t* const in =
    (const int16_t*)(const void*)((const char*)(data + 1) + sizeof(head));
  const double now = clock_seconds();
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    view_set_meter(&ui->values, (GrusMeter)i, head.meters[i], now);
  }
  ui->values.sample_rate = head.sample_rate;
  view_history_set_sound(ui->values.history, head.rate, head.delay);
  view_add_sound(&ui->values, in, in + head.n, head.n);
}

void
ui_receive(Ui* const ui, const void* const buffer, const uint32_t size)
{
  const LV2_Atom_Object* const object = (const LV2_Atom_Object*)buffer;
  if (size < sizeof(LV2_Atom_Object) ||
      object->atom.size > size - sizeof(LV2_Atom) ||
      (object->atom.type != ui->uris.atom_Object &&
       object->atom.type != ui->uris.atom_Blank) ||
      !atom_object_is_whole(object)) {
    return;
  }
  if (object->body.otype == ui->uris.patch_Put) {
    receive_put(ui, object);
  } else if (object->body.otype == ui->uris.sound) {
    receive_sound(ui, object);
  }
}
