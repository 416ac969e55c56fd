// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_GRU_COMMAND_H
#define GRUS_TOOLS_GRU_COMMAND_H

/// `grus gru`: run a GRU over arrays; returns the exit code
int
command_gru(int argc, char** argv);

#endif // GRUS_TOOLS_GRU_COMMAND_H
