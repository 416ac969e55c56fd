// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/model/numbers.h"

#include "grus/params.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/// Shares of one are shown as percent
static bool
is_share(const GrusParamInfo* const info)
{
  return info->type == GRUS_PARAM_FLOAT && !*info->unit;
}

void
view_number_text(const GrusParam param,
                 const float     value,
                 char* const     text,
                 const size_t    size)
{
  const GrusParamInfo* const info = grus_param_info(param);
  if (info->type != GRUS_PARAM_FLOAT) {
    snprintf(text, size, "%s", view_number_choice(param, (unsigned)value));
  } else if (is_share(info)) {
    snprintf(text, size, "%.0f %%", 100.0 * (double)value);
  } else if (!strcmp(info->unit, "ms")) {
    snprintf(text, size, "%.0f ms", (double)value);
  } else {
    const char* const sign = info->minimum < 0.0f && value > 0.0f ? "+" : "";
    snprintf(text, size, "%s%.1f %s", sign, (double)value, info->unit);
  }
}

/// Read a number with a point or a comma, whatever the host's locale has
static bool
read_decimal(const char* text, double* const number)
{
  double place = 0.0; // Of the next digit behind the point, 0 before it
  bool   found = false;
  text += strspn(text, " ");
  const bool negative = *text == '-';
  for (text += *text == '-' || *text == '+'; *text; ++text) {
    if (*text >= '0' && *text <= '9') {
      const double digit = *text - '0';
      *number =
        place > 0.0 ? *number + (place * digit) : (10.0 * *number) + digit;
      place *= 0.1;
      found = true;
    } else if ((*text == '.' || *text == ',') && place == 0.0) {
      place = 0.1;
    } else {
      break;
    }
  }
  *number = negative ? -*number : *number;
  return found;
}

bool
view_number_read(const GrusParam   param,
                 const char* const text,
                 float* const      value)
{
  const GrusParamInfo* const info   = grus_param_info(param);
  double                     number = 0.0;
  if (!read_decimal(text, &number)) {
    return false;
  }
  *value = (float)(is_share(info) ? number / 100.0 : number);
  return true;
}

double
view_number_part(const GrusParam param, const float value)
{
  const GrusParamInfo* const info = grus_param_info(param);
  return (double)((value - info->minimum) / (info->maximum - info->minimum));
}

float
view_number_at(const GrusParam param, const double part)
{
  const GrusParamInfo* const info  = grus_param_info(param);
  const double               range = (double)(info->maximum - info->minimum);
  return info->minimum + (float)(range * fmin(fmax(part, 0.0), 1.0));
}

/// Return the step of a wheel or an arrow key
static float
step_of(const GrusParamInfo* const info)
{
  return info->type != GRUS_PARAM_FLOAT ? 1.0f
         : is_share(info)               ? 0.05f
         : !strcmp(info->unit, "ms")    ? 20.0f
                                        : 1.0f;
}

float
view_number_step(const GrusParam param,
                 const float     value,
                 const double    steps,
                 const bool      fine)
{
  const GrusParamInfo* const info    = grus_param_info(param);
  const bool                 divides = fine && info->type == GRUS_PARAM_FLOAT;
  const float                step    = step_of(info) * (divides ? 0.1f : 1.0f);
  return value + (step * (float)steps);
}

unsigned
view_number_choices(const GrusParam param)
{
  const GrusParamInfo* const info = grus_param_info(param);
  return info->type == GRUS_PARAM_FLOAT
           ? 0U
           : (unsigned)(info->maximum - info->minimum) + 1U;
}

const char*
view_number_choice(const GrusParam param, const unsigned choice)
{
  const GrusParamInfo* const info = grus_param_info(param);
  return choice >= view_number_choices(param) ? ""
         : info->type == GRUS_PARAM_ENUM      ? info->labels[choice]
         : choice                             ? "On"
                                              : "Off";
}
