// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "base/message.h"
#include "format/safetensors.h"
#include "grus/grus.h"
#include "load/limits.h"
#include "load/self_test.h"
#include "model/description.h"
#include "model/model.h"
#include "model/weights.h"
#include "stft/stft.h"

#include <stddef.h>
#include <stdlib.h>

static GrusStatus
read_file(GrusModel* const             model,
          const GrusSafetensors* const file,
          const size_t                 file_size,
          GrusMessage* const           message)
{
  const char* const text = grus_safetensors_metadata(file, "grus");
  if (!text) {
    return grus_fail(message,
                     GRUS_ERR_UNSUPPORTED,
                     "the file's metadata has no \"grus\": it holds tensors, "
                     "but does not say what network they are");
  }

  GrusStatus st = grus_description_read(text, model, message);
  if (!st && model->info.kind == GRUS_KIND_FRAME &&
      !grus_stft_supports(model, model->info.sample_rate)) {
    st = grus_fail(message,
                   GRUS_ERR_UNSUPPORTED,
                   "frontend: \"window\" has prime factors beyond 5");
  }
  if (!st) {
    st = grus_weights_read(model, file, grus_limits_memory(file_size), message);
  }
  return st;
}

static void
drop_test(GrusModel* const model)
{
  free(model->test_output);
  free(model->test_input);
  model->test_output = NULL;
  model->test_input  = NULL;
}

/// Store the weights as they are wanted, and find out what that changes
static GrusStatus
change_storage(GrusModel* const   model,
               const GrusStorage  storage,
               GrusMessage* const message)
{
  GrusModelInfo* const info = &model->info;
  info->storage_error       = info->test_error;
  if (storage == GRUS_STORAGE_F32) {
    return GRUS_SUCCESS;
  }

  grus_weights_round(model, storage);
  return info->has_self_test
           ? grus_model_test_error(model, &info->storage_error, message)
           : GRUS_SUCCESS;
}

GrusStatus
grus_model_parse(const void* const  data,
                 const size_t       size,
                 GrusModel** const  model,
                 GrusMessage* const message)
{
  return grus_model_parse_as(data, size, GRUS_STORAGE_F32, model, message);
}

GrusStatus
grus_model_parse_as(const void* const  data,
                    const size_t       size,
                    const GrusStorage  storage,
                    GrusModel** const  model,
                    GrusMessage* const message)
{
  GrusSafetensors* file = NULL;
  GrusModel* const m    = (GrusModel*)calloc(1U, sizeof(GrusModel));
  if (!m) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for a model");
  }

  GrusStatus st = grus_safetensors_open(data, size, &file, message);
  if (!st) {
    m->info.hash = grus_safetensors_identity(file);
    st           = read_file(m, file, size, message);
    grus_safetensors_close(file);
  }
  if (!st) {
    grus_model_sum_up(m);
    st = grus_limits_check(m, size, message);
  }
  if (!st) {
    grus_limits_shorten_test(m, size);
    st =
      m->info.has_self_test ? grus_model_self_test(m, message) : GRUS_SUCCESS;
  }
  if (!st) {
    st = change_storage(m, storage, message);
  }

  drop_test(m);
  if (st) {
    grus_model_free(m);
    return st;
  }

  *model = m;
  return GRUS_SUCCESS;
}
