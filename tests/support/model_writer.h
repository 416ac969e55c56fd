// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Small models for tests, written as files are and read as files are

#ifndef GRUS_TESTS_MODEL_WRITER_H
#define GRUS_TESTS_MODEL_WRITER_H

#include "grus/grus.h"

#include <stddef.h>
#include <stdint.h>

/// A tensor of a file, filled with small random numbers
typedef struct {
  const char* name;
  uint32_t    n_dims;
  uint32_t    shape[3];
} WriterTensor;

/// A file in memory
typedef struct {
  uint8_t* bytes;
  size_t   size;
  size_t   data_offset; ///< Where the tensors' bytes begin
} WriterFile;

/// A frame network of every type of layer, and its tensors
extern const char* const  writer_frame_json;
extern const WriterTensor writer_frame_tensors[];
extern const size_t       writer_frame_n_tensors;

/// Return a file with this description and these tensors, to be freed
WriterFile
writer_file(const char* json, const WriterTensor* tensors, size_t n_tensors);

/// Return a file with this header text and `data_size` zero bytes behind it
WriterFile
writer_raw_file(const char* header, size_t data_size);

/// Read a file, to be freed; a test ends where it cannot be read
WriterFile
writer_read(const char* path);

/// Read `name`.safetensors in the folder that an environment variable names
WriterFile
writer_read_from(const char* variable, const char* name);

/// Return a frame network at 48 kHz of every type of layer
GrusModel*
writer_frame_model(void);

/// Return a frame network at 48 kHz that changes nothing
GrusModel*
writer_identity_model(void);

/// Return the first of these with frames that overlap by four fifths
GrusModel*
writer_overlapping_model(void);

/// Return the second of these, likewise
GrusModel*
writer_overlapping_identity_model(void);

/// Return a sample network at 48 kHz: two GRU layers, 20 units, skip
GrusModel*
writer_sample_model(void);

/// Return a sample network at 48 kHz whose large matrices are bytes: two GRU
/// layers, 66 units, skip
GrusModel*
writer_int8_model(void);

#endif // GRUS_TESTS_MODEL_WRITER_H
