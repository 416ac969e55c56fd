// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  The audio thread never allocates, locks, waits, logs or calls the system.

  Everything it may call runs in a child process under strict seccomp: the
  kernel kills the child at its first system call other than read, write and
  exit, so a lock that waits or memory that the allocator must ask for cannot
  go unnoticed.  What the allocator has in hand, and a lock that nobody else
  holds, are caught by counting calls.
*/

#define _GNU_SOURCE

#include "model_writer.h"
#include "watch/libc_allocator.h"

#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "live/audio/drift.h"
#include "live/audio/sound.h"

#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <dlfcn.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool     counting;
static unsigned n_allocations;
static unsigned n_locks;

void*
malloc(const size_t size)
{
  n_allocations += counting;
  return __libc_malloc(size);
}

void*
calloc(const size_t n, const size_t size)
{
  n_allocations += counting;
  return __libc_calloc(n, size);
}

void*
realloc(void* const p, const size_t size)
{
  n_allocations += counting;
  return __libc_realloc(p, size);
}

void*
aligned_alloc(const size_t alignment, const size_t size)
{
  n_allocations += counting;
  return __libc_memalign(alignment, size);
}

int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  n_allocations += counting;
  *p = __libc_memalign(alignment, size);
  return *p ? 0 : ENOMEM;
}

void
free(void* const p)
{
  n_allocations += counting;
  __libc_free(p);
}

int
pthread_mutex_lock(pthread_mutex_t* const mutex)
{
  static int (*real_lock)(pthread_mutex_t*);

  n_locks += counting;
  if (counting) {
    return 0;
  }
  if (!real_lock) {
    void* const symbol = dlsym(RTLD_NEXT, "pthread_mutex_lock");
    memcpy(&real_lock, &symbol, sizeof(symbol));
  }
  return real_lock(mutex);
}

int
pthread_mutex_trylock(pthread_mutex_t* const mutex)
{
  (void)mutex;
  n_locks += counting;
  return EBUSY; // What is tried must do without
}

enum { N_CHANNELS = 2, MAX_BLOCK = 5000, N_ROUNDS = 40 };

static float buffers[N_CHANNELS][MAX_BLOCK];

/// Everything that an audio callback may do with a stream
static void
play_stream(void* const data)
{
  static const uint32_t blocks[] = {0U, 1U, 64U, 480U, 997U, MAX_BLOCK};

  GrusStream* const stream = (GrusStream*)data;
  const float*      in[N_CHANNELS];
  float*            out[N_CHANNELS];
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    in[c]  = buffers[c];
    out[c] = buffers[c];
  }

  for (uint32_t round = 0U; round < N_ROUNDS; ++round) {
    for (size_t b = 0U; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
      grus_stream_process(stream, in, out, blocks[b]);
      buffers[0][b * 100U] = 0.5f;
    }
    grus_stream_set_param(stream, GRUS_PARAM_REDUCTION, (float)(round % 100U));
    (void)grus_stream_meter(stream, GRUS_METER_ACTIVITY);
    if (round == N_ROUNDS / 2) {
      buffers[1][3] = NAN; // The way through a fault is real-time safe too
    }
  }
  grus_stream_reset(stream);
}

/// What the callbacks of the live host work with
typedef struct {
  LiveSound* sound;
  LiveDrift* drift;
} Host;

static double
stopped_clock(void)
{
  return 0.0;
}

/// Everything that the callbacks of the live host do
static void
play_live(void* const data)
{
  static const uint32_t blocks[] = {64U, 256U, 997U};

  const Host* const host = (const Host*)data;
  const float*      in[N_CHANNELS];
  float*            out[N_CHANNELS];
  for (uint32_t c = 0U; c < N_CHANNELS; ++c) {
    in[c]  = buffers[c];
    out[c] = buffers[c];
  }

  for (uint32_t round = 0U; round < 20U * N_ROUNDS; ++round) {
    const uint32_t n = blocks[round % 3U];
    live_sound_play(host->sound, in, out, n);
    live_drift_push(host->drift, in, n);
    live_drift_pull(host->drift, out, n);
    live_sound_count_xrun(host->sound);
    atomic_store(&host->sound->shown.go, true);
  }
}

/// Play in a cage and return whether the child came through
static bool
survives_cage(void (*const play)(void*), void* const data)
{
  const pid_t child = fork();
  if (!child) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT)) {
      syscall(SYS_exit, 77);
    }
    counting = true;
    play(data);
    syscall(SYS_exit, n_allocations ? 1 : n_locks ? 2 : 0);
  }

  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) {
    fprintf(stderr, "a system call was made\n");
  } else if (WEXITSTATUS(status) == 1) {
    fprintf(stderr, "memory was allocated or freed\n");
  } else if (WEXITSTATUS(status) == 2) {
    fprintf(stderr, "a lock was taken\n");
  } else if (WEXITSTATUS(status) == 77) {
    fprintf(stderr, "seccomp is not to be had here\n");
  }
  return WIFEXITED(status) && !WEXITSTATUS(status);
}

static bool
check(GrusModel* const model, const uint32_t rate, const char* const kernels)
{
  const GrusStreamConfig config = {rate, N_CHANNELS, kernels};
  GrusStream*            stream = NULL;
  if (grus_stream_new(model, &config, &stream, NULL)) {
    return false;
  }

  const bool ok = survives_cage(play_stream, stream);
  printf("%s: %s at %u Hz, %s kernels\n",
         ok ? "passed" : "FAILED",
         grus_model_info(model)->name,
         rate,
         kernels);
  fflush(stdout);
  grus_stream_free(stream);
  return ok;
}

static GrusStream*
new_stream(const GrusModel* const model)
{
  const GrusStreamConfig config = {48000U, N_CHANNELS, NULL};
  GrusStream*            stream = NULL;
  return grus_stream_new(model, &config, &stream, NULL) ? NULL : stream;
}

/// The live host, with a stream that replaces another while it plays
static bool
check_live(GrusModel* const model)
{
  GrusSlot* const slot = grus_slot_new(new_stream(model), N_CHANNELS, 48000U);
  GrusRing* const recording    = grus_ring_new(1U << 20U);
  const LiveSoundConfig config = {
    slot, NULL, recording, NULL, UINT64_MAX, N_CHANNELS, 48000U, stopped_clock};
  Host host = {live_sound_new(&config),
               live_drift_new(N_CHANNELS, 48000U, 44100U)};
  if (!slot || !host.sound || !host.drift ||
      grus_slot_publish(slot, new_stream(model))) {
    return false;
  }

  const bool ok = survives_cage(play_live, &host);
  printf("%s: the live host\n", ok ? "passed" : "FAILED");
  fflush(stdout);
  live_drift_free(host.drift);
  live_sound_free(host.sound);
  grus_ring_free(recording);
  grus_slot_free(slot);
  return ok;
}

int
main(void)
{
  static const uint32_t rates[] = {16000U, 44100U, 48000U};

  GrusModel* const models[] = {writer_frame_model(), writer_sample_model()};
  bool             ok       = true;
  for (size_t m = 0U; m < 2U; ++m) {
    for (size_t r = 0U; r < sizeof(rates) / sizeof(rates[0]); ++r) {
      for (uint32_t k = 0U; grus_kernels_name(k); ++k) {
        ok = check(models[m], rates[r], grus_kernels_name(k)) && ok;
      }
    }
    ok = check_live(models[m]) && ok;
    grus_model_free(models[m]);
  }

  return ok ? 0 : 1;
}
