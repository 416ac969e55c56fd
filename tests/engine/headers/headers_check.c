// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The public header compiles alone, under the strictest warnings

#include "grus/grus.h"

int
main(void)
{
  return grus_strerror(GRUS_SUCCESS) ? 0 : 1;
}
