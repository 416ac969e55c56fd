// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host/presets.h"

#include "grus/grus.h"
#include "host/data_file.h"
#include "host/preset_params.h"

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_SIZE = 256, PATH_SIZE = 4096 };

struct PresetsImpl {
  json_t* root;
};

/// Tell what is wrong with the presets; a path that is long loses its end
static bool
fail_preset(GrusMessage* const message,
            const char* const  path,
            const char* const  why)
{
  snprintf(message->text,
           sizeof(message->text),
           "cannot read presets \"%.90s\": %.120s",
           path,
           why);
  return false;
}

bool
presets_load_file(Presets** const    result,
                  const char* const  path,
                  GrusMessage* const message)
{
  json_error_t  error;
  json_t* const root = json_load_file(path, 0, &error);
  if (!json_is_object(root)) {
    json_decref(root);
    return fail_preset(
      message, path, root ? "it is not an object" : error.text);
  }

  Presets* const presets = (Presets*)malloc(sizeof(Presets));
  if (!presets) {
    json_decref(root);
    return fail_preset(message, path, "no memory");
  }

  presets->root = root;
  *result       = presets;
  return true;
}

bool
presets_load(Presets** const result, GrusMessage* const message)
{
  char path[PATH_SIZE];
  return presets_load_file(
    result, data_file_path("presets.json", path, sizeof(path)), message);
}

void
presets_free(Presets* const presets)
{
  if (presets) {
    json_decref(presets->root);
    free(presets);
  }
}

/// Return the place of preset `index` in the file
static void*
iterator(const Presets* const presets, const size_t index)
{
  void* place = json_object_iter(presets->root);
  for (size_t i = 0U; place && i < index; ++i) {
    place = json_object_iter_next(presets->root, place);
  }

  return place;
}

const char*
presets_name(const Presets* const presets, const size_t index)
{
  void* const place = iterator(presets, index);
  return place ? json_object_iter_key(place) : NULL;
}

bool
presets_find(const Presets* const presets,
             const char* const    name,
             size_t* const        index,
             GrusMessage* const   message)
{
  char list[LIST_SIZE] = "";
  for (size_t i = 0U; presets_name(presets, i); ++i) {
    if (!strcmp(presets_name(presets, i), name)) {
      *index = i;
      return true;
    }
    strncat(list, i ? ", " : "", LIST_SIZE - strlen(list) - 1U);
    strncat(list, presets_name(presets, i), LIST_SIZE - strlen(list) - 1U);
  }

  snprintf(message->text,
           sizeof(message->text),
           "preset \"%.60s\" is none of %.170s",
           name,
           list);
  return false;
}

void
presets_values(const Presets* const presets,
               const size_t         index,
               float                values[GRUS_N_PARAMS])
{
  const json_t* const preset = json_object_iter_value(iterator(presets, index));
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParamInfo* const info  = grus_param_info(i);
    const json_t* const        value = json_object_get(preset, info->symbol);
    values[i]                        = !preset_sets((GrusParam)i) ? NAN
                                       : json_is_number(value) ? (float)json_number_value(value)
                                                               : info->initial;
  }
}
