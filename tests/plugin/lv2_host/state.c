// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "lv2_host/state.h"

#include "lv2_host/host.h"
#include "lv2_host/impl.h"
#include "lv2_host/uris.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/state/state.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const void*
get_value(const char* const symbol,
          void* const       handle,
          uint32_t* const   size,
          uint32_t* const   type)
{
  *size = sizeof(float);
  *type = urid(LV2_ATOM__Float);
  return host_control((Host*)handle, symbol);
}

static void
set_value(const char* const symbol,
          void* const       handle,
          const void* const value,
          const uint32_t    size,
          const uint32_t    type)
{
  float* const control = host_control((Host*)handle, symbol);
  if (control && size == sizeof(float) && type == urid(LV2_ATOM__Float)) {
    memcpy(control, value, size);
  }
}

bool
host_save(Host* const host, const char* const folder)
{
  LilvState* const state =
    lilv_state_new_from_instance(host->plugin,
                                 host->instance,
                                 &host->map,
                                 folder,
                                 folder,
                                 folder,
                                 folder,
                                 folder ? get_value : NULL,
                                 host,
                                 LV2_STATE_IS_POD,
                                 host->feature_list);
  if (!folder) {
    lilv_state_free(host->kept);
    host->kept = state;
    return !!state;
  }

  const bool ok =
    state &&
    !lilv_state_save(
      host->world, &host->map, &host->unmap, state, NULL, folder, "state.ttl");
  lilv_state_free(state);
  return ok;
}

static LilvState*
find_state(Host* const host, const char* const source)
{
  LilvState* state = NULL;
  if (!strncmp(source, "urn:", 4U)) {
    LilvNode* const node = lilv_new_uri(host->world, source);
    lilv_world_load_resource(host->world, node);
    state = lilv_state_new_from_world(host->world, &host->map, node);
    lilv_node_free(node);
  } else {
    char path[4200];
    snprintf(path, sizeof(path), "%s/state.ttl", source);
    state = lilv_state_new_from_file(host->world, &host->map, NULL, path);
  }
  return state;
}

bool
host_restore(Host* const host, const char* const source)
{
  LilvState* const state = source ? find_state(host, source) : host->kept;
  if (!state) {
    return false;
  }

  lilv_state_restore(state,
                     host->instance,
                     source ? set_value : NULL,
                     host,
                     0U,
                     host->feature_list);
  if (source) {
    lilv_state_free(state);
  }
  return true;
}
