// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/preset_option.h"

#include "cli/say.h"
#include "grus/grus.h"
#include "host/presets.h"

#include <stdbool.h>
#include <stddef.h>

int
preset_option_values(const char* const name, float values[GRUS_N_PARAMS])
{
  Presets*    presets = NULL;
  size_t      index   = 0U;
  GrusMessage message;
  if (!presets_load(&presets, &message)) {
    return say_error(EXIT_FAILED, "%s", message.text);
  }

  const bool found = presets_find(presets, name, &index, &message);
  if (found) {
    presets_values(presets, index, values);
  }
  presets_free(presets);
  return found ? EXIT_OK : say_error(EXIT_USAGE, "%s", message.text);
}
