// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_GRU_DESCRIBE_H
#define GRUS_TOOLS_GRU_DESCRIBE_H

#include "grus/grus.h"

/**
   Print a GRU on stdout: arguments, shapes, weights.

   The shapes are those of `input`, or any where that is null.  Returns EXIT_OK,
   or EXIT_FAILED after telling why `input` does not fit.
*/
int
describe_gru(const GrusGru* gru, const GrusShape* input);

#endif // GRUS_TOOLS_GRU_DESCRIBE_H
