// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_OTHER_FORMATS_H
#define GRUS_OTHER_FORMATS_H

#include <stddef.h>
#include <stdint.h>

/// Return what a file is that people take for a .safetensors file, and how to
/// come to one; null if it is none of those
const char*
grus_other_format(const uint8_t* bytes, size_t size);

#endif // GRUS_OTHER_FORMATS_H
