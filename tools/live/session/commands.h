// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_COMMANDS_H
#define GRUS_TOOLS_LIVE_SESSION_COMMANDS_H

#include <stddef.h>
#include <stdint.h>

/**
   Do what a line that came in through the socket says, as a LiveAnswer.

   @param session A LiveSession.
*/
void
live_commands_answer(void*     session,
                     char*     line,
                     uint64_t* ticket,
                     char*     answer,
                     size_t    size);

#endif // GRUS_TOOLS_LIVE_SESSION_COMMANDS_H
