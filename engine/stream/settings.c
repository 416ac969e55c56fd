// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What other threads set and read of a running stream: parameters, meters

#include "stream/settings.h"

#include "frames/gate.h"
#include "frames/inference.h"
#include "grus/grus.h"
#include "grus/params.h"
#include "stream/instance.h"

#include <math.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

void
grus_stream_set_param(GrusStream* const stream,
                      const GrusParam   param,
                      const float       value)
{
  const GrusParamInfo* const info = grus_param_info((uint32_t)param);
  if (info && !isnan(value)) {
    const float v = fminf(fmaxf(value, info->minimum), info->maximum);
    atomic_store_explicit(&stream->params[param],
                          info->type == GRUS_PARAM_FLOAT ? v : roundf(v),
                          memory_order_relaxed);
  }
}

float
grus_stream_param(const GrusStream* const stream, const GrusParam param)
{
  return (uint32_t)param < GRUS_N_PARAMS
           ? atomic_load_explicit(&stream->params[param], memory_order_relaxed)
           : 0.0f;
}

float
grus_stream_meter(const GrusStream* const stream, const GrusMeter meter)
{
  return (uint32_t)meter < GRUS_N_METERS
           ? atomic_load_explicit(&stream->meters[meter], memory_order_relaxed)
           : 0.0f;
}

GrusInferenceMode
grus_stream_mode(const GrusStream* const stream)
{
  const uint32_t hop  = grus_inference_hop(stream->inference);
  const float    hops = hop ? (float)stream->network_rate * 1e-3f / (float)hop
                            : 0.0f; // In a millisecond

  const GrusInferenceMode mode = {
    grus_stream_is_on(stream, GRUS_PARAM_LINK),
    stream->position.even,
    {grus_stream_param(stream, GRUS_PARAM_GATE),
     grus_stream_param(stream, GRUS_PARAM_GATE_HOLD) * hops,
     grus_stream_param(stream, GRUS_PARAM_GATE_RELEASE) * hops},
  };
  return mode;
}

uint32_t
grus_stream_faults(const GrusStream* const stream)
{
  return atomic_load_explicit(&stream->n_faults, memory_order_relaxed);
}
