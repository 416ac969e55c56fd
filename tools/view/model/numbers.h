// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file numbers.h

   Values as a person reads, types and turns them, each with its unit.
*/

#ifndef GRUS_TOOLS_VIEW_MODEL_NUMBERS_H
#define GRUS_TOOLS_VIEW_MODEL_NUMBERS_H

#include "grus/params.h"

#include <stdbool.h>
#include <stddef.h>

/// Write the value of a parameter with its unit, like "24.0 dB"
void
view_number_text(GrusParam param, float value, char* text, size_t size);

/// Read what a person typed, with or without the unit; false if it is nothing
bool
view_number_read(GrusParam param, const char* text, float* value);

/// Return where a value lies in its range, 0 to 1
double
view_number_part(GrusParam param, float value);

/// Return the value that lies there
float
view_number_at(GrusParam param, double part);

/// Return a value some steps further, a tenth as long where they are fine
float
view_number_step(GrusParam param, float value, double steps, bool fine);

/// Return how many values a parameter has that is switched, else 0
unsigned
view_number_choices(GrusParam param);

/// Return what such a value is called
const char*
view_number_choice(GrusParam param, unsigned choice);

#endif // GRUS_TOOLS_VIEW_MODEL_NUMBERS_H
