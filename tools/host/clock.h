// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_HOST_CLOCK_H
#define GRUS_HOST_CLOCK_H

/// Return the seconds since some fixed point in the past
double
clock_seconds(void);

#endif // GRUS_HOST_CLOCK_H
