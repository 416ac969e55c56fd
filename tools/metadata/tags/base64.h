// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_METADATA_BASE64_H
#define GRUS_TOOLS_METADATA_BASE64_H

#include "metadata/buffer.h"

#include <stddef.h>

/// Add bytes as letters
void
base64_encode(const Buffer* bytes, Buffer* letters);

/// Add the bytes that letters stand for; returns 0, or -1 if they are none
int
base64_decode(const char* letters, size_t n, Buffer* bytes);

#endif // GRUS_TOOLS_METADATA_BASE64_H
