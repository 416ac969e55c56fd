// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file program.h

   Another program that runs beside this one, never through a shell.
*/

#ifndef GRUS_TOOLS_FFMPEG_PROGRAM_H
#define GRUS_TOOLS_FFMPEG_PROGRAM_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
  PROGRAM_MAX_FDS = 12,   ///< That a program is given
  PROGRAM_FIRST   = 3,    ///< Number of the first that is no standard stream
  PROGRAM_REASON  = 200,  ///< Room for a reason
  PROGRAM_ARGS    = 1024, ///< Arguments of one program
};

/// What a program is called with, all zero at the start
typedef struct {
  char*  list[PROGRAM_ARGS + 1]; ///< Ends with null, as execv() wants it
  size_t n;
  bool   failed; ///< There is no memory, or there are too many
} Arguments;

/// A descriptor and the number that a program finds it under
typedef struct {
  int fd;
  int number;
} ProgramFd;

/// A program that runs, all zero if none does
typedef struct {
  pid_t pid;    ///< 0 if it does not run
  FILE* errors; ///< What it says, null if it was not started
  int   status; ///< What waitpid() told, once it has ended
} Program;

#ifdef __GNUC__
#  define GRUS_ARGUMENT_FORMAT __attribute__((format(printf, 2, 3)))
#else
#  define GRUS_ARGUMENT_FORMAT
#endif

/// Add one argument
GRUS_ARGUMENT_FORMAT void
arguments_add(Arguments* arguments, const char* format, ...);

/// Add arguments that a null ends
void
arguments_list(Arguments* arguments, const char* const* list);

/// Begin a call of ffmpeg that reads the files it is told of and nothing else
void
arguments_ffmpeg(Arguments* arguments, const char* loudness);

/// Free all arguments
void
arguments_free(Arguments* arguments);

/// Return whether a program is found as a shell would find it
bool
program_is_installed(const char* name);

/**
   Start a program, to be ended with program_close().

   It reads nothing and writes to nowhere but to the descriptors that it is
   given; those stay open here.

   @return 0, or what errno would be: ENOENT if it is not installed.
*/
int
program_start(Program*         program,
              const Arguments* arguments,
              const ProgramFd* fds,
              size_t           n_fds);

/// Wait until it has ended, return whether it says that all is well
bool
program_wait(Program* program);

/// Return the first line of what it says that is not about what begins with
/// one of `ignored`, which a null ends; false if there is none
bool
program_reason(const Program*     program,
               const char* const* ignored,
               char               reason[PROGRAM_REASON]);

/// Return whether a text is in what it says
bool
program_says(const Program* program, const char* text);

/// End a program of which nothing is wanted any more
void
program_stop(Program* program);

/// Wait for its end and forget it
void
program_close(Program* program);

/**
   Run a program to its end and keep what it writes.

   @param output Set to bytes to be freed, with a zero behind them.
   @param size Set to their number.
   @return 0, ENOENT if it is not installed, or EIO if it fails.
*/
int
program_output(const Arguments* arguments,
               const ProgramFd* fds,
               size_t           n_fds,
               char**           output,
               size_t*          size);

/// Return a file without a name, or -1 with errno set
int
program_temporary(void);

/// Return a file without a name that has these bytes, or -1 with errno set
int
program_file_of(const void* bytes, size_t size);

#endif // GRUS_TOOLS_FFMPEG_PROGRAM_H
