// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_HOST_CLOCK_H
#define GRUS_HOST_CLOCK_H

/// Return the seconds since some fixed point in the past; real-time safe where
/// they are read from memory that the kernel shares, as on Linux
double
clock_seconds(void);

#endif // GRUS_HOST_CLOCK_H
