// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Loaded before PortAudio: devices that open and do not start, until the file
// that GRUS_LET_GO names is there.  Makes the file that GRUS_LEFT_OPEN names if
// one of them is left open for Pa_Terminate().

#define _GNU_SOURCE // RTLD_NEXT

#include <portaudio.h>

#include <unistd.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static PaStream* refused; ///< The last one that did not start, while it is open

PaError
Pa_StartStream(PaStream* const stream)
{
  const char* const let_go = getenv("GRUS_LET_GO");
  if (let_go && access(let_go, F_OK)) {
    refused = stream;
    return paDeviceUnavailable;
  }

  void* const symbol                 = dlsym(RTLD_NEXT, "Pa_StartStream");
  PaError (*real)(PaStream * stream) = NULL;
  memcpy(&real, &symbol, sizeof(real));
  return real(stream);
}

PaError
Pa_CloseStream(PaStream* const stream)
{
  refused = stream == refused ? NULL : refused;

  void* const symbol                 = dlsym(RTLD_NEXT, "Pa_CloseStream");
  PaError (*real)(PaStream * stream) = NULL;
  memcpy(&real, &symbol, sizeof(real));
  return real(stream);
}

PaError
Pa_Terminate(void)
{
  const char* const left_open = getenv("GRUS_LEFT_OPEN");
  if (refused && left_open) {
    close(open(left_open, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
  }

  void* const symbol    = dlsym(RTLD_NEXT, "Pa_Terminate");
  PaError (*real)(void) = NULL;
  memcpy(&real, &symbol, sizeof(real));
  return real();
}
