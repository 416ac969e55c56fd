// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_CLOCK_H
#define GRUS_TOOLS_CLI_CLOCK_H

/// Return the seconds since some fixed point in the past
double
clock_seconds(void);

#endif // GRUS_TOOLS_CLI_CLOCK_H
