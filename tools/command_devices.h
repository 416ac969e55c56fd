// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_COMMAND_DEVICES_H
#define GRUS_TOOLS_COMMAND_DEVICES_H

/// `grus devices`: list the sound devices; returns the exit code
int
command_devices(int argc, char** argv);

#endif // GRUS_TOOLS_COMMAND_DEVICES_H
