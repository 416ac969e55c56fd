// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_MEASURE_SPECTROGRAM_PNG_H
#define GRUS_TOOLS_SOUND_MEASURE_SPECTROGRAM_PNG_H

#include "files/output.h"
#include "sound/measure/spectrogram.h"

/// Draw two spectrograms, before above after, into a PNG file; on failure tell
/// why and return EXIT_FAILED
int
picture_write(OutputFile*        file,
              const Spectrogram* before,
              const Spectrogram* after);

#endif // GRUS_TOOLS_SOUND_MEASURE_SPECTROGRAM_PNG_H
