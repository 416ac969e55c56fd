// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/disk/record.h"

#include "cli/say.h"
#include "files/output.h"
#include "files/take.h"
#include "grus/ring.h"
#include "sound/format.h"
#include "sound/layout/layout.h"
#include "sound/layout/plan.h"
#include "sound/sink.h"

#include <pthread.h>
#include <sndfile.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  CHUNK        = 4096, ///< Frames written at once
  RING_SECONDS = 4,    ///< A disk may take that long to answer
  REASON_SIZE  = 128,
};

struct LiveRecordImpl {
  char*            path;
  OutputFile       place;
  SoundSink        sink;
  SNDFILE*         file;
  LayoutPlan       plan; ///< Where the channels go
  int              format;
  GrusRing*        ring;
  float*           frames; ///< (chunk, channels)
  unsigned         number; ///< Of the take
  uint32_t         n_channels;
  uint32_t         sample_rate;
  uint32_t         n_unsaved; ///< Frames that the header does not count yet
  pthread_t        thread;
  _Atomic bool     ending;
  _Atomic bool     failed; ///< Set after `reason`
  _Atomic uint64_t n_written;
  bool             told;
  char             reason[REASON_SIZE];
};

static void
fail_take(LiveRecord* const record)
{
  const int cause = record->place.error;
  snprintf(record->reason,
           REASON_SIZE,
           "%s",
           cause ? strerror(cause) : sf_strerror(record->file));
  atomic_store_explicit(&record->failed, true, memory_order_release);
}

/// Have the header count what is written.  One of Ogg counts nothing, and a
/// second one would be taken for damage.
static void
update_header(LiveRecord* const record)
{
  if ((record->format & SF_FORMAT_TYPEMASK) != SF_FORMAT_OGG) {
    sf_command(record->file, SFC_UPDATE_HEADER_NOW, NULL, 0);
  }
}

static void
write_frames(LiveRecord* const record, const uint32_t n)
{
  channel_order_apply(&record->plan.order, record->frames, n);
  if (sf_writef_float(record->file, record->frames, (sf_count_t)n) !=
      (sf_count_t)n) {
    fail_take(record);
    return;
  }

  atomic_fetch_add_explicit(&record->n_written, n, memory_order_relaxed);
  record->n_unsaved += n;
  if (record->n_unsaved >= record->sample_rate) {
    record->n_unsaved = 0U;
    update_header(record);
  }
}

/// Write a chunk if there is one; return whether there was
static bool
write_some(LiveRecord* const record)
{
  const uint32_t width = record->n_channels * (uint32_t)sizeof(float);
  const uint32_t ready = grus_ring_read_space(record->ring) / width;
  const uint32_t n     = ready < CHUNK ? ready : CHUNK;

  // Read on even if the disk is full, so that the ring does not count as lost
  (void)grus_ring_read(record->ring, record->frames, n * width);
  if (n && !atomic_load_explicit(&record->failed, memory_order_relaxed)) {
    write_frames(record, n);
  }
  return n > 0U;
}

static void*
write_takes(void* const data)
{
  static const struct timespec pause = {0, 20000000};

  LiveRecord* const record = (LiveRecord*)data;
  for (bool ending = false; !ending;) {
    ending = atomic_load_explicit(&record->ending, memory_order_acquire);
    while (write_some(record)) {
    }
    if (!ending) {
      nanosleep(&pause, NULL);
    }
  }

  return NULL;
}

static int
open_file(LiveRecord* const record, const LiveTake* const take)
{
  // As long as no recording is: what may pass 4 GB must be able to
  static const int64_t endless = INT64_C(1) << 40;

  SF_INFO info    = {0};
  info.samplerate = (int)record->sample_rate;
  info.channels   = (int)record->n_channels;
  info.format     = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  info.frames     = endless;

  const SoundFormatWish wish = {take->path, NULL, NULL, record->sample_rate};

  // Which microphone hears what is not known
  const Layout layout = {record->n_channels, 0U};
  unsigned     number = take->number;
  SF_INFO      chosen;
  int          code = sound_format_choose(&wish, &info, &chosen);
  if (!code) {
    code = layout_plan(&record->plan, layout, take->path, &chosen.format);
  }
  if (!code) {
    code = take_open(
      &record->place, take->path, &number, take->policy, &record->path);
  }
  if (code) {
    return code;
  }

  record->number = number;
  record->format = chosen.format;
  sound_sink_init(&record->sink, &record->place);
  record->file = sound_sink_open(&record->sink, &chosen);
  if (!record->file) {
    return say_error(EXIT_FAILED,
                     "cannot record into \"%s\": %s",
                     record->path,
                     sf_strerror(NULL));
  }
  sf_command(record->file, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
  sf_command(record->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  sf_command(record->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
  layout_plan_tell(&record->plan, record->file, record->format);
  if (record->plan.comment[0]) {
    sound_sink_replace(
      &record->sink, record->plan.placeholder, record->plan.comment);
  }
  update_header(record);
  return EXIT_OK;
}

void
live_record_free(LiveRecord* const record)
{
  if (record) {
    if (record->file) {
      sf_close(record->file);
    }
    output_file_abandon(&record->place);
    free(record->path);
    grus_ring_free(record->ring);
    free(record->frames);
    free(record);
  }
}

int
live_record_start(const LiveTake* const take,
                  const uint32_t        n_channels,
                  const uint32_t        sample_rate,
                  LiveRecord** const    result)
{
  LiveRecord* const record = (LiveRecord*)calloc(1U, sizeof(LiveRecord));
  if (!record) {
    return say_error(EXIT_FAILED, "no memory to record");
  }

  const uint32_t width = n_channels * (uint32_t)sizeof(float);
  record->place.fd     = -1;
  record->n_channels   = n_channels;
  record->sample_rate  = sample_rate;
  record->ring         = grus_ring_new(RING_SECONDS * sample_rate * width);
  record->frames       = (float*)malloc((size_t)CHUNK * width);

  int code = record->ring && record->frames
               ? open_file(record, take)
               : say_error(EXIT_FAILED, "no memory to record");
  if (!code && pthread_create(&record->thread, NULL, write_takes, record)) {
    code = say_error(EXIT_FAILED, "cannot start a thread to record");
  }
  if (code) {
    live_record_free(record);
    return code;
  }

  *result = record;
  return EXIT_OK;
}

const char*
live_record_path(const LiveRecord* const record)
{
  return record->path;
}

unsigned
live_record_number(const LiveRecord* const record)
{
  return record->number;
}

GrusRing*
live_record_ring(const LiveRecord* const record)
{
  return record->ring;
}

double
live_record_seconds(const LiveRecord* const record)
{
  return (double)atomic_load_explicit(&record->n_written,
                                      memory_order_relaxed) /
         record->sample_rate;
}

int
live_record_check(LiveRecord* const record)
{
  if (!atomic_load_explicit(&record->failed, memory_order_acquire)) {
    return EXIT_OK;
  }
  if (!record->told) {
    record->told = true;
    say_error(EXIT_FAILED,
              "recording \"%s\" stopped after %.1f s: %s",
              record->path,
              live_record_seconds(record),
              record->reason);
  }
  return EXIT_FAILED;
}

/// Close the sound in the file; return whether all of it is there
static bool
close_sound(LiveRecord* const record)
{
  const bool closed = !sf_close(record->file);
  record->file      = NULL;
  return !layout_plan_finish(&record->plan, record->place.fd, record->format) &&
         closed;
}

bool
live_record_is_empty(const LiveRecord* const record)
{
  return !atomic_load_explicit(&record->n_written, memory_order_relaxed);
}

int
live_record_end(LiveRecord* const record)
{
  if (!record) {
    return EXIT_OK;
  }

  atomic_store_explicit(&record->ending, true, memory_order_release);
  pthread_join(record->thread, NULL);

  const int  code   = live_record_check(record);
  const bool closed = close_sound(record);
  if (live_record_is_empty(record)) {
    take_remove(&record->place);
  }
  return code
           ? code
           : output_file_finish(&record->place, !closed || record->place.error);
}
