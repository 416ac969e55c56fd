// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/film/delay.h"

#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "sound/film/codec.h"
#include "sound/film/container.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { OPUS_RATE = 48000 }; ///< Of the samples before the sound

/// Have ffmpeg write some silence that begins after a second
static bool
write_silence(const int fd, const FilmFormat* const format)
{
  const ProgramFd fds[]     = {{fd, PROGRAM_FIRST}};
  Arguments       arguments = {{NULL}, 0U, false};
  Program         program   = {0, NULL, 0};
  arguments_ffmpeg(&arguments, "quiet");
  arguments_list(&arguments,
                 (const char*[]){"-itsoffset",
                                 "1",
                                 "-f",
                                 "s16le",
                                 "-ar",
                                 "48000",
                                 "-t",
                                 "0.1",
                                 "-i",
                                 "file:/dev/zero",
                                 "-c:a",
                                 film_codec_encoder(format->codec),
                                 "-y",
                                 "-f",
                                 format->container->muxer,
                                 NULL});
  arguments_add(&arguments, "file:/dev/fd/%d", PROGRAM_FIRST);
  const bool written =
    !program_start(&program, &arguments, fds, 1U) && program_wait(&program);
  program_close(&program);
  arguments_free(&arguments);
  return written;
}

double
film_delay_untold(const FilmFormat* const format)
{
  const bool   is_matroska = format->container->streamed;
  const double padding =
    (double)film_codec_padding(format->codec) / (double)OPUS_RATE;
  if (format->codec != CODEC_OPUS || !is_matroska) {
    return 0.0;
  }

  MediaFile media = {.fd = program_temporary()};
  bool      early = false;
  if (media.fd >= 0 && write_silence(media.fd, format) &&
      !media_file_open(&media, NULL, media.fd)) {
    early = media.sound < media.n_streams &&
            media_file_start(&media).seconds < 1.0 - (0.5 * padding);
  }
  media_file_close(&media);
  return early ? padding : 0.0;
}
