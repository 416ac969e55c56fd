// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What host and plugin tell each other: patch:Set, patch:Get and patch:Put

#ifndef GRUS_TESTS_LV2_HOST_MESSAGES_H
#define GRUS_TESTS_LV2_HOST_MESSAGES_H

#include "lv2_host/host.h"

#include <lv2/atom/atom.h>

#include <stdbool.h>
#include <stdint.h>

/// What the plugin has told by patch:Put
typedef struct {
  char     path[4096];
  char     name[256];
  char     error[512];
  int32_t  rate;
  bool     embed;
  unsigned n_puts;    ///< How often
  unsigned n_changes; ///< How often the name was another one
} HostNews;

/// Have the next block carry patch:Set of the model's path
void
host_set_model(Host* host, const char* path);

/// Have the next block carry patch:Set of the embed property
void
host_set_embed(Host* host, bool embed);

/// Have the next block carry patch:Get
void
host_get(Host* host);

/**
   Return the messages of the next block, a whole sequence of `size` bytes in
   memory of just that size, for the caller to damage.
*/
uint8_t*
host_messages(Host* host, uint32_t* size);

/// Return what the plugin has told (playing thread)
const HostNews*
host_news(const Host* host);

/// Have the next block carry a whole message
void
host_send(Host* host, const LV2_Atom* message);

/// Have every message of the plugin told to a function (null for none)
void
host_listen(Host* host,
            void (*told)(void* handle, const LV2_Atom* message),
            void* handle);

/// End the messages of the next block (before the plugin runs)
void
messages_end(Host* host);

/// Read what the plugin has told in its block (after it has run)
void
messages_read(Host* host);

#endif // GRUS_TESTS_LV2_HOST_MESSAGES_H
