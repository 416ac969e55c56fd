// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_HOST_PRESET_PARAMS_H
#define GRUS_HOST_PRESET_PARAMS_H

#include "grus/params.h"

#include <stdbool.h>

/**
   Whether presets set a parameter, in the plugin and in the program.

   What belongs to the place where Grus is used, not to the sound that a person
   is after, stays as it is: whether it is on, how the channels belong together,
   how loud the microphone is, and how the work is spread.
*/
bool
preset_sets(GrusParam param);

#endif // GRUS_HOST_PRESET_PARAMS_H
