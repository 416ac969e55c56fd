// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/params.h"

#include <stddef.h>
#include <stdint.h>

static const GrusParamInfo params[GRUS_N_PARAMS] = {
  [GRUS_PARAM_ENABLED]   = {"enabled",
                            "Enabled",
                            "",
                            GRUS_PARAM_TOGGLE,
                            0.0f,
                            1.0f,
                            1.0f,
                            {NULL},
                            "Process the sound, or pass it on unchanged."},
  [GRUS_PARAM_REDUCTION] = {"reduction",
                            "Reduction",
                            "dB",
                            GRUS_PARAM_FLOAT,
                            0.0f,
                            100.0f,
                            100.0f,
                            {NULL},
                            "The most that is taken away; 100 is everything."},
  [GRUS_PARAM_LISTEN]    = {"listen",
                            "Listen",
                            "",
                            GRUS_PARAM_ENUM,
                            0.0f,
                            1.0f,
                            0.0f,
                            {"Clean", "Removed"},
                            "Hear the clean sound (0) or what was removed (1)."},
  [GRUS_PARAM_LINK] =
    {"link",
     "Link channels",
     "",
     GRUS_PARAM_TOGGLE,
     0.0f,
     1.0f,
     1.0f,
     {NULL},
     "One gain for all channels, which keeps the stereo image, whatever their "
     "polarity."},
  [GRUS_PARAM_INPUT_GAIN]  = {"input_gain",
                              "Input gain",
                              "dB",
                              GRUS_PARAM_FLOAT,
                              -24.0f,
                              24.0f,
                              0.0f,
                              {NULL},
                              "Gain before the network."},
  [GRUS_PARAM_OUTPUT_GAIN] = {"output_gain",
                              "Output gain",
                              "dB",
                              GRUS_PARAM_FLOAT,
                              -24.0f,
                              24.0f,
                              0.0f,
                              {NULL},
                              "Gain after everything."},
  [GRUS_PARAM_GATE] =
    {"gate",
     "Gate threshold",
     "",
     GRUS_PARAM_FLOAT,
     0.0f,
     1.0f,
     0.0f,
     {NULL},
     "Voice activity that opens the voice gate; 0 leaves it open."},
  [GRUS_PARAM_GATE_HOLD]    = {"gate_hold",
                               "Gate hold",
                               "ms",
                               GRUS_PARAM_FLOAT,
                               0.0f,
                               2000.0f,
                               300.0f,
                               {NULL},
                               "How long the gate stays open after voice."},
  [GRUS_PARAM_GATE_RELEASE] = {"gate_release",
                               "Gate release",
                               "ms",
                               GRUS_PARAM_FLOAT,
                               10.0f,
                               2000.0f,
                               150.0f,
                               {NULL},
                               "How long the gate takes to close."},
  [GRUS_PARAM_EVEN_LOAD]    = {"even_load",
                               "Even load",
                               "",
                               GRUS_PARAM_ENUM,
                               0.0f,
                               2.0f,
                               2.0f,
                               {"Off", "On", "Auto"},
                               "Spread the work over time for half a frame more "
                                  "latency: off (0), on (1), for short blocks (2)."},
};

const GrusParamInfo*
grus_param_info(const uint32_t param)
{
  return param < GRUS_N_PARAMS ? &params[param] : NULL;
}

static const GrusMeterInfo meters[GRUS_N_METERS] = {
  [GRUS_METER_ACTIVITY]     = {"activity",
                               "Voice activity",
                               "",
                               0.0f,
                               1.0f,
                               0.0f,
                               "Probability that there is voice."},
  [GRUS_METER_REDUCTION]    = {"reduction_now",
                               "Reduction now",
                               "dB",
                               0.0f,
                               100.0f,
                               0.0f,
                               "How much is being taken away."},
  [GRUS_METER_INPUT_LEVEL]  = {"input_level",
                               "Input level",
                               "dBFS",
                               -100.0f,
                               24.0f,
                               -100.0f,
                               "Peak of the input, falling."},
  [GRUS_METER_OUTPUT_LEVEL] = {"output_level",
                               "Output level",
                               "dBFS",
                               -100.0f,
                               24.0f,
                               -100.0f,
                               "Peak of the output, falling."},
};

const GrusMeterInfo*
grus_meter_info(const uint32_t meter)
{
  return meter < GRUS_N_METERS ? &meters[meter] : NULL;
}
