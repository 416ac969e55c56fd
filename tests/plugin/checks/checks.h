// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What plugin_check can check; each returns EXIT_SUCCESS or EXIT_FAILURE

#ifndef GRUS_TESTS_PLUGIN_CHECKS_H
#define GRUS_TESTS_PLUGIN_CHECKS_H

#include <stdint.h>

int
check_stress(const char* uri, const char* model, uint32_t n_blocks);

int
check_steps(const char* sound, const char* model);

int
check_sessions(const char* uri, const char* model, const char* folder);

int
check_preset(const char* preset, const char* in_path, const char* out_path);

int
check_many(const char* uri, uint32_t n);

int
check_rates(void);

int
check_even_load(const char* short_hop);

int
check_hostile(const char* uri, uint32_t n_blocks);

#endif // GRUS_TESTS_PLUGIN_CHECKS_H
