// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "fake_portaudio.h"

#include <portaudio.h>

#include <pthread.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 64, N_CHANNELS = 2, N_DEVICES = 2, RATE = 48000 };

/// A stream and its thread
typedef struct {
  PaStreamCallback* callback;
  void*             data;
  bool              has_input;
  bool              has_output;
  bool              started;
  atomic_bool       ending;
  pthread_t         thread;
  float             in[N_CHANNELS][BLOCK];
  float             out[N_CHANNELS][BLOCK];
} Stream;

static const PaHostApiInfo api = {1, paInDevelopment, "Fake", N_DEVICES, 0, 0};

static const PaDeviceInfo devices[N_DEVICES] = {
  {2, "One", 0, N_CHANNELS, N_CHANNELS, 0.0, 0.0, 0.0, 0.0, RATE},
  {2, "Other", 0, N_CHANNELS, N_CHANNELS, 0.0, 0.0, 0.0, 0.0, RATE},
};

static FakeDevices* told;

void
fake_portaudio_obey(FakeDevices* const devices_told)
{
  told = devices_told;
}

static void*
run(void* const data)
{
  static const struct timespec pause = {0, 1000000};

  Stream* const      stream = (Stream*)data;
  const float* const in[]   = {stream->in[0], stream->in[1]};
  float* const       out[]  = {stream->out[0], stream->out[1]};
  while (!atomic_load(&stream->ending)) {
    if (atomic_load(&told->fate) <= FAKE_INACTIVE) {
      stream->callback(stream->has_input ? in : NULL,
                       stream->has_output ? (void*)(uintptr_t)out : NULL,
                       BLOCK,
                       NULL,
                       0U,
                       stream->data);
      atomic_fetch_add(&told->n_blocks, 1U);
    }
    nanosleep(&pause, NULL);
  }

  return NULL;
}

PaError
Pa_Initialize(void)
{
  return paNoError;
}

PaError
Pa_Terminate(void)
{
  return paNoError;
}

const char*
Pa_GetErrorText(const PaError error)
{
  return error ? "an error" : "";
}

const PaHostErrorInfo*
Pa_GetLastHostErrorInfo(void)
{
  static const PaHostErrorInfo info = {paInDevelopment, 0, ""};
  return &info;
}

PaHostApiIndex
Pa_GetHostApiCount(void)
{
  return 1;
}

const PaHostApiInfo*
Pa_GetHostApiInfo(const PaHostApiIndex index)
{
  return index ? NULL : &api;
}

PaHostApiIndex
Pa_HostApiTypeIdToHostApiIndex(const PaHostApiTypeId type)
{
  return type == api.type ? 0 : (PaHostApiIndex)paHostApiNotFound;
}

PaDeviceIndex
Pa_GetDeviceCount(void)
{
  return N_DEVICES;
}

PaDeviceIndex
Pa_GetDefaultInputDevice(void)
{
  return api.defaultInputDevice;
}

PaDeviceIndex
Pa_GetDefaultOutputDevice(void)
{
  return api.defaultOutputDevice;
}

const PaDeviceInfo*
Pa_GetDeviceInfo(const PaDeviceIndex index)
{
  return index >= 0 && index < N_DEVICES ? &devices[index] : NULL;
}

PaError
Pa_IsFormatSupported(const PaStreamParameters* const input,
                     const PaStreamParameters* const output,
                     const double                    rate)
{
  (void)input;
  (void)output;
  return rate == RATE ? paFormatIsSupported : paInvalidSampleRate;
}

PaError
Pa_OpenStream(PaStream** const                stream,
              const PaStreamParameters* const input,
              const PaStreamParameters* const output,
              const double                    rate,
              const unsigned long             block,
              const PaStreamFlags             flags,
              PaStreamCallback* const         callback,
              void* const                     data)
{
  Stream* const opened = (Stream*)calloc(1U, sizeof(Stream));
  (void)rate;
  (void)block;
  (void)flags;
  if (!opened) {
    return paInsufficientMemory;
  }

  opened->callback   = callback;
  opened->data       = data;
  opened->has_input  = input;
  opened->has_output = output;
  *stream            = opened;
  return paNoError;
}

PaError
Pa_StartStream(PaStream* const handle)
{
  Stream* const stream = (Stream*)handle;
  atomic_store(&stream->ending, false);
  stream->started = !pthread_create(&stream->thread, NULL, run, stream);
  return stream->started ? paNoError : paInternalError;
}

PaError
Pa_StopStream(PaStream* const handle)
{
  Stream* const stream = (Stream*)handle;
  if (stream->started) {
    atomic_store(&stream->ending, true);
    pthread_join(stream->thread, NULL);
    stream->started = false;
  }
  return paNoError;
}

PaError
Pa_AbortStream(PaStream* const handle)
{
  return Pa_StopStream(handle);
}

PaError
Pa_CloseStream(PaStream* const handle)
{
  (void)Pa_StopStream(handle);
  free(handle);
  return paNoError;
}

PaError
Pa_IsStreamActive(PaStream* const handle)
{
  const FakeFate fate = atomic_load(&told->fate);
  (void)handle;
  return fate == FAKE_PLAYS || fate == FAKE_STALLED;
}

const PaStreamInfo*
Pa_GetStreamInfo(PaStream* const handle)
{
  static const PaStreamInfo info = {1, 0.0, 0.0, RATE};
  (void)handle;
  return &info;
}
