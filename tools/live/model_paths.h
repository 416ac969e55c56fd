// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model_paths.h

   The files of the models that `grus live` can play, each of them once.
*/

#ifndef GRUS_TOOLS_LIVE_MODEL_PATHS_H
#define GRUS_TOOLS_LIVE_MODEL_PATHS_H

#include <stddef.h>

enum { MODEL_PATHS_MAX = 64, MODEL_NAME_SIZE = 64 };

/// Paths, in the order in which they are chosen by a key
typedef struct {
  char*  all[MODEL_PATHS_MAX];
  size_t n;
} ModelPaths;

/// Add a path unless its file is there, by this path or another; return its
/// index, or MODEL_PATHS_MAX where there is no room
size_t
model_paths_add(ModelPaths* paths, const char* path);

/// Add the other models in the folder of the first
void
model_paths_add_neighbours(ModelPaths* paths);

/// Add the models that come with Grus, so that there is a way back to them
void
model_paths_add_own(ModelPaths* paths);

/// Forget the path that was added last
void
model_paths_forget_last(ModelPaths* paths);

/// Free the paths
void
model_paths_free(ModelPaths* paths);

/// Get the name of the model at `path`: that of its file
void
model_paths_name(const char* path, char name[MODEL_NAME_SIZE]);

#endif // GRUS_TOOLS_LIVE_MODEL_PATHS_H
