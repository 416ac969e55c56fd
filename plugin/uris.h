// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_URIS_H
#define GRUS_PLUGIN_URIS_H

#include "host/identity.h"

#include <lv2/atom/atom.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/patch/patch.h>
#include <lv2/urid/urid.h>

// Properties, the same for both plugins
#define GRUS_MODEL_URI GRUS_VOICE_URI "#model"
#define GRUS_EMBED_URI GRUS_VOICE_URI "#embed"
#define GRUS_MODEL_NAME_URI GRUS_VOICE_URI "#modelName"
#define GRUS_MODEL_RATE_URI GRUS_VOICE_URI "#modelRate"
#define GRUS_MODEL_ERROR_URI GRUS_VOICE_URI "#modelError"

// Keys of the saved state beside the model's path
#define GRUS_MODEL_HASH_URI GRUS_VOICE_URI "#modelHash"
#define GRUS_MODEL_DATA_URI GRUS_VOICE_URI "#modelData"

/// Everything that the plugin needs as numbers
typedef struct {
  LV2_URID atom_Blank;
  LV2_URID atom_Bool;
  LV2_URID atom_Chunk;
  LV2_URID atom_Int;
  LV2_URID atom_Object;
  LV2_URID atom_Path;
  LV2_URID atom_Sequence;
  LV2_URID atom_String;
  LV2_URID atom_URID;
  LV2_URID bufsz_maxBlockLength;
  LV2_URID bufsz_nominalBlockLength;
  LV2_URID embed;
  LV2_URID model;
  LV2_URID model_data;
  LV2_URID model_error;
  LV2_URID model_hash;
  LV2_URID model_name;
  LV2_URID model_rate;
  LV2_URID patch_Get;
  LV2_URID patch_Put;
  LV2_URID patch_Set;
  LV2_URID patch_body;
  LV2_URID patch_property;
  LV2_URID patch_value;
} Uris;

static inline void
map_uris(LV2_URID_Map* const map, Uris* const uris)
{
#define GRUS_MAP(uri) map->map(map->handle, (uri))
  uris->atom_Blank               = GRUS_MAP(LV2_ATOM__Blank);
  uris->atom_Bool                = GRUS_MAP(LV2_ATOM__Bool);
  uris->atom_Chunk               = GRUS_MAP(LV2_ATOM__Chunk);
  uris->atom_Int                 = GRUS_MAP(LV2_ATOM__Int);
  uris->atom_Object              = GRUS_MAP(LV2_ATOM__Object);
  uris->atom_Path                = GRUS_MAP(LV2_ATOM__Path);
  uris->atom_Sequence            = GRUS_MAP(LV2_ATOM__Sequence);
  uris->atom_String              = GRUS_MAP(LV2_ATOM__String);
  uris->atom_URID                = GRUS_MAP(LV2_ATOM__URID);
  uris->bufsz_maxBlockLength     = GRUS_MAP(LV2_BUF_SIZE__maxBlockLength);
  uris->bufsz_nominalBlockLength = GRUS_MAP(LV2_BUF_SIZE__nominalBlockLength);
  uris->embed                    = GRUS_MAP(GRUS_EMBED_URI);
  uris->model                    = GRUS_MAP(GRUS_MODEL_URI);
  uris->model_data               = GRUS_MAP(GRUS_MODEL_DATA_URI);
  uris->model_error              = GRUS_MAP(GRUS_MODEL_ERROR_URI);
  uris->model_hash               = GRUS_MAP(GRUS_MODEL_HASH_URI);
  uris->model_name               = GRUS_MAP(GRUS_MODEL_NAME_URI);
  uris->model_rate               = GRUS_MAP(GRUS_MODEL_RATE_URI);
  uris->patch_Get                = GRUS_MAP(LV2_PATCH__Get);
  uris->patch_Put                = GRUS_MAP(LV2_PATCH__Put);
  uris->patch_Set                = GRUS_MAP(LV2_PATCH__Set);
  uris->patch_body               = GRUS_MAP(LV2_PATCH__body);
  uris->patch_property           = GRUS_MAP(LV2_PATCH__property);
  uris->patch_value              = GRUS_MAP(LV2_PATCH__value);
#undef GRUS_MAP
}

#endif // GRUS_PLUGIN_URIS_H
