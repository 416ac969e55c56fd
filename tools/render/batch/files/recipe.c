// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/files/recipe.h"

#include "cli/json_text.h"
#include "cli/model_file.h"
#include "cli/param_options.h"
#include "cli/preset_option.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "render/options.h"

#include <jansson.h>

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/// Set a field; whether there was memory
static bool
set(json_t* const recipe, const char* const name, json_t* const value)
{
  return !json_object_set_new(recipe, name, value);
}

/// Set a field if it was asked for
static bool
set_text(json_t* const recipe, const char* const name, const char* const text)
{
  return !text || set(recipe, name, json_text(text));
}

static bool
set_count(json_t* const recipe, const char* const name, const int64_t count)
{
  return !count || set(recipe, name, json_integer(count));
}

/// Set the parameters that differ from the defaults, whoever named them
static bool
set_params(json_t* const recipe, const RenderOptions* const options)
{
  float preset[GRUS_N_PARAMS];
  bool  ok = true;
  param_options_clear(preset);
  if (options->preset && preset_option_values(options->preset, preset)) {
    return false;
  }
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const float value =
      isnan(options->params[i]) ? preset[i] : options->params[i];
    ok = ok && (isnan(value) ||
                set(recipe, param_option_name(i), json_real((double)value)));
  }
  return ok;
}

static bool
set_options(json_t* const recipe, const RenderOptions* const o)
{
  return set_text(recipe, "format", o->format) &&
         set_text(recipe, "bits", o->bits) &&
         set_text(recipe, "kernels", o->kernels) &&
         set_count(recipe, "rate", o->rate) &&
         set_count(recipe, "track", o->track) &&
         set_count(recipe, "warm_up", o->warm_up) &&
         set_count(recipe, "raw_rate", o->raw.sample_rate) &&
         set_count(recipe,
                   "raw_channels",
                   o->raw.sample_rate ? (int64_t)o->raw.n_channels : 0) &&
         set_count(recipe, "raw_numbers", o->raw.numbers) &&
         (isnan(o->quality) ||
          set(recipe, "quality", json_real((double)o->quality)));
}

static bool
set_model(json_t* const              recipe,
          const RenderOptions* const options,
          const GrusModelInfo* const info)
{
  char hash[17];
  snprintf(hash, sizeof(hash), "%016" PRIx64, info->hash);
  return set(recipe, "model", json_text(info->name)) &&
         set(recipe, "model_hash", json_string(hash)) &&
         set(recipe,
             "weights",
             json_string(model_file_storage_name(options->storage)));
}

int
batch_recipe(const RenderOptions* const options,
             const ModelFile* const     model,
             json_t** const             recipe)
{
  float     preset[GRUS_N_PARAMS];
  const int code =
    options->preset ? preset_option_values(options->preset, preset) : EXIT_OK;
  *recipe = code ? NULL : json_object();
  if (*recipe && set_model(*recipe, options, grus_model_info(model->model)) &&
      set_options(*recipe, options) && set_params(*recipe, options)) {
    return EXIT_OK;
  }

  json_decref(*recipe);
  *recipe = NULL;
  return code ? code : say_error(EXIT_FAILED, "no memory for the options");
}
