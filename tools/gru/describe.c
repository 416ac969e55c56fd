// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "gru/describe.h"

#include "cli/say.h"
#include "files/npy.h"
#include "grus/grus.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

/// Columns of what --describe prints
enum { NAME_WIDTH = 8, WEIGHT_NAME_WIDTH = 22 };

static void
print_shape(const char* const      name,
            const int              width,
            const GrusShape* const shape)
{
  printf("%-*s (", width, name);
  for (uint32_t i = 0U; i < shape->n_dims; ++i) {
    printf(i ? ", %zu" : "%zu", shape->sizes[i]);
  }
  printf(shape->n_dims == 1U ? ",)\n" : ")\n");
}

/// Print a GRU as PyTorch does
static void
print_gru(const GrusGruConfig* const config)
{
  printf("GRU(%" PRIu32 ", %" PRIu32, config->input_size, config->hidden_size);
  if (config->num_layers != 1U) {
    printf(", num_layers=%" PRIu32, config->num_layers);
  }
  printf("%s%s%s)\n\n",
         config->bias ? "" : ", bias=False",
         config->batch_first ? ", batch_first=True" : "",
         config->bidirectional ? ", bidirectional=True" : "");
}

/// Print the shapes for any input
static void
print_symbolic_shapes(const GrusGruConfig* const config)
{
  const char* const batch = config->batch_first ? "batch, seq" : "seq, batch";
  const unsigned    n     = config->bidirectional ? 2U : 1U;
  const uint64_t    features = (uint64_t)n * config->hidden_size;
  const uint64_t    states   = (uint64_t)n * config->num_layers;
  printf("input    (%s, %" PRIu32 ") or (seq, %" PRIu32 ")\n",
         batch,
         config->input_size,
         config->input_size);
  printf("h_0      (%" PRIu64 ", batch, %" PRIu32 ") or (%" PRIu64 ", %" PRIu32
         ")\n",
         states,
         config->hidden_size,
         states,
         config->hidden_size);
  printf("output   (%s, %" PRIu64 ") or (seq, %" PRIu64 ")\n",
         batch,
         features,
         features);
  printf("h_n      as h_0\n");
}

/// Print the shapes for the input at hand
static int
print_shapes(const GrusGru* const gru, const GrusShape* const input)
{
  GrusShape   output;
  GrusShape   h_n;
  GrusMessage message;
  if (grus_gru_shapes(gru, input, NULL, &output, &h_n, &message)) {
    return say_error(EXIT_FAILED, "%s", message.text);
  }

  print_shape("input", NAME_WIDTH, input);
  print_shape("h_0", NAME_WIDTH, &h_n);
  print_shape("output", NAME_WIDTH, &output);
  print_shape("h_n", NAME_WIDTH, &h_n);
  return EXIT_OK;
}

int
describe_gru(const GrusGru* const gru, const GrusShape* const input)
{
  const GrusGruConfig* const config = grus_gru_config(gru);
  int                        code   = EXIT_OK;
  print_gru(config);
  if (input) {
    code = print_shapes(gru, input);
  } else {
    print_symbolic_shapes(config);
  }
  if (code) {
    return code;
  }

  printf("dtype    %s\n", npy_number_name(config->dtype));
  printf("kernels  %s\n\n", config->kernels);
  GrusGruWeight weight;
  for (uint32_t i = 0U; grus_gru_weight(gru, i, &weight); ++i) {
    print_shape(weight.name, WEIGHT_NAME_WIDTH, &weight.shape);
  }
  printf("\n%" PRIu64 " parameters\n", grus_gru_n_parameters(gru));
  return EXIT_OK;
}
