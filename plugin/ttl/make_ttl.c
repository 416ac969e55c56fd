// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Writes the bundle's .ttl files from the tables that the plugin itself reads
// (ports.h, the engine's params.h) and from the presets, so that none of them
// can disagree.  Runs when Grus is built.

#include "grus/params.h"
#include "host/preset_params.h"
#include "plugins_ttl.h"
#include "presets_ttl.h"

#include <jansson.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Return whether a preset names only parameters that it may set, in range
static bool
is_valid(const char* const name, json_t* const preset)
{
  const char* symbol = NULL;
  json_t*     value  = NULL;
  json_object_foreach(preset, symbol, value)
  {
    uint32_t i = 0U;
    while (i < GRUS_N_PARAMS && strcmp(grus_param_info(i)->symbol, symbol)) {
      ++i;
    }

    const GrusParamInfo* const info = grus_param_info(i);
    if (!info || !preset_sets((GrusParam)i) || !json_is_number(value) ||
        json_number_value(value) < (double)info->minimum ||
        json_number_value(value) > (double)info->maximum) {
      fprintf(stderr, "make_ttl: preset \"%s\": bad \"%s\"\n", name, symbol);
      return false;
    }
  }
  return true;
}

static bool
are_valid(json_t* const presets)
{
  const char* name   = NULL;
  json_t*     preset = NULL;
  bool        ok     = json_object_size(presets) > 0U;
  json_object_foreach(presets, name, preset)
  {
    ok = ok && is_valid(name, preset);
  }
  return ok;
}

int
main(const int argc, char** const argv)
{
  if (argc != 7) {
    fprintf(stderr,
            "Usage: make_ttl PRESETS BINARY WINDOW MANIFEST.ttl VOICE.ttl "
            "PRESETS.ttl\n");
    return EXIT_FAILURE;
  }

  json_error_t  error;
  json_t* const presets =
    json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
  if (!presets || !are_valid(presets)) {
    fprintf(stderr,
            "make_ttl: cannot use \"%s\"%s%s\n",
            argv[1],
            presets ? "" : ": ",
            presets ? "" : error.text);
    json_decref(presets);
    return EXIT_FAILURE;
  }

  FILE* files[3] = {
    fopen(argv[4], "w"), fopen(argv[5], "w"), fopen(argv[6], "w")};
  bool ok = files[0] && files[1] && files[2];
  if (ok) {
    presets_ttl_write_manifest(files[0], presets, argv[2], argv[3]);
    plugins_ttl_write(files[1], argv[3]);
    presets_ttl_write(files[2], presets);
  }
  for (size_t i = 0U; i < 3U; ++i) {
    ok = files[i] && !ferror(files[i]) && !fclose(files[i]) && ok;
  }
  json_decref(presets);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
