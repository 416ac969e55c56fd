// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/files.h"

#include "cli/say.h"
#include "files/output.h"
#include "files/place.h"
#include "render/job.h"
#include "render/options.h"
#include "sound/film/container.h"
#include "sound/format.h"
#include "sound/measure/spectrogram.h"
#include "sound/measure/spectrogram_png.h"

#include <fcntl.h>
#include <unistd.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { N_NAMES = 5 };

/// A file that the command line names
typedef struct {
  const char* what;
  const char* path; ///< Null if it is not named
  bool        written;
} Name;

/// Return whether writing to one of two files would change the other
static bool
is_shared(const Name* const a, const Name* const b)
{
  const int standard_a = a->written ? STDOUT_FILENO : STDIN_FILENO;
  const int standard_b = b->written ? STDOUT_FILENO : STDIN_FILENO;
  if (!a->path || !b->path || (!a->written && !b->written)) {
    return false;
  }
  if (a->written && !strcmp(a->path, "-") && !strcmp(b->path, "-")) {
    return true; // Even a terminal
  }
  // What is read must be there; a model may be a name without a file
  return (a->written || !strcmp(a->path, "-") || !access(a->path, F_OK)) &&
         place_is_shared(a->path, standard_a, b->path, standard_b);
}

int
render_format_check(const RenderOptions* const options)
{
  const SoundFormatWish      wish = render_options_wish(options);
  const FilmContainer* const film = film_container_find(&wish);
  return film ? film_container_check(film, &wish) : sound_format_check(&wish);
}

int
render_files_check(const RenderOptions* const options)
{
  const Name names[N_NAMES] = {{"IN", options->in, false},
                               {"--model", options->model, false},
                               {"OUT", options->out, true},
                               {"--picture", options->picture, true},
                               {"--activity", options->activity, true}};
  for (size_t i = 0U; i < N_NAMES; ++i) {
    for (size_t j = i + 1U; j < N_NAMES; ++j) {
      const bool in_place = i == 0U && j == 2U;
      if (!is_shared(&names[i], &names[j]) ||
          (in_place && options->policy == OUTPUT_FORCE)) {
        continue;
      }
      return say_error(EXIT_USAGE,
                       "%s and %s name one file, \"%s\"%s",
                       names[i].what,
                       names[j].what,
                       names[j].path,
                       in_place ? " (--force cleans it in place)" : "");
    }
  }

  return render_format_check(options);
}

static int
open_picture(SideFiles* const           files,
             const RenderOptions* const options,
             Rendering* const           r)
{
  const uint32_t channels = (uint32_t)r->input->info.channels;
  const uint32_t rate     = (uint32_t)r->input->info.samplerate;
  if (output_file_open(&files->picture, options->picture, options->policy)) {
    return EXIT_FAILED;
  }

  r->before = spectrogram_new(channels, rate);
  r->after  = spectrogram_new(channels, rate);
  return r->before && r->after
           ? EXIT_OK
           : say_error(EXIT_FAILED, "no memory for the picture");
}

static int
open_activity(SideFiles* const           files,
              const RenderOptions* const options,
              Rendering* const           r)
{
  OutputFile* const file = &files->activity;
  if (output_file_open(file, options->activity, options->policy)) {
    return EXIT_FAILED;
  }

  const int fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
  r->activity  = fd < 0 ? NULL : fdopen(fd, "w");
  return r->activity && fprintf(r->activity, "seconds,activity\n") > 0
           ? EXIT_OK
           : say_error(EXIT_FAILED,
                       "cannot write \"%s\": %s",
                       options->activity,
                       strerror(errno));
}

int
side_files_open(SideFiles* const           files,
                const RenderOptions* const options,
                Rendering* const           rendering)
{
  int code = EXIT_OK;
  if (options->picture) {
    code = open_picture(files, options, rendering);
  }
  if (!code && options->activity) {
    code = open_activity(files, options, rendering);
  }
  return code;
}

/// Write what is buffered; the first error is kept
static void
close_activity(SideFiles* const files, Rendering* const rendering)
{
  FILE* const file    = rendering->activity;
  rendering->activity = NULL;
  if (file) {
    const bool failed = ferror(file);
    errno             = 0;
    if ((fclose(file) || failed) && !files->activity.error) {
      files->activity.error = errno ? errno : EIO;
    }
  }
}

int
side_files_finish(SideFiles* const files, Rendering* const rendering)
{
  int code = EXIT_OK;
  if (files->picture.fd >= 0) {
    code = picture_write(&files->picture, rendering->before, rendering->after);
  }
  close_activity(files, rendering);
  if (!code && files->activity.fd >= 0) {
    code = output_file_finish(&files->activity, files->activity.error);
  }
  if (!code && files->picture.fd >= 0) {
    code = output_file_finish(&files->picture, files->picture.error);
  }
  return code;
}

bool
side_files_take_stdout(const SideFiles* const files)
{
  return output_file_is_stdout(&files->picture) ||
         output_file_is_stdout(&files->activity);
}

void
side_files_abandon(SideFiles* const files, Rendering* const rendering)
{
  close_activity(files, rendering);
  output_file_abandon(&files->picture);
  output_file_abandon(&files->activity);
}
