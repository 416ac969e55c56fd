// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // pipe2

#include "sound/film/film.h"

#include "cli/say.h"
#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "files/output.h"
#include "sound/film/call.h"
#include "sound/film/codec.h"
#include "sound/film/container.h"
#include "sound/film/streams.h"
#include "sound/input.h"
#include "sound/layout/layout.h"
#include "sound/layout/plan.h"

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

int
film_plan_layout(LayoutPlan* const       plan,
                 const FilmFormat* const format,
                 const char* const       path)
{
  const uint32_t       n        = plan->layout.n_channels;
  const Speaker* const speakers = layout_ogg_speakers(n);
  if (format->codec != CODEC_OPUS || !plan->layout.mask || !speakers) {
    return EXIT_OK;
  }

  // libopus knows no speakers but those of Ogg, like 5.1 with those at the back
  ChannelOrder    to_ogg;
  ChannelOrder    to_mask;
  const LayoutFit fit = layout_place(plan->layout, speakers, &to_ogg);
  plan->layout        = layout_of_ogg(n, &to_mask);
  for (uint32_t i = 0U; i < n; ++i) {
    plan->order.from[i] = to_ogg.from[to_mask.from[i]];
  }
  return fit == LAYOUT_FITS || fit == LAYOUT_NEAR
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "\"%s\": Opus has no such speakers; .mkv with --bits 24 "
                       "keeps them",
                       path);
}

int
film_plan_streams(Film* const             film,
                  const FilmFormat* const format,
                  const SoundInput* const input,
                  const char* const       path)
{
  memset(film, 0, sizeof(*film));
  film->format  = *format;
  film->pipe.fd = -1;
  if (!input->media) {
    return EXIT_OK;
  }

  const char* const paths[] = {input->path, path};
  const int         code =
    film_streams_plan(&film->streams, input->media, format->container, paths);
  if (!code && film->streams.left[0]) {
    say_error(
      EXIT_OK, "warning: not kept in \"%s\": %s", path, film->streams.left);
  }
  return code;
}

/// Start the program with a pipe to its standard input
static int
start_ffmpeg(Film* const film, FilmCall* const call)
{
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC)) {
    return errno;
  }

  call->fds[call->n_fds].fd     = ends[0];
  call->fds[call->n_fds].number = STDIN_FILENO;
  ++call->n_fds;
  const int error =
    program_start(&film->program, &call->arguments, call->fds, call->n_fds);
  close(ends[0]);
  film->pipe.fd = ends[1];
  film->is_open = true;
  return error;
}

int
film_open(Film* const             film,
          const FilmExtras* const extras,
          const SoundInput* const input,
          const OutputFile* const place,
          const int               sample_rate)
{
  FilmCall call = {.format      = &film->format,
                   .streams     = &film->streams,
                   .extras      = extras,
                   .media       = input->media,
                   .place       = place,
                   .sample_rate = sample_rate};

  // A copy of a pipe is not ours to close
  call.n_fds         = call.media ? media_file_fds(call.media, call.fds) : 0U;
  const size_t first = call.n_fds;
  int error = film_call_build(&call) ? errno : start_ffmpeg(film, &call);
  for (size_t i = 0U; i < call.n_own; ++i) {
    close(call.fds[first + i].fd);
  }
  arguments_free(&call.arguments);
  if (error) {
    film_abandon(film);
    say_error(EXIT_FAILED,
              "cannot write \"%s\": %s",
              place->path,
              error == ENOENT ? "ffmpeg is not installed" : strerror(error));
    return EXIT_FAILED;
  }
  return EXIT_OK;
}

static void
close_pipe(Film* const film)
{
  if (film->pipe.fd >= 0) {
    close(film->pipe.fd);
    film->pipe.fd = -1;
  }
}

/// Leave away the name of a file that nobody has named, or of a function
static void
shorten(char reason[PROGRAM_REASON])
{
  const char* const cause = strrchr(reason, ':');
  if (cause && (strstr(reason, ".part-") || !strncmp(reason, "av_", 3U))) {
    const char* const text = cause + 1 + (cause[1] == ' ');
    memmove(reason, text, strlen(text) + 1U);
  }
}

bool
film_finish(Film* const film, char reason[PROGRAM_REASON])
{
  close_pipe(film);
  reason[0]        = '\0';
  const bool ended = program_wait(&film->program);
  if (ended && !program_says(&film->program, "Error writing trailer") &&
      !program_says(&film->program, "Error closing file")) {
    return true; // Some failures at the end leave a status of 0
  }
  if (!program_reason(&film->program, NULL, reason)) {
    snprintf(reason, PROGRAM_REASON, "it failed");
  }
  shorten(reason);
  return false;
}

void
film_abandon(Film* const film)
{
  if (film->is_open) {
    program_stop(&film->program);
    close_pipe(film);
    program_close(&film->program);
    film->is_open = false;
  }
  film_streams_free(&film->streams);
}
