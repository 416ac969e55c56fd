// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/desktop/pipewire.h"

#include "cli/preset_option.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "host/identity.h"
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
  "# It belongs into ~/.config/pipewire/pipewire.conf.d/; then restart\n"
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
print_graph(FILE* const out,
            const bool  stereo,
            const float values[GRUS_N_PARAMS])
{
  fputs(head, out);
  fprintf(out,
          "            plugin = \"%s\"\n",
          stereo ? GRUS_VOICE_STEREO_URI : GRUS_VOICE_URI);
  fputs("            control = {\n", out);
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    if (!isnan(values[i]) && (stereo || i != GRUS_PARAM_LINK)) {
      fprintf(out,
              "              \"%s\" = %g\n",
              grus_param_info(i)->symbol,
              (double)values[i]);
    }
  }
  fputs("            }\n"
        "          }\n"
        "        ]\n"
        "      }\n",
        out);
}

static void
print_nodes(FILE* const out, const bool stereo, const char* const target)
{
  const char* const position = stereo ? "FL FR" : "MONO";
  fprintf(out,
          "      audio.position = [ %s ]\n"
          "      capture.props = {\n"
          "        node.name = \"grus.input\"\n"
          "        node.passive = true\n",
          position);
  if (target) {
    fprintf(out, "        target.object = %s\n", target);
  }
  fputs("      }\n"
        "      playback.props = {\n"
        "        node.name = \"grus\"\n"
        "        node.description = \"Grus\"\n"
        "        media.class = Audio/Source\n"
        "      }\n"
        "    }\n"
        "  }\n"
        "]\n",
        out);
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
live_pipewire_print(const LiveOptions* const options, FILE* const out)
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
  print_graph(out, stereo, values);
  print_nodes(out, stereo, target);
  free(target);
  return EXIT_OK;
}
