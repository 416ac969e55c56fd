// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file job.h

   A sound file through a stream into another, aligned to the sample.
*/

#ifndef GRUS_TOOLS_RENDER_JOB_H
#define GRUS_TOOLS_RENDER_JOB_H

#include "grus/grus.h"
#include "sound/input.h"
#include "sound/measure/envelope.h"
#include "sound/measure/loudness.h"
#include "sound/measure/spectrogram.h"
#include "sound/output.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/// How far a rendering is, in memory that processes may share
typedef struct {
  _Atomic uint64_t n_frames; ///< Read so far
  _Atomic uint32_t sample_rate;
} RenderProgress;

/// What goes in and out of a rendering
typedef struct {
  GrusStream*  stream;
  SoundInput*  input;
  SoundOutput* output;
  uint32_t     block;     ///< Frames of each call of the stream
  uint32_t     n_warm_up; ///< Frames that the stream hears before all others
  Spectrogram* before;    ///< Null if nobody wants a picture
  Spectrogram* after;     ///< Null likewise
  FILE*        activity;  ///< Takes "time,activity" lines, or null
  bool         show_progress;
  bool         with_envelopes; ///< Whether those of the result are wanted

  RenderProgress* progress; ///< Null if no other process wants to know
} Rendering;

/// What was measured on the way
typedef struct {
  Levels   before;
  Levels   after;
  Envelope envelope_before; ///< Empty if not wanted
  Envelope envelope_after;  ///< Likewise
  uint64_t n_frames;        ///< Frames in, and as many out
  double   activity;        ///< Mean voice activity
  double   seconds;         ///< Spent on everything
  double   stream_seconds;  ///< Of these, spent in the stream
} RenderResult;

/**
   Render everything.

   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
render(const Rendering* rendering, RenderResult* result);

#endif // GRUS_TOOLS_RENDER_JOB_H
