// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/film/streams.h"

#include "cli/say.h"
#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "sound/film/container.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
film_streams_add_codec(const FilmStreams* const   streams,
                       const MediaFile* const     media,
                       const FilmContainer* const container,
                       const size_t               i,
                       const size_t               n,
                       Arguments* const           arguments)
{
  if (streams->fates[i] == STREAM_COPIED) {
    film_container_copy(container, media->streams[i].codec, n, arguments);
  } else {
    arguments_add(arguments, "-c:%zu", n);
    arguments_add(arguments, "%s", container->subtitle);
  }
}

static bool
is_taken_along(const StreamFate fate)
{
  return fate == STREAM_COPIED || fate == STREAM_CONVERTED;
}

/// Return whether two codecs are one, as far as few packets tell
static bool
is_same_codec(const char* const a, const char* const b)
{
  const bool both_mpeg = (!strcmp(a, "mp2") || !strcmp(a, "mp3")) &&
                         (!strcmp(b, "mp2") || !strcmp(b, "mp3"));
  return both_mpeg || !strcmp(a, b);
}

/// Return whether what was copied into a file is found there
static bool
is_recognized(const FilmStreams* const streams,
              const MediaFile* const   media,
              const MediaFile* const   written,
              const size_t             first,
              const size_t             end)
{
  size_t n = 0U;
  for (size_t i = first; i < end; ++i) {
    if (streams->fates[i] == STREAM_COPIED &&
        (n >= written->n_streams ||
         !is_same_codec(media->streams[i].codec, written->streams[n].codec))) {
      return false;
    }
    n += is_taken_along(streams->fates[i]);
  }
  return true;
}

/// Return whether ffmpeg writes the beginning of a file of these streams
static bool
write_begin(const FilmStreams* const   streams,
            const MediaFile* const     media,
            const FilmContainer* const container,
            const size_t               first,
            const size_t               end,
            const int                  fd)
{
  static const char* const one_packet[] = {"-frames:v",
                                           "1",
                                           "-frames:a",
                                           "1",
                                           "-t",
                                           "10",
                                           "-strict",
                                           "experimental",
                                           "-y",
                                           "-f",
                                           NULL};

  Arguments arguments = {{NULL}, 0U, false};
  ProgramFd fds[PROGRAM_MAX_FDS];
  Program   program = {0, NULL, 0};
  size_t    n       = 0U;
  size_t    n_fds   = media_file_fds(media, fds);
  arguments_ffmpeg(&arguments, "quiet");
  arguments_list(&arguments, (const char*[]){"-i", media->name, NULL});
  for (size_t i = first; i < end; ++i) {
    if (is_taken_along(streams->fates[i])) {
      arguments_list(&arguments, (const char*[]){"-map", NULL});
      arguments_add(&arguments, "0:%zu", i);
      film_streams_add_codec(streams, media, container, i, n++, &arguments);
    }
  }
  arguments_list(&arguments, one_packet);
  arguments_add(&arguments, "%s", container->muxer);
  arguments_add(&arguments, "file:/dev/fd/%d", PROGRAM_FIRST + 1);
  fds[n_fds].fd       = fd;
  fds[n_fds++].number = PROGRAM_FIRST + 1;
  const bool written =
    !program_start(&program, &arguments, fds, n_fds) && program_wait(&program);
  program_close(&program);
  arguments_free(&arguments);
  return written;
}

/// Return whether a container takes these streams and tells what they are
static bool
is_possible(const FilmStreams* const   streams,
            const MediaFile* const     media,
            const FilmContainer* const container,
            const size_t               first,
            const size_t               end)
{
  size_t n = 0U;
  for (size_t i = first; i < end; ++i) {
    n += is_taken_along(streams->fates[i]);
  }
  if (!n) {
    return true;
  }

  MediaFile written = {.fd = program_temporary()};
  bool      possible =
    written.fd >= 0 &&
    write_begin(streams, media, container, first, end, written.fd);
  if (possible && container->lax) {
    possible = !media_file_open(&written, NULL, written.fd) &&
               is_recognized(streams, media, &written, first, end);
  }
  media_file_close(&written);
  return possible;
}

static const char*
tag_of(const MediaStream* const stream)
{
  const char* const tag =
    json_string_value(json_object_get(stream->json, "codec_tag_string"));
  return tag ? tag : "";
}

/// Say what should become of a stream, before it is tried
static StreamFate
wished_fate(const MediaFile* const     media,
            const FilmContainer* const container,
            const size_t               i)
{
  const MediaStream* const stream = &media->streams[i];
  const bool               has_chapters =
    json_array_size(json_object_get(media->json, "chapters"));
  switch (stream->kind) {
  case MEDIA_SOUND:
    return i == media->sound ? STREAM_CLEANED : STREAM_COPIED;
  case MEDIA_COVER:
    return STREAM_MADE;
  case MEDIA_DATA:
    // A time code, and the text of chapters
    return !strcmp(tag_of(stream), "tmcd") ||
               (has_chapters && !strcmp(tag_of(stream), "text"))
             ? STREAM_MADE
             : STREAM_COPIED;
  case MEDIA_PICTURE:
  case MEDIA_SUBTITLE:
  case MEDIA_ATTACHMENT:
    break;
  }
  return container->pictures ? STREAM_COPIED : STREAM_LEFT;
}

/// Find out what can be done with one stream
static void
try_one(FilmStreams* const         streams,
        const MediaFile* const     media,
        const FilmContainer* const container,
        const size_t               i)
{
  if (streams->fates[i] != STREAM_COPIED ||
      is_possible(streams, media, container, i, i + 1U)) {
    return;
  }

  const bool is_text = media->streams[i].kind == MEDIA_SUBTITLE;
  streams->fates[i]  = STREAM_CONVERTED;
  if (!is_text || !container->subtitle ||
      !is_possible(streams, media, container, i, i + 1U)) {
    streams->fates[i] = STREAM_LEFT;
  }
}

/// Add the name of a stream to those that are left out
static void
name_left(FilmStreams* const streams, const MediaStream* const stream)
{
  static const char* const names[] = {
    "picture", "cover", "sound track", "subtitles", "attachment", "data"};

  const json_t* const tags = json_object_get(stream->json, "tags");
  const char* const   language =
    json_string_value(json_object_get(tags, "language"));
  const size_t n = strlen(streams->left);
  snprintf(streams->left + n,
           sizeof(streams->left) - n,
           "%s%s (%s%s%.8s)",
           n ? ", " : "",
           names[stream->kind],
           stream->codec,
           language ? ", " : "",
           language ? language : "");
}

int
film_streams_plan(FilmStreams* const         streams,
                  const MediaFile* const     media,
                  const FilmContainer* const container,
                  const char* const          paths[2])
{
  memset(streams, 0, sizeof(*streams));
  streams->n     = media->n_streams;
  streams->fates = (StreamFate*)calloc(streams->n + 1U, sizeof(StreamFate));
  if (!streams->fates) {
    return say_error(EXIT_FAILED, "no memory for a film");
  }

  for (size_t i = 0U; i < streams->n; ++i) {
    streams->fates[i] = wished_fate(media, container, i);
  }
  const bool all = is_possible(streams, media, container, 0U, streams->n);
  for (size_t i = 0U; i < streams->n; ++i) {
    const MediaStream* const stream = &media->streams[i];
    if (!all) {
      try_one(streams, media, container, i);
    }
    if (streams->fates[i] != STREAM_LEFT) {
      continue;
    }
    if (stream->kind == MEDIA_PICTURE && container->pictures) {
      return say_error(EXIT_USAGE,
                       "\"%s\": .%s cannot hold the picture of \"%s\" (%s); "
                       ".mkv can",
                       paths[1],
                       container->name,
                       paths[0],
                       stream->codec);
    }
    name_left(streams, stream);
  }
  return EXIT_OK;
}

void
film_streams_free(FilmStreams* const streams)
{
  free(streams->fates);
  memset(streams, 0, sizeof(*streams));
}
