// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // mkostemp, renameat2

#include "files/output.h"

#include "cli/say.h"
#include "files/attributes.h"
#include "files/place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
  The files that a signal has to remove.  libsndfile goes on reading and writing
  when a signal interrupts it, so the handler does that itself.  A path is set
  before its file is there and cleared when it is gone or renamed, so at worst
  the handler removes a file that does not exist.
*/
static const char* volatile unfinished[MAX_OUTPUT_FILES];

static void
on_signal(const int number)
{
  for (size_t i = 0U; i < MAX_OUTPUT_FILES; ++i) {
    if (unfinished[i]) {
      unlink(unfinished[i]);
    }
  }
  signal(number, SIG_DFL);
  raise(number);
}

/// Catch a signal, unless whoever started the program has it ignored (nohup)
static void
catch_signal(const int number)
{
  struct sigaction action;
  if (!sigaction(number, NULL, &action) && action.sa_handler != SIG_IGN) {
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_signal;
    sigaction(number, &action, NULL);
  }
}

void
output_file_catch_signals(void)
{
  catch_signal(SIGINT);
  catch_signal(SIGTERM);
  catch_signal(SIGHUP);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

/// Put `to` where `from` was
static void
replace_unfinished(const char* const from, const char* const to)
{
  for (size_t i = 0U; i < MAX_OUTPUT_FILES; ++i) {
    if (unfinished[i] == from) {
      unfinished[i] = to;
      return;
    }
  }
}

/// Forget the temporary file, which is gone or renamed
static void
forget_temporary(OutputFile* const file)
{
  if (file->temporary) {
    replace_unfinished(file->temporary, NULL);
    free(file->temporary);
    file->temporary = NULL;
  }
}

static const char temporary_ending[] = ".part-XXXXXX";

size_t
output_file_temporary_stem(const char* const name)
{
  const size_t n_fixed = sizeof(".part-") - 1U;
  const size_t n_all   = sizeof(temporary_ending) - 1U;
  const size_t n       = strlen(name);
  return n > n_all && !strncmp(name + n - n_all, temporary_ending, n_fixed)
           ? n - n_all
           : 0U;
}

/// Return a name beside `path` that is as long as names may be at most, for
/// mkostemp()
static char*
temporary_name(const char* const path)
{
  const char* const slash  = strrchr(path, '/');
  const size_t      folder = slash ? (size_t)(slash + 1 - path) : 0U;
  const size_t      most   = folder + NAME_MAX + 1U - sizeof(temporary_ending);
  size_t            n      = strlen(path);
  n                        = n > most ? most : n;
  while (n > folder && n == most && ((unsigned char)path[n] & 0xC0U) == 0x80U) {
    --n; // Never half a character, which some file systems refuse
  }

  char* const name = (char*)malloc(n + sizeof(temporary_ending));
  if (name) {
    // The name is ended below
    memcpy(name, path, n); // NOLINT(bugprone-not-null-terminated-result)
    memcpy(name + n, temporary_ending, sizeof(temporary_ending));
  }
  return name;
}

/// Make a file beside the place, which is a file or not there
static int
open_temporary(OutputFile* const file)
{
  file->temporary = temporary_name(file->place.path);
  if (!file->temporary) {
    return -1;
  }

  replace_unfinished(NULL, file->temporary);
  file->fd = mkostemp(file->temporary, O_CLOEXEC);
  if (file->fd < 0) {
    forget_temporary(file);
    return -1;
  }
  return 0;
}

static int
open_straight(OutputFile* const file)
{
  const Place* const place = &file->place;
  file->fd = place->fd >= 0 ? fcntl(place->fd, F_DUPFD_CLOEXEC, 0)
                            : open(place->path, O_WRONLY | O_CLOEXEC);
  return file->fd < 0 ? -1 : 0;
}

/// Return what to do where the place cannot be opened
static const char*
advice_for(const OutputFile* const file, const int cause)
{
  const Place* const place   = &file->place;
  const bool         is_file = place->exists && S_ISREG(place->info.st_mode);
  const bool refused = cause == EACCES || cause == EROFS || cause == EPERM;
  return place->fd >= 0     ? ""
         : cause == ENOENT  ? " (make its folder first)"
         : cause == ENOTDIR ? " (what should be its folder is a file)"
         : cause == EISDIR  ? " (name a file in it)"
         : !refused         ? ""
         : is_file && access(place->path, W_OK) ? " (it is read-only)"
                                                : " (its folder is read-only)";
}

/// Tell why the place cannot be opened
static int
say_refused(const OutputFile* const file)
{
  const int cause = errno;
  return say_error(EXIT_FAILED,
                   "cannot write \"%s\": %s%s",
                   file->path,
                   strerror(cause),
                   advice_for(file, cause));
}

int
output_file_open(OutputFile* const  file,
                 const char* const  path,
                 const OutputPolicy policy)
{
  memset(file, 0, sizeof(*file));
  file->path   = path;
  file->policy = policy;
  file->fd     = -1;

  if (!path[0]) {
    return say_error(EXIT_FAILED, "OUT is an empty name; is a variable unset?");
  }

  const Place* const place   = &file->place;
  int                lost    = place_find(&file->place, path, STDOUT_FILENO);
  const bool         is_file = place->fd < 0 && S_ISREG(place->info.st_mode);
  int                code    = EXIT_OK;
  if (!lost && is_file && policy == OUTPUT_NO_CLOBBER) {
    code = say_error(EXIT_FAILED, "\"%s\" exists", path);
  } else if (!lost && is_file && policy != OUTPUT_FORCE) {
    lost = access(place->path, W_OK);
  }
  if (!code && !lost) {
    lost =
      is_file || !place->exists ? open_temporary(file) : open_straight(file);
  }
  if (!code && lost) {
    code = say_refused(file);
  }
  if (code) {
    place_free(&file->place);
  }
  return code;
}

int
output_file_write(OutputFile* const file,
                  const void* const data,
                  const size_t      size)
{
  const char* const bytes = (const char*)data;
  for (size_t done = 0U; done < size;) {
    const ssize_t n = write(file->fd, bytes + done, size - done);
    if (n < 0 && errno != EINTR) {
      file->error = file->error ? file->error : errno;
      return -1;
    }
    done += n > 0 ? (size_t)n : 0U;
  }

  return 0;
}

bool
output_file_is_stdout(const OutputFile* const file)
{
  struct stat info;
  return file->place.fd == STDOUT_FILENO ||
         (file->place.fd >= 0 && !fstat(STDOUT_FILENO, &info) &&
          info.st_dev == file->place.info.st_dev &&
          info.st_ino == file->place.info.st_ino);
}

/// Rename, but never over a file that has come since
static int
rename_to_new(const char* const from, const char* const to)
{
  if (!renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE)) {
    return 0;
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return -1;
  }
  return link(from, to) || unlink(from); // As old file systems have it
}

static int
take_place(const OutputFile* const file)
{
  return file->policy == OUTPUT_NO_CLOBBER
           ? rename_to_new(file->temporary, file->place.path)
           : rename(file->temporary, file->place.path);
}

/// Make the temporary file look like the one that it replaces
static int
set_attributes(const OutputFile* const file)
{
  struct stat info;
  return stat(file->place.path, &info)
           ? attributes_set_new(file->fd)
           : attributes_copy(file->place.path, &info, file->fd);
}

int
output_file_finish(OutputFile* const file, bool failed)
{
  int cause = file->error ? file->error : failed ? errno : 0;
  if (!failed && file->temporary) {
    failed = fsync(file->fd) || set_attributes(file);
    cause  = failed ? errno : 0;
  }
  if (close(file->fd) && !failed) {
    failed = true;
    cause  = errno;
  }
  file->fd = -1;
  if (!failed && file->temporary && take_place(file)) {
    failed = true;
    cause  = errno;
  }
  if (failed) {
    say_error(EXIT_FAILED,
              "cannot finish \"%s\": %s",
              file->path,
              cause ? strerror(cause) : "write error");
    output_file_abandon(file);
    return EXIT_FAILED;
  }

  forget_temporary(file);
  place_free(&file->place);
  return EXIT_OK;
}

void
output_file_abandon(OutputFile* const file)
{
  if (file->fd >= 0) {
    close(file->fd);
    file->fd = -1;
  }
  if (file->temporary) {
    unlink(file->temporary);
    forget_temporary(file);
  }
  place_free(&file->place);
}
