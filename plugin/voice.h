// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// One instance of the plugin, as its parts share it

#ifndef GRUS_PLUGIN_VOICE_H
#define GRUS_PLUGIN_VOICE_H

#include "control.h"
#include "feed/feed.h"
#include "ports.h"
#include "uris.h"

#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/log/logger.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/// What the worker is asked for; a null-terminated path follows WORK_LOAD
typedef enum {
  WORK_LOAD,    ///< Load a model
  WORK_REBUILD, ///< Make a new stream, for a changed load mode
  WORK_COLLECT, ///< Free what is not played any more
} WorkType;

/// Head of a message to the worker
typedef struct {
  uint32_t type;
} Work;

/// Time spent in the callback, in percent of the sound's duration
typedef struct {
  float mean;
  float worst;
} Load;

typedef struct {
  // Features, null where the host has none
  LV2_URID_Map*        map;
  LV2_Worker_Schedule* schedule;
  LV2_Log_Logger       logger;

  // Ports
  Port     ports[MAX_PORTS];
  uint32_t n_ports;
  void*    buffers[MAX_PORTS];

  // Audio thread
  Uris              uris;
  LV2_Atom_Forge    forge;
  GrusSlot*         slot;
  uint32_t          n_channels;
  uint32_t          sample_rate;
  uint32_t          nominal_block; ///< Frames, 0 if the host does not say
  bool              started;       ///< There has been a block
  bool              collecting;    ///< The worker has been asked to collect
  const GrusStream* replaced; ///< Stream that a new one is asked for, or null
  Load              load;
  ModelNews         news;
  Feed              feed;        ///< For windows
  bool              must_notify; ///< The news have not been told yet

  // Any thread
  _Atomic bool embed; ///< Save the model's data with the session
  Control*     control;
} Voice;

/// Run the messages that came in (audio thread)
void
messages_receive(Voice* voice, const LV2_Atom_Sequence* in);

/// Start the messages that go out; `messages_receive` may add answers
void
messages_begin(Voice* voice, LV2_Atom_Sequence* out);

/// Tell news if there are any, and end the messages that go out
void
messages_end(Voice* voice, const LV2_Atom_Sequence* out);

/// Ask the worker for something; false if it cannot be asked (audio thread)
bool
ask_worker(const Voice* voice, WorkType type, const char* path);

/// LV2_State_Interface, for extension_data()
const void*
state_interface(void);

#endif // GRUS_PLUGIN_VOICE_H
