// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/film/call.h"

#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "files/output.h"
#include "sound/film/codec.h"
#include "sound/film/container.h"
#include "sound/film/delay.h"
#include "sound/film/index_place.h"
#include "sound/film/streams.h"

#include <jansson.h>

#include <unistd.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/// Add options that a null ends
static void
add(FilmCall* const call, const char* const* const list)
{
  arguments_list(&call->arguments, list);
}

#define ADD(call, ...) add(call, (const char*[]){__VA_ARGS__, NULL})

/// Give the program a file that is closed here once it runs; returns its number
/// there
static int
give_file(FilmCall* const call, const int fd)
{
  const int number              = PROGRAM_FIRST + 1 + (int)call->n_own++;
  call->fds[call->n_fds].fd     = fd;
  call->fds[call->n_fds].number = number;
  ++call->n_fds;
  return number;
}

static const json_t*
format_of(const FilmCall* const call)
{
  return json_object_get(call->media->json, "format");
}

/**
   Return the time of the input that is the output's zero, s.

   The clock of a broadcast begins anywhere and tells nothing.  Without the last
   microsecond, ffmpeg would have the first of those streams that are copied
   begin at zero, which leaves the sound out.
*/
static double
find_origin(const FilmCall* const call)
{
  const char* const name =
    json_string_value(json_object_get(format_of(call), "format_name"));
  return name && (!strcmp(name, "mpegts") || !strcmp(name, "mpeg"))
           ? media_number(format_of(call), "start_time", 0.0) - 1e-6
           : 0.0;
}

/// Add the input itself, whose times stay what they are
static void
add_media(FilmCall* const call)
{
  const double start = media_number(format_of(call), "start_time", 0.0);
  ADD(call, "-protocol_whitelist", "file", "-itsoffset");
  arguments_add(&call->arguments, "%.6f", start - find_origin(call));
  ADD(call, "-i", call->media->name);
  ++call->n_inputs;
}

/// Return where the clean sound begins in the output
static MediaStart
find_start(const FilmCall* const call)
{
  MediaStart start = {0.0, 0.0};
  if (call->media) {
    const double origin = find_origin(call);
    start               = media_file_start(call->media);
    start.packet -= origin;
    start.seconds -= origin;
  }
  return start;
}

static void
add_sound(FilmCall* const call, const double seconds)
{
  ADD(call, "-protocol_whitelist", "pipe", "-itsoffset");
  arguments_add(&call->arguments, "%.6f", seconds);
  ADD(call, "-f", "wav", "-ignore_length", "1", "-i", "pipe:0");
  ++call->n_inputs;
}

/// Add a file of which only the number is known
static int
add_file(FilmCall* const call, const void* const bytes, const size_t size)
{
  const int fd = program_file_of(bytes, size);
  if (fd < 0) {
    return -1;
  }
  return give_file(call, fd);
}

/// Add the texts of an input that ffmpeg does not read itself
static int
add_tags(FilmCall* const call)
{
  const char* const tags   = call->extras->tags;
  const int         number = add_file(call, tags, strlen(tags));
  if (number < 0) {
    return -1;
  }
  ADD(call, "-protocol_whitelist", "file", "-f", "ffmetadata", "-i");
  arguments_add(&call->arguments, "file:/dev/fd/%d", number);
  ++call->n_inputs;
  return 0;
}

/// Map a stream of the input, with its own texts
static void
map_stream(FilmCall* const call, const size_t i)
{
  Arguments* const arguments = &call->arguments;
  const bool       cleaned   = call->streams->fates[i] == STREAM_CLEANED;
  ADD(call, "-map");
  arguments_add(arguments, "%d:%zu", cleaned ? 1 : 0, cleaned ? 0U : i);
  arguments_add(arguments, "-map_metadata:s:%zu", call->n_streams);
  arguments_add(arguments, "0:s:%zu", i);
  if (!cleaned) {
    film_streams_add_codec(call->streams,
                           call->media,
                           call->format->container,
                           i,
                           call->n_streams,
                           arguments);
  }
}

/// Return whether a text describes the bytes of the sound that was
static bool
is_stale(const char* const key)
{
  static const char* const begins[] = {
    "BPS", "DURATION", "NUMBER_OF_", "_STATISTICS_", "ENCODER", "iTunSMPB"};
  for (size_t i = 0U; i < sizeof(begins) / sizeof(begins[0]); ++i) {
    if (!strncasecmp(key, begins[i], strlen(begins[i]))) {
      return true;
    }
  }
  return false;
}

/// Give the clean sound what was said about the sound that was
static void
describe_sound(FilmCall* const call)
{
  const MediaStream* const sound = &call->media->streams[call->media->sound];
  const char*              key   = NULL;
  json_t*                  value = NULL;
  char                     flags[512] = "0";
  json_object_foreach(json_object_get(sound->json, "tags"), key, value)
  {
    if (is_stale(key)) {
      arguments_add(&call->arguments, "-metadata:s:%zu", call->n_streams);
      arguments_add(&call->arguments, "%s=", key);
    }
  }
  json_object_foreach(json_object_get(sound->json, "disposition"), key, value)
  {
    const size_t n = strlen(flags);
    if (json_integer_value(value)) {
      snprintf(flags + n, sizeof(flags) - n, "+%s", key);
    }
  }
  arguments_add(&call->arguments, "-disposition:%zu", call->n_streams);
  arguments_add(&call->arguments, "%s", flags[1] ? flags + 2 : flags);
}

/**
   Return how many samples at the beginning are replaced by those that the
   encoder puts before the sound.

   Some containers have no word for those, so the sound would begin earlier, or
   all else later.  Where the input's codec has put as many there, which no
   player skips, they take their place.
*/
static unsigned
count_replaced(const FilmCall* const call, const MediaStart start)
{
  const FilmFormat* const format  = call->format;
  const unsigned          padding = film_codec_padding(format->codec);
  const unsigned          given =
    format->given == N_CODECS ? 0U : film_codec_padding(format->given);
  const bool kept    = call->media && start.packet >= start.seconds;
  const bool is_near = start.seconds * call->sample_rate < (double)padding;
  return !format->container->skips && format->codec != CODEC_OPUS && kept &&
             is_near && given >= padding
           ? padding
           : 0U;
}

static void
filter_sound(FilmCall* const call, const MediaStart start)
{
  const bool     timed    = call->format->container->timed;
  const unsigned replaced = count_replaced(call, start);
  if (!timed || replaced) {
    arguments_add(&call->arguments, "-filter:%zu", call->n_streams);
    arguments_add(&call->arguments,
                  timed ? "atrim=start_sample=%u"
                        : "aresample=async=1:first_pts=%u",
                  replaced);
  }
}

/// Set codec and quality of the clean sound, which is the next stream
static void
encode_sound(FilmCall* const call, const MediaStart start)
{
  const FilmFormat* const format    = call->format;
  Arguments* const        arguments = &call->arguments;
  const size_t            n         = call->n_streams;
  const double quality = isnan(format->quality) ? 0.5 : format->quality;

  arguments_add(arguments, "-c:%zu", n);
  arguments_add(arguments, "%s", film_codec_encoder(format->codec));
  if (format->bit_rate) {
    arguments_add(arguments, "-b:%zu", n);
    arguments_add(arguments, "%u", format->bit_rate);
  } else if (format->codec == CODEC_VORBIS) {
    arguments_add(arguments, "-q:%zu", n);
    arguments_add(arguments, "%.2f", 10.0 * quality);
  } else if (format->codec == CODEC_FLAC && !isnan(format->quality)) {
    arguments_add(arguments, "-compression_level:%zu", n);
    arguments_add(arguments, "%.0f", 8.0 * quality);
  }
  arguments_add(arguments, "-flags:%zu", n);
  ADD(call, "+bitexact");

  filter_sound(call, start);
}

/// Map all that goes along, in the order of the input
static void
add_streams(FilmCall* const call, const MediaStart start)
{
  const FilmStreams* const streams = call->streams;
  if (!call->media) {
    ADD(call, "-map", "0:0");
    encode_sound(call, start);
    ++call->n_streams;
    return;
  }
  for (size_t i = 0U; i < streams->n; ++i) {
    const StreamFate fate = streams->fates[i];
    if (fate == STREAM_LEFT || fate == STREAM_MADE) {
      continue;
    }
    map_stream(call, i);
    if (fate == STREAM_CLEANED) {
      describe_sound(call);
      encode_sound(call, start);
    }
    ++call->n_streams;
  }
}

/// Return the ending of a picture's name
static const char*
ending_of(const char* const mime)
{
  const char* const slash = strchr(mime, '/');
  return !slash ? "jpg" : !strcmp(slash + 1, "jpeg") ? "jpg" : slash + 1;
}

/// Attach pictures, or make them streams; returns -1 and errno on failure
static int
open_covers(FilmCall* const call, int numbers[FILM_MOST_COVERS])
{
  for (size_t i = 0U; i < call->extras->n_covers; ++i) {
    const FilmCover* const cover = &call->extras->covers[i];
    numbers[i]                   = add_file(call, cover->data, cover->size);
    if (numbers[i] < 0) {
      return -1;
    }
    if (!call->format->container->attached) {
      ADD(call, "-protocol_whitelist", "file", "-i");
      arguments_add(&call->arguments, "file:/dev/fd/%d", numbers[i]);
    }
  }
  return 0;
}

static void
add_covers(FilmCall* const call, const int numbers[FILM_MOST_COVERS])
{
  Arguments* const arguments = &call->arguments;
  for (size_t i = 0U; i < call->extras->n_covers; ++i) {
    const char* const mime = call->extras->covers[i].mime;
    if (call->format->container->attached) {
      ADD(call, "-attach");
      arguments_add(arguments, "file:/dev/fd/%d", numbers[i]);
      arguments_add(arguments, "-metadata:s:%zu", call->n_streams);
      arguments_add(arguments, "mimetype=%s", mime);
      arguments_add(arguments, "-metadata:s:%zu", call->n_streams);
      arguments_add(
        arguments, "filename=%s.%s", i ? "picture" : "cover", ending_of(mime));
    } else {
      ADD(call, "-map");
      arguments_add(arguments, "%zu:0", call->n_inputs + i);
      arguments_add(arguments, "-c:%zu", call->n_streams);
      ADD(call, "copy");
      arguments_add(arguments, "-disposition:%zu", call->n_streams);
      ADD(call, "attached_pic");
    }
    ++call->n_streams;
  }
}

/// Say where the texts of all come from
static void
map_texts(FilmCall* const call)
{
  Arguments* const arguments = &call->arguments;
  const int        source    = call->media ? 0 : call->extras->tags ? 1 : -1;
  ADD(call, "-map_metadata:g");
  arguments_add(arguments, source < 0 ? "%d" : "%d:g", source);
  ADD(call, "-map_chapters");
  arguments_add(arguments, "%d", source);
}

static void
add_output(FilmCall* const call)
{
  const OutputFile* const place = call->place;
  ADD(call,
      "-max_muxing_queue_size",
      "4096",
      "-strict",
      "experimental",
      "-fflags",
      "+bitexact",
      "-y");
  if (call->format->container->skips) { // Times to the sample
    ADD(call, "-movie_timescale");
    arguments_add(&call->arguments, "%d", call->sample_rate);
    if (call->media && film_index_is_first(call->media)) {
      ADD(call, "-movflags", "+faststart");
    }
  }
  ADD(call, "-f", call->format->container->muxer);
  if (place->temporary) {
    arguments_add(&call->arguments, "file:%s", place->temporary);
  } else {
    call->fds[call->n_fds].fd     = place->fd;
    call->fds[call->n_fds].number = STDOUT_FILENO;
    ++call->n_fds;
    ADD(call, "pipe:1");
  }
}

int
film_call_build(FilmCall* const call)
{
  int numbers[FILM_MOST_COVERS] = {0};
  ADD(call, "ffmpeg", "-nostdin", "-v", "error");
  if (call->media) {
    add_media(call);
  }

  const MediaStart start = find_start(call);
  add_sound(call, start.seconds + film_delay_untold(call->format));
  if ((!call->media && call->extras->tags && add_tags(call)) ||
      open_covers(call, numbers)) {
    return -1;
  }
  add_streams(call, start);
  add_covers(call, numbers);
  map_texts(call);
  add_output(call);
  return 0;
}
