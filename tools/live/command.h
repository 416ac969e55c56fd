// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_COMMAND_H
#define GRUS_TOOLS_LIVE_COMMAND_H

/// `grus live`: clean a microphone's sound as it comes; returns the exit code
int
command_live(int argc, char** argv);

#endif // GRUS_TOOLS_LIVE_COMMAND_H
