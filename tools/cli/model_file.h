// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model_file.h

   Where models lie, and how their bytes come into memory: the engine knows no
   files.
*/

#ifndef GRUS_TOOLS_CLI_MODEL_FILE_H
#define GRUS_TOOLS_CLI_MODEL_FILE_H

#include "cli/command_line.h"
#include "grus/grus.h"

#include <stddef.h>

/// A model and where it came from
typedef struct {
  const char* path; ///< Valid as long as the arguments and the environment
  size_t      size; ///< Of the file, bytes
  GrusModel*  model;
} ModelFile;

/**
   Return the path of the model that an argument means.

   @param argument A path, or the name of a model that comes with Grus, like
   "voice-light" (a file called so is "./voice-light").  Null for the default:
   what GRUS_MODEL means, else "voice".
*/
const char*
model_file_path(const char* argument);

/// Return the name of model `index` of those that come with Grus, or null
const char*
model_file_own(size_t index);

/**
   Load the model that `path` means, as in model_file_path().

   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
model_file_load(const char* path, ModelFile* file);

/// Load a model as model_file_load() does, with its weights stored otherwise
int
model_file_load_as(const char* path, GrusStorage storage, ModelFile* file);

/// Take the value of --weights into a GrusStorage
int
model_file_take_storage(void*                field,
                        const CommandOption* option,
                        const char*          text);

/// Return the name of a storage of weights, like "bf16"
const char*
model_file_storage_name(GrusStorage storage);

#endif // GRUS_TOOLS_CLI_MODEL_FILE_H
