// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_FILES_ATTRIBUTES_H
#define GRUS_TOOLS_FILES_ATTRIBUTES_H

#include <sys/stat.h>

/**
   Give a new file what the file that it replaces is known by: owner, group and
   extended attributes, access control lists among them, as far as that is
   permitted, then its mode.

   Where the group cannot be kept, it may do no more than all others may.

   @param path The file that is replaced, `info` what stat() says of it.
   @return 0, or -1 and errno if the mode cannot be set.
*/
int
attributes_copy(const char* path, const struct stat* info, int fd);

/// Give a file the mode that a new one would have; 0, or -1 and errno
int
attributes_set_new(int fd);

#endif // GRUS_TOOLS_FILES_ATTRIBUTES_H
