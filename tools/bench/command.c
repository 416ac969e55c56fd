// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/command.h"

#include "bench/machine/machine.h"
#include "bench/measure/arrays.h"
#include "bench/measure/gru.h"
#include "bench/measure/model.h"
#include "bench/measure/peer.h"
#include "bench/measure/timing.h"
#include "bench/options.h"
#include "bench/report.h"
#include "cli/command_line.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "kernels/kernels.h"
#include "model/weights.h"

#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Samples first, then many sequences; with --quick only the first ones
static const ArraysSize usual_arrays[BENCH_MAX_ARRAYS] =
  {{16U, 1U}, {16U, 32U}, {64U, 1U}, {64U, 32U}, {256U, 1U}, {256U, 32U}};

enum {
  N_QUICK_ARRAYS = 4,
  N_STORAGES     = GRUS_STORAGE_INT8 + 1,
};

/// Calls of a peer in one round with small blocks, each of tens of
/// microseconds
enum { N_PEER_CALLS = 50 };

/// Who computes beside us
typedef struct {
  BenchPeer* python[BENCH_N_PEERS];
  BenchPeer* rtneural[BENCH_MAX_RTNEURAL];
} Peers;

/// Progress on a terminal, nothing elsewhere
static void
show_progress(const char* const what, const size_t i, const size_t n)
{
  if (isatty(STDERR_FILENO)) {
    fprintf(stderr, "\r\033[K%s: %zu of %zu", what, i + 1U, n);
    fflush(stderr);
  }
}

static void
end_progress(void)
{
  if (isatty(STDERR_FILENO)) {
    fprintf(stderr, "\r\033[K");
  }
}

/// The variants that are asked for, and the scalar one to compare with
static int
choose_variants(BenchReport* const report, const char* const name)
{
  bool found = !name;
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    const bool same = name && !strcmp((*k)->name, name);
    if (!name || same || !k[1]) {
      report->machine[report->n_variants++].kernels = *k;
    }
    found = found || same;
  }

  return found ? EXIT_OK
               : say_error(EXIT_USAGE,
                           "kernels \"%s\" are unknown or not for this "
                           "processor (grus info lists them)",
                           name);
}

static int
measure_machine(BenchReport* const report, const uint32_t n_rounds)
{
  bool ok = true;
  for (uint32_t round = 0U; round < n_rounds && ok; ++round) {
    show_progress("limits of this machine", round, n_rounds);
    for (size_t v = 0U; v < report->n_variants && ok; ++v) {
      ok = bench_machine_round(&report->machine[v]);
    }
  }

  return ok ? EXIT_OK : say_error(EXIT_FAILED, "no memory");
}

static bool
measure_errors(const BenchReport* const report,
               GruResult* const         result,
               GruBench* const          bench)
{
  const GrusKernels* kernels[BENCH_MAX_VARIANTS];
  for (size_t v = 0U; v < report->n_variants; ++v) {
    kernels[v] = report->machine[v].kernels;
  }

  return gru_bench_errors(
    bench, kernels, report->n_variants, report->n_error_steps, result->errors);
}

/// A round of RTNeural and of the same network here, where it may have it
static void
measure_rtneural(const BenchReport* const report,
                 GruResult* const         result,
                 GruBench* const          bench,
                 BenchPeer* const* const  peers)
{
  const bool alike = result->size.input == 1U && result->size.layers == 1U &&
                     result->size.streams == 1U &&
                     result->storage == GRUS_STORAGE_F32;
  for (size_t v = 0U; alike && report->n_rtneural && v < report->n_variants;
       ++v) {
    bench_rounds_add(&result->with_output[v],
                     gru_bench_time(bench, report->machine[v].kernels, true));
  }
  for (size_t p = 0U; alike && p < report->n_rtneural; ++p) {
    bench_rounds_add(
      &result->rtneural[p],
      bench_peer_time(
        peers[p], result->size, gru_bench_block(result->size), N_PEER_CALLS));
  }
}

static bool
measure_size(const BenchReport* const report,
             GruResult* const         result,
             const Peers* const       peers,
             const uint32_t           n_rounds)
{
  GruBench* const bench = gru_bench_new(result->size, result->storage);
  if (!bench) {
    return false;
  }

  for (uint32_t round = 0U; round < n_rounds; ++round) {
    for (size_t v = 0U; v < report->n_variants; ++v) {
      bench_rounds_add(
        &result->times[v],
        gru_bench_time(bench, report->machine[v].kernels, false));
    }
    measure_rtneural(report, result, bench, peers->rtneural);
    for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
      if (peers->python[p]) {
        bench_rounds_add(&result->peers[p],
                         bench_peer_time(peers->python[p],
                                         result->size,
                                         gru_bench_block(result->size),
                                         N_PEER_CALLS));
      }
    }
  }

  const bool ok = measure_errors(report, result, bench);
  gru_bench_free(bench);
  return ok;
}

static int
measure_sizes(const BenchReport* const report,
              const Peers* const       peers,
              const uint32_t           n_rounds)
{
  bool ok = true;
  for (size_t s = 0U; s < report->n_sizes && ok; ++s) {
    show_progress("GRU", s, report->n_sizes);
    ok = measure_size(report, &report->sizes[s], peers, n_rounds);
  }

  return ok ? EXIT_OK : say_error(EXIT_FAILED, "no memory");
}

static bool
measure_array(ArraysResult* const result,
              const char* const   kernels,
              BenchPeer* const    peer,
              const uint32_t      n_rounds)
{
  const GruSize size = {
    result->size.hidden, result->size.hidden, 1U, result->size.batch};
  BenchArrays* const arrays = bench_arrays_new(result->size, kernels);
  if (!arrays) {
    return false;
  }

  for (uint32_t round = 0U; round < n_rounds; ++round) {
    bench_rounds_add(&result->times, bench_arrays_time(arrays));
    if (peer) {
      bench_rounds_add(&result->peer,
                       bench_peer_time(peer, size, BENCH_ARRAYS_STEPS, 1U));
    }
  }

  bench_arrays_free(arrays);
  return true;
}

static int
measure_arrays(BenchReport* const report,
               BenchPeer* const   peer,
               const bool         quick,
               const uint32_t     n_rounds)
{
  const size_t n  = quick ? (size_t)N_QUICK_ARRAYS : (size_t)BENCH_MAX_ARRAYS;
  bool         ok = true;
  for (; report->n_arrays < n && ok; ++report->n_arrays) {
    ArraysResult* const result = &report->arrays[report->n_arrays];
    result->size               = usual_arrays[report->n_arrays];
    show_progress("arrays", report->n_arrays, n);
    ok =
      measure_array(result, report->machine[0].kernels->name, peer, n_rounds);
  }

  return ok ? EXIT_OK : say_error(EXIT_FAILED, "no memory");
}

static int
measure_model(const BenchReport* const report,
              ModelResult* const       result,
              const uint32_t           n_rounds)
{
  for (uint32_t round = 0U; round < n_rounds; ++round) {
    for (size_t i = 0U; i < 2U * report->n_variants; ++i) {
      if (!model_run_round(&result->runs[i / 2U][i % 2U], n_rounds)) {
        return say_error(EXIT_FAILED, "model \"%s\": no memory", result->path);
      }
    }
  }

  return EXIT_OK;
}

/// Load the models and run them
static int
measure_models(BenchReport* const        report,
               const BenchOptions* const o,
               ModelFile* const          files,
               const uint32_t            n_rounds)
{
  int code = EXIT_OK;
  for (size_t m = 0U; m < o->n_paths && !code; ++m) {
    ModelResult* const result = &report->models[m];
    show_progress("model", m, o->n_paths);
    code         = model_file_load_as(o->paths[m], o->storage, &files[m]);
    result->path = files[m].path;
    for (size_t v = 0U; v < report->n_variants && !code; ++v) {
      for (uint32_t c = 0U; c < 2U; ++c) {
        ModelRun* const run = &result->runs[v][c];
        run->model          = files[m].model;
        run->kernels        = report->machine[v].kernels->name;
        run->n_channels     = c + 1U;
      }
    }
    if (!code) {
      code             = measure_model(report, result, n_rounds);
      report->n_models = m + 1U;
    }
  }

  return code;
}

/// Start those that are asked for and there
static int
start_peers(BenchReport* const        report,
            const BenchOptions* const o,
            Peers* const              peers)
{
  for (size_t p = 0U; p < BENCH_N_PEERS && !o->no_peer; ++p) {
    // Whole arrays are compared with PyTorch only
    if (o->n_sizes || (o->arrays && p == BENCH_PYTORCH)) {
      BenchPeer* const peer = bench_peer_start((BenchPeerKind)p);
      peers->python[p]      = peer;
      report->peers[p]      = peer ? bench_peer_name(peer) : NULL;
    }
  }
  report->wants_peers = !o->no_peer;

  for (; report->n_rtneural < o->n_rtneural; ++report->n_rtneural) {
    const size_t     p    = report->n_rtneural;
    BenchPeer* const peer = bench_peer_start_program(o->rtneural[p]);
    if (!peer) {
      return say_error(
        EXIT_FAILED,
        "--rtneural \"%s\" does not answer (tools/bench/README.md "
        "tells how to build it)",
        o->rtneural[p]);
    }
    peers->rtneural[p]  = peer;
    report->rtneural[p] = bench_peer_name(peer);
  }
  return EXIT_OK;
}

static void
end_peers(const Peers* const peers)
{
  for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
    bench_peer_end(peers->python[p]);
  }
  for (size_t p = 0U; p < BENCH_MAX_RTNEURAL; ++p) {
    bench_peer_end(peers->rtneural[p]);
  }
}

/// Measure what the options ask for, then tell it
static int
measure_all(BenchReport* const        report,
            const BenchOptions* const o,
            ModelFile* const          files)
{
  const uint32_t n_rounds = o->quick ? 5U : 11U;
  Peers          peers    = {{NULL}, {NULL}};

  int code = start_peers(report, o, &peers);
  if (!code) {
    code = measure_machine(report, n_rounds);
  }
  if (!code) {
    code = measure_sizes(report, &peers, n_rounds);
  }
  if (!code && o->arrays) {
    code =
      measure_arrays(report, peers.python[BENCH_PYTORCH], o->quick, n_rounds);
  }
  if (!code) {
    code = measure_models(report, o, files, n_rounds);
  }

  end_progress();
  if (!code && o->json) {
    code = bench_report_json(report);
  } else if (!code) {
    bench_report_text(report);
  }
  end_peers(&peers);
  return code;
}

/// Whether any weights of a GRU are stored in this way, if it is wanted
static bool
is_stored_as(const GruSize size, const GrusStorage storage)
{
  return grus_storage_for(size.input, storage) == storage ||
         grus_storage_for(size.hidden, storage) == storage;
}

/// Fill in which sizes are measured, in each storage that is wanted
static void
list_sizes(BenchReport* const report, const BenchOptions* const o)
{
  for (size_t s = 0U; s < o->n_sizes; ++s) {
    for (GrusStorage w = o->storage; w <= o->last; ++w) {
      if (is_stored_as(o->sizes[s], w)) {
        report->sizes[report->n_sizes].size      = o->sizes[s];
        report->sizes[report->n_sizes++].storage = w;
      }
    }
  }
}

static int
run_bench(const BenchOptions* const o)
{
  GruResult* const sizes =
    (GruResult*)calloc((size_t)N_STORAGES * BENCH_MAX_SIZES, sizeof(GruResult));
  ModelResult* const models =
    (ModelResult*)calloc(BENCH_MAX_MODELS, sizeof(ModelResult));
  ModelFile   files[BENCH_MAX_MODELS] = {{NULL, 0U, NULL}};
  BenchReport report                  = {.sizes         = sizes,
                                         .models        = models,
                                         .n_error_steps = o->quick ? 4800U : 48000U,
                                         .pinned        = bench_pin()};

  int code = EXIT_OK;
  if (!sizes || !models) {
    code = say_error(EXIT_FAILED, "no memory");
  } else if (!(code = choose_variants(&report, o->kernels))) {
    list_sizes(&report, o);
    code = measure_all(&report, o, files);
  }

  for (size_t m = 0U; m < BENCH_MAX_MODELS; ++m) {
    grus_model_free(files[m].model);
  }
  free(models);
  free(sizes);
  return code;
}

int
command_bench(const int argc, char** const argv)
{
  BenchOptions options;
  say_name("grus bench");
  const int code = bench_options_parse(&options, argc, argv);
  if (code) {
    return code == COMMAND_LINE_HELP ? EXIT_OK : code;
  }

  return run_bench(&options);
}
