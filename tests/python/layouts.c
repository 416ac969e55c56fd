// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Print how the compiler lays out the structs that the Python package declares
// again, as JSON: {"Config": {"size": 48, "fields": {"dtype": [32, 4], ...}}}

#include "grus/gru.h"
#include "grus/grus.h"
#include "grus/packed_sequence.h"

#include <stddef.h>
#include <stdio.h>

#define BEGIN(name, type) \
  printf("\"%s\": {\"size\": %zu, \"fields\": {", name, sizeof(type))
#define FIELD(type, field)       \
  printf("\"%s\": [%zu, %zu], ", \
         #field,                 \
         offsetof(type, field),  \
         sizeof(((type*)NULL)->field))
#define LAST(type, field, end)         \
  printf("\"%s\": [%zu, %zu]}}%s\n",   \
         #field,                       \
         offsetof(type, field),        \
         sizeof(((type*)NULL)->field), \
         end)

int
main(void)
{
  printf("{");
  BEGIN("Message", GrusMessage);
  LAST(GrusMessage, text, ",");

  BEGIN("Config", GrusGruConfig);
  FIELD(GrusGruConfig, input_size);
  FIELD(GrusGruConfig, hidden_size);
  FIELD(GrusGruConfig, num_layers);
  FIELD(GrusGruConfig, bias);
  FIELD(GrusGruConfig, batch_first);
  FIELD(GrusGruConfig, bidirectional);
  FIELD(GrusGruConfig, dropout);
  FIELD(GrusGruConfig, dtype);
  LAST(GrusGruConfig, kernels, ",");

  BEGIN("Shape", GrusShape);
  FIELD(GrusShape, n_dims);
  LAST(GrusShape, sizes, ",");

  BEGIN("Weight", GrusGruWeight);
  FIELD(GrusGruWeight, name);
  LAST(GrusGruWeight, shape, ",");

  BEGIN("Packing", GrusPacking);
  FIELD(GrusPacking, n_steps);
  FIELD(GrusPacking, batch_sizes);
  FIELD(GrusPacking, sorted_indices);
  LAST(GrusPacking, unsorted_indices, ",");

  BEGIN("Packed", GrusPackedSequence);
  FIELD(GrusPackedSequence, data);
  FIELD(GrusPackedSequence, n_rows);
  FIELD(GrusPackedSequence, n_features);
  FIELD(GrusPackedSequence, element_size);
  LAST(GrusPackedSequence, packing, ",");

  BEGIN("Piece", GrusSequence);
  FIELD(GrusSequence, data);
  LAST(GrusSequence, length, ",");

  BEGIN("PackOptions", GrusPackOptions);
  FIELD(GrusPackOptions, lengths);
  FIELD(GrusPackOptions, n_lengths);
  FIELD(GrusPackOptions, element_size);
  FIELD(GrusPackOptions, batch_first);
  LAST(GrusPackOptions, enforce_sorted, ",");

  BEGIN("PadOptions", GrusPadOptions);
  FIELD(GrusPadOptions, padding_value);
  FIELD(GrusPadOptions, total_length);
  LAST(GrusPadOptions, batch_first, ",");

  BEGIN("Call", GrusGruCall);
  FIELD(GrusGruCall, input);
  FIELD(GrusGruCall, input_shape);
  FIELD(GrusGruCall, h_0);
  FIELD(GrusGruCall, h_0_shape);
  FIELD(GrusGruCall, packing);
  FIELD(GrusGruCall, output);
  FIELD(GrusGruCall, output_size);
  FIELD(GrusGruCall, h_n);
  LAST(GrusGruCall, h_n_size, ",");

  BEGIN("ModelInfo", GrusModelInfo);
  FIELD(GrusModelInfo, name);
  FIELD(GrusModelInfo, author);
  FIELD(GrusModelInfo, license);
  FIELD(GrusModelInfo, description);
  FIELD(GrusModelInfo, kind);
  FIELD(GrusModelInfo, sample_rate);
  FIELD(GrusModelInfo, window);
  FIELD(GrusModelInfo, hop);
  FIELD(GrusModelInfo, n_layers);
  FIELD(GrusModelInfo, n_parameters);
  FIELD(GrusModelInfo, n_macs);
  FIELD(GrusModelInfo, hash);
  FIELD(GrusModelInfo, has_activity);
  FIELD(GrusModelInfo, has_self_test);
  FIELD(GrusModelInfo, test_error);
  FIELD(GrusModelInfo, test_tolerance);
  FIELD(GrusModelInfo, test_samples);
  FIELD(GrusModelInfo, storage);
  LAST(GrusModelInfo, storage_error, ",");

  BEGIN("StreamConfig", GrusStreamConfig);
  FIELD(GrusStreamConfig, sample_rate);
  FIELD(GrusStreamConfig, n_channels);
  LAST(GrusStreamConfig, kernels, ",");

  BEGIN("ParamInfo", GrusParamInfo);
  FIELD(GrusParamInfo, symbol);
  FIELD(GrusParamInfo, name);
  FIELD(GrusParamInfo, unit);
  FIELD(GrusParamInfo, type);
  FIELD(GrusParamInfo, minimum);
  FIELD(GrusParamInfo, maximum);
  FIELD(GrusParamInfo, initial);
  FIELD(GrusParamInfo, labels);
  LAST(GrusParamInfo, comment, "");
  printf("}\n");
  return 0;
}
