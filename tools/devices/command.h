// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_DEVICES_COMMAND_H
#define GRUS_TOOLS_DEVICES_COMMAND_H

/// `grus devices`: list the sound devices; returns the exit code
int
command_devices(int argc, char** argv);

#endif // GRUS_TOOLS_DEVICES_COMMAND_H
