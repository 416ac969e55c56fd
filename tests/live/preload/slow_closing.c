// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Loaded before PortAudio: a device that takes for ever to close

#include <portaudio.h>

#include <unistd.h>

PaError
Pa_StopStream(PaStream* const stream)
{
  (void)stream;
  for (;;) {
    pause();
  }
}
