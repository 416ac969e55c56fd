// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model_file.h

   Where models lie, and how their bytes come into memory: the engine knows no
   files.
*/

#ifndef GRUS_TOOLS_MODEL_FILE_H
#define GRUS_TOOLS_MODEL_FILE_H

#include "grus.h"

#include <stddef.h>

/// A model and where it came from
typedef struct {
  const char* path; ///< Valid as long as the arguments and the environment
  size_t      size; ///< Of the file, bytes
  GrusModel*  model;
} ModelFile;

/**
   Load the model at `path`, or the default one if `path` is null: what
   GRUS_MODEL names, else the voice model that comes with Grus.

   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
model_file_load(const char* path, ModelFile* file);

#endif // GRUS_TOOLS_MODEL_FILE_H
