// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/desktop/install.h"

#include "cli/say.h"
#include "files/output.h"
#include "live/desktop/pipewire.h"
#include "live/options.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  PATH_SIZE = 4096,
  MARK_SIZE = 128,
  MOST      = 1 << 20, ///< Bytes of a file that may be ours
};

static const char folder[]  = "pipewire/pipewire.conf.d";
static const char restart[] = "systemctl --user restart pipewire";

/// Get the path of the file; with `make`, make the folders above it
static int
get_path(char* const path, const bool make)
{
  const char* const config = getenv("XDG_CONFIG_HOME");
  const char* const home   = getenv("HOME");
  const bool        has    = config && *config == '/';
  if (!has && (!home || *home != '/')) {
    return say_error(EXIT_FAILED, "neither XDG_CONFIG_HOME nor HOME is set");
  }

  const int n = snprintf(path,
                         PATH_SIZE,
                         "%s%s/%s/grus.conf",
                         has ? config : home,
                         has ? "" : "/.config",
                         folder);
  if (n < 0 || n >= PATH_SIZE) {
    return say_error(EXIT_FAILED, "the path of the configuration is too long");
  }
  for (char* slash = path + 1; make && (slash = strchr(slash, '/')); ++slash) {
    *slash           = '\0';
    const int failed = mkdir(path, 0777) && errno != EEXIST;
    if (failed) {
      return say_error(
        EXIT_FAILED, "cannot make \"%s\": %s", path, strerror(errno));
    }
    *slash = '/';
  }

  return EXIT_OK;
}

/// Write the first line of a file of ours, which tells what follows by a sum
static size_t
write_mark(char* const mark, const char* const text, const size_t size)
{
  uint64_t sum = UINT64_C(0xCBF29CE484222325); // FNV-1a
  for (size_t i = 0U; i < size; ++i) {
    sum = (sum ^ (unsigned char)text[i]) * UINT64_C(0x100000001B3);
  }
  return (size_t)snprintf(
    mark,
    MARK_SIZE,
    "# Installed by grus live --pipewire-config, sum %016" PRIx64 "\n",
    sum);
}

/// What lies at the place of our file
typedef enum {
  THERE_NOTHING,
  THERE_OURS,
  THERE_OTHER, ///< Or ours, changed by hand
  THERE_FAULT, ///< errno tells
} There;

/// Read a file; null with errno if that cannot be done
static char*
read_all(const char* const path, size_t* const size)
{
  struct stat info;
  FILE* const file = fopen(path, "re");
  char*       text = NULL;
  if (file && !fstat(fileno(file), &info) && S_ISREG(info.st_mode) &&
      info.st_size < MOST) {
    text  = (char*)malloc(MOST);
    *size = text ? fread(text, 1U, MOST, file) : 0U;
  } else if (file) {
    errno = EINVAL;
  }
  if (file) {
    fclose(file);
  }
  return text;
}

static There
look(const char* const path)
{
  size_t      size = 0U;
  char* const text = read_all(path, &size);
  if (!text) {
    return errno == ENOENT ? THERE_NOTHING : THERE_FAULT;
  }

  char         mark[MARK_SIZE];
  const char*  end    = (const char*)memchr(text, '\n', size);
  const size_t first  = end ? (size_t)(end + 1 - text) : size;
  const size_t length = write_mark(mark, text + first, size - first);
  const bool   ours   = first == length && !memcmp(text, mark, length);
  free(text);
  return ours ? THERE_OURS : THERE_OTHER;
}

/// Look, and refuse what is not ours
static int
check(const char* const path, There* const there)
{
  *there = look(path);
  if (*there == THERE_FAULT) {
    return say_error(
      EXIT_FAILED, "cannot read \"%s\": %s", path, strerror(errno));
  }
  return *there != THERE_OTHER
           ? EXIT_OK
           : say_error(EXIT_FAILED,
                       "\"%s\" was not written by grus, or was changed since: "
                       "it stays as it is",
                       path);
}

static int
write_file(const char* const path, const char* const text, const size_t size)
{
  char         mark[MARK_SIZE];
  const size_t length = write_mark(mark, text, size);
  OutputFile   file   = OUTPUT_FILE_INIT;
  if (output_file_open(&file, path, OUTPUT_REPLACE)) {
    return EXIT_FAILED;
  }

  const bool failed = output_file_write(&file, mark, length) ||
                      output_file_write(&file, text, size);
  return output_file_finish(&file, failed);
}

int
live_install(const LiveOptions* const options)
{
  char        path[PATH_SIZE];
  char*       text  = NULL;
  size_t      size  = 0U;
  There       there = THERE_NOTHING;
  FILE* const out   = open_memstream(&text, &size);
  if (!out) {
    return say_error(EXIT_FAILED, "no memory for a configuration");
  }

  int        code = live_pipewire_print(options, out);
  const bool full = fclose(out) != 0;
  if (!code && full) {
    code = say_error(EXIT_FAILED, "no memory for a configuration");
  }
  if (!code) {
    code = get_path(path, true);
  }
  if (!code) {
    code = check(path, &there);
  }
  if (!code) {
    code = write_file(path, text, size);
  }
  free(text);
  if (!code) {
    printf("%s \"%s\"; now restart PipeWire: %s\n",
           there == THERE_OURS ? "replaced" : "installed",
           path,
           restart);
  }
  return code;
}

int
live_remove(void)
{
  char  path[PATH_SIZE];
  There there = THERE_NOTHING;
  int   code  = get_path(path, false);
  if (!code) {
    code = check(path, &there);
  }
  if (code) {
    return code;
  }
  if (there == THERE_NOTHING) {
    printf("nothing to remove: there is no \"%s\"\n", path);
    return EXIT_OK;
  }
  if (unlink(path)) {
    return say_error(
      EXIT_FAILED, "cannot remove \"%s\": %s", path, strerror(errno));
  }

  printf("removed \"%s\"; now restart PipeWire: %s\n", path, restart);
  return EXIT_OK;
}
