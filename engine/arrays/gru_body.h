// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   A GRU over whole arrays, written once for both types of numbers.

   Included exactly once by gru_f32.c and gru_f64.c, after they
   define Real and RealKernels, which has the linear_blocks, gru_gates,
   gru_sequence and gru_rows of kernels.h; the last may be null.

   A layer runs a direction at a time.  Many sequences through a small network
   are run step by step, with gru_rows().  All others go in chunks of steps: one
   multiplication of matrices for the input part of all rows of the chunk, then
   step by step.  Chunks keep the scratch small; they do not change a bit, as
   the kernels promise that a row does not depend on its neighbours.
*/

#include "arrays/gru_impl.h"
#include "base/random.h"
#include "base/sizes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  CHUNK_NUMBERS = 32768, ///< Of the input part, so that it stays in the cache
  CHUNK_STEP    = 8,     ///< Steps, so that no row is without three others
  ROWS_BATCH    = 4,     ///< Sequences from which gru_rows() is faster
  ROWS_INPUTS   = 64,    ///< Inputs and units up to which it is, and exact
  REAL_ALIGN    = 64,
};

/// An array of one row for each step and sequence
typedef struct {
  Real*  data;
  size_t columns;     ///< From row to row
  bool   batch_first; ///< Row b * n_steps + t, else step after step
} Rows;

/// Memory of one call
typedef struct {
  void* memory;      ///< All of it
  Real* between;     ///< (n_rows, columns) output of every other layer, or null
  Real* input_part;  ///< (chunk * batch, 3 * hidden)
  Real* hidden_part; ///< (batch, 3 * hidden)
  Real* h;           ///< (batch, hidden)
  Real* y;           ///< (chunk or batch, hidden), if results have padding
} Scratch;

/// One layer in one direction
typedef struct {
  const RealKernels* kernels;
  const GrusCell*    cell;
  const Scratch*     scratch;
  GrusSteps          steps;
  size_t             n_hidden; ///< Units
  size_t             hidden;   ///< Padded
  size_t             chunk;    ///< Most steps at a time, 0 for gru_rows()
  bool               reverse;
  Rows               in;
  Rows               out; ///< From the first column of this direction
} Pass;

/// Steps `first` to `first + n` of a pass
typedef struct {
  size_t first;
  size_t n;
  size_t first_row; ///< Of step `first`, where rows lie step after step
  size_t n_rows;
} Chunk;

static size_t
rows_of_step(const GrusSteps* const steps, const size_t t)
{
  return steps->batch_sizes ? (size_t)steps->batch_sizes[t] : steps->batch;
}

static size_t
rows_of_steps(const GrusSteps* const steps, const size_t first, const size_t n)
{
  size_t sum = 0U;
  for (size_t t = first; t < first + n; ++t) {
    sum += rows_of_step(steps, t);
  }

  return sum;
}

/// Compute the input part of a chunk, its rows step after step
static void
run_input_part(const Pass* const p, const Chunk chunk)
{
  const size_t      width = 3U * p->hidden;
  const size_t      batch = p->steps.batch;
  const Real* const w     = (const Real*)(const void*)p->cell->input_weights;
  const Real* const b     = (const Real*)(const void*)p->cell->input_bias;

  if (!p->in.batch_first) {
    p->kernels->linear_blocks(p->scratch->input_part,
                              width,
                              w,
                              b,
                              p->in.data + (chunk.first_row * p->in.columns),
                              p->in.columns,
                              chunk.n_rows,
                              p->cell->in,
                              width);
    return;
  }
  for (size_t k = 0U; k < batch; ++k) {
    const size_t row = (k * p->steps.n_steps) + chunk.first;
    p->kernels->linear_blocks(p->scratch->input_part + (k * width),
                              batch * width,
                              w,
                              b,
                              p->in.data + (row * p->in.columns),
                              p->in.columns,
                              chunk.n,
                              p->cell->in,
                              width);
  }
}

/// The rows of one step
static Rows
rows_at(const Rows* const      rows,
        const GrusSteps* const steps,
        const size_t           t,
        const size_t           first_row)
{
  const size_t row    = rows->batch_first ? t : first_row;
  const size_t stride = rows->batch_first ? steps->n_steps : 1U;
  const Rows   step   = {
        rows->data + (row * rows->columns), stride * rows->columns, false};
  return step;
}

/// Copy the hidden states of a step to the output
static void
write_step(const Pass* const p,
           const size_t      t,
           const size_t      first_row,
           const size_t      n_rows)
{
  const Rows out = rows_at(&p->out, &p->steps, t, first_row);
  for (size_t k = 0U; k < n_rows; ++k) {
    memcpy(out.data + (k * out.columns),
           p->scratch->h + (k * p->hidden),
           p->n_hidden * sizeof(Real));
  }
}

/// The steps of a chunk, sequences side by side
static void
run_steps(const Pass* const p, const Chunk chunk)
{
  const Scratch* const s     = p->scratch;
  const size_t         width = 3U * p->hidden;
  size_t               row   = p->reverse ? chunk.n_rows : 0U;
  for (size_t i = 0U; i < chunk.n; ++i) {
    const size_t t = chunk.first + (p->reverse ? chunk.n - 1U - i : i);
    const size_t n = rows_of_step(&p->steps, t);
    row -= p->reverse ? n : 0U;
    p->kernels->linear_blocks(s->hidden_part,
                              width,
                              (const Real*)(const void*)p->cell->hidden_weights,
                              (const Real*)(const void*)p->cell->hidden_bias,
                              s->h,
                              p->hidden,
                              n,
                              p->n_hidden,
                              width);
    p->kernels->gru_gates(s->h,
                          p->hidden,
                          s->input_part + (row * width),
                          s->hidden_part,
                          n,
                          p->hidden);
    write_step(p, t, chunk.first_row + row, n);
    row += p->reverse ? 0U : n;
  }
}

/// A step of `n` sequences, computed in one go
static void
run_rows(const Pass* const p,
         const size_t      t,
         const size_t      first_row,
         const size_t      n)
{
  const Scratch* const s      = p->scratch;
  const Rows           in     = rows_at(&p->in, &p->steps, t, first_row);
  const Rows           out    = rows_at(&p->out, &p->steps, t, first_row);
  const bool           padded = p->n_hidden < p->hidden;

  p->kernels->gru_rows(padded ? s->y : out.data,
                       padded ? p->hidden : out.columns,
                       in.data,
                       in.columns,
                       (const Real*)(const void*)p->cell->input_weights,
                       (const Real*)(const void*)p->cell->input_bias,
                       p->cell->in,
                       s->h,
                       (const Real*)(const void*)p->cell->hidden_weights,
                       (const Real*)(const void*)p->cell->hidden_bias,
                       n,
                       p->n_hidden,
                       p->hidden);
  if (padded) {
    write_step(p, t, first_row, n);
  }
}

/// `n` steps of a single sequence from step `i` of a chunk on
static void
run_sequence(const Pass* const p, const Chunk chunk, const size_t i, size_t n)
{
  const Scratch* const s     = p->scratch;
  const size_t         width = 3U * p->hidden;
  Real* const out   = p->out.data + ((chunk.first_row + i) * p->out.columns);
  const bool  whole = p->n_hidden == p->hidden; // The kernel writes the padding

  p->kernels->gru_sequence(whole ? out : s->y,
                           whole ? p->out.columns : p->hidden,
                           s->input_part + (i * width),
                           width,
                           (const Real*)(const void*)p->cell->hidden_weights,
                           (const Real*)(const void*)p->cell->hidden_bias,
                           s->h,
                           s->hidden_part,
                           n,
                           p->n_hidden,
                           p->hidden);
  for (size_t t = 0U; !whole && t < n; ++t) {
    memcpy(out + (t * p->out.columns),
           s->y + (t * p->hidden),
           p->n_hidden * sizeof(Real));
  }
}

static void
run_chunk(const Pass* const p, const Chunk chunk)
{
  if (!p->chunk) {
    run_rows(p, chunk.first, chunk.first_row, chunk.n_rows);
    return;
  }

  run_input_part(p, chunk);
  if (p->steps.batch > 1U) {
    run_steps(p, chunk);
  } else if (!p->reverse) {
    run_sequence(p, chunk, 0U, chunk.n);
  } else {
    for (size_t i = chunk.n; i--;) {
      run_sequence(p, chunk, i, 1U);
    }
  }
}

static void
run_pass(const Pass* const p)
{
  const size_t most = p->chunk ? p->chunk : 1U;
  size_t       row  = p->reverse ? p->steps.n_rows : 0U;
  for (size_t done = 0U; done < p->steps.n_steps;) {
    const size_t left  = p->steps.n_steps - done;
    Chunk        chunk = {done, left < most ? left : most, row, 0U};
    if (p->reverse) {
      chunk.first = left - chunk.n;
    }
    chunk.n_rows = rows_of_steps(&p->steps, chunk.first, chunk.n);
    if (p->reverse) {
      chunk.first_row -= chunk.n_rows;
    }

    run_chunk(p, chunk);
    row = p->reverse ? chunk.first_row : row + chunk.n_rows;
    done += chunk.n;
  }
}

/// Most inputs of a layer, or units
static size_t
most_inputs(const GrusGru* const gru)
{
  const size_t units = gru->config.hidden_size;
  const size_t inner = gru->config.num_layers > 1U ? gru->n_directions : 1U;
  const size_t first = gru->config.input_size;
  return first > inner * units ? first : inner * units;
}

/// Steps whose input part is computed at once, 0 for none: more only as long as
/// they take less memory than the weights
static size_t
chunk_steps(const GrusGru* const     gru,
            const GrusSteps* const   steps,
            const RealKernels* const kernels)
{
  if (kernels->gru_rows && steps->batch >= ROWS_BATCH &&
      most_inputs(gru) <= ROWS_INPUTS) {
    return 0U;
  }

  const size_t columns =
    gru->config.input_size + (size_t)gru->config.hidden_size;
  const size_t small = columns / 4U * 3U;
  const size_t near  = CHUNK_NUMBERS / (3U * gru->hidden);
  const size_t fit   = (near < small ? near : small) / steps->batch;
  const size_t n =
    fit > CHUNK_STEP ? fit / CHUNK_STEP * CHUNK_STEP : (size_t)CHUNK_STEP;
  return n < steps->n_steps ? n : steps->n_steps;
}

static Real*
take(Real** const at, const size_t n)
{
  Real* const taken = *at;
  *at += (n + 15U) & ~(size_t)15U;
  return taken;
}

/// Allocate the memory of a call, the states zero
static GrusStatus
alloc_scratch(const GrusGru* const    gru,
              const GrusGruRun* const run,
              const size_t            chunk,
              Scratch* const          s)
{
  const size_t n_rows  = run->steps.n_rows;
  const size_t batch   = run->steps.batch;
  const size_t width   = 3U * gru->hidden;
  const size_t columns = gru->n_directions * gru->config.hidden_size;
  const size_t between = gru->config.num_layers > 1U ? n_rows * columns : 0U;
  const bool   padded  = gru->config.hidden_size < gru->hidden;
  const size_t y_rows  = chunk ? (batch == 1U ? chunk : 0U) : batch;
  const size_t y       = padded ? y_rows * gru->hidden : 0U;
  size_t       n       = 0U;
  if (!grus_size_multiply(chunk ? chunk + 1U : 0U, batch, &n) ||
      !grus_size_multiply(n, width, &n) ||
      !grus_size_add(n, batch * gru->hidden, &n) || !grus_size_add(n, y, &n) ||
      !grus_size_add(n, between, &n) || !grus_size_add(n, 128U, &n) ||
      !grus_size_multiply(n, sizeof(Real), &n) || !(s->memory = malloc(n))) {
    return GRUS_ERR_NO_MEM;
  }

  char* const start = (char*)s->memory;
  Real*       at =
    (Real*)(void*)(start + ((REAL_ALIGN - ((uintptr_t)start % REAL_ALIGN)) %
                            REAL_ALIGN));
  s->between     = between ? take(&at, between) : NULL;
  s->input_part  = take(&at, chunk * batch * width);
  s->hidden_part = take(&at, chunk ? batch * width : 0U);
  s->h           = take(&at, batch * gru->hidden);
  s->y           = take(&at, y);
  memset(s->h, 0, batch * gru->hidden * sizeof(Real));
  return GRUS_SUCCESS;
}

/// Set the states of a pass to those of the caller, in the order of the rows
static void
load_states(const Pass* const p, const GrusGruCall* const call, const size_t i)
{
  const int64_t* const order =
    call->packing ? call->packing->sorted_indices : NULL;
  const Real* const h_0 = (const Real*)call->h_0;
  for (size_t b = 0U; b < p->steps.batch; ++b) {
    const size_t row = (i * p->steps.batch) + (order ? (size_t)order[b] : b);
    Real* const  h   = p->scratch->h + (b * p->hidden);
    if (h_0) {
      memcpy(h, h_0 + (row * p->n_hidden), p->n_hidden * sizeof(Real));
    } else {
      memset(h, 0, p->n_hidden * sizeof(Real));
    }
    memset(h + p->n_hidden, 0, (p->hidden - p->n_hidden) * sizeof(Real));
  }
}

static void
save_states(const Pass* const p, const GrusGruCall* const call, const size_t i)
{
  const int64_t* const order =
    call->packing ? call->packing->sorted_indices : NULL;
  Real* const h_n = (Real*)call->h_n;
  for (size_t b = 0U; b < p->steps.batch; ++b) {
    const size_t row = (i * p->steps.batch) + (order ? (size_t)order[b] : b);
    memcpy(h_n + (row * p->n_hidden),
           p->scratch->h + (b * p->hidden),
           p->n_hidden * sizeof(Real));
  }
}

/// Drop numbers between two layers, and scale the others up for it
static void
drop(GrusGru* const gru, Real* const x, const size_t n)
{
  const double p     = gru->config.dropout;
  const Real   scale = p < 1.0 ? (Real)(1.0 / (1.0 - p)) : (Real)0.0;
  for (size_t i = 0U; i < n; ++i) {
    const bool dropped = grus_random_uniform(&gru->random) < p;
    x[i]               = dropped ? (Real)0.0 : x[i] * scale;
  }
}

/// Both directions of one layer
static void
run_layer(const GrusGru* const    gru,
          const GrusGruRun* const run,
          const Scratch* const    scratch,
          const RealKernels*      kernels,
          const size_t            chunk,
          const size_t            layer,
          const Rows              in,
          const Rows              out)
{
  for (size_t d = 0U; d < gru->n_directions; ++d) {
    const size_t i = (layer * gru->n_directions) + d;
    Pass         p = {kernels,
                      &gru->cells[i],
                      scratch,
                      run->steps,
                      gru->config.hidden_size,
                      gru->hidden,
                      chunk,
                      d > 0U,
                      in,
                      out};
    p.out.data += d * p.n_hidden;
    load_states(&p, run->call, i);
    run_pass(&p);
    save_states(&p, run->call, i);
  }
}

/// All layers, writing by turns to the output and between
static GrusStatus
run_network(GrusGru* const           gru,
            const GrusGruRun* const  run,
            const RealKernels* const kernels)
{
  Scratch          scratch = {NULL, NULL, NULL, NULL, NULL, NULL};
  const size_t     chunk   = chunk_steps(gru, &run->steps, kernels);
  const GrusStatus st      = alloc_scratch(gru, run, chunk, &scratch);
  if (st) {
    return st;
  }

  const size_t columns    = gru->n_directions * gru->config.hidden_size;
  const size_t n_layers   = gru->config.num_layers;
  const Rows   results[2] = {
      {(Real*)run->call->output, columns, run->batch_first},
      {scratch.between, columns, false},
  };

  // Only read, but the type is shared with what is written
  union {
    const void* read;
    Real*       data;
  } input = {run->call->input};
  Rows in = {input.data, gru->config.input_size, run->batch_first};

  for (size_t i = 0U; i < n_layers; ++i) {
    const Rows out = results[(n_layers - 1U - i) % 2U];
    run_layer(gru, run, &scratch, kernels, chunk, i, in, out);
    if (gru->training && gru->config.dropout > 0.0 && i + 1U < n_layers) {
      drop(gru, out.data, run->steps.n_rows * columns);
    }
    in = out;
  }

  free(scratch.memory);
  return GRUS_SUCCESS;
}
