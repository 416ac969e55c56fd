// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  What a file from a stranger takes is bound by its size: files made at random
  from a fixed seed, most of them valid models of extreme shapes whose layers
  share their tensors, are loaded and given a stream.  An argument is how many.
*/

#define _GNU_SOURCE

#include "grus/grus.h"
#include "model_writer.h"
#include "watch/memory_meter.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  N_FILES       = 40,
  MAX_TEXT      = 1 << 20,
  MAX_TENSORS   = 200000, ///< Numbers in one tensor
  MEMORY_FLOOR  = 32 << 20,
  MEMORY_FACTOR = 128 ///< Bytes for each byte of the file
};

// Of the processor, with room for a slow one
static const double seconds_floor  = 4.0;
static const double seconds_factor = 4e-6; ///< For each byte of the file

static uint64_t random_state = 23U;

/// Return a number from 0 to n - 1
static uint32_t
pick(const uint32_t n)
{
  random_state = (random_state * 6364136223846793005U) + 1442695040888963407U;
  return (uint32_t)(random_state >> 33U) % n;
}

/// Return one of a few numbers that are often too large
static uint32_t
extreme(void)
{
  static const uint32_t sizes[] = {
    1U, 2U, 3U, 15U, 16U, 17U, 64U, 255U, 1024U, 8192U};
  return sizes[pick(sizeof(sizes) / sizeof(sizes[0]))];
}

/// A file that is being written
typedef struct {
  char   layers[MAX_TEXT];
  char   tensors[MAX_TEXT];
  size_t n_data;  ///< Bytes of tensors
  size_t n_names; ///< Layers so far
} Draft;

static Draft draft;

static void
add(char* const text, const char* const format, ...)
{
  const size_t used = strlen(text);
  va_list      args;
  va_start(args, format);
  vsnprintf(text + used, MAX_TEXT - used, format, args);
  va_end(args);
}

/// Add a tensor unless one of its name, and so of its shape, is there
static void
add_tensor(const char* const name, const size_t n, const char* const shape)
{
  char quoted[128];
  snprintf(quoted, sizeof(quoted), "\"%s\"", name);
  if (!strstr(draft.tensors, quoted)) {
    add(draft.tensors,
        ",%s:{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%zu,%zu]}",
        quoted,
        shape,
        draft.n_data,
        draft.n_data + (4U * n));
    draft.n_data += 4U * n;
  }
}

static void
add_matrix(const char* const name, const uint32_t rows, const uint32_t columns)
{
  char shape[48];
  snprintf(shape, sizeof(shape), columns ? "[%u,%u]" : "[%u]", rows, columns);
  add_tensor(name, (size_t)rows * (columns ? columns : 1U), shape);
}

/// Start a layer, whose input is the one before
static void
start_layer(const char* const type)
{
  add(draft.layers,
      "%s{\"name\":\"n%zu\",\"type\":\"%s\"",
      draft.n_names ? "," : "",
      draft.n_names,
      type);
  ++draft.n_names;
}

static void
add_linear(const uint32_t in, const uint32_t out)
{
  char name[64];
  start_layer("linear");
  add(draft.layers,
      ",\"tensors\":\"l%ux%u\",\"in\":%u,\"out\":%u,\"bias\":false}",
      in,
      out,
      in,
      out);
  snprintf(name, sizeof(name), "l%ux%u.weight", in, out);
  add_matrix(name, out, in);
}

static void
add_gru(const uint32_t    in,
        const uint32_t    hidden,
        const uint32_t    n_layers,
        const char* const axis)
{
  start_layer("gru");
  add(draft.layers,
      ",\"tensors\":\"g%ux%u\",\"axis\":\"%s\",\"input_size\":%u,"
      "\"hidden_size\":%u,\"num_layers\":%u,\"bias\":false,"
      "\"bidirectional\":false}",
      in,
      hidden,
      axis,
      in,
      hidden,
      n_layers);
  for (uint32_t i = 0U; i < n_layers; ++i) {
    char name[64];
    snprintf(name, sizeof(name), "g%ux%u.weight_ih_l%u", in, hidden, i);
    add_matrix(name, 3U * hidden, i ? hidden : in);
    snprintf(name, sizeof(name), "g%ux%u.weight_hh_l%u", in, hidden, i);
    add_matrix(name, 3U * hidden, hidden);
  }
}

/// Add a layer of any type that keeps the rows; returns its columns
static uint32_t
add_any(const uint32_t columns, const char* const axis)
{
  const uint32_t type = pick(4U);
  const uint32_t size = extreme();
  if (!type && (uint64_t)size * columns <= MAX_TENSORS) {
    add_linear(columns, size);
    return size;
  }
  if (type == 1U && (uint64_t)size * (size + columns) <= MAX_TENSORS / 3U) {
    add_gru(columns, size, pick(8U) ? 1U : 16U, axis);
    return size;
  }
  if (type == 2U && draft.n_names && columns <= 1024U) {
    start_layer("concat");
    add(draft.layers, ",\"inputs\":[");
    for (uint32_t i = 0U; i < 8U; ++i) {
      add(draft.layers, "%s\"n%zu\"", i ? "," : "", draft.n_names - 2U);
    }
    add(draft.layers, "]}");
    return 8U * columns;
  }
  start_layer("activation");
  add(draft.layers, ",\"function\":\"tanh\"}");
  return columns;
}

/// Return a file of the draft with this output, and often a self-test
static WriterFile
finish(const char* const head, const char* const output)
{
  static char json[3 * MAX_TEXT];
  static char header[8 * MAX_TEXT];

  char           test[128] = "";
  const uint32_t n         = pick(2U) ? extreme() * 10U : 0U;
  if (n) {
    snprintf(test,
             sizeof(test),
             ",\"self_test\":{\"input\":\"x\","
             "\"output\":\"y\",\"tolerance\":0.01}");
    add_matrix("x", n, 0U);
    add_matrix("y", n, 0U);
  }
  snprintf(json,
           sizeof(json),
           "{\"format\":1,\"name\":\"h\",%s,\"layers\":[%s],\"output\":%s%s}",
           head,
           draft.layers,
           output,
           test);

  size_t used =
    (size_t)snprintf(header, sizeof(header), "{\"__metadata__\":{\"grus\":\"");
  for (const char* c = json; *c; ++c) {
    if (*c == '"') {
      header[used++] = '\\';
    }
    header[used++] = *c;
  }
  snprintf(header + used, sizeof(header) - used, "\"}%s}", draft.tensors);
  return writer_raw_file(header, draft.n_data);
}

static WriterFile
sample_network(void)
{
  uint32_t       columns = 1U;
  const uint32_t n       = 1U + pick(pick(4U) ? 10U : 250U);
  for (uint32_t i = 0U; i < n; ++i) {
    columns = add_any(columns, "time");
  }
  add_linear(columns, 1U);
  return finish("\"kind\":\"sample\",\"sample_rate\":48000", "{\"skip\":true}");
}

static WriterFile
frame_network(void)
{
  static const uint32_t windows[] = {4U, 16U, 480U, 4096U, 65536U};

  char           head[256];
  char           output[128];
  char           name[64];
  char           shape[64];
  const uint32_t window = windows[pick(5U)];
  const uint32_t hop    = window / (2U << pick(6U));
  const uint32_t bins   = (window / 2U) + 1U;
  const uint32_t out    = extreme();
  const uint32_t width  = 1U + pick(bins);
  const uint32_t most   = MAX_TENSORS / (3U * width * out) + 1U;
  const uint32_t fit    = bins / width;
  const uint32_t bands  = fit < most ? fit : most;

  start_layer("spectrum_linear");
  add(draft.layers,
      ",\"tensors\":\"e\",\"first_bin\":0,\"bands\":[[%u,%u]],\"out\":%u}",
      bands,
      width,
      out);
  snprintf(shape, sizeof(shape), "[%u,%u,%u]", bands, out, 3U * width);
  add_tensor("e.0.weight", (size_t)bands * out * 3U * width, shape);
  add_matrix("e.0.bias", bands, out);

  uint32_t       columns = out;
  const uint32_t n       = pick(pick(4U) ? 10U : 250U);
  for (uint32_t i = 0U; i < n; ++i) {
    columns = add_any(columns, pick(2U) ? "time" : "bands");
  }

  start_layer("band_energy");
  add(draft.layers,
      ",\"input\":\"spectrum\",\"first_bin\":0,\"bands\":[[1,%u]]}",
      bins);
  snprintf(name, sizeof(name), "n%zu", draft.n_names - 1U);
  snprintf(head,
           sizeof(head),
           "\"kind\":\"frame\",\"sample_rate\":%u,\"frontend\":{\"window\":%u,"
           "\"hop\":%u,\"scale\":1,\"power\":0.5,\"log_floor\":-18,"
           "\"log_scale\":0.1,\"log_offset\":0.5}",
           pick(2U) ? 4000U : 768000U,
           window,
           hop < 2U ? 2U : hop);
  snprintf(output,
           sizeof(output),
           "{\"gains\":{\"layer\":\"%s\",\"first_bin\":0,\"bands\":[[1,%u]]}}",
           name,
           bins);
  return finish(head, output);
}

/// Return a header that is one thing over and over
static WriterFile
repeated(void)
{
  static const char* const parts[] = {"{},", "[],", "0,", "[", "\"\",", "1e9,"};
  static char              header[MAX_TEXT];

  const char* const part = parts[pick(6U)];
  const size_t      n    = 10U + pick(MAX_TEXT / 8U);
  size_t            used = (size_t)snprintf(header, 32U, "{\"a\":[");
  for (size_t i = 0U; i < n; ++i) {
    used += (size_t)snprintf(header + used, 8U, "%s", part);
  }
  snprintf(header + used, 8U, "0]}");
  return writer_raw_file(header, 0U);
}

static WriterFile
make(void)
{
  draft.layers[0]  = '\0';
  draft.tensors[0] = '\0';
  draft.n_data     = 0U;
  draft.n_names    = 0U;

  const uint32_t   kind = pick(10U);
  const WriterFile file = !kind       ? repeated()
                          : kind < 5U ? sample_network()
                                      : frame_network();
  if (!pick(5U)) {
    file.bytes[pick((uint32_t)file.data_offset)] ^= (uint8_t)(1U << pick(8U));
  }
  return file;
}

/// What the files took at most
typedef struct {
  unsigned n_read;
  size_t   memory;
  double   memory_share; ///< Of what is allowed
  double   seconds;
  double   seconds_share;
} Worst;

static bool
load(const WriterFile file)
{
  static float           block[256];
  const GrusStreamConfig config = {48000U, 1U, NULL};
  const float*           in     = block;
  float*                 out    = block;
  GrusStream*            stream = NULL;
  GrusModel*             model  = NULL;
  const bool ok = !grus_model_parse(file.bytes, file.size, &model, NULL);
  if (ok && !grus_stream_new(model, &config, &stream, NULL)) {
    grus_stream_process(stream, &in, &out, 256U);
  }
  grus_stream_free(stream);
  grus_model_free(model);
  return ok;
}

static bool
check(const unsigned index, Worst* const worst)
{
  const WriterFile file   = make();
  const size_t     before = memory_meter_start();
  const clock_t    start  = clock();
  worst->n_read += load(file);

  const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
  const size_t memory  = memory_meter_most() - before;
  const double size    = (double)file.size;
  const double memory_share =
    (double)memory / (MEMORY_FLOOR + (MEMORY_FACTOR * size));
  const double seconds_share =
    seconds / (seconds_floor + (seconds_factor * size));
  const bool ok = memory_share <= 1.0 && seconds_share <= 1.0;
  if (!ok) {
    printf("FAILED: file %u of %zu bytes takes %zu bytes and %.1f s\n",
           index,
           file.size,
           memory,
           seconds);
  }

  worst->memory  = memory > worst->memory ? memory : worst->memory;
  worst->seconds = seconds > worst->seconds ? seconds : worst->seconds;
  worst->memory_share =
    memory_share > worst->memory_share ? memory_share : worst->memory_share;
  worst->seconds_share =
    seconds_share > worst->seconds_share ? seconds_share : worst->seconds_share;
  free(file.bytes);
  return ok;
}

int
main(const int argc, char** const argv)
{
  const unsigned n = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : N_FILES;
  Worst          worst = {0U, 0U, 0.0, 0.0, 0.0};
  bool           ok    = true;
  for (unsigned i = 0U; i < n; ++i) {
    ok = check(i, &worst) && ok;
  }

  printf("%u files, of which %u are models; at most %zu MiB, %.2f of what is "
         "allowed, and %.2f s, %.2f of it\n",
         n,
         worst.n_read,
         worst.memory >> 20U,
         worst.memory_share,
         worst.seconds,
         worst.seconds_share);
  return ok && worst.n_read > n / 4U ? 0 : 1;
}
