// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "gru/options.h"

#include "cli/command_line.h"
#include "cli/say.h"

#include <getopt.h>

#include <stddef.h>
#include <string.h>

/// Take the files' names; return EXIT_USAGE after telling what is wrong
static int
take_files(GruOptions* const options, const int n, char** const names)
{
  const int least = options->describe ? 1 : 3;
  const int most  = options->describe ? 2 : 3;
  if (n < least || n > most) {
    return say_error(EXIT_USAGE,
                     "expected %s (try grus gru --help)",
                     options->describe ? "WEIGHTS and perhaps INPUT"
                                       : "WEIGHTS, INPUT and OUTPUT");
  }

  options->weights = names[0];
  options->input   = n > 1 ? names[1] : NULL;
  options->output  = n > 2 ? names[2] : NULL;
  return EXIT_OK;
}

static const CommandOption rows[] = {
  {"batch-first",
   'b',
   NULL,
   "Arrays are (batch, seq, feature)",
   command_take_switch,
   offsetof(GruOptions, batch_first),
   0U},
  {"describe",
   'd',
   NULL,
   "Tell arguments, weights, shapes and parameter count",
   command_take_switch,
   offsetof(GruOptions, describe),
   0U},
  {"h-0",
   'i',
   "FILE",
   "Start with these hidden states, a .npy file of (directions * layers, "
   "batch, hidden); default zeros",
   command_take_text,
   offsetof(GruOptions, h_0),
   0U},
  {"kernels",
   'k',
   "NAME",
   "Use one variant of the arithmetic",
   command_take_text,
   offsetof(GruOptions, kernels),
   0U},
  {"lengths",
   'l',
   "LIST",
   "Sequences have these lengths, like 5,3,2; what is behind them is neither "
   "read nor written but as zero",
   command_take_text,
   offsetof(GruOptions, lengths),
   0U},
  {"h-n",
   'o',
   "FILE",
   "Write the last hidden states",
   command_take_text,
   offsetof(GruOptions, h_n),
   0U},
  {"prefix",
   'p',
   "TEXT",
   "What the names of the weights begin with",
   command_take_text,
   offsetof(GruOptions, prefix),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name = "gru",
  .about =
    "Usage: grus gru [OPTION]... WEIGHTS INPUT OUTPUT\n"
    "       grus gru --describe [OPTION]... WEIGHTS [INPUT]\n"
    "Run a GRU over arrays, with the numbers of torch.nn.GRU.\n"
    "\n"
    "WEIGHTS is a .safetensors file with PyTorch's names (weight_ih_l0 and so\n"
    "on), which tell sizes, layers, bias and directions.  INPUT and OUTPUT "
    "are\n"
    ".npy files: (seq, batch, feature), or (seq, feature) for one sequence; "
    "\"-\"\n"
    "is the standard input or output.  The GRU runs in the type of INPUT,\n"
    "float32 or float64; float16 is computed, and written, as float32.\n",
  .options = rows,
  .after   = "Examples:\n"
             "  grus gru --describe gru.safetensors\n"
             "  grus gru --batch-first gru.safetensors x.npy y.npy\n"
             "  grus gru --h-n h1.npy gru.safetensors x1.npy y1.npy\n"
             "  grus gru --h-0 h1.npy gru.safetensors x2.npy y2.npy\n"
             "  grus gru --prefix encoder.rnn. --lengths 5,3,2 all.safetensors "
             "x.npy y.npy\n"
             "\n"
             "Exit status: 0 done, 1 a file is at fault, 2 wrong usage.\n",
  .params  = COMMAND_NO_PARAMS,
};

int
gru_options_parse(GruOptions* const options, const int argc, char** const argv)
{
  memset(options, 0, sizeof(*options));
  options->prefix = "";
  const int code  = command_line_parse(&command_line, options, argc, argv);
  return code ? code : take_files(options, argc - optind, argv + optind);
}
