// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_COMMAND_H
#define GRUS_TOOLS_RENDER_COMMAND_H

/// `grus render`: clean a sound file; returns the exit code
int
command_render(int argc, char** argv);

#endif // GRUS_TOOLS_RENDER_COMMAND_H
