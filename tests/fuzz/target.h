// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What libFuzzer calls

#ifndef GRUS_TESTS_TARGET_H
#define GRUS_TESTS_TARGET_H

#include <stddef.h>
#include <stdint.h>

/// Make what all runs need
int
LLVMFuzzerInitialize(int* argc, char*** argv);

/// Run once; returns 0
int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

#endif // GRUS_TESTS_TARGET_H
