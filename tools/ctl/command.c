// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "ctl/command.h"

#include "cli/say.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  LINE_SIZE = 8192, ///< The most that grus live hears and says at once
  PATIENCE  = 30,   ///< Seconds for an answer: a model takes its time
};

static const char help[] =
  "Usage: grus ctl SOCKET COMMAND\n"
  "Tell a running grus live, which was given --control SOCKET, what to do.\n"
  "\n"
  "  status [--json]      Tell how it goes, in a line\n"
  "  bypass on|off        Let the sound through as it is, or clean it\n"
  "  preset NAME          gentle, podcast, call, strong or gate\n"
  "  model FILE           Play another model; voice-light and the like are\n"
  "                       those that come with Grus, built-in is the first\n"
  "  record start [FILE]  Record dry and clean sound; without FILE into the\n"
  "                       next take of --record\n"
  "  record stop          End the recording\n"
  "  PARAMETER [VALUE]    Set a parameter, or tell its value\n"
  "  help                 Tell all commands and parameters in a line\n"
  "  quit                 End it\n"
  "\n"
  "Parameters have the names of grus live's options, without the hyphens in\n"
  "front, and their values may have a unit.\n"
  "\n"
  "Examples:\n"
  "  grus ctl ~/grus bypass on\n"
  "  grus ctl ~/grus reduction 24 dB\n"
  "  grus ctl ~/grus status --json\n"
  "\n"
  "Exit status: 0 done, 1 nobody answers or it could not be done, 2 wrong\n"
  "usage.\n";

/// Whether the rest of a command is a path
static bool
names_file(const char* const line)
{
  return !strcmp(line, "model ") || !strcmp(line, "record start ");
}

/// Return a path that means the same in every folder, to be freed.  What is no
/// file here is left as it is: the name of a model, or a file yet to be made.
static char*
absolute(const char* const line, const char* const path)
{
  char        folder[PATH_MAX];
  const bool  is_model = !strncmp(line, "model", 5U);
  const bool  stays    = *path == '/' || (is_model && access(path, F_OK));
  const char* base     = stays ? NULL : getcwd(folder, sizeof(folder));
  char* const result   = (char*)malloc(LINE_SIZE);
  if (result) {
    snprintf(
      result, LINE_SIZE, "%s%s%s", base ? base : "", base ? "/" : "", path);
  }
  return result;
}

/// Add a word to a line; return whether it has room
static bool
add_word(char* const line, const char* const word)
{
  char* const  path = names_file(line) ? absolute(line, word) : NULL;
  const char*  text = path ? path : word;
  const size_t n    = strlen(line);
  const bool   fits = n + strlen(text) + 2U < LINE_SIZE;
  if (fits) {
    snprintf(line + n, LINE_SIZE - n, "%s ", text);
  }
  free(path);
  return fits;
}

/// Make a line of the arguments
static int
write_line(char* const line, const int n, char** const words)
{
  line[0] = '\0';
  for (int i = 0; i < n; ++i) {
    if (strchr(words[i], '\n')) {
      return say_error(EXIT_USAGE, "a command is one line");
    }
    if (!add_word(line, words[i])) {
      return say_error(
        EXIT_USAGE, "a command has at most %d bytes", LINE_SIZE - 1);
    }
  }

  line[strlen(line) - 1U] = '\n';
  return EXIT_OK;
}

static int
connect_to(const char* const path, int* const fd)
{
  struct sockaddr_un name;
  memset(&name, 0, sizeof(name));
  name.sun_family = AF_UNIX;
  const size_t n  = strlen(path);
  if (n >= sizeof(name.sun_path)) {
    return say_error(EXIT_USAGE, "\"%s\" is too long for a socket", path);
  }
  memcpy(name.sun_path, path, n);

  const struct timeval patience = {PATIENCE, 0};
  *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (*fd >= 0) {
    (void)setsockopt(*fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    (void)setsockopt(*fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  }
  if (*fd < 0 || connect(*fd, (const struct sockaddr*)&name, sizeof(name))) {
    return say_error(EXIT_FAILED,
                     "nobody answers at \"%s\" (%s): is grus live --control "
                     "\"%s\" running?",
                     path,
                     strerror(errno),
                     path);
  }
  return EXIT_OK;
}

static bool
send_line(const int fd, const char* const line)
{
  const size_t size = strlen(line);
  size_t       done = 0U;
  while (done < size) {
    const ssize_t n = send(fd, line + done, size - done, MSG_NOSIGNAL);
    if (n <= 0) {
      return false;
    }
    done += (size_t)n;
  }

  return true;
}

/// Read a line without its end; return whether it is whole
static bool
read_line(const int fd, char* const line)
{
  size_t n = 0U;
  while (n < LINE_SIZE - 1U) {
    const ssize_t count = recv(fd, line + n, LINE_SIZE - 1U - n, 0);
    if (count <= 0) {
      return false;
    }
    n += (size_t)count;
    line[n] = '\0';
    if (line[n - 1U] == '\n') {
      line[n - 1U] = '\0';
      return true;
    }
  }

  return false;
}

/// Tell what an answer says and return the exit code that it means
static int
tell(const char* const answer)
{
  if (!strcmp(answer, "ok")) {
    return EXIT_OK;
  }
  if (!strncmp(answer, "ok ", 3U)) {
    puts(answer + 3);
    return fflush(stdout)
             ? say_error(EXIT_FAILED, "cannot write: %s", strerror(errno))
             : EXIT_OK;
  }
  if (!strncmp(answer, "usage: ", 7U)) {
    return say_error(EXIT_USAGE, "%s", answer + 7);
  }
  return say_error(
    EXIT_FAILED, "%s", !strncmp(answer, "error: ", 7U) ? answer + 7 : answer);
}

static int
ask(const char* const path, char* const line)
{
  int fd   = -1;
  int code = connect_to(path, &fd);
  if (!code && (!send_line(fd, line) || !read_line(fd, line))) {
    code = say_error(EXIT_FAILED, "no answer came from \"%s\"", path);
  } else if (!code) {
    code = tell(line);
  }
  if (fd >= 0) {
    close(fd);
  }
  return code;
}

int
command_ctl(const int argc, char** const argv)
{
  char line[LINE_SIZE];
  say_name("grus ctl");
  if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
    fputs(help, stdout);
    return EXIT_OK;
  }
  if (argc < 3) {
    return say_error(EXIT_USAGE,
                     "a socket and a command are needed (try grus ctl --help)");
  }

  const int code = write_line(line, argc - 2, argv + 2);
  return code ? code : ask(argv[1], line);
}
