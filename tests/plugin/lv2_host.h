// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file lv2_host.h

   A small LV2 host on lilv, which runs a plugin under the guard of rt_guard.h:
   with a worker thread, log, options, patch messages and state, or with no
   feature at all.
*/

#ifndef GRUS_TESTS_LV2_HOST_H
#define GRUS_TESTS_LV2_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOST_MAX_BLOCK = 8192, HOST_MAX_CHANNELS = 2 };

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

/// One plugin in one host
typedef struct HostImpl Host;

/// Return a running plugin found by LV2_PATH, or null with words on stderr
Host*
host_new(const char* uri, double sample_rate, bool with_features);

/// Return one more instance of the same, to be freed before `host`
Host*
host_beside(const Host* host);

void
host_free(Host* host);

/// Deactivate and activate the plugin, which forgets all sound
void
host_restart(Host* host);

uint32_t
host_n_channels(const Host* host);

/// Return where the value of a control port is, or null
float*
host_control(Host* host, const char* symbol);

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

/// Run the plugin; return the violations of the real-time rules
unsigned
host_run(Host* host, const float* const* in, float* const* out, uint32_t n);

/// Run silence until the worker has nothing to do and all news have come
void
host_settle(Host* host);

/// Return whether the worker has something to do
bool
host_is_busy(const Host* host);

/// Return what the plugin has told (playing thread)
const HostNews*
host_news(const Host* host);

/// Return the last error in the log
const char*
host_log(const Host* host);

/**
   Save the state into a folder.  Without one, keep the properties in memory,
   and leave the controls alone: another thread may play meanwhile.
*/
bool
host_save(Host* host, const char* folder);

/// Restore the state in a folder, a preset by its URI, or the one in memory
bool
host_restore(Host* host, const char* source);

#endif // GRUS_TESTS_LV2_HOST_H
