// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are messages to the plugin, or what a session
// has saved, and the plugin plays on.  The first byte says which: a sequence of
// events, or values one after the other (key, type, 2 bytes of size).

#include "model_writer.h"
#include "private_fft.h"
#include "target.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>

#include <sys/stat.h>
#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_URIDS = 100,
  MAX_INPUT = 4096,
  N_FRAMES  = 8,
  N_NUMBERS = 64 ///< Ports of the mono plugin, and more
};

/// Sanitizers do not allow a library of its own
bool
private_fft_is_loaded(void)
{
  return true;
}

static const LV2_Descriptor* descriptor;
static LV2_Handle            instance;
static char*                 uris[MAX_URIDS];

/// Numbers are those of the order in which the plugin asks
static LV2_URID
map(const LV2_URID_Map_Handle handle, const char* const uri)
{
  LV2_URID i = 0U;
  (void)handle;
  while (i < MAX_URIDS && uris[i] && strcmp(uris[i], uri) != 0) {
    ++i;
  }
  if (i < MAX_URIDS && !uris[i]) {
    uris[i] = strdup(uri);
  }
  return i + 1U;
}

static LV2_Worker_Status
respond(const LV2_Worker_Respond_Handle handle,
        const uint32_t                  size,
        const void* const               data)
{
  (void)handle;
  (void)size;
  (void)data;
  return LV2_WORKER_SUCCESS;
}

/// Work at once, as hosts do that render a file
static LV2_Worker_Status
schedule(const LV2_Worker_Schedule_Handle handle,
         const uint32_t                   size,
         const void* const                data)
{
  const LV2_Worker_Interface* const worker =
    (const LV2_Worker_Interface*)descriptor->extension_data(
      LV2_WORKER__interface);
  (void)handle;
  return instance ? worker->work(instance, respond, NULL, size, data)
                  : LV2_WORKER_ERR_UNKNOWN;
}

/// Write a small model into a folder, as a bundle
static void
make_bundle(char* const folder)
{
  char             path[64];
  const WriterFile file = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  if (!mkdtemp(folder)) {
    abort();
  }

  snprintf(path, sizeof(path), "%s/voice.safetensors", folder);
  FILE* const stream = fopen(path, "wb");
  if (!stream || fwrite(file.bytes, 1U, file.size, stream) != file.size ||
      fclose(stream)) {
    abort();
  }
  free(file.bytes);
}

static void
remove_bundle(const char* const folder)
{
  char path[64];
  snprintf(path, sizeof(path), "%s/voice.safetensors", folder);
  unlink(path);
  rmdir(folder);
}

// Every port has room for a number, or for one block
static float   ports[N_NUMBERS][N_FRAMES];
static uint8_t control[MAX_INPUT + sizeof(LV2_Atom_Sequence)];
static uint8_t notify[16384];

static void
connect_ports(void)
{
  for (uint32_t i = 2U; i < N_NUMBERS; ++i) {
    descriptor->connect_port(instance, i, ports[i]);
  }
  descriptor->connect_port(instance, 0U, control);
  descriptor->connect_port(instance, 1U, notify);
}

int
LLVMFuzzerInitialize(int* const argc, char*** const argv)
{
  static LV2_URID_Map        urid     = {NULL, map};
  static LV2_Worker_Schedule worker   = {NULL, schedule};
  static const LV2_Feature   can_map  = {LV2_URID__map, &urid};
  static const LV2_Feature   can_work = {LV2_WORKER__schedule, &worker};

  const LV2_Feature* const features[] = {&can_map, &can_work, NULL};
  char                     folder[]   = "/tmp/grus_fuzz_XXXXXX";
  (void)argc;
  (void)argv;
  make_bundle(folder);
  descriptor = lv2_descriptor(0U);
  instance   = descriptor->instantiate(descriptor, 48000.0, folder, features);
  remove_bundle(folder);
  if (!instance) {
    abort();
  }

  connect_ports();
  descriptor->activate(instance);
  return 0;
}

static void
play(const uint8_t* const data, const size_t size)
{
  LV2_Atom_Sequence* const in  = (LV2_Atom_Sequence*)control;
  LV2_Atom* const          out = (LV2_Atom*)notify;
  in->atom.type                = map(NULL, LV2_ATOM__Sequence);
  in->atom.size = (uint32_t)(sizeof(LV2_Atom_Sequence_Body) + size);
  out->type     = 0U;
  out->size     = sizeof(notify) - sizeof(LV2_Atom);
  memcpy(in + 1, data, size);
  descriptor->run(instance, N_FRAMES);
}

/// What a session has saved
typedef struct {
  const uint8_t* data;
  size_t         size;
} Saved;

static const void*
retrieve(const LV2_State_Handle handle,
         const uint32_t         key,
         size_t* const          size,
         uint32_t* const        type,
         uint32_t* const        flags)
{
  const Saved* const saved = (const Saved*)handle;
  size_t             at    = 0U;
  *flags                   = LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE;
  while (saved->size - at >= 4U) {
    const uint8_t* const entry = saved->data + at;
    const size_t         n     = entry[2] | ((size_t)entry[3] << 8U);
    if (n > saved->size - at - 4U) {
      return NULL;
    }
    if (entry[0] == key) {
      *type = entry[1];
      *size = n;
      return entry + 4;
    }
    at += 4U + n;
  }
  return NULL;
}

static void
restore(const uint8_t* const data, const size_t size)
{
  const LV2_State_Interface* const state =
    (const LV2_State_Interface*)descriptor->extension_data(
      LV2_STATE__interface);
  static const LV2_Feature* const none[] = {NULL};
  Saved                           saved  = {data, size};
  (void)state->restore(instance, retrieve, &saved, 0U, none);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  if (!size || size > MAX_INPUT) {
    return 0;
  }
  if (data[0] % 2U) {
    restore(data + 1, size - 1U);
  }
  play(data + 1, data[0] % 2U ? 0U : size - 1U);
  return 0;
}
