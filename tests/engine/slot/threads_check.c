// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  The ring and the slot between two threads that do not wait for each other.

  A plain program, because ThreadSanitizer and the test framework do not get
  along: build with -Db_sanitize=thread to have it find races.  Without, it
  still finds lost and doubled bytes, and streams that leak.  Once more on one
  core, where a thread that waits for the other in a loop holds it up.
*/

#define _GNU_SOURCE

#include "model_writer.h"

#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"

#include <pthread.h>
#include <sched.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { N_BYTES = 3000000, N_SWAPS = 300, RATE = 48000, BLOCK = 4800 };

/// Count up, byte by byte, in pieces of many lengths
static void*
write_ring(void* const data)
{
  GrusRing* const ring = (GrusRing*)data;
  uint8_t         piece[37];
  for (uint32_t done = 0U; done < N_BYTES;) {
    const uint32_t most = 1U + (done % sizeof(piece));
    const uint32_t n    = most < N_BYTES - done ? most : N_BYTES - done;
    for (uint32_t i = 0U; i < n; ++i) {
      piece[i] = (uint8_t)(done + i);
    }
    if (grus_ring_write(ring, piece, n)) {
      done += n;
    } else {
      sched_yield();
    }
  }

  return NULL;
}

static bool
check_ring(void)
{
  GrusRing* const ring = grus_ring_new(256U);
  pthread_t       writer;
  bool            ok = ring && !pthread_create(&writer, NULL, write_ring, ring);
  for (uint32_t done = 0U; ok && done < N_BYTES;) {
    uint8_t        piece[23];
    const uint32_t ready = grus_ring_read_space(ring);
    const uint32_t n     = ready < sizeof(piece) ? ready : sizeof(piece);
    ok                   = grus_ring_read(ring, piece, n);
    for (uint32_t i = 0U; i < n; ++i) {
      ok = ok && piece[i] == (uint8_t)(done + i);
    }
    done += n;
    if (!n) {
      sched_yield();
    }
  }
  if (!ok) {
    return false;
  }

  pthread_join(writer, NULL);
  ok = !grus_ring_read_space(ring);
  grus_ring_free(ring);
  return ok;
}

/// What the playing thread works with
typedef struct {
  GrusSlot*   slot;
  atomic_bool ending;
} Player;

static void*
play(void* const data)
{
  static float block[BLOCK];

  Player* const player = (Player*)data;
  const float*  in     = block;
  float*        out    = block;
  while (!atomic_load(&player->ending)) {
    grus_slot_process(player->slot, &in, &out, BLOCK);
    (void)grus_slot_has_retired(player->slot);
  }

  return NULL;
}

static GrusStream*
new_stream(const GrusModel* const model)
{
  const GrusStreamConfig config = {RATE, 1U, NULL};
  GrusStream*            stream = NULL;
  return grus_stream_new(model, &config, &stream, NULL) ? NULL : stream;
}

/// Replace streams as fast as they can be made, and count who comes back
static bool
check_slot(void)
{
  GrusModel* const model = writer_identity_model();
  Player           player;
  pthread_t        thread;
  uint32_t         n_back = 0U;
  player.slot             = grus_slot_new(new_stream(model), 1U, RATE);
  atomic_init(&player.ending, false);
  if (!player.slot || pthread_create(&thread, NULL, play, &player)) {
    return false;
  }

  for (uint32_t i = 0U; i < N_SWAPS; ++i) {
    GrusStream* s = grus_slot_publish(player.slot, new_stream(model));
    grus_slot_set_param(player.slot, GRUS_PARAM_REDUCTION, (float)(i % 100U));
    for (; s; s = grus_slot_collect(player.slot)) {
      grus_stream_free(s);
      ++n_back;
    }
  }
  atomic_store(&player.ending, true);
  pthread_join(thread, NULL);

  for (GrusStream* s = NULL; (s = grus_slot_collect(player.slot)); ++n_back) {
    grus_stream_free(s);
  }
  grus_slot_free(player.slot);
  grus_model_free(model);
  printf("%u of %u streams came back before the end\n", n_back, N_SWAPS);

  // All but the one that plays, one that is coming and one that waits
  return n_back + 3U > N_SWAPS && n_back <= N_SWAPS;
}

/// Let threads that start from here on run on one core
static bool
stay_on_one_core(void)
{
#ifdef __linux__
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(sched_getcpu(), &set);
  return !sched_setaffinity(0, sizeof(set), &set);
#else
  return false;
#endif
}

static bool
check(const char* const where)
{
  const bool ring = check_ring();
  const bool slot = check_slot();
  printf("%s: ring %s, slot %s\n",
         where,
         ring ? "passed" : "FAILED",
         slot ? "passed" : "FAILED");
  return ring && slot;
}

int
main(void)
{
  bool ok = check("all cores");
  if (stay_on_one_core()) {
    ok = check("one core") && ok;
  }
  return ok ? 0 : 1;
}
