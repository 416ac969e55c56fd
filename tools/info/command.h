// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_INFO_COMMAND_H
#define GRUS_TOOLS_INFO_COMMAND_H

/// `grus info`: tell what a model is; returns the exit code
int
command_info(int argc, char** argv);

#endif // GRUS_TOOLS_INFO_COMMAND_H
