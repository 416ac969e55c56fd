// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/version.h"

const char*
grus_version(void)
{
  return GRUS_VERSION;
}
