// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TESTS_STREAM_SETTINGS_H
#define GRUS_TESTS_STREAM_SETTINGS_H

// Ways to run a stream

#include "grus/grus.h"

#include <stdbool.h>
#include <stdint.h>

enum { N_FRAMES = 20000, N_SETTINGS = 17 };

/// One way to run a stream
typedef struct {
  const char* what;
  GrusModel* (*model)(void);
  uint32_t sample_rate;
  uint32_t n_channels;
  bool     even;  ///< Even load
  bool     apart; ///< Channels are not linked
} Setting;

/// Frame networks at their own rate, at a proportional one and resampled both
/// ways, with an even load and without; sample networks at their own rate and
/// resampled
extern const Setting settings[N_SETTINGS];

/// Return a stream that runs a model in one of these ways
GrusStream*
new_stream(const GrusModel* model, const Setting* setting, const char* kernels);

#endif // GRUS_TESTS_STREAM_SETTINGS_H
