// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "load/limits.h"

#include "base/message.h"
#include "base/pad.h"
#include "frames/inference.h"
#include "model/model.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum {
  MEGABYTE      = 1 << 20,
  MEMORY_FLOOR  = 8 * MEGABYTE, ///< Bytes that any file may take
  MEMORY_FACTOR = 64,           ///< Bytes for each byte of the file
  WORK_FACTOR   = 1024,         ///< Multiplications of each weight in a step
  TEST_FACTOR   = 4096, ///< Multiplications of a test for each byte of the file
  ELEMENT_COST  = 16,   ///< Of an activation, in multiplications
  MIN_TEST_HOPS = 4
};

static const uint64_t work_floor = UINT64_C(1) << 26U; ///< Of any step
static const uint64_t test_floor = UINT64_C(1) << 30U; ///< Of any test

size_t
grus_limits_memory(const size_t file_size)
{
  const size_t most = (SIZE_MAX - MEMORY_FLOOR) / MEMORY_FACTOR;
  return file_size > most ? SIZE_MAX
                          : MEMORY_FLOOR + (MEMORY_FACTOR * file_size);
}

/// Work of one step, in multiplications
static uint64_t
step_cost(const GrusModel* const model)
{
  uint64_t cost = model->info.n_macs;
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    cost += ELEMENT_COST * (uint64_t)model->layers[i].n_rows *
            grus_pad(model->layers[i].n_cols);
  }
  if (model->info.kind == GRUS_KIND_FRAME) {
    // Two transforms and what is computed of each bin
    const double n = model->front_end.window;
    cost += (uint64_t)(n * ((4.0 * log2(n)) + ELEMENT_COST));
  }
  return cost;
}

GrusStatus
grus_limits_check(const GrusModel* const model,
                  const size_t           file_size,
                  GrusMessage* const     message)
{
  const size_t   memory      = grus_inference_network_memory(model);
  const size_t   most_memory = grus_limits_memory(file_size);
  const uint64_t work        = step_cost(model);
  const uint64_t most_work =
    work_floor + (WORK_FACTOR * model->info.n_parameters);
  if (!memory) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for a model");
  }
  if (memory > most_memory) {
    return grus_fail(message,
                     GRUS_ERR_UNSUPPORTED,
                     "its network takes %zu MiB for each channel, more than "
                     "the %zu MiB that a file of this size may",
                     memory / MEGABYTE,
                     most_memory / MEGABYTE);
  }
  if (work > most_work) {
    return grus_fail(message,
                     GRUS_ERR_UNSUPPORTED,
                     "its network takes %.3g multiplications for each step, "
                     "more than the %.3g that so many weights may",
                     (double)work,
                     (double)most_work);
  }

  return GRUS_SUCCESS;
}

void
grus_limits_shorten_test(GrusModel* const model, const size_t file_size)
{
  const uint64_t most  = test_floor + (TEST_FACTOR * (uint64_t)file_size);
  const uint64_t steps = most / step_cost(model);
  const uint64_t hops  = steps > MIN_TEST_HOPS ? steps : MIN_TEST_HOPS;
  const uint64_t n     = hops * model->info.hop;
  if (n < model->info.test_samples) {
    model->info.test_samples = (uint32_t)n;
  }
}
