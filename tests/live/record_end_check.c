// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  A recording that ends while the audio thread is in the midst of a block, or
  before there is any sound.

  The thread is held up where it asks for the time, behind the point at which it
  has seen that sound is to be played.  What it then writes must find the ring
  of the recording; the address sanitizer tells if it is gone.

      record_end_check FOLDER
*/

#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "live/audio/sound.h"
#include "live/disk/record.h"
#include "model_writer.h"

#include <pthread.h>
#include <unistd.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { N_FRAMES = 4096, RATE = 48000 };

static _Atomic bool inside; ///< The thread is in the block
static _Atomic bool go_on;

static void
wait_until(const _Atomic bool* const condition)
{
  static const struct timespec pause = {0, 1000000};
  while (!atomic_load(condition)) {
    nanosleep(&pause, NULL);
  }
}

static double
held_up_clock(void)
{
  atomic_store(&inside, true);
  wait_until(&go_on);
  return 0.0;
}

static void*
play(void* const data)
{
  static float       in[N_FRAMES];
  static float       out[N_FRAMES];
  const float* const ins[]  = {in};
  float* const       outs[] = {out};
  live_sound_play((LiveSound*)data, ins, outs, N_FRAMES);
  return NULL;
}

static GrusSlot*
new_slot(GrusModel* const model)
{
  const GrusStreamConfig config = {RATE, 1U, NULL};
  GrusStream*            stream = NULL;
  GrusMessage            message;
  return grus_stream_new(model, &config, &stream, &message)
           ? NULL
           : grus_slot_new(stream, 1U, RATE);
}

/// End the recording in the midst of a block; return whether all went well
static bool
check(GrusSlot* const slot, const char* const path)
{
  const LiveTake take   = {path, 1U, OUTPUT_REPLACE};
  LiveRecord*    record = NULL;
  if (live_record_start(&take, 2U, RATE, &record)) {
    return false;
  }

  GrusRing* const       ring   = live_record_ring(record);
  const LiveSoundConfig config = {
    slot, NULL, ring, NULL, UINT64_MAX, 1U, RATE, held_up_clock};
  LiveSound* const sound = live_sound_new(&config);
  pthread_t        thread;
  atomic_store(&sound->shown.go, true);
  if (pthread_create(&thread, NULL, play, sound)) {
    return false;
  }

  wait_until(&inside);
  atomic_store(&sound->shown.go, false);
  const int code = live_record_end(record);

  // A thread that is held up may still have the ring from before
  const bool let_go = live_sound_record(sound, ring);
  atomic_store(&go_on, true);
  pthread_join(thread, NULL);

  // Nobody has read what came after the end, and it is still there
  const uint32_t latency = grus_stream_latency(grus_slot_stream(slot));
  const uint32_t left    = grus_ring_read_space(ring);
  live_sound_free(sound);
  live_record_free(record);
  return !code && !let_go && left == (N_FRAMES - latency) * 2U * sizeof(float);
}

/// End a recording before there is sound; return whether no file is left
static bool
check_empty(const char* const path)
{
  const LiveTake take   = {path, 1U, OUTPUT_REPLACE};
  LiveRecord*    record = NULL;
  if (live_record_start(&take, 2U, RATE, &record)) {
    return false;
  }

  const bool was_there = !access(path, F_OK);
  const int  code      = live_record_end(record);
  const bool is_empty  = live_record_is_empty(record);
  live_record_free(record);
  return !code && is_empty && was_there && access(path, F_OK);
}

int
__wrap_main(int argc, char** argv);

/// Instead of the main() of grus, whose parts are linked
int
__wrap_main(const int argc, char** const argv)
{
  char             path[4096];
  GrusModel* const model = writer_identity_model();
  GrusSlot* const  slot  = model ? new_slot(model) : NULL;
  snprintf(path, sizeof(path), "%s/take.wav", argc > 1 ? argv[1] : ".");

  const bool ok = slot && check(slot, path);
  printf("%s: a recording ends in the midst of a block\n",
         ok ? "passed" : "FAILED");
  unlink(path);
  const bool empty_ok = check_empty(path);
  printf("%s: a recording without sound leaves no file\n",
         empty_ok ? "passed" : "FAILED");
  grus_slot_free(slot);
  grus_model_free(model);
  return ok && empty_ok ? 0 : 1;
}
