// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/report.h"

#include "bench/machine/machine.h"
#include "bench/measure/arrays.h"
#include "bench/measure/gru.h"
#include "bench/measure/model.h"
#include "bench/measure/timing.h"
#include "cli/json_report.h"
#include "cli/json_text.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static const char* const peer_names[BENCH_N_PEERS]   = {"PyTorch",
                                                        "ONNX Runtime"};
static const char* const peer_columns[BENCH_N_PEERS] = {"/torch", "/onnx"};
static const char* const peer_keys[BENCH_N_PEERS]    = {"times_pytorch",
                                                        "times_onnxruntime"};

/// What is told about one size on one variant
typedef struct {
  const char* variant;
  GruSize     size;
  const char* storage;
  GruCost     cost;
  double      best;     ///< Nanoseconds per step
  double      median;   ///< Nanoseconds per step
  double      gflops;   ///< At its best
  double      roofline; ///< Share of what the machine could do, from 0 to 1
  double      error;
  double      over_scalar; ///< How many times as fast as the scalar variant
  double      over_peers[BENCH_N_PEERS]; ///< How many times as fast as each
  double      over_rtneural;             ///< And as the best of its back ends
} GruRow;

static GruRow
make_row(const BenchReport* const report, const size_t s, const size_t v)
{
  const GruResult* const r      = &report->sizes[s];
  const BenchLimits      limits = bench_machine_limits(&report->machine[v]);
  const double scalar = bench_rounds_best(&r->times[report->n_variants - 1U]);

  GruRow row = {.variant = report->machine[v].kernels->name,
                .size    = r->size,
                .storage = model_file_storage_name(r->storage),
                .cost    = gru_bench_cost(r->size, r->storage),
                .best    = bench_rounds_best(&r->times[v]),
                .median  = bench_rounds_median(&r->times[v]),
                .error   = r->errors[v]};
  row.gflops = row.cost.flops / row.best;
  row.roofline =
    bench_machine_floor(
      &limits, row.cost.read_bytes, row.cost.flops, (double)r->size.layers) /
    row.best;
  row.over_scalar = scalar / row.best;
  for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
    row.over_peers[p] = bench_rounds_best(&r->peers[p]) / row.best;
  }

  double rtneural = (double)INFINITY;
  for (size_t p = 0U; p < report->n_rtneural; ++p) {
    rtneural = fmin(rtneural, bench_rounds_best(&r->rtneural[p]));
  }
  row.over_rtneural = isfinite(rtneural)
                        ? rtneural / bench_rounds_best(&r->with_output[v])
                        : (double)INFINITY;
  return row;
}

static void
print_machine(const BenchReport* const report)
{
  printf("%-8s %9s %9s %9s %9s %9s\n",
         "limits",
         "L1 GB/s",
         "L2 GB/s",
         "L3 GB/s",
         "GFLOP/s",
         "chain ns");
  for (size_t v = 0U; v < report->n_variants; ++v) {
    const BenchLimits limits = bench_machine_limits(&report->machine[v]);
    printf("%-8s %9.1f %9.1f %9.1f %9.1f %9.1f\n",
           report->machine[v].kernels->name,
           limits.read[0],
           limits.read[1],
           limits.read[2],
           limits.multiply,
           limits.chain);
  }
}

static void
print_row(const BenchReport* const report, const GruRow* const row)
{
  char name[32];
  snprintf(name,
           sizeof(name),
           row->size.layers > 1U ? "%ux%ux%u" : "%ux%u",
           row->size.input,
           row->size.hidden,
           row->size.layers);
  printf("%-10s %-7u %-8s %-7s %10.1f %10.1f %8.2f %9.0f %7.0f %% %8.1e %7.1f",
         name,
         row->size.streams,
         row->variant,
         row->storage,
         row->best,
         row->median,
         row->gflops,
         row->cost.bytes,
         100.0 * row->roofline,
         row->error,
         row->over_scalar);
  for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
    if (report->peers[p]) {
      printf(" %7.1f", row->over_peers[p]);
    }
  }
  if (isfinite(row->over_rtneural)) {
    printf(" %9.2f", row->over_rtneural);
  }
  printf("\n");
}

static void
print_sizes(const BenchReport* const report)
{
  printf("\n%-10s %-7s %-8s %-7s %10s %10s %8s %9s %9s %8s %7s",
         "GRU",
         "streams",
         "kernels",
         "weights",
         "best ns",
         "median ns",
         "GFLOP/s",
         "bytes",
         "roofline",
         "error",
         "/scalar");
  for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
    if (report->peers[p]) {
      printf(" %7s", peer_columns[p]);
    }
  }
  printf("%s\n", report->n_rtneural ? " /rtneural" : "");
  for (size_t s = 0U; s < report->n_sizes; ++s) {
    for (size_t v = 0U; v < report->n_variants; ++v) {
      const GruRow row = make_row(report, s, v);
      print_row(report, &row);
    }
  }
  printf("\nTimes are of one step: of samples %d at a time for one input, else "
         "of single frames.\n"
         "Errors are the largest of %u steps against double precision.\n",
         BENCH_GRU_BLOCK,
         report->n_error_steps);
  for (size_t p = 0U; p < BENCH_N_PEERS && report->wants_peers; ++p) {
    if (report->peers[p]) {
      printf("%s is how many times as fast as %s, same blocks, one thread.\n",
             peer_columns[p],
             report->peers[p]);
    } else {
      printf("%s is not installed for python3.\n", peer_names[p]);
    }
  }
  if (report->n_rtneural) {
    printf("/rtneural is how many times as fast as the best of");
    for (size_t p = 0U; p < report->n_rtneural; ++p) {
      printf("%s %s", p ? "," : "", report->rtneural[p]);
    }
    printf(",\nboth with a linear layer that makes one output.\n");
  }
}

/// What is told about one size of arrays
typedef struct {
  ArraysSize size;
  double     best;   ///< Nanoseconds per step of all sequences
  double     median; ///< Nanoseconds per step of all sequences
  double     gflops;
  double     over_peer;
} ArraysRow;

static ArraysRow
make_arrays_row(const ArraysResult* const r)
{
  const GruSize   size  = {r->size.hidden, r->size.hidden, 1U, r->size.batch};
  const double    best  = bench_rounds_best(&r->times);
  const double    flops = gru_bench_cost(size, GRUS_STORAGE_F32).flops;
  const ArraysRow row   = {r->size,
                           best,
                           bench_rounds_median(&r->times),
                           flops / best,
                           bench_rounds_best(&r->peer) / best};

  return row;
}

static void
print_arrays(const BenchReport* const report)
{
  printf("\n%-10s %-7s %-8s %10s %10s %8s%s\n",
         "arrays",
         "batch",
         "kernels",
         "best ns",
         "median ns",
         "GFLOP/s",
         report->peers[BENCH_PYTORCH] ? "  /torch" : "");
  for (size_t i = 0U; i < report->n_arrays; ++i) {
    const ArraysRow row = make_arrays_row(&report->arrays[i]);
    char            name[32];
    snprintf(name, sizeof(name), "%ux%u", row.size.hidden, row.size.hidden);
    printf("%-10s %-7u %-8s %10.1f %10.1f %8.2f",
           name,
           row.size.batch,
           report->machine[0].kernels->name,
           row.best,
           row.median,
           row.gflops);
    if (isfinite(row.over_peer)) {
      printf(" %7.1f", row.over_peer);
    }
    printf("\n");
  }
  printf("\nArrays have %d steps; times are of one step of all sequences.\n",
         BENCH_ARRAYS_STEPS);
}

static void
print_models(const BenchReport* const report)
{
  printf(
    "\n%-8s %-8s %11s %8s %8s  worst/mean at %u  worst callback at %u, %u, "
    "%u\n",
    "channels",
    "kernels",
    "x real time",
    "median",
    "of mono",
    bench_model_blocks[0],
    bench_model_blocks[0],
    bench_model_blocks[1],
    bench_model_blocks[2]);
  for (size_t m = 0U; m < report->n_models; ++m) {
    char path[VISIBLE_SIZE];
    grus_make_visible(path, sizeof(path), report->models[m].path);
    printf("%s\n", path);
    for (size_t v = 0U; v < report->n_variants; ++v) {
      const ModelRun* const mono = &report->models[m].runs[v][0];
      for (size_t c = 0U; c < 2U; ++c) {
        const ModelRun* const run  = &report->models[m].runs[v][c];
        const double          best = bench_rounds_best(&run->factor);
        printf("%-8u %-8s %11.0f %8.0f %8.2f  %4.1f, even %3.1f   %.0f, %.0f, "
               "%.0f us\n",
               run->n_channels,
               run->kernels,
               1.0 / best,
               1.0 / bench_rounds_median(&run->factor),
               best / bench_rounds_best(&mono->factor),
               run->peak[0],
               run->peak[1],
               1e6 * run->worst[0],
               1e6 * run->worst[1],
               1e6 * run->worst[2]);
      }
    }
  }
}

void
bench_report_text(const BenchReport* const report)
{
  if (!report->pinned) {
    printf("Not pinned to a core: times may be uneven.\n\n");
  }
  print_machine(report);
  if (report->n_sizes) {
    print_sizes(report);
  }
  if (report->n_arrays) {
    print_arrays(report);
  }
  if (report->n_models) {
    print_models(report);
  }
}

static json_t*
machine_json(const BenchReport* const report)
{
  json_t* const list = json_array();
  for (size_t v = 0U; v < report->n_variants; ++v) {
    const BenchLimits limits = bench_machine_limits(&report->machine[v]);
    json_array_append_new(list,
                          json_pack("{s:s, s:f, s:f, s:f, s:f, s:f}",
                                    "variant",
                                    report->machine[v].kernels->name,
                                    "l1_bytes_per_ns",
                                    limits.read[0],
                                    "l2_bytes_per_ns",
                                    limits.read[1],
                                    "l3_bytes_per_ns",
                                    limits.read[2],
                                    "flops_per_ns",
                                    limits.multiply,
                                    "chain_ns",
                                    limits.chain));
  }

  return list;
}

static json_t*
row_json(const GruRow* const row)
{
  json_t* const json = json_pack(
    "{s:s, s:i, s:i, s:i, s:i, s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f}",
    "variant",
    row->variant,
    "input",
    (int)row->size.input,
    "hidden",
    (int)row->size.hidden,
    "layers",
    (int)row->size.layers,
    "streams",
    (int)row->size.streams,
    "storage",
    row->storage,
    "ns_per_step",
    row->best,
    "ns_per_step_median",
    row->median,
    "gflops",
    row->gflops,
    "bytes_per_step",
    row->cost.bytes,
    "roofline_share",
    row->roofline,
    "max_abs_error",
    row->error,
    "times_scalar",
    row->over_scalar);
  for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
    if (isfinite(row->over_peers[p])) {
      json_object_set_new(json, peer_keys[p], json_real(row->over_peers[p]));
    }
  }
  if (isfinite(row->over_rtneural)) {
    json_object_set_new(json, "times_rtneural", json_real(row->over_rtneural));
  }
  return json;
}

static json_t*
arrays_json(const BenchReport* const report)
{
  json_t* const list = json_array();
  for (size_t i = 0U; i < report->n_arrays; ++i) {
    const ArraysRow row  = make_arrays_row(&report->arrays[i]);
    json_t* const   json = json_pack("{s:s, s:i, s:i, s:i, s:f, s:f, s:f}",
                                   "variant",
                                   report->machine[0].kernels->name,
                                   "hidden",
                                   (int)row.size.hidden,
                                   "batch",
                                   (int)row.size.batch,
                                   "steps",
                                   BENCH_ARRAYS_STEPS,
                                   "ns_per_step",
                                   row.best,
                                   "ns_per_step_median",
                                   row.median,
                                   "gflops",
                                   row.gflops);
    if (isfinite(row.over_peer)) {
      json_object_set_new(json, "times_pytorch", json_real(row.over_peer));
    }
    json_array_append_new(list, json);
  }

  return list;
}

static json_t*
model_json(const char* const path, const ModelRun* const run)
{
  json_t* const worst = json_object();
  for (size_t i = 0U; i < BENCH_BLOCKS; ++i) {
    char block[16];
    snprintf(block, sizeof(block), "%u", bench_model_blocks[i]);
    json_object_set_new(worst, block, json_real(1e6 * run->worst[i]));
  }

  return json_pack("{s:o, s:s, s:s, s:i, s:f, s:f, s:{s:f, s:f}, s:o}",
                   "file",
                   json_text(path),
                   "name",
                   grus_model_info(run->model)->name,
                   "variant",
                   run->kernels,
                   "channels",
                   (int)run->n_channels,
                   "real_time_factor",
                   1.0 / bench_rounds_best(&run->factor),
                   "real_time_factor_median",
                   1.0 / bench_rounds_median(&run->factor),
                   "worst_over_mean",
                   "even_load_off",
                   run->peak[0],
                   "even_load_on",
                   run->peak[1],
                   "worst_callback_us",
                   worst);
}

int
bench_report_json(const BenchReport* const report)
{
  json_t* const gru    = json_array();
  json_t* const models = json_array();
  for (size_t v = 0U; v < report->n_variants; ++v) {
    for (size_t s = 0U; s < report->n_sizes; ++s) {
      const GruRow row = make_row(report, s, v);
      json_array_append_new(gru, row_json(&row));
    }
    for (size_t m = 0U; m < report->n_models; ++m) {
      const ModelResult* const model = &report->models[m];
      json_array_append_new(models,
                            model_json(model->path, &model->runs[v][0]));
      json_array_append_new(models,
                            model_json(model->path, &model->runs[v][1]));
    }
  }

  json_t* const peers = json_array();
  for (size_t p = 0U; p < BENCH_N_PEERS; ++p) {
    if (report->peers[p]) {
      json_array_append_new(peers, json_text(report->peers[p]));
    }
  }
  for (size_t p = 0U; p < report->n_rtneural; ++p) {
    json_array_append_new(peers, json_text(report->rtneural[p]));
  }

  json_t* const json = json_pack("{s:s, s:b, s:i, s:o, s:o, s:o, s:o}",
                                 "version",
                                 GRUS_VERSION,
                                 "pinned",
                                 (int)report->pinned,
                                 "error_steps",
                                 (int)report->n_error_steps,
                                 "limits",
                                 machine_json(report),
                                 "gru",
                                 gru,
                                 "arrays",
                                 arrays_json(report),
                                 "models",
                                 models);
  json_object_set_new(json, "peers", peers);
  return json_report(json, JSON_INDENT(2) | JSON_REAL_PRECISION(6), stdout);
}
