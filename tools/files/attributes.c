// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "files/attributes.h"

#include <sys/stat.h>
#ifdef __linux__
#  include <sys/xattr.h>
#endif
#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef __linux__
static void
copy_xattr(const char* const path, const char* const name, const int fd)
{
  const ssize_t size  = getxattr(path, name, NULL, 0U);
  void* const   value = size >= 0 ? malloc((size_t)size + 1U) : NULL;
  if (value && getxattr(path, name, value, (size_t)size) == size) {
    (void)fsetxattr(fd, name, value, (size_t)size, 0);
  }
  free(value);
}

/// Copy all extended attributes that may be set
static void
copy_xattrs(const char* const path, const int fd)
{
  const ssize_t room  = listxattr(path, NULL, 0U);
  char* const   names = room > 0 ? (char*)malloc((size_t)room) : NULL;
  const ssize_t size  = names ? listxattr(path, names, (size_t)room) : 0;
  for (ssize_t i = 0; i < size; i += (ssize_t)strlen(names + i) + 1) {
    copy_xattr(path, names + i, fd);
  }
  free(names);
}
#endif

/// Hand the file to its former owner and group; return whether the group is
/// the former
static bool
copy_owner(const struct stat* const info, const int fd)
{
  struct stat now;
  if (fstat(fd, &now)) {
    return false;
  }
  return (now.st_uid == info->st_uid && now.st_gid == info->st_gid) ||
         !fchown(fd, info->st_uid, info->st_gid) ||
         now.st_gid == info->st_gid || !fchown(fd, (uid_t)-1, info->st_gid);
}

int
attributes_copy(const char* const        path,
                const struct stat* const info,
                const int                fd)
{
  const bool   same_group = copy_owner(info, fd);
  const mode_t mode       = info->st_mode & 0777U;
  const mode_t others     = mode & 07U;

#ifdef __linux__
  copy_xattrs(path, fd);
#else
  (void)path;
#endif
  return fchmod(fd, same_group ? mode : (mode & 0707U) | (others << 3U));
}

int
attributes_set_new(const int fd)
{
  const mode_t mask = umask(0);
  umask(mask);
  return fchmod(fd, 0666U & ~mask);
}
