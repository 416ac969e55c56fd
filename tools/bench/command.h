// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_BENCH_COMMAND_H
#define GRUS_TOOLS_BENCH_COMMAND_H

/// `grus bench`: measure the speed and the error of the kernels here; returns
/// the exit code
int
command_bench(int argc, char** argv);

#endif // GRUS_TOOLS_BENCH_COMMAND_H
