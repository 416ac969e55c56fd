// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/control/address.h"

#include "cli/say.h"

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BACKLOG = 8 };

/// Return the name of a socket, or an empty one if `path` is too long
static struct sockaddr_un
name_of(const char* const path)
{
  struct sockaddr_un name;
  memset(&name, 0, sizeof(name));
  const size_t n = strlen(path);
  if (n < sizeof(name.sun_path)) {
    name.sun_family = AF_UNIX;
    memcpy(name.sun_path, path, n);
  }
  return name;
}

/// Whether somebody answers there; sets errno if not
static int
try_to_connect(const struct sockaddr_un* const name)
{
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int failed =
    fd < 0 || connect(fd, (const struct sockaddr*)name, sizeof(*name));
  const int error = errno;
  if (fd >= 0) {
    close(fd);
  }
  errno = error;
  return failed && error != EAGAIN && error != EINPROGRESS;
}

/// Remove what a dead program has left
static int
clear(const struct sockaddr_un* const name)
{
  const char* const path = name->sun_path;
  struct stat       info;
  if (lstat(path, &info)) {
    return EXIT_OK;
  }
  if (!S_ISSOCK(info.st_mode)) {
    return say_error(EXIT_FAILED,
                     "\"%s\" is there and no socket: remove it, or give "
                     "--control another path",
                     path);
  }
  if (!try_to_connect(name)) {
    return say_error(EXIT_FAILED,
                     "another grus live is controlled through \"%s\": end it "
                     "(grus ctl %s quit), or give --control another path",
                     path,
                     path);
  }
  if (errno != ECONNREFUSED || unlink(path)) {
    return say_error(
      EXIT_FAILED, "cannot use \"%s\": %s", path, strerror(errno));
  }
  return EXIT_OK;
}

static int
bind_privately(const int fd, const struct sockaddr_un* const name)
{
  const mode_t before = umask(0177);
  const int    failed = bind(fd, (const struct sockaddr*)name, sizeof(*name)) ||
                     listen(fd, BACKLOG);
  const int error = errno;
  umask(before);
  errno = error;
  return failed;
}

static int
open_there(LiveAddress* const address, const struct sockaddr_un* const name)
{
  const int code = clear(name);
  if (code) {
    return code;
  }

  struct stat info;
  address->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (address->fd < 0 || bind_privately(address->fd, name) ||
      lstat(name->sun_path, &info)) {
    return say_error(EXIT_FAILED,
                     "cannot make the socket \"%s\": %s",
                     name->sun_path,
                     strerror(errno));
  }

  address->device = info.st_dev;
  address->inode  = info.st_ino;
  return EXIT_OK;
}

/// Open the folder of a path and wait until nobody else makes a socket in it
static int
lock_folder(const char* const path)
{
  char* const copy   = strdup(path);
  const int   folder = copy ? open(dirname(copy), O_RDONLY | O_CLOEXEC) : -1;
  free(copy);
  if (folder >= 0) {
    (void)flock(folder, LOCK_EX); // Where that is not possible, go without
  }
  return folder;
}

int
live_address_open(LiveAddress* const address, const char* const path)
{
  const struct sockaddr_un name = name_of(path);
  address->fd                   = -1;
  address->path                 = path;
  if (!name.sun_family || !*path) {
    return say_error(EXIT_USAGE,
                     "--control \"%s\": a path of 1 to %zu bytes is needed",
                     path,
                     sizeof(name.sun_path) - 1U);
  }

  const int folder = lock_folder(path);
  if (folder < 0) {
    return say_error(
      EXIT_FAILED, "cannot make the socket \"%s\": %s", path, strerror(errno));
  }

  const int code = open_there(address, &name);
  close(folder);
  if (code && address->fd >= 0) {
    close(address->fd);
    address->fd = -1;
  }
  return code;
}

void
live_address_close(LiveAddress* const address)
{
  struct stat info;
  if (address->fd < 0) {
    return;
  }

  if (!lstat(address->path, &info) && info.st_dev == address->device &&
      info.st_ino == address->inode) {
    unlink(address->path);
  }
  close(address->fd);
  address->fd = -1;
}
