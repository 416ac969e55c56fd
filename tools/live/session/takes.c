// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/takes.h"

#include "cli/say.h"
#include "files/output.h"
#include "files/place.h"
#include "live/audio/sound.h"
#include "live/disk/record.h"
#include "live/session/session.h"
#include "sound/format.h"

#include <unistd.h>

#include <stdio.h>
#include <string.h>

static void
say_name_of_take(const LiveSession* const s, const unsigned wanted)
{
  const LiveCarry* const carry = s->carry;
  if (carry->last_take != wanted && !s->options->quiet) {
    say_error(EXIT_OK,
              "\"%s\" exists: recording into \"%s\"",
              carry->record,
              live_record_path(s->record));
  }
}

int
live_takes_start(LiveSession* const s)
{
  LiveCarry* const carry = s->carry;
  const LiveTake   take = {carry->record, carry->last_take + 1U, carry->policy};
  if (!carry->record[0]) {
    return EXIT_OK;
  }

  const int code = live_record_start(
    &take, 2U * s->plan.n_channels, s->plan.sample_rate, &s->record);
  if (!code) {
    carry->last_take = live_record_number(s->record);
    say_name_of_take(s, take.number);
  }
  if (!code && s->sound) {
    (void)live_sound_record(s->sound, live_record_ring(s->record));
  }
  return code;
}

/// Refuse a path that cannot be recorded into
static int
check(const LiveSession* const s, const char* const path)
{
  const char* const     file = s->options->file;
  const SoundFormatWish wish = {path, NULL, NULL, 0U};
  if (strlen(path) >= LIVE_PATH_SIZE) {
    return say_error(EXIT_USAGE, "the path is too long");
  }
  if (file && place_is_shared(file, STDIN_FILENO, path, STDOUT_FILENO)) {
    return say_error(EXIT_USAGE, "\"%s\" is the file that plays", path);
  }
  return sound_format_check(&wish);
}

int
live_takes_start_at(LiveSession* const s, const char* const path)
{
  LiveCarry* const carry = s->carry;
  if (s->record) {
    return say_error(EXIT_FAILED,
                     "\"%s\" is being recorded: stop that first",
                     live_record_path(s->record));
  }

  const int code = check(s, path);
  if (code) {
    return code;
  }
  if (strcmp(path, carry->record) != 0) {
    snprintf(carry->record, LIVE_PATH_SIZE, "%s", path);
    carry->last_take = 0U;
  }
  carry->policy = OUTPUT_REPLACE;

  const int started = live_takes_start(s);
  if (started) {
    carry->record[0] = '\0'; // Not again when devices return
  }
  return started;
}

int
live_takes_stop(LiveSession* const s)
{
  if (!s->record) {
    return say_error(EXIT_FAILED, "nothing is being recorded");
  }

  LiveRecord* const record = s->record;
  const bool        done   = live_sound_record(s->sound, NULL);
  int               code   = live_record_end(record);
  s->carry->failed         = s->carry->failed || code;
  if (!code && live_record_is_empty(record)) {
    code = say_error(EXIT_FAILED,
                     "no sound came to be recorded into \"%s\"",
                     live_record_path(record));
  }
  s->carry->record[0] = '\0';
  s->record           = NULL;
  if (done) {
    live_record_free(record);
  } else if (!s->former) {
    s->former = record; // A second one stays till the end of the process
  }
  return code;
}
