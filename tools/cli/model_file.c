// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/model_file.h"

#include "cli/say.h"
#include "grus/grus.h"
#include "host/data_file.h"
#include "host/file_bytes.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Models that come with Grus, by name; the first is the default
static const char* const own_models[] = {"voice",
                                         "voice-light",
                                         "voice-low-latency"};

enum {
  N_OWN_MODELS = sizeof(own_models) / sizeof(own_models[0]),
  PATH_SIZE    = 4096,
};

/// Return where a model of Grus lies
static const char*
own_path(const size_t index)
{
  static char paths[N_OWN_MODELS][PATH_SIZE];
  char        name[64];
  snprintf(name, sizeof(name), "models/%s.safetensors", own_models[index]);
  return *paths[index] ? paths[index]
                       : data_file_path(name, paths[index], PATH_SIZE);
}

const char*
model_file_path(const char* const argument)
{
  if (!argument) {
    const char* const named = getenv("GRUS_MODEL");
    return named && *named ? model_file_path(named) : own_path(0U);
  }

  for (size_t i = 0U; i < N_OWN_MODELS; ++i) {
    if (!strcmp(argument, own_models[i])) {
      return own_path(i);
    }
  }
  return argument;
}

const char*
model_file_own(const size_t index)
{
  return index < N_OWN_MODELS ? own_models[index] : NULL;
}

int
model_file_load(const char* const path, ModelFile* const file)
{
  return model_file_load_as(path, GRUS_STORAGE_F32, file);
}

int
model_file_load_as(const char* const path,
                   const GrusStorage storage,
                   ModelFile* const  file)
{
  FileBytes   bytes = {NULL, 0U};
  GrusMessage message;
  file->path  = model_file_path(path);
  file->model = NULL;
  if (!file_bytes_read(&bytes, file->path, &message)) {
    return say_error(EXIT_FAILED,
                     "cannot read model \"%s\": %s%s",
                     file->path,
                     message.text,
                     path ? "" : " (name one with --model FILE)");
  }

  int code   = EXIT_OK;
  file->size = bytes.size;
  if (grus_model_parse_as(
        bytes.data, bytes.size, storage, &file->model, &message)) {
    code = say_error(EXIT_FAILED, "model \"%s\": %s", file->path, message.text);
  }

  free(bytes.data);
  return code;
}

static const char* const storage_names[] = {"f32", "bf16", "int8"};

int
model_file_take_storage(void* const                field,
                        const CommandOption* const option,
                        const char* const          text)
{
  for (size_t i = 0U; i < sizeof(storage_names) / sizeof(storage_names[0]);
       ++i) {
    if (!strcmp(text, storage_names[i])) {
      *(GrusStorage*)field = (GrusStorage)i;
      return EXIT_OK;
    }
  }

  return say_error(
    EXIT_USAGE, "--%s \"%s\" is not f32, bf16 or int8", option->name, text);
}

const char*
model_file_storage_name(const GrusStorage storage)
{
  return storage_names[storage];
}
