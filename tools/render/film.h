// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file film.h

   What the input says about itself, on its way into a film.
*/

#ifndef GRUS_TOOLS_RENDER_FILM_H
#define GRUS_TOOLS_RENDER_FILM_H

#include "metadata/buffer.h"
#include "metadata/metadata.h"
#include "sound/input.h"
#include "sound/output.h"

/**
   Set what goes into a film beside its sound.

   @param text To be freed with buffer_free() once the film is open.
*/
void
render_film_extras(const Metadata*    metadata,
                   const SoundInput*  input,
                   SoundOutputConfig* config,
                   Buffer*            text);

/**
   Tell in one line what is not in a film that is written.

   @return EXIT_OK, or EXIT_FAILED after telling that it cannot be read.
*/
int
render_film_check(const Metadata* metadata, const SoundOutput* output);

#endif // GRUS_TOOLS_RENDER_FILM_H
