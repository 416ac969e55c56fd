// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_GRU_OPTIONS_H
#define GRUS_TOOLS_GRU_OPTIONS_H

#include <stdbool.h>

/// What the command line says
typedef struct {
  const char* weights;
  const char* input;  ///< Null if there is none
  const char* output; ///< Null if there is none
  const char* h_0;    ///< Null for zeros
  const char* h_n;    ///< Null if nobody wants it
  const char* prefix;
  const char* kernels; ///< Null for the best
  const char* lengths; ///< Null if all are the same
  bool        batch_first;
  bool        describe;
} GruOptions;

/// Parse arguments; returns EXIT_OK, EXIT_USAGE or #COMMAND_LINE_HELP
int
gru_options_parse(GruOptions* options, int argc, char** argv);

#endif // GRUS_TOOLS_GRU_OPTIONS_H
