// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_UTF8_H
#define GRUS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/// Read the character that a null-terminated text begins with; returns its
/// bytes, or 0 if they are not UTF-8
size_t
grus_utf8_decode(const char* text, uint32_t* character);

#endif // GRUS_UTF8_H
