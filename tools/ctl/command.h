// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CTL_COMMAND_H
#define GRUS_TOOLS_CTL_COMMAND_H

/// `grus ctl`: tell a running `grus live` what to do; returns the exit code
int
command_ctl(int argc, char** argv);

#endif // GRUS_TOOLS_CTL_COMMAND_H
