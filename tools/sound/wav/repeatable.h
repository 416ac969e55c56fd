// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_WAV_REPEATABLE_H
#define GRUS_TOOLS_SOUND_WAV_REPEATABLE_H

#include <stdint.h>

/**
   Take out of a finished file what is new each time it is written: the serial
   number of an Ogg stream and the date of the peaks of RF64.

   @param fd Can be read, written and sought.
   @param start Of the sound file in it.
   @return 0, or -1 and errno.
*/
int
repeatable_make(int fd, int64_t start, int format);

#endif // GRUS_TOOLS_SOUND_WAV_REPEATABLE_H
