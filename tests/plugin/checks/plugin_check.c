// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  What a host relies on, checked in a host of our own:

    plugin_check stress URI MODEL N_BLOCKS    threads, real time, random blocks
    plugin_check steps SOUND.raw MODEL        no click at a swap or a bypass
    plugin_check state URI MODEL FOLDER       sessions, moved and with losses
    plugin_check preset PRESET SOUND.raw OUT.raw
    plugin_check many URI N                   one copy of the weights
    plugin_check rates                        every sample rate, odd blocks
    plugin_check hostile URI N_BLOCKS         values and messages out of order
    plugin_check even MODEL                   an even load for each model

  Sound is raw float of one channel at 48 kHz.  LV2_PATH must have the bundle.
*/

#include "checks.h"
#include "watch/rt_guard.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
main(const int argc, char** const argv)
{
  const char* const name = argc > 1 ? argv[1] : "";

  rt_guard_init();
  if (argc == 5 && !strcmp(name, "stress")) {
    return check_stress(argv[2], argv[3], (uint32_t)strtoul(argv[4], NULL, 10));
  }
  if (argc == 4 && !strcmp(name, "steps")) {
    return check_steps(argv[2], argv[3]);
  }
  if (argc == 5 && !strcmp(name, "state")) {
    return check_sessions(argv[2], argv[3], argv[4]);
  }
  if (argc == 5 && !strcmp(name, "preset")) {
    return check_preset(argv[2], argv[3], argv[4]);
  }
  if (argc == 4 && !strcmp(name, "many")) {
    return check_many(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
  }
  if (argc == 4 && !strcmp(name, "hostile")) {
    return check_hostile(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
  }
  if (argc == 3 && !strcmp(name, "even")) {
    return check_even_load(argv[2]);
  }
  if (argc == 2 && !strcmp(name, "rates")) {
    return check_rates();
  }
  fprintf(stderr, "plugin_check: what is to be checked?\n");
  return EXIT_FAILURE;
}
