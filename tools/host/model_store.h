// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model_store.h

   Models shared by all instances in a process: several hundred of them keep
   one copy of the weights.  Locks, allocates and reads files: never for the
   audio thread.
*/

#ifndef GRUS_HOST_MODEL_STORE_H
#define GRUS_HOST_MODEL_STORE_H

#include "grus/grus.h"

#include <stddef.h>
#include <stdint.h>

/**
   Return the model in a file, parsed only if no instance has it already.

   @param path Absolute.
   @param message Set to the reason if null is returned.
   @return A model to be given back with model_store_release(), or null.
*/
const GrusModel*
model_store_load(const char* path, GrusMessage* message);

/// Return the model in `data`, likewise
const GrusModel*
model_store_parse(const void* data, size_t size, GrusMessage* message);

/// Count one more user of a model that somebody has
void
model_store_share(const GrusModel* model);

/// Give a model back (null is allowed), after every stream that uses it
void
model_store_release(const GrusModel* model);

/**
   Return the bytes of the file that `model` was made from, valid until the
   model is released.
*/
const void*
model_store_data(const GrusModel* model, size_t* size);

#endif // GRUS_HOST_MODEL_STORE_H
