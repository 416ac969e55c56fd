// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stream/resampler.h"

#include <speex/speex_resampler.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Passband to 0.92 of the lower Nyquist frequency, 48 samples of delay
enum { QUALITY = 6 };

struct GrusResamplerImpl {
  SpeexResamplerState* speex;
  uint32_t             n_channels;
  uint64_t             filter_size; ///< Input samples that the filter spans
  uint64_t             period;      ///< Input samples after which phases recur
  uint64_t             period_out;  ///< Output samples of one period
};

GrusResampler*
grus_resampler_new(const uint32_t n_channels,
                   const uint32_t in_rate,
                   const uint32_t out_rate)
{
  GrusResampler* const resampler =
    (GrusResampler*)calloc(1U, sizeof(GrusResampler));
  if (!resampler) {
    return NULL;
  }

  resampler->speex =
    speex_resampler_init(n_channels, in_rate, out_rate, QUALITY, NULL);
  if (!resampler->speex) {
    free(resampler);
    return NULL;
  }

  spx_uint32_t num = 0U;
  spx_uint32_t den = 0U;
  speex_resampler_get_ratio(resampler->speex, &num, &den);
  resampler->n_channels  = n_channels;
  resampler->period      = num;
  resampler->period_out  = den;
  resampler->filter_size = 2U * (uint64_t)grus_resampler_delay(resampler);
  return resampler;
}

void
grus_resampler_free(GrusResampler* const resampler)
{
  if (resampler) {
    speex_resampler_destroy(resampler->speex);
    free(resampler);
  }
}

uint32_t
grus_resampler_delay(const GrusResampler* const resampler)
{
  return (uint32_t)speex_resampler_get_input_latency(resampler->speex);
}

uint64_t
grus_resampler_count(const GrusResampler* const resampler, const uint64_t n)
{
  // Output k needs the input up to floor(k * period / period_out)
  const uint64_t rest = (n % resampler->period) * resampler->period_out;
  return ((n / resampler->period) * resampler->period_out) +
         ((rest + resampler->period - 1U) / resampler->period);
}

size_t
grus_resampler_most_out(const GrusResampler* const resampler, const size_t n)
{
  return (size_t)((n * resampler->period_out) / resampler->period) + 2U;
}

size_t
grus_resampler_history_size(const GrusResampler* const resampler)
{
  return (size_t)(resampler->filter_size + resampler->period);
}

/// Push what a channel remembers out of its filter
static void
flush_channel(GrusResampler* const resampler, const uint32_t channel)
{
  float    ignored[256];
  uint64_t left = resampler->filter_size;
  while (left) {
    spx_uint32_t n_in  = (spx_uint32_t)(left < 1024U ? left : 1024U);
    spx_uint32_t n_out = 256U;
    speex_resampler_process_float(
      resampler->speex, channel, NULL, &n_in, ignored, &n_out);
    left -= n_in;
  }
}

void
grus_resampler_reset(GrusResampler* const resampler)
{
  // speex_resampler_reset_mem() clears the filter of the first channel only
  for (uint32_t c = 0U; c < resampler->n_channels; ++c) {
    flush_channel(resampler, c);
  }
  speex_resampler_reset_mem(resampler->speex);
}

static size_t
resample(const GrusResampler* const resampler,
         const uint32_t             channel,
         const float* const         in,
         const size_t               n,
         float* const               out)
{
  spx_uint32_t n_in  = (spx_uint32_t)n;
  spx_uint32_t n_out = (spx_uint32_t)grus_resampler_most_out(resampler, n);
  speex_resampler_process_float(
    resampler->speex, channel, in, &n_in, out, &n_out);
  return n_out;
}

/// Append to a ring of the last inputs
static void
remember(float* const       history,
         const size_t       size,
         const uint64_t     position,
         const float* const in,
         const size_t       n)
{
  const size_t kept  = n < size ? n : size;
  const size_t start = (size_t)((position + (n - kept)) % size);
  const size_t first = kept < size - start ? kept : size - start;

  memcpy(history + start, in + (n - kept), first * sizeof(float));
  memcpy(history, in + (n - kept) + first, (kept - first) * sizeof(float));
}

size_t
grus_resampler_process(GrusResampler* const resampler,
                       const uint32_t       channel,
                       float* const         history,
                       const uint64_t       position,
                       const float* const   in,
                       const size_t         n,
                       float* const         out)
{
  remember(history, grus_resampler_history_size(resampler), position, in, n);
  return n ? resample(resampler, channel, in, n, out) : 0U;
}

void
grus_resampler_restore(GrusResampler* const resampler,
                       const uint32_t       channel,
                       const float* const   history,
                       const uint64_t       position,
                       float* const         scratch)
{
  const uint64_t size    = grus_resampler_history_size(resampler);
  const uint64_t n_whole = position > resampler->filter_size
                             ? (position - resampler->filter_size)
                             : 0U;

  // A filter that starts at zero is in phase at every whole period
  for (uint64_t i = n_whole - (n_whole % resampler->period); i < position;
       ++i) {
    (void)resample(resampler, channel, history + (i % size), 1U, scratch);
  }
}
