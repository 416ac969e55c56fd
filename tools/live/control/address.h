// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file address.h

   The local socket at which a running `grus live` is told what to do.
*/

#ifndef GRUS_TOOLS_LIVE_CONTROL_ADDRESS_H
#define GRUS_TOOLS_LIVE_CONTROL_ADDRESS_H

#include <sys/types.h>

/// A socket that listens, and where it lies
typedef struct {
  const char* path; ///< Null for none
  int         fd;   ///< -1 for none
  dev_t       device;
  ino_t       inode;
} LiveAddress;

/**
   Listen at `path`, for nobody but the user (mode 0600).

   What a dead program has left there is replaced; another one that answers is
   not, nor is a file that is no socket.  The address must be closed with
   live_address_close() by the process that opened it.

   @return EXIT_OK, EXIT_FAILED or EXIT_USAGE after telling why.
*/
int
live_address_open(LiveAddress* address, const char* path);

/// Listen no more; remove the socket unless somebody has replaced it
void
live_address_close(LiveAddress* address);

#endif // GRUS_TOOLS_LIVE_CONTROL_ADDRESS_H
