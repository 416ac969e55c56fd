// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_FILM_DELAY_H
#define GRUS_TOOLS_SOUND_FILM_DELAY_H

#include "sound/film/container.h"

/**
   Return by how many seconds a player would play sound too early.

   Opus in Matroska tells what its encoder has put before the sound, and a
   player subtracts that from the times of the packets.  Many versions of ffmpeg
   write times from which it has been subtracted already, so this one is tried.
*/
double
film_delay_untold(const FilmFormat* format);

#endif // GRUS_TOOLS_SOUND_FILM_DELAY_H
