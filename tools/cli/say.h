// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_SAY_H
#define GRUS_TOOLS_CLI_SAY_H

/// Exit codes of the program
enum {
  EXIT_OK     = 0, ///< Done
  EXIT_FAILED = 1, ///< A file, a device or a model is at fault
  EXIT_USAGE  = 2, ///< The command line is at fault
};

/// Room for a name from outside, as grus_make_visible() writes it: file names
/// and devices may hold what a terminal obeys
enum { VISIBLE_SIZE = 4096 };

/// Name the subcommand that errors are told under
void
say_name(const char* name);

/**
   From here on keep what libraries write to the standard error off it: only
   say_error() reaches it.
*/
void
say_apart(void);

/// Shows a line that is told
typedef void (*SayShow)(const char* line);

/// Have `show` show what is told, or stderr if it is null; return what did so
SayShow
say_to(SayShow show);

/// Tell an error in one line on stderr and return `code`
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
int
say_error(int code, const char* format, ...);

#endif // GRUS_TOOLS_CLI_SAY_H
