// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE

#include "lv2_host.h"

#include "grus/ring.h"
#include "watch/rt_guard.h"

#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/atom/util.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/core/lv2.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/patch/patch.h>
#include <lv2/presets/presets.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <pthread.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_URIS = 512, MAX_PORTS = 64, ATOM_SIZE = 16384, RING_SIZE = 1 << 15 };

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
  bool                 with_features;
  bool                 owns_world;
  double               sample_rate;

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

static pthread_mutex_t uri_lock = PTHREAD_MUTEX_INITIALIZER;
static char*           uris[MAX_URIS];
static uint32_t        n_uris;

static LV2_URID
map_uri(LV2_URID_Map_Handle handle, const char* const uri)
{
  (void)handle;
  pthread_mutex_lock(&uri_lock);
  uint32_t i = 0U;
  while (i < n_uris && strcmp(uris[i], uri)) {
    ++i;
  }
  if (i == n_uris && n_uris < MAX_URIS) {
    uris[n_uris++] = strdup(uri);
  }
  pthread_mutex_unlock(&uri_lock);
  return i + 1U;
}

static const char*
unmap_uri(LV2_URID_Unmap_Handle handle, const LV2_URID urid)
{
  (void)handle;
  return urid && urid <= n_uris ? uris[urid - 1U] : NULL;
}

static LV2_URID
urid(const char* const uri)
{
  return map_uri(NULL, uri);
}

static LV2_Worker_Status
schedule_work(LV2_Worker_Schedule_Handle handle,
              const uint32_t             size,
              const void* const          data)
{
  Host* const host = (Host*)handle;
  if (grus_ring_write_space(host->ring) < sizeof(size) + size) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  uint8_t message[sizeof(size) + 8192];
  if (size > sizeof(message) - sizeof(size)) {
    return LV2_WORKER_ERR_NO_SPACE;
  }
  memcpy(message, &size, sizeof(size));
  memcpy(message + sizeof(size), data, size);
  (void)grus_ring_write(host->ring, message, (uint32_t)sizeof(size) + size);
  atomic_fetch_add(&host->n_scheduled, 1U);
  return LV2_WORKER_SUCCESS;
}

static LV2_Worker_Status
respond(LV2_Worker_Respond_Handle handle, uint32_t size, const void* data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_SUCCESS;
}

static void
sleep_briefly(void)
{
  const struct timespec time = {0, 200000};
  nanosleep(&time, NULL);
}

static void*
run_worker(void* const handle)
{
  Host* const host = (Host*)handle;
  uint8_t     data[8192];
  uint32_t    size = 0U;
  while (!atomic_load(&host->quit)) {
    if (grus_ring_read(host->ring, &size, sizeof(size))) {
      (void)grus_ring_read(host->ring, data, size);
      host->worker_interface->work(
        lilv_instance_get_handle(host->instance), respond, host, size, data);
      atomic_fetch_add(&host->n_done, 1U);
    } else {
      sleep_briefly();
    }
  }
  return NULL;
}

static int
log_vprintf(LV2_Log_Handle    handle,
            const LV2_URID    type,
            const char* const format,
            va_list           args)
{
  Host* const host = (Host*)handle;
  if (type == urid(LV2_LOG__Error)) {
    pthread_mutex_lock(&host->lock);
    vsnprintf(host->log, sizeof(host->log), format, args);
    pthread_mutex_unlock(&host->lock);
  }
  return 0;
}

static int
log_printf(LV2_Log_Handle    handle,
           const LV2_URID    type,
           const char* const format,
           ...)
{
  va_list args;
  va_start(args, format);
  const int n = log_vprintf(handle, type, format, args);
  va_end(args);
  return n;
}

static void
make_features(Host* const host)
{
  host->map.map                    = map_uri;
  host->unmap.unmap                = unmap_uri;
  host->schedule.handle            = host;
  host->schedule.schedule_work     = schedule_work;
  host->log_feature.handle         = host;
  host->log_feature.printf         = log_printf;
  host->log_feature.vprintf        = log_vprintf;
  host->max_block                  = HOST_MAX_BLOCK;
  const LV2_Options_Option options = {LV2_OPTIONS_INSTANCE,
                                      0U,
                                      urid(LV2_BUF_SIZE__maxBlockLength),
                                      sizeof(int32_t),
                                      urid(LV2_ATOM__Int),
                                      &host->max_block};
  host->options[0]                 = options;

  // What lv2file 0.84 passes: null, or letters that the stack held
  const char* const no_pointer = (const char*)(uintptr_t)0x5F00455441564952U;
  const LV2_Feature features[] = {{LV2_URID__map, &host->map},
                                  {LV2_URID__unmap, &host->unmap},
                                  {NULL, NULL},
                                  {no_pointer, NULL},
                                  {LV2_WORKER__schedule, &host->schedule},
                                  {LV2_LOG__log, &host->log_feature},
                                  {LV2_OPTIONS__options, host->options}};
  for (size_t i = 0U; i < 7U; ++i) {
    host->features[i]     = features[i];
    host->feature_list[i] = &host->features[i];
  }
}

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

  host->worker_interface =
    (const LV2_Worker_Interface*)lilv_instance_get_extension_data(
      host->instance, LV2_WORKER__interface);
  host->n_ports = lilv_plugin_get_num_ports(host->plugin);
  lilv_plugin_get_port_ranges_float(host->plugin, NULL, NULL, host->controls);
  for (uint32_t i = 0U; i < host->n_ports; ++i) {
    connect_port(host, i);
  }
  lilv_instance_activate(host->instance);
  if (host->with_features) {
    pthread_create(&host->worker, NULL, run_worker, host);
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
  make_features(host);
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
    atomic_store(&host->quit, true);
    pthread_join(host->worker, NULL);
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

float*
host_control(Host* const host, const char* const symbol)
{
  LilvNode* const       node = lilv_new_string(host->world, symbol);
  const LilvPort* const port =
    lilv_plugin_get_port_by_symbol(host->plugin, node);
  lilv_node_free(node);
  return port ? &host->controls[lilv_port_get_index(host->plugin, port)] : NULL;
}

/// Start the messages of the next block, if none has
static void
begin(Host* const host)
{
  if (!host->forging) {
    lv2_atom_forge_set_buffer(&host->forge, host->in.bytes, ATOM_SIZE);
    lv2_atom_forge_sequence_head(&host->forge, &host->frame, 0U);
    host->forging = true;
  }
}

/// Begin a patch:Set of a property; the value comes next
static void
begin_set(Host* const                 host,
          LV2_Atom_Forge_Frame* const frame,
          const char* const           property)
{
  begin(host);
  lv2_atom_forge_frame_time(&host->forge, 0);
  lv2_atom_forge_object(&host->forge, frame, 0U, urid(LV2_PATCH__Set));
  lv2_atom_forge_key(&host->forge, urid(LV2_PATCH__property));
  lv2_atom_forge_urid(&host->forge, urid(property));
  lv2_atom_forge_key(&host->forge, urid(LV2_PATCH__value));
}

void
host_set_model(Host* const host, const char* const path)
{
  LV2_Atom_Forge_Frame frame;
  begin_set(host, &frame, "urn:grus:voice#model");
  lv2_atom_forge_path(&host->forge, path, (uint32_t)strlen(path));
  lv2_atom_forge_pop(&host->forge, &frame);
}

void
host_set_embed(Host* const host, const bool embed)
{
  LV2_Atom_Forge_Frame frame;
  begin_set(host, &frame, "urn:grus:voice#embed");
  lv2_atom_forge_bool(&host->forge, embed);
  lv2_atom_forge_pop(&host->forge, &frame);
}

void
host_get(Host* const host)
{
  LV2_Atom_Forge_Frame frame;
  begin(host);
  lv2_atom_forge_frame_time(&host->forge, 0);
  lv2_atom_forge_object(&host->forge, &frame, 0U, urid(LV2_PATCH__Get));
  lv2_atom_forge_pop(&host->forge, &frame);
}

static void
copy_text(char* const text, const size_t size, const LV2_Atom* const atom)
{
  snprintf(text, size, "%s", atom ? (const char*)(atom + 1) : "");
}

static void
read_put(Host* const host, const LV2_Atom_Object* const object)
{
  const LV2_Atom* body = NULL;
  lv2_atom_object_get(object, urid(LV2_PATCH__body), &body, 0);
  if (!body) {
    return;
  }

  const LV2_Atom* path  = NULL;
  const LV2_Atom* name  = NULL;
  const LV2_Atom* error = NULL;
  const LV2_Atom* rate  = NULL;
  const LV2_Atom* embed = NULL;
  lv2_atom_object_get((const LV2_Atom_Object*)body,
                      urid("urn:grus:voice#model"),
                      &path,
                      urid("urn:grus:voice#modelName"),
                      &name,
                      urid("urn:grus:voice#modelError"),
                      &error,
                      urid("urn:grus:voice#modelRate"),
                      &rate,
                      urid("urn:grus:voice#embed"),
                      &embed,
                      0);
  copy_text(host->news.path, sizeof(host->news.path), path);
  host->news.n_changes +=
    name && strcmp(host->news.name, (const char*)(name + 1));
  copy_text(host->news.name, sizeof(host->news.name), name);
  copy_text(host->news.error, sizeof(host->news.error), error);
  host->news.rate  = rate ? ((const LV2_Atom_Int*)rate)->body : 0;
  host->news.embed = embed && ((const LV2_Atom_Bool*)embed)->body;
  ++host->news.n_puts;
}

static void
read_news(Host* const host)
{
  LV2_ATOM_SEQUENCE_FOREACH(&host->out.sequence, event)
  {
    const LV2_Atom_Object* const object = (const LV2_Atom_Object*)&event->body;
    if (event->body.type == urid(LV2_ATOM__Object) &&
        object->body.otype == urid(LV2_PATCH__Put)) {
      read_put(host, object);
    }
  }
}

/// End the messages of the next block
static void
end_messages(Host* const host)
{
  begin(host);
  lv2_atom_forge_pop(&host->forge, &host->frame);
  host->forging = false;
}

uint8_t*
host_messages(Host* const host, uint32_t* const size)
{
  end_messages(host);
  *size         = lv2_atom_total_size(&host->in.sequence.atom);
  host->damaged = (uint8_t*)malloc(*size);
  memcpy(host->damaged, host->in.bytes, *size);
  return host->damaged;
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
    end_messages(host);
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
    read_news(host);
  }
  return n_violations;
}

bool
host_is_busy(const Host* const host)
{
  return atomic_load(&host->n_done) != atomic_load(&host->n_scheduled);
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
      sleep_briefly();
    }
  }
}

const HostNews*
host_news(const Host* const host)
{
  return &host->news;
}

const char*
host_log(const Host* const host)
{
  return host->log;
}

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
