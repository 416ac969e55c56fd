// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_PRIVATE_FFT_H
#define GRUS_PLUGIN_PRIVATE_FFT_H

#include <stdbool.h>

/// Return whether the functions of kissfft were found
bool
private_fft_is_loaded(void);

#endif // GRUS_PLUGIN_PRIVATE_FFT_H
