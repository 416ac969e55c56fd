// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What a host is made of, for its own files only

#ifndef GRUS_TESTS_LV2_HOST_IMPL_H
#define GRUS_TESTS_LV2_HOST_IMPL_H

#include "grus/ring.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <pthread.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { MAX_PORTS = 64, ATOM_SIZE = 65536 };

/// A buffer for messages, aligned as atoms must be
typedef union {
  LV2_Atom_Sequence sequence;
  uint8_t           bytes[ATOM_SIZE];
  uint64_t          alignment;
} AtomBuffer;

struct HostImpl {
  LilvWorld*           world;
  const LilvPlugin*    plugin;
  LilvInstance*        instance;
  uint32_t             n_ports;
  float                controls[MAX_PORTS];
  uint32_t             inputs[HOST_MAX_CHANNELS];
  uint32_t             outputs[HOST_MAX_CHANNELS];
  uint32_t             n_inputs;
  uint32_t             n_outputs;
  AtomBuffer           in;
  AtomBuffer           out;
  LV2_Atom_Forge       forge;
  bool                 forging;
  uint32_t             control_port; ///< Takes the messages
  uint8_t*             damaged;      ///< Messages of the next block, or null
  LV2_Atom_Forge_Frame frame;
  HostNews             news;
  void (*told)(void*, const LV2_Atom*);
  void*  told_handle;
  bool   with_features;
  bool   owns_world;
  double sample_rate;

  // Worker
  GrusRing*                   ring;
  pthread_t                   worker;
  atomic_bool                 quit;
  atomic_uint                 n_scheduled;
  atomic_uint                 n_done;
  const LV2_Worker_Interface* worker_interface;

  // Log and state
  pthread_mutex_t lock;
  char            log[512];
  LilvState*      kept; ///< By host_save() without a folder

  LV2_URID_Map        map;
  LV2_URID_Unmap      unmap;
  LV2_Worker_Schedule schedule;
  LV2_Log_Log         log_feature;
  LV2_Options_Option  options[2];
  int32_t             max_block;
  LV2_Feature         features[7];
  const LV2_Feature*  feature_list[8];
};

#endif // GRUS_TESTS_LV2_HOST_IMPL_H
