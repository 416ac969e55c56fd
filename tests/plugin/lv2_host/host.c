// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "lv2_host/host.h"

#include "grus/ring.h"
#include "lv2_host/features.h"
#include "lv2_host/impl.h"
#include "lv2_host/messages.h"
#include "lv2_host/uris.h"
#include "lv2_host/worker.h"
#include "watch/rt_guard.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>

#include <pthread.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { RING_SIZE = 1 << 15 };

/// Connect a port to memory of its own kind
static void
connect_port(Host* const host, const uint32_t index)
{
  const LilvPort* const port =
    lilv_plugin_get_port_by_index(host->plugin, index);
  LilvNode* const audio    = lilv_new_uri(host->world, LV2_CORE__AudioPort);
  LilvNode* const control  = lilv_new_uri(host->world, LV2_CORE__ControlPort);
  LilvNode* const input    = lilv_new_uri(host->world, LV2_CORE__InputPort);
  const bool      is_input = lilv_port_is_a(host->plugin, port, input);

  if (lilv_port_is_a(host->plugin, port, audio)) {
    if (is_input) {
      host->inputs[host->n_inputs++] = index;
    } else {
      host->outputs[host->n_outputs++] = index;
    }
  } else if (lilv_port_is_a(host->plugin, port, control)) {
    lilv_instance_connect_port(host->instance, index, &host->controls[index]);
  } else if (host->with_features) {
    lilv_instance_connect_port(
      host->instance, index, is_input ? &host->in : &host->out);
    host->control_port = is_input ? index : host->control_port;
  }
  lilv_node_free(input);
  lilv_node_free(control);
  lilv_node_free(audio);
}

static bool
start(Host* const host, const double sample_rate)
{
  host->instance = lilv_plugin_instantiate(
    host->plugin, sample_rate, host->with_features ? host->feature_list : NULL);
  if (!host->instance) {
    fprintf(stderr, "lv2_host: cannot instantiate: %s\n", host->log);
    return false;
  }

  host->n_ports = lilv_plugin_get_num_ports(host->plugin);
  lilv_plugin_get_port_ranges_float(host->plugin, NULL, NULL, host->controls);
  for (uint32_t i = 0U; i < host->n_ports; ++i) {
    connect_port(host, i);
  }
  lilv_instance_activate(host->instance);
  if (host->with_features) {
    worker_start(host);
  }
  return true;
}

/// Return an instance that does not run yet
static Host*
prepare(const bool with_features)
{
  Host* const host    = (Host*)calloc(1U, sizeof(Host));
  host->with_features = with_features;
  host->ring          = grus_ring_new(RING_SIZE);
  pthread_mutex_init(&host->lock, NULL);
  features_init(host);
  lv2_atom_forge_init(&host->forge, &host->map);
  return host;
}

/// Start `host`, or free it
static Host*
started(Host* const host, const double sample_rate)
{
  if (!host->plugin || !start(host, sample_rate)) {
    host->with_features = false; // No worker runs
    host_free(host);
    return NULL;
  }
  return host;
}

Host*
host_new(const char* const uri,
         const double      sample_rate,
         const bool        with_features)
{
  Host* const host  = prepare(with_features);
  host->world       = lilv_world_new();
  host->owns_world  = true;
  host->sample_rate = sample_rate;
  lilv_world_load_all(host->world);

  LilvNode* const node = lilv_new_uri(host->world, uri);
  host->plugin =
    lilv_plugins_get_by_uri(lilv_world_get_all_plugins(host->world), node);
  lilv_node_free(node);
  if (!host->plugin) {
    fprintf(stderr, "lv2_host: there is no plugin \"%s\"\n", uri);
  }
  return started(host, sample_rate);
}

Host*
host_beside(const Host* const host)
{
  Host* const other  = prepare(host->with_features);
  other->world       = host->world;
  other->plugin      = host->plugin;
  other->sample_rate = host->sample_rate;
  return started(other, other->sample_rate);
}

void
host_free(Host* const host)
{
  if (host->with_features) {
    worker_end(host);
  }
  if (host->instance) {
    lilv_instance_deactivate(host->instance);
    lilv_instance_free(host->instance);
  }
  lilv_state_free(host->kept);
  grus_ring_free(host->ring);
  if (host->owns_world) {
    lilv_world_free(host->world);
  }
  pthread_mutex_destroy(&host->lock);
  free(host);
}

void
host_restart(Host* const host)
{
  lilv_instance_deactivate(host->instance);
  lilv_instance_activate(host->instance);
}

uint32_t
host_n_channels(const Host* const host)
{
  return host->n_inputs;
}

size_t
host_own_size(void)
{
  return sizeof(Host);
}

float*
host_control(Host* const host, const char* const symbol)
{
  LilvNode* const       node = lilv_new_string(host->world, symbol);
  const LilvPort* const port =
    lilv_plugin_get_port_by_symbol(host->plugin, node);
  lilv_node_free(node);
  return port ? &host->controls[lilv_port_get_index(host->plugin, port)] : NULL;
}

unsigned
host_run(Host* const               host,
         const float* const* const in,
         float* const* const       out,
         const uint32_t            n)
{
  for (uint32_t c = 0U; c < host->n_inputs; ++c) {
    lilv_instance_connect_port(
      host->instance, host->inputs[c], (void*)(uintptr_t)in[c]);
    lilv_instance_connect_port(host->instance, host->outputs[c], out[c]);
  }
  if (host->damaged) {
    lilv_instance_connect_port(
      host->instance, host->control_port, host->damaged);
  } else {
    messages_end(host);
  }
  host->out.sequence.atom.type = urid(LV2_ATOM__Chunk);
  host->out.sequence.atom.size = ATOM_SIZE - sizeof(LV2_Atom);

  rt_guard_enter();
  lilv_instance_run(host->instance, n);
  const unsigned n_violations = rt_guard_exit();

  if (host->damaged) {
    lilv_instance_connect_port(host->instance, host->control_port, &host->in);
    free(host->damaged);
    host->damaged = NULL;
  }
  if (host->with_features) {
    messages_read(host);
  }
  return n_violations;
}

void
host_settle(Host* const host)
{
  static const float silence[512];
  float              sound[HOST_MAX_CHANNELS][512];
  const float* const in[]  = {silence, silence};
  float* const       out[] = {sound[0], sound[1]};
  unsigned           quiet = 0U;
  while (quiet < 200U) { // More than the warm-up and the fade take
    (void)host_run(host, in, out, 512U);
    quiet = host_is_busy(host) ? 0U : quiet + 1U;
    if (!quiet) {
      worker_wait();
    }
  }
}
