// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // asprintf

#include "ffmpeg/media.h"

#include "ffmpeg/program.h"

#include <jansson.h>

#include <unistd.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// How all calls of ffprobe begin
static const char* const probe[] = {"ffprobe",
                                    "-v",
                                    "error",
                                    "-of",
                                    "json",
                                    "-protocol_whitelist",
                                    "file",
                                    NULL};

/// Run ffprobe and return what it tells, or null
static json_t*
ask(const MediaFile* const   media,
    const char* const* const options,
    int* const               error)
{
  Arguments arguments = {{NULL}, 0U, false};
  arguments_list(&arguments, probe);
  arguments_list(&arguments, options);
  arguments_list(&arguments, (const char*[]){"-i", media->name, NULL});

  ProgramFd    fds[PROGRAM_MAX_FDS];
  const size_t n_fds = media_file_fds(media, fds);
  char*        text  = NULL;
  size_t       size  = 0U;
  *error             = program_output(&arguments, fds, n_fds, &text, &size);
  json_t* const json = *error ? NULL : json_loadb(text, size, 0U, NULL);
  arguments_free(&arguments);
  free(text);
  *error = *error ? *error : json ? 0 : EIO;
  return json;
}

bool
media_stream_is(const MediaStream* const stream, const char* const disposition)
{
  const json_t* const all = json_object_get(stream->json, "disposition");
  return json_integer_value(json_object_get(all, disposition)) > 0;
}

static MediaKind
kind_of(const MediaStream* const stream, const char* const type)
{
  return !strcmp(type, "audio")        ? MEDIA_SOUND
         : !strcmp(type, "subtitle")   ? MEDIA_SUBTITLE
         : !strcmp(type, "attachment") ? MEDIA_ATTACHMENT
         : strcmp(type, "video")       ? MEDIA_DATA
         : media_stream_is(stream, "attached_pic") ||
             media_stream_is(stream, "timed_thumbnails")
           ? MEDIA_COVER
           : MEDIA_PICTURE;
}

static const char*
text_of(const json_t* const object,
        const char* const   key,
        const char* const   otherwise)
{
  const char* const text = json_string_value(json_object_get(object, key));
  return text ? text : otherwise;
}

/// List the streams and choose the sound: the first one that is the default,
/// else the first
static int
list_streams(MediaFile* const media)
{
  const json_t* const list = json_object_get(media->json, "streams");
  const size_t        n    = json_array_size(list);
  bool                sure = false;
  media->streams           = (MediaStream*)calloc(n + 1U, sizeof(MediaStream));
  if (!media->streams) {
    return ENOMEM;
  }

  media->n_streams = n;
  media->sound     = n;
  for (size_t i = 0U; i < n; ++i) {
    MediaStream* const stream = &media->streams[i];
    stream->json              = json_array_get(list, i);
    stream->codec             = text_of(stream->json, "codec_name", "unknown");
    stream->kind = kind_of(stream, text_of(stream->json, "codec_type", "data"));

    const bool is_default = media_stream_is(stream, "default");
    if (stream->kind == MEDIA_SOUND &&
        (media->sound == n || (is_default && !sure))) {
      media->sound = i;
      sure         = is_default;
    }
  }
  return 0;
}

int
media_file_open(MediaFile* const media, const char* const path, const int fd)
{
  static const char* const what[] = {
    "-show_format", "-show_streams", "-show_chapters", NULL};

  memset(media, 0, sizeof(*media));
  media->fd   = fd;
  const int n = path ? asprintf(&media->name, "file:%s", path)
                     : asprintf(&media->name, "file:/dev/fd/%d", PROGRAM_FIRST);
  if (n < 0) {
    media->name = NULL;
    return ENOMEM;
  }

  int error   = 0;
  media->json = ask(media, what, &error);
  return error ? error : list_streams(media);
}

size_t
media_file_tracks(const MediaFile* const media)
{
  size_t n = 0U;
  for (size_t i = 0U; i < media->n_streams; ++i) {
    n += media->streams[i].kind == MEDIA_SOUND;
  }
  return n;
}

bool
media_file_choose(MediaFile* const media, const size_t track)
{
  size_t n = 0U;
  for (size_t i = 0U; i < media->n_streams; ++i) {
    n += media->streams[i].kind == MEDIA_SOUND;
    if (n == track) {
      media->sound = i;
      return true;
    }
  }
  return false;
}

size_t
media_file_fds(const MediaFile* const media, ProgramFd* const fds)
{
  if (media->fd < 0) {
    return 0U;
  }
  fds[0].fd     = media->fd;
  fds[0].number = PROGRAM_FIRST;
  return 1U;
}

double
media_number(const json_t* const object,
             const char* const   key,
             const double        otherwise)
{
  const json_t* const value = json_object_get(object, key);
  const char* const   text  = json_string_value(value);
  char*               end   = NULL;
  if (!text) {
    return json_is_number(value) ? json_number_value(value) : otherwise;
  }
  const double number = strtod(text, &end);
  return end != text && !*end ? number : otherwise;
}

/// Return the first time of a kind, "packet" or "frame"
static double
first_time(const json_t* const list,
           const char* const   type,
           const char* const   key,
           const double        otherwise)
{
  for (size_t i = 0U; i < json_array_size(list); ++i) {
    const json_t* const item = json_array_get(list, i);
    if (!strcmp(text_of(item, "type", ""), type)) {
      return media_number(item, key, otherwise);
    }
  }
  return otherwise;
}

MediaStart
media_file_start(const MediaFile* const media)
{
  const double told =
    media_number(media->streams[media->sound].json, "start_time", 0.0);
  MediaStart start = {told, told};

  // Some packets may hold nothing but what is skipped
  static const char shown[] =
    "packet=pts_time:frame=best_effort_timestamp_time";
  char              number[32];
  const char* const options[] = {"-select_streams",
                                 number,
                                 "-read_intervals",
                                 "%+#8",
                                 "-show_packets",
                                 "-show_frames",
                                 "-show_entries",
                                 shown,
                                 NULL};
  snprintf(number, sizeof(number), "%zu", media->sound);
  int           error = 0;
  json_t* const json  = ask(media, options, &error);
  if (json) {
    const json_t* const list = json_object_get(json, "packets_and_frames");
    start.packet             = first_time(list, "packet", "pts_time", told);
    start.seconds =
      first_time(list, "frame", "best_effort_timestamp_time", told);
    json_decref(json);
  }
  return start;
}

void
media_file_close(MediaFile* const media)
{
  json_decref(media->json);
  free(media->streams);
  free(media->name);
  if (media->fd >= 0) {
    close(media->fd);
  }
  memset(media, 0, sizeof(*media));
  media->fd = -1;
}
