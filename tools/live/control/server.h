// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file server.h

   Lines that come in through a socket, and a line of answer for each.

   Never waits for a client: one that does not read its answers is not heard
   until it does, and one that has been silent for longest makes room for the
   next.  Control thread.
*/

#ifndef GRUS_TOOLS_LIVE_CONTROL_SERVER_H
#define GRUS_TOOLS_LIVE_CONTROL_SERVER_H

#include <stddef.h>
#include <stdint.h>

enum {
  LIVE_CLIENTS     = 8,     ///< At a time
  LIVE_LINE_SIZE   = 8192,  ///< Of what a client says, with its end
  LIVE_ANSWER_SIZE = 32768, ///< Likewise, of an answer: two paths, escaped
};

/**
   Do what a line says.

   @param ticket 0; set to another number where the answer comes later.  Then
   the same is asked again and again, with an empty line and that number, until
   it is set to 0.
   @param answer Set to one line without its end: "ok", "ok TEXT",
   "usage: TEXT" where the line cannot be understood, or "error: TEXT".
*/
typedef void (*LiveAnswer)(void*     data,
                           char*     line,
                           uint64_t* ticket,
                           char*     answer,
                           size_t    size);

/// Who answers
typedef struct LiveServerImpl LiveServer;

/// Return who answers at a socket that listens and stays open, or null without
/// memory
LiveServer*
live_server_new(int fd, LiveAnswer answer, void* data);

/// Answer for so many seconds, at least what has come in already; a signal ends
/// that
void
live_server_run(LiveServer* server, double seconds);

/// Say goodbye to all and free `server` (null is allowed)
void
live_server_free(LiveServer* server);

#endif // GRUS_TOOLS_LIVE_CONTROL_SERVER_H
