// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Wherever memory runs out, a function says so, leaks nothing and gives no
  wrong result: the n-th allocation fails, once alone and once with all that
  follow, for every n at every public function that allocates.  An argument is
  the file of a larger model, of which every 13th allocation fails.
*/

#define _GNU_SOURCE

#include "base/fnv.h"
#include "grus/gru.h"
#include "grus/grus.h"
#include "grus/packed_sequence.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "model_writer.h"
#include "watch/libc_allocator.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_FRAMES = 480, N_STEPS = 5, SIZE = 6, LARGE_STRIDE = 13 };

static bool   counting;
static bool   for_ever;   ///< Whether all after the one at fault fail too
static size_t n_asked;    ///< Allocations since the start of a call
static size_t n_at_fault; ///< The one that fails, from 1 on, or 0
static long   n_alive;    ///< Allocations that are not freed

/// Count an allocation; false if it is to fail
static bool
may(void)
{
  if (!counting) {
    return true;
  }

  ++n_asked;
  const bool fails =
    n_at_fault && (n_asked == n_at_fault || (for_ever && n_asked > n_at_fault));
  if (fails) {
    errno = ENOMEM;
  }
  return !fails;
}

static void*
keep(void* const p)
{
  n_alive += !!p;
  return p;
}

void*
malloc(const size_t size)
{
  return may() ? keep(__libc_malloc(size)) : NULL;
}

void*
calloc(const size_t n, const size_t size)
{
  return may() ? keep(__libc_calloc(n, size)) : NULL;
}

void*
realloc(void* const p, const size_t size)
{
  if (!may()) {
    return NULL;
  }
  n_alive += !p;
  return __libc_realloc(p, size);
}

void*
aligned_alloc(const size_t alignment, const size_t size)
{
  return may() ? keep(__libc_memalign(alignment, size)) : NULL;
}

int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  *p = may() ? keep(__libc_memalign(alignment, size)) : NULL;
  return *p ? 0 : ENOMEM;
}

void
free(void* const p)
{
  n_alive -= !!p;
  __libc_free(p);
}

/// What every call needs, made before any of it fails
typedef struct {
  WriterFile  frames;
  WriterFile  weights; ///< Of a GRU of SIZE units
  WriterFile  large;   ///< Or without bytes
  GrusModel*  model;
  GrusModel*  overlapping;
  GrusModel*  samples;
  GrusModel*  bytes; ///< Samples too, with matrices of bytes
  GrusStream* stream;
  GrusGru*    gru;
  uint8_t*    state;
} Made;

static Made made;

/// Result of a call: a status, and a hash of what it gave
typedef struct {
  GrusStatus status;
  uint64_t   hash;
} Result;

static Result
parse(const WriterFile file, const GrusStorage weights)
{
  GrusModel* model  = NULL;
  Result     result = {GRUS_SUCCESS, 0U};
  result.status =
    grus_model_parse_as(file.bytes, file.size, weights, &model, NULL);
  if (!result.status) {
    const GrusModelInfo* const info = grus_model_info(model);
    result.hash                     = info->hash ^ info->n_parameters;
  }
  grus_model_free(model);
  return result;
}

static Result
parse_f32(void)
{
  return parse(made.frames, GRUS_STORAGE_F32);
}

static Result
parse_int8(void)
{
  return parse(made.frames, GRUS_STORAGE_INT8);
}

static Result
parse_large(void)
{
  return parse(made.large, GRUS_STORAGE_BF16);
}

/// Hash what a stream makes of a block
static uint64_t
heard(GrusStream* const stream)
{
  float        block[N_FRAMES];
  const float* in[] = {block, block};
  float        right[N_FRAMES];
  float*       out[] = {block, right};
  for (size_t i = 0U; i < N_FRAMES; ++i) {
    block[i] = (float)(i % 32U) / 64.0f;
  }
  grus_stream_process(stream, in, out, N_FRAMES);
  return grus_fnv1a(block, sizeof(block));
}

static Result
new_stream_of(const GrusModel* const model)
{
  const GrusStreamConfig config = {44100U, 2U, NULL};
  GrusStream*            stream = NULL;
  Result                 result = {GRUS_SUCCESS, 0U};
  result.status = grus_stream_new(model, &config, &stream, NULL);
  if (!result.status) {
    result.hash = heard(stream);
  }
  grus_stream_free(stream);
  return result;
}

static Result
new_stream(void)
{
  return new_stream_of(made.model);
}

static Result
new_overlapping_stream(void)
{
  return new_stream_of(made.overlapping);
}

static Result
new_sample_stream(void)
{
  return new_stream_of(made.samples);
}

static Result
new_int8_stream(void)
{
  return new_stream_of(made.bytes);
}

static Result
keep_state(void)
{
  const size_t size   = grus_stream_state_size(made.stream);
  Result       result = {GRUS_SUCCESS, 0U};
  if (!(result.status = grus_stream_get_state(made.stream, made.state, size))) {
    result.status = grus_stream_set_state(made.stream, made.state, size, NULL);
    result.hash   = grus_fnv1a(made.state, size);
  }
  return result;
}

static Result
new_slot(void)
{
  const GrusStreamConfig config = {48000U, 1U, NULL};
  GrusStream*            stream = NULL;
  Result                 result = {GRUS_SUCCESS, 1U};
  if (!(result.status = grus_stream_new(made.model, &config, &stream, NULL))) {
    GrusSlot* const slot = grus_slot_new(stream, 1U, 48000U);
    result.status        = slot ? GRUS_SUCCESS : GRUS_ERR_NO_MEM;
    if (!slot) {
      grus_stream_free(stream);
    }
    grus_slot_free(slot);
  }
  return result;
}

static Result
new_ring(void)
{
  GrusRing* const ring   = grus_ring_new(100U);
  const Result    result = {ring ? GRUS_SUCCESS : GRUS_ERR_NO_MEM, 1U};
  grus_ring_free(ring);
  return result;
}

static Result
run_gru(void)
{
  const GrusGruConfig config            = grus_gru_config_default(SIZE, SIZE);
  float               x[N_STEPS * SIZE] = {1.0f, 0.5f};
  float               y[N_STEPS * SIZE] = {0.0f};
  float               h[SIZE]           = {0.0f};
  const GrusGruCall   call              = {x,
                                           {2U, {N_STEPS, SIZE}},
                                           NULL,
                                           {0U, {0U}},
                                           NULL,
                                           y,
                                           N_STEPS * SIZE,
                                           h,
                                           SIZE};

  GrusGru* gru    = NULL;
  Result   result = {GRUS_SUCCESS, 0U};
  if (!(result.status = grus_gru_new(&config, &gru, NULL))) {
    grus_gru_init_weights(gru, 1U);
    result.status = grus_gru_forward(gru, &call, NULL);
    result.hash   = grus_fnv1a(y, sizeof(y));
  }
  grus_gru_free(gru);
  return result;
}

static Result
load_weights(void)
{
  Result        result = {GRUS_SUCCESS, 0U};
  GrusGruConfig config;
  if (!(result.status = grus_gru_read_config(
          made.weights.bytes, made.weights.size, "encoder.", &config, NULL))) {
    result.status = grus_gru_load(
      made.gru, made.weights.bytes, made.weights.size, "encoder.", NULL);
    result.hash = config.hidden_size;
  }
  return result;
}

static Result
pack(void)
{
  const float           x[N_STEPS][3][2] = {{{1.0f}}};
  const GrusShape       shape            = {3U, {N_STEPS, 3U, 2U}};
  const int64_t         lengths[]        = {3, 5, 2};
  const GrusPackOptions options = {lengths, 3U, sizeof(float), false, false};
  GrusPackedSequence*   packed  = NULL;
  Result                result  = {GRUS_SUCCESS, 0U};
  if (!(result.status =
          grus_pack_padded_sequence(x, &shape, &options, &packed, NULL))) {
    const GrusPadOptions padding = {NULL, 0U, false};
    float                y[N_STEPS * 3 * 2];
    int64_t              n[3];
    result.status = grus_pad_packed_sequence(packed, &padding, y, n, NULL);
    result.hash   = grus_fnv1a(n, sizeof(n));
  }
  grus_packed_sequence_free(packed);
  return result;
}

static Result
pack_apart(void)
{
  static const float    numbers[]   = {1.0f, 2.0f, 3.0f, 4.0f, 5.0f};
  const GrusSequence    sequences[] = {{numbers, 2U}, {numbers, 5U}};
  const GrusPackOptions options     = {NULL, 0U, sizeof(float), false, false};
  GrusPackedSequence*   packed      = NULL;
  Result                result      = {GRUS_SUCCESS, 0U};
  if (!(result.status =
          grus_pack_sequence(sequences, 2U, 1U, &options, &packed, NULL))) {
    result.hash = grus_fnv1a(packed->data, packed->n_rows * sizeof(float));
  }
  grus_packed_sequence_free(packed);
  return result;
}

/// A function, and which of its allocations fail
typedef struct {
  const char* name;
  Result (*call)(void);
  size_t stride;
} Case;

static const Case cases[] = {
  {"grus_model_parse", parse_f32, 1U},
  {"grus_model_parse_as", parse_int8, 1U},
  {"grus_stream_new", new_stream, 1U},
  {"grus_stream_new, frames that overlap", new_overlapping_stream, 1U},
  {"grus_stream_new, samples", new_sample_stream, 1U},
  {"grus_stream_new, int8", new_int8_stream, 1U},
  {"grus_stream_get_state, _set_state", keep_state, 1U},
  {"grus_slot_new", new_slot, 1U},
  {"grus_ring_new", new_ring, 1U},
  {"grus_gru_new, _forward", run_gru, 1U},
  {"grus_gru_read_config, _load", load_weights, 1U},
  {"grus_pack_padded_sequence, grus_pad_packed_sequence", pack, 1U},
  {"grus_pack_sequence", pack_apart, 1U},
  {"grus_model_parse_as, with a self-test", parse_large, LARGE_STRIDE},
};

static Result
run(const Case* const c, const size_t at_fault)
{
  n_asked    = 0U;
  n_at_fault = at_fault;
  counting   = true;

  const Result result = c->call();
  counting            = false;
  return result;
}

/// Have allocation `n` fail; returns whether that is told, or does no harm
static bool
survives(const Case* const c, const size_t n, const uint64_t hash)
{
  const long   before = n_alive;
  const Result result = run(c, n);
  const bool   told   = result.status == GRUS_ERR_NO_MEM;
  const bool   same   = !result.status && result.hash == hash;
  if ((told || same) && n_alive == before) {
    return true;
  }

  printf("FAILED: %s, allocation %zu%s: status %d, %s result, %ld not freed\n",
         c->name,
         n,
         for_ever ? " and all after" : "",
         result.status,
         same ? "the same" : "another",
         n_alive - before);
  return false;
}

/// Return how many points failed as they should, 0 after telling why
static size_t
check(const Case* const c)
{
  run(c, 0U); // Once for what libraries keep for ever
  const Result result   = run(c, 0U);
  const size_t n_points = n_asked;
  size_t       n        = 0U;
  bool         ok       = !result.status;
  for (size_t i = 1U; ok && i <= n_points; i += c->stride) {
    for_ever = false;
    ok       = survives(c, i, result.hash);
    for_ever = true;
    ok       = ok && survives(c, i, result.hash);
    n += 2U;
  }

  printf(
    "%s: %s, %zu allocations\n", ok ? "passed" : "FAILED", c->name, n_points);
  return ok ? n + !n_points : 0U;
}

static bool
make(void)
{
  static const WriterTensor weights[] = {
    {"encoder.weight_ih_l0", 2U, {3U * SIZE, SIZE}},
    {"encoder.weight_hh_l0", 2U, {3U * SIZE, SIZE}},
    {"encoder.bias_ih_l0", 1U, {3U * SIZE}},
    {"encoder.bias_hh_l0", 1U, {3U * SIZE}},
    {"a.text.longer.than.what.is.kept.in.a.token", 1U, {4U}},
  };
  const GrusGruConfig    config = grus_gru_config_default(SIZE, SIZE);
  const GrusStreamConfig setup  = {48000U, 1U, NULL};

  made.frames = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  made.weights = writer_file("", weights, sizeof(weights) / sizeof(weights[0]));
  made.model   = writer_frame_model();
  made.overlapping = writer_overlapping_model();
  made.samples     = writer_sample_model();
  made.bytes       = writer_int8_model();
  if (grus_gru_new(&config, &made.gru, NULL) ||
      grus_stream_new(made.model, &setup, &made.stream, NULL)) {
    return false;
  }
  made.state = (uint8_t*)malloc(grus_stream_state_size(made.stream));
  return made.state;
}

static void
free_all(void)
{
  free(made.state);
  grus_stream_free(made.stream);
  grus_model_free(made.model);
  grus_model_free(made.overlapping);
  grus_model_free(made.samples);
  grus_model_free(made.bytes);
  grus_gru_free(made.gru);
  free(made.large.bytes);
  free(made.weights.bytes);
  free(made.frames.bytes);
}

int
main(const int argc, char** const argv)
{
  const size_t n_cases = (sizeof(cases) / sizeof(cases[0])) - (argc < 2);
  size_t       n       = 0U;
  bool         ok      = make();
  if (argc > 1) {
    made.large = writer_read(argv[1]);
  }
  for (size_t i = 0U; ok && i < n_cases; ++i) {
    const size_t points = check(&cases[i]);
    ok                  = points;
    n += points;
  }

  printf("%zu points\n", n);
  free_all();
  return ok ? 0 : 1;
}
