// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/film.h"

#include "cli/say.h"
#include "ffmpeg/media.h"
#include "metadata/buffer.h"
#include "metadata/media.h"
#include "metadata/metadata.h"
#include "sound/film/call.h"
#include "sound/film/container.h"
#include "sound/input.h"
#include "sound/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/// Return whether ffmpeg knows what a picture is
static bool
is_known(const MetadataPicture* const picture)
{
  static const unsigned char png[]  = {0x89U, 'P', 'N', 'G'};
  static const unsigned char jpeg[] = {0xFFU, 0xD8U, 0xFFU};
  return picture->size >= sizeof(png) &&
         (!memcmp(picture->data, png, sizeof(png)) ||
          !memcmp(picture->data, jpeg, sizeof(jpeg)));
}

void
render_film_extras(const Metadata* const    metadata,
                   const SoundInput* const  input,
                   SoundOutputConfig* const config,
                   Buffer* const            text)
{
  const FilmContainer* const container = config->film.container;
  FilmExtras* const          extras    = &config->extras;
  for (size_t i = 0U;
       container->covers && extras->n_covers < FILM_MOST_COVERS &&
       i < metadata->n_pictures;
       ++i) {
    const MetadataPicture* const picture = &metadata->pictures[i];
    const bool is_png = is_known(picture) && picture->data[0] == 0x89U;
    if (is_known(picture)) {
      FilmCover* const cover = &extras->covers[extras->n_covers++];
      cover->data            = picture->data;
      cover->size            = picture->size;
      cover->mime            = is_png ? "image/png" : "image/jpeg";
    }
  }
  if (!input->media) {
    metadata_media_text(metadata, input->info.frames, text);
    extras->tags = text->failed ? NULL : (const char*)text->data;
  }
}

int
render_film_check(const Metadata* const    metadata,
                  const SoundOutput* const output)
{
  const char* const path = output->place.temporary;
  MediaFile         media;
  if (!path) {
    return EXIT_OK; // It is gone
  }

  const int  error = media_file_open(&media, path, -1);
  const bool whole = !error && media.sound < media.n_streams;
  if (whole) {
    metadata_check_media(metadata, &media, output->path);
  }
  media_file_close(&media);
  return whole ? EXIT_OK
               : say_error(EXIT_FAILED,
                           "cannot write \"%s\": ffmpeg left no sound in it",
                           output->path);
}
