// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_URIS_H
#define GRUS_PLUGIN_URIS_H

#include "host/identity.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/patch/patch.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

// Properties, the same for both plugins
#define GRUS_MODEL_URI GRUS_VOICE_URI "#model"
#define GRUS_EMBED_URI GRUS_VOICE_URI "#embed"
#define GRUS_MODEL_NAME_URI GRUS_VOICE_URI "#modelName"
#define GRUS_MODEL_LICENSE_URI GRUS_VOICE_URI "#modelLicense"
#define GRUS_MODEL_RATE_URI GRUS_VOICE_URI "#modelRate"
#define GRUS_MODEL_ERROR_URI GRUS_VOICE_URI "#modelError"

// Keys of the saved state beside the model's path
#define GRUS_MODEL_HASH_URI GRUS_VOICE_URI "#modelHash"
#define GRUS_MODEL_DATA_URI GRUS_VOICE_URI "#modelData"

#define GRUS_WINDOW_URI GRUS_VOICE_URI "#window"

// Messages between the audio thread and windows: "a window is there", and the
// sound that it draws (feed/feed.h)
#define GRUS_WATCH_URI GRUS_VOICE_URI "#watch"
#define GRUS_SOUND_URI GRUS_VOICE_URI "#sound"
#define GRUS_SOUND_DATA_URI GRUS_VOICE_URI "#soundData"

/// Everything that the plugin needs as numbers
typedef struct {
  LV2_URID atom_Blank;
  LV2_URID atom_Bool;
  LV2_URID atom_Chunk;
  LV2_URID atom_Float;
  LV2_URID atom_Int;
  LV2_URID atom_Object;
  LV2_URID atom_Path;
  LV2_URID atom_Sequence;
  LV2_URID atom_String;
  LV2_URID atom_URID;
  LV2_URID atom_eventTransfer;
  LV2_URID bufsz_maxBlockLength;
  LV2_URID bufsz_nominalBlockLength;
  LV2_URID embed;
  LV2_URID model;
  LV2_URID model_data;
  LV2_URID model_error;
  LV2_URID model_hash;
  LV2_URID model_license;
  LV2_URID model_name;
  LV2_URID model_rate;
  LV2_URID patch_Get;
  LV2_URID patch_Put;
  LV2_URID patch_Set;
  LV2_URID patch_body;
  LV2_URID patch_property;
  LV2_URID patch_value;
  LV2_URID sound;
  LV2_URID sound_data;
  LV2_URID ui_backgroundColor;
  LV2_URID ui_scaleFactor;
  LV2_URID watch;
} Uris;

static inline void
map_uris(LV2_URID_Map* const map, Uris* const uris)
{
#define GRUS_MAP(uri) map->map(map->handle, (uri))
  uris->atom_Blank               = GRUS_MAP(LV2_ATOM__Blank);
  uris->atom_Bool                = GRUS_MAP(LV2_ATOM__Bool);
  uris->atom_Chunk               = GRUS_MAP(LV2_ATOM__Chunk);
  uris->atom_Float               = GRUS_MAP(LV2_ATOM__Float);
  uris->atom_Int                 = GRUS_MAP(LV2_ATOM__Int);
  uris->atom_Object              = GRUS_MAP(LV2_ATOM__Object);
  uris->atom_Path                = GRUS_MAP(LV2_ATOM__Path);
  uris->atom_Sequence            = GRUS_MAP(LV2_ATOM__Sequence);
  uris->atom_String              = GRUS_MAP(LV2_ATOM__String);
  uris->atom_URID                = GRUS_MAP(LV2_ATOM__URID);
  uris->atom_eventTransfer       = GRUS_MAP(LV2_ATOM__eventTransfer);
  uris->bufsz_maxBlockLength     = GRUS_MAP(LV2_BUF_SIZE__maxBlockLength);
  uris->bufsz_nominalBlockLength = GRUS_MAP(LV2_BUF_SIZE__nominalBlockLength);
  uris->embed                    = GRUS_MAP(GRUS_EMBED_URI);
  uris->model                    = GRUS_MAP(GRUS_MODEL_URI);
  uris->model_data               = GRUS_MAP(GRUS_MODEL_DATA_URI);
  uris->model_error              = GRUS_MAP(GRUS_MODEL_ERROR_URI);
  uris->model_hash               = GRUS_MAP(GRUS_MODEL_HASH_URI);
  uris->model_license            = GRUS_MAP(GRUS_MODEL_LICENSE_URI);
  uris->model_name               = GRUS_MAP(GRUS_MODEL_NAME_URI);
  uris->model_rate               = GRUS_MAP(GRUS_MODEL_RATE_URI);
  uris->patch_Get                = GRUS_MAP(LV2_PATCH__Get);
  uris->patch_Put                = GRUS_MAP(LV2_PATCH__Put);
  uris->patch_Set                = GRUS_MAP(LV2_PATCH__Set);
  uris->patch_body               = GRUS_MAP(LV2_PATCH__body);
  uris->patch_property           = GRUS_MAP(LV2_PATCH__property);
  uris->patch_value              = GRUS_MAP(LV2_PATCH__value);
  uris->sound                    = GRUS_MAP(GRUS_SOUND_URI);
  uris->sound_data               = GRUS_MAP(GRUS_SOUND_DATA_URI);
  uris->ui_backgroundColor       = GRUS_MAP(LV2_UI__backgroundColor);
  uris->ui_scaleFactor           = GRUS_MAP(LV2_UI__scaleFactor);
  uris->watch                    = GRUS_MAP(GRUS_WATCH_URI);
#undef GRUS_MAP
}

#endif // GRUS_PLUGIN_URIS_H
