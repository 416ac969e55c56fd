// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The options of a command, written once: a table from which the parser and
// the help are made.  tests/ compares it with the man page.

#ifndef GRUS_TOOLS_CLI_COMMAND_LINE_H
#define GRUS_TOOLS_CLI_COMMAND_LINE_H

#include <stddef.h>
#include <stdint.h>

typedef struct CommandOption CommandOption;

/**
   Take the value of an option.

   @param field What lies at the option's `offset` in the command's values.
   @param text Null if the option has no value; lives as long as the process.
   @return EXIT_OK, or EXIT_USAGE after an error was told.
*/
typedef int (*CommandOptionTake)(void*                field,
                                 const CommandOption* option,
                                 const char*          text);

/// One row of a command's table
struct CommandOption {
  const char*       name;     ///< Without hyphens; null in the last row
  char              letter;   ///< 0 for none
  const char*       argument; ///< What help calls the value; null for none
  const char*       help;     ///< Sentences; wrapped when they are shown
  CommandOptionTake take;
  size_t            offset; ///< Of what `take` sets, by offsetof()
  uint32_t          number; ///< Of count: the most; of param: which
};

/// A command
typedef struct {
  const char*          name;  ///< As in "grus render"
  const char*          about; ///< Above the options in help
  const CommandOption* options;
  const char*          after; ///< Below the options in help

  /// Offset of a float for each of the engine's parameters, which then are
  /// options too; #COMMAND_NO_PARAMS if they are not
  size_t params;
} CommandLine;

enum { COMMAND_LINE_HELP = -1 };

#define COMMAND_NO_PARAMS ((size_t)-1)

/// The row of --help, last in every table, and the end
#define COMMAND_OPTION_HELP                       \
  {"help", 'h', NULL, "Show this", NULL, 0U, 0U}, \
  {                                               \
    NULL, 0, NULL, NULL, NULL, 0U, 0U             \
  }

/**
   Parse the options of a command.

   @param values The struct that the offsets are of, with its defaults set.
   Parameters that are not given become NaN.
   @return EXIT_OK, and `optind` is the first argument that is no option;
   EXIT_USAGE after an error was told; or #COMMAND_LINE_HELP after help was
   shown.
*/
int
command_line_parse(const CommandLine* command,
                   void*              values,
                   int                argc,
                   char**             argv);

/// Set a bool
int
command_take_switch(void* field, const CommandOption* option, const char* text);

/// Set a `const char*`
int
command_take_text(void* field, const CommandOption* option, const char* text);

/// Set a uint32_t: a whole number from 1 to `option->number`
int
command_take_count(void* field, const CommandOption* option, const char* text);

/// Set parameter `option->number` in an array of floats
int
command_take_param(void* field, const CommandOption* option, const char* text);

#endif // GRUS_TOOLS_CLI_COMMAND_LINE_H
