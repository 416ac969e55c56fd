// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Linked into the `grus` program in the place of PortAudio's Pa_OpenStream()
  (`--wrap`), this watches every callback that the program gives to a stream.
  What it saw lies in the file that GRUS_GUARD_REPORT names, all the time: four
  64-bit numbers.
*/

#include "watch/rt_guard.h"

#include <portaudio.h>

#include <sys/mman.h>
#include <unistd.h>

#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// What was seen, in the order of the report
typedef struct {
  _Atomic uint64_t n_callbacks;
  _Atomic uint64_t n_violations;
  _Atomic uint64_t n_xruns;  ///< Callbacks that were told of lost sound
  _Atomic uint64_t n_frames; ///< Of all of them
} Report;

/// A stream's own callback
typedef struct {
  PaStreamCallback* callback;
  void*             data;
} Watched;

static const PaStreamCallbackFlags lost =
  paInputUnderflow | paInputOverflow | paOutputUnderflow | paOutputOverflow;

static Report  unread;
static Report* report = &unread;

__typeof__(Pa_OpenStream) __real_Pa_OpenStream;
__typeof__(Pa_OpenStream) __wrap_Pa_OpenStream;

/// Before main(), since RealtimeSanitizer replaces what that may call
__attribute__((constructor)) static void
start(void)
{
  const char* const path = getenv("GRUS_GUARD_REPORT");
  rt_guard_init();

  const int file = path ? open(path, O_RDWR | O_CREAT, 0666) : -1;
  if (file >= 0 && !ftruncate(file, sizeof(Report))) {
    void* const memory =
      mmap(NULL, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    report = memory == MAP_FAILED ? &unread : (Report*)memory;
  }
}

static int
watch(const void* const                     input,
      void* const                           output,
      const unsigned long                   n_frames,
      const PaStreamCallbackTimeInfo* const time,
      const PaStreamCallbackFlags           flags,
      void* const                           data)
{
  const Watched* const watched = (const Watched*)data;
  rt_guard_enter();
  const int result =
    watched->callback(input, output, n_frames, time, flags, watched->data);
  atomic_fetch_add(&report->n_violations, rt_guard_exit());
  atomic_fetch_add(&report->n_callbacks, 1U);
  atomic_fetch_add(&report->n_frames, n_frames);
  atomic_fetch_add(&report->n_xruns, flags & lost ? 1U : 0U);
  return result;
}

PaError
__wrap_Pa_OpenStream(PaStream** const                stream,
                     const PaStreamParameters* const input,
                     const PaStreamParameters* const output,
                     const double                    rate,
                     const unsigned long             block,
                     const PaStreamFlags             flags,
                     PaStreamCallback* const         callback,
                     void* const                     data)
{
  Watched* const watched = (Watched*)malloc(sizeof(Watched)); // For good
  if (!watched) {
    return paInsufficientMemory;
  }

  watched->callback = callback;
  watched->data     = data;
  return __real_Pa_OpenStream(
    stream, input, output, rate, block, flags, watch, watched);
}
