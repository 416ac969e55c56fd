// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/status.h"

const char*
grus_strerror(const GrusStatus st)
{
  switch (st) {
  case GRUS_SUCCESS:
    return "Success";
  case GRUS_ERR_NO_MEM:
    return "Out of memory";
  case GRUS_ERR_BAD_ARG:
    return "Invalid argument";
  case GRUS_ERR_BAD_FORMAT:
    return "Malformed data";
  case GRUS_ERR_UNSUPPORTED:
    return "Unsupported data";
  case GRUS_ERR_SELF_TEST:
    return "Self-test failed";
  case GRUS_ERR_MISMATCH:
    return "Data of another model or stream";
  }

  return "Unknown error"; // No default above, so -Wswitch finds a missing case
}
