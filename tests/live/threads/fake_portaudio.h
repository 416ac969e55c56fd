// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file fake_portaudio.h

   Two sound devices that are always there, and are lost when a test wants it.

   Linked into a program, these take the place of PortAudio's functions.  The
   devices know no sound server and keep no time: each stream has a thread that
   calls back, pauses for a millisecond, and calls back again.  Device 0 and
   device 1 have clocks of their own, 48 kHz, and two channels each way.
*/

#ifndef GRUS_TESTS_FAKE_PORTAUDIO_H
#define GRUS_TESTS_FAKE_PORTAUDIO_H

#include <stdint.h>

/// How the devices fare
typedef enum {
  FAKE_PLAYS,
  FAKE_INACTIVE, ///< The streams have ended, says PortAudio, yet they call back
  FAKE_GONE,     ///< The streams have ended
  FAKE_STALLED,  ///< The streams call back no more, and are said to run
} FakeFate;

/// What processes may share
typedef struct {
  _Atomic(FakeFate) fate;
  _Atomic uint64_t  n_blocks; ///< Called back for, by all streams
} FakeDevices;

/// Have the devices fare as is written there, and count there
void
fake_portaudio_obey(FakeDevices* devices);

#endif // GRUS_TESTS_FAKE_PORTAUDIO_H
