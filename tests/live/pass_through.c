// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Passes the default input on to the default output through PortAudio and does
  nothing else, to compare with:

    pass_through SECONDS

  Prints how many callbacks there were, and how many were told of lost sound.
*/

#include <portaudio.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const PaStreamCallbackFlags lost =
  paInputUnderflow | paInputOverflow | paOutputUnderflow | paOutputOverflow;

typedef struct {
  atomic_ulong n_callbacks;
  atomic_ulong n_xruns;
} Counts;

static int
pass(const void* const                     input,
     void* const                           output,
     const unsigned long                   n_frames,
     const PaStreamCallbackTimeInfo* const time,
     const PaStreamCallbackFlags           flags,
     void* const                           data)
{
  Counts* const counts = (Counts*)data;
  (void)time;

  memcpy(output, input, n_frames * sizeof(float));
  atomic_fetch_add(&counts->n_callbacks, 1U);
  atomic_fetch_add(&counts->n_xruns, flags & lost ? 1U : 0U);
  return paContinue;
}

int
main(const int argc, char** const argv)
{
  static Counts counts;
  const double  seconds = argc > 1 ? atof(argv[1]) : 1.0;
  PaStream*     stream  = NULL;
  if (Pa_Initialize() || Pa_GetDefaultOutputDevice() == paNoDevice) {
    fprintf(stderr, "pass_through: there is no device\n");
    return EXIT_FAILURE;
  }

  const double rate =
    Pa_GetDeviceInfo(Pa_GetDefaultOutputDevice())->defaultSampleRate;
  if (Pa_OpenDefaultStream(&stream,
                           1,
                           1,
                           paFloat32,
                           rate,
                           paFramesPerBufferUnspecified,
                           pass,
                           &counts) ||
      Pa_StartStream(stream)) {
    fprintf(stderr, "pass_through: cannot open the device\n");
    return EXIT_FAILURE;
  }

  Pa_Sleep((long)(1e3 * seconds));
  Pa_StopStream(stream);
  Pa_Terminate();
  printf("%lu callbacks, %lu xruns\n",
         atomic_load(&counts.n_callbacks),
         atomic_load(&counts.n_xruns));
  return EXIT_SUCCESS;
}
