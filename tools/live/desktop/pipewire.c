// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/desktop/pipewire.h"

#include "cli/preset_option.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "live/options.h"

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// "nofail": without the plugin there is no Grus, but still sound
static const char head[] =
  "# A microphone called Grus: PipeWire runs the LV2 plugin on another one.\n"
  "# Put this file into ~/.config/pipewire/pipewire.conf.d/ and restart\n"
  "# PipeWire: systemctl --user restart pipewire\n"
  "context.modules = [\n"
  "  { name = libpipewire-module-filter-chain\n"
  "    flags = [ nofail ]\n"
  "    args = {\n"
  "      node.description = \"Grus\"\n"
  "      media.name = \"Grus\"\n"
  "      filter.graph = {\n"
  "        nodes = [\n"
  "          { type = lv2\n"
  "            name = voice\n";

/// Set every value that `more` has
static void
override(float values[GRUS_N_PARAMS], const float more[GRUS_N_PARAMS])
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    values[i] = isnan(more[i]) ? values[i] : more[i];
  }
}

/// Get the preset's values, NaN where there is none
static int
preset_values(const char* const name, float values[GRUS_N_PARAMS])
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    values[i] = NAN;
  }
  return name ? preset_option_values(name, values) : EXIT_OK;
}

static int
check(const LiveOptions* const options)
{
  if (options->n_channels > 2U) {
    return say_error(EXIT_USAGE, "the plugin has one or two channels");
  }
  if (options->n_models) {
    return say_error(EXIT_USAGE, "PipeWire cannot tell the plugin a model");
  }
  return EXIT_OK;
}

static void
print_graph(const bool stereo, const float values[GRUS_N_PARAMS])
{
  fputs(head, stdout);
  printf("            plugin = \"urn:grus:voice%s\"\n",
         stereo ? "-stereo" : "");
  puts("            control = {");
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    if (!isnan(values[i]) && (stereo || i != GRUS_PARAM_LINK)) {
      printf("              \"%s\" = %g\n",
             grus_param_info(i)->symbol,
             (double)values[i]);
    }
  }
  puts("            }\n"
       "          }\n"
       "        ]\n"
       "      }");
}

static void
print_nodes(const bool stereo, const char* const target)
{
  const char* const position = stereo ? "FL FR" : "MONO";
  printf("      audio.position = [ %s ]\n"
         "      capture.props = {\n"
         "        node.name = \"grus.input\"\n"
         "        node.passive = true\n",
         position);
  if (target) {
    printf("        target.object = %s\n", target);
  }
  puts("      }\n"
       "      playback.props = {\n"
       "        node.name = \"grus\"\n"
       "        node.description = \"Grus\"\n"
       "        media.class = Audio/Source\n"
       "      }\n"
       "    }\n"
       "  }\n"
       "]");
}

/// Return a text in quotes, which the caller frees; null for none
static char*
quote(const char* const text)
{
  json_t* const string = text ? json_string(text) : NULL;
  char* const   quoted = json_dumps(string, JSON_ENCODE_ANY);
  json_decref(string);
  return quoted;
}

int
live_pipewire_print(const LiveOptions* const options)
{
  const bool stereo = options->n_channels == 2U;
  float      values[GRUS_N_PARAMS];

  int code = check(options);
  if (!code) {
    code = preset_values(options->preset, values);
  }
  if (code) {
    return code;
  }

  char* const target = quote(options->input);
  if (options->input && !target) {
    return say_error(EXIT_USAGE, "\"%s\" is no name of a node", options->input);
  }
  override(values, options->params);
  print_graph(stereo, values);
  print_nodes(stereo, target);
  free(target);
  return EXIT_OK;
}
