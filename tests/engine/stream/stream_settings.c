// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stream_settings.h"
#include "model_writer.h"

#include "grus/grus.h"

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stddef.h>

const Setting settings[N_SETTINGS] = {
  {"frames at 48 kHz", writer_frame_model, 48000U, 1U, false, false},
  {"frames at 16 kHz", writer_frame_model, 16000U, 2U, false, false},
  {"frames at 44.1 kHz", writer_frame_model, 44100U, 2U, false, false},
  {"frames at 11.025 kHz", writer_frame_model, 11025U, 1U, false, false},
  {"frames at 96.001 kHz", writer_frame_model, 96001U, 1U, false, false},
  {"frames apart", writer_frame_model, 48000U, 3U, false, true},
  {"even frames at 48 kHz", writer_frame_model, 48000U, 1U, true, false},
  {"even linked frames", writer_frame_model, 32000U, 2U, true, false},
  {"even frames apart", writer_frame_model, 48000U, 2U, true, true},
  {"even frames at 44.1 kHz", writer_frame_model, 44100U, 2U, true, false},
  {"short hops at 48 kHz", writer_overlapping_model, 48000U, 1U, false, false},
  {"short hops at 16 kHz", writer_overlapping_model, 16000U, 2U, false, false},
  {"even short hops", writer_overlapping_model, 32000U, 2U, true, false},
  {"samples at 48 kHz", writer_sample_model, 48000U, 3U, false, false},
  {"samples at 44.1 kHz", writer_sample_model, 44100U, 1U, false, false},
  {"samples through bytes", writer_int8_model, 48000U, 3U, false, false},
  {"samples at 192 kHz", writer_sample_model, 192000U, 1U, false, false},
};

GrusStream*
new_stream(const GrusModel* const model,
           const Setting* const   setting,
           const char* const      kernels)
{
  const GrusStreamConfig config = {
    setting->sample_rate, setting->n_channels, kernels};
  GrusStream* stream = NULL;
  GrusMessage message;
  cr_assert_eq(grus_stream_new(model, &config, &stream, &message),
               GRUS_SUCCESS,
               "%s: %s",
               setting->what,
               message.text);
  grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, setting->even);
  grus_stream_set_param(stream, GRUS_PARAM_LINK, !setting->apart);
  return stream;
}
