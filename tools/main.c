// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/command.h"
#include "cli/say.h"
#include "ctl/command.h"
#include "devices/command.h"
#include "gru/command.h"
#include "grus/grus.h"
#include "info/command.h"
#include "live/command.h"
#include "render/command.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
  "Usage: grus COMMAND [OPTION]...\n"
  "Noisy speech in, clean speech out.\n"
  "\n"
  "  render IN OUT   Clean a sound file\n"
  "  live            Clean a microphone's sound as it comes\n"
  "  info [FILE]     Tell what a model is\n"
  "  gru WEIGHTS IN OUT\n"
  "                  Run torch.nn.GRU's network on .npy files\n"
  "  bench           Measure speed and error on this machine\n"
  "  devices         List the sound devices\n"
  "  ctl SOCKET COMMAND\n"
  "                  Tell a running grus live what to do\n"
  "\n"
  "  --help          Show this; grus COMMAND --help shows more\n"
  "  --version       Show the version\n"
  "\n"
  "Example:\n"
  "  grus render noisy.wav clean.wav\n";

/// One subcommand
typedef struct {
  const char* name;
  int (*run)(int argc, char** argv);
} Command;

static const Command commands[] = {
  {"render", command_render},
  {"live", command_live},
  {"info", command_info},
  {"gru", command_gru},
  {"bench", command_bench},
  {"devices", command_devices},
  {"ctl", command_ctl},
};

int
main(const int argc, char** const argv)
{
  const char* const name = argc > 1 ? argv[1] : "--help";
  for (size_t i = 0U; i < sizeof(commands) / sizeof(commands[0]); ++i) {
    if (!strcmp(name, commands[i].name)) {
      return commands[i].run(argc - 1, argv + 1);
    }
  }

  if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
    fputs(help, stdout);
    return argc > 1 ? EXIT_OK : EXIT_USAGE;
  }
  if (!strcmp(name, "--version")) {
    puts("grus " GRUS_VERSION);
    return EXIT_OK;
  }
  return say_error(
    EXIT_USAGE, "there is no command \"%s\" (try grus --help)", name);
}
