// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_JSON_TEXT_H
#define GRUS_TOOLS_CLI_JSON_TEXT_H

#include <jansson.h>

/// Return a text, like the path of a file, as JSON: bytes that are no UTF-8
/// become U+FFFD; null without memory
json_t*
json_text(const char* text);

#endif // GRUS_TOOLS_CLI_JSON_TEXT_H
