// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file format_trial.h

   Which formats can really be written, and which are nearest to those that
   cannot.
*/

#ifndef GRUS_TOOLS_SOUND_FORMAT_TRIAL_H
#define GRUS_TOOLS_SOUND_FORMAT_TRIAL_H

#include <sndfile.h>

#include <stdbool.h>

/**
   Return whether a file of this rate, format and number of channels can be
   opened to be written.

   It is tried, in memory: sf_format_check() says yes to more than that.
*/
bool
format_trial(const SF_INFO* info);

/**
   Find the numbers nearest to those of info->format that its container takes
   at its rate and channels: as exact, else better, else as good as can be.

   @param fixed Whether the numbers must stay what they are.
   @return Whether there are any; info->format has them then.
*/
bool
format_trial_numbers(SF_INFO* info, bool fixed);

/**
   Likewise find the rate: the next higher one, else the highest that divides
   the rate evenly, else the highest.
*/
bool
format_trial_rate(SF_INFO* info, bool fixed);

#endif // GRUS_TOOLS_SOUND_FORMAT_TRIAL_H
