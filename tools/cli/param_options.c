// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/param_options.h"

#include "cli/say.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAME_SIZE = 32 };

const char*
param_option_name(const uint32_t param)
{
  static char names[GRUS_N_PARAMS][NAME_SIZE];

  snprintf(names[param], NAME_SIZE, "%s", grus_param_info(param)->symbol);
  for (char* c = names[param]; *c; ++c) {
    *c = *c == '_' ? '-' : *c;
  }
  return names[param];
}

void
param_options_clear(float values[GRUS_N_PARAMS])
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    values[i] = NAN;
  }
}

/// Find `text` among an enumeration's labels or the words for a switch
static bool
parse_word(const GrusParamInfo* const info,
           const char* const          text,
           float* const               value)
{
  static const char* const words[] = {"off", "on", NULL};

  const char* const* const labels =
    info->type == GRUS_PARAM_TOGGLE ? words : info->labels;
  for (uint32_t i = 0U; labels[i]; ++i) {
    if (!strcasecmp(labels[i], text)) {
      *value = (float)i;
      return true;
    }
  }

  return false;
}

int
param_option_parse(const uint32_t    param,
                   const char* const text,
                   float* const      value)
{
  const GrusParamInfo* const info = grus_param_info(param);
  if (parse_word(info, text, value)) {
    return EXIT_OK;
  }

  char* end = NULL;
  *value    = strtof(text, &end);
  if (end != text && !*end && *value >= info->minimum &&
      *value <= info->maximum) {
    return EXIT_OK;
  }
  if (info->labels[0]) {
    return say_error(EXIT_USAGE,
                     "--%s \"%s\" is none of %s, %s%s%s",
                     param_option_name(param),
                     text,
                     info->labels[0],
                     info->labels[1],
                     info->labels[2] ? ", " : "",
                     info->labels[2] ? info->labels[2] : "");
  }
  return say_error(EXIT_USAGE,
                   "--%s \"%s\" is not a number from %g to %g%s%s",
                   param_option_name(param),
                   text,
                   (double)info->minimum,
                   (double)info->maximum,
                   *info->unit ? " " : "",
                   info->unit);
}

void
param_options_apply(const float values[GRUS_N_PARAMS], GrusStream* const stream)
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    grus_stream_set_param(stream, (GrusParam)i, values[i]);
  }
}
