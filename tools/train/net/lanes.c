// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC
//
// Forward and backward passes of GRU, linear layer and LayerNorm for training
// on a CPU.
//
// A vec holds one number of each of LANES sounds that are trained side by side:
// as many as the machine's vectors hold, since the compiler keeps nothing wider
// in registers. A row is `size` vecs: all channels at one place of the (bands x
// time) grid. The row at (band, time) begins at
// ((band * times + time) * size); a GRU walks this grid along either side.
// Weights have torch's layout. Sizes must be multiples of 4.

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef LANES
#  error "define LANES: 16 for AVX-512, 8 for AVX2, 4 for others"
#endif

// ROWS x COLUMNS sums and what they are made of fit in the registers, of which
// AVX-512 has 32.
enum { TILE = 8, ROWS = 4, COLUMNS = LANES < 16 ? 2 : 4, CHUNK = 16 };

typedef float   vec __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t int_vec __attribute__((vector_size(LANES * 4), may_alias));

// How a GRU walks the grid, filled in by lanes.py. Strides count rows.
struct walk {
  int64_t sequences, steps, sequence_stride, step_stride;
  int64_t input, hidden;
  int64_t output_width; // vecs in a row of the output, of which this direction
                        // owns `hidden`
  int64_t reverse;
};

static vec
choose(int_vec condition, vec yes, vec no)
{
  return (vec)(((int_vec)yes & condition) | ((int_vec)no & ~condition));
}

static vec
limit(vec x, float low, float high)
{
  x = choose(x < low, (vec){0} + low, x);
  return choose(x > high, (vec){0} + high, x);
}

// exp by splitting x / ln 2 into a whole number and a fraction in -0.5 .. 0.5.
static vec
exponential(vec x)
{
  const float round = 12582912.0f; // 1.5 * 2^23: adding it leaves the whole
                                   // number in the low bits
  vec scaled   = limit(x, -87.0f, 87.0f) * 1.44269504f;
  vec shifted  = scaled + round;
  vec fraction = scaled - (shifted - round);
  vec power    = 1.33335581e-3f * fraction + 9.61812911e-3f;
  power        = power * fraction + 5.55041087e-2f;
  power        = power * fraction + 2.40226507e-1f;
  power        = power * fraction + 6.93147182e-1f;
  power        = power * fraction + 1.0f;
  return (vec)((int_vec)power + ((int_vec)shifted << 23));
}

static vec
sigmoid(vec x)
{
  return 1.0f / (1.0f + exponential(-x));
}

static vec
hyperbolic_tangent(vec x)
{
  return 2.0f * sigmoid(2.0f * x) - 1.0f;
}

static float
lane_sum(vec x)
{
  float sum = 0.0f;
  for (int lane = 0; lane < LANES; lane++) {
    sum += x[lane];
  }
  return sum;
}

static void*
zeroed(int64_t bytes)
{
  int64_t whole  = (bytes + 63) / 64 * 64;
  void*   memory = aligned_alloc(64, whole);
  if (memory == NULL) {
    abort();
  }
  return memset(memory, 0, whole);
}

static vec*
vecs(int64_t count)
{
  return zeroed(count * (int64_t)sizeof(vec));
}

// A rows x columns matrix laid out for multiply(): tiles of 8 rows, column by
// column. `rows` is rounded up to whole tiles.
static int64_t
packed_size(int64_t rows, int64_t columns)
{
  return (rows + TILE - 1) / TILE * TILE * columns;
}

static void
pack(float* packed, const float* matrix, int64_t rows, int64_t columns)
{
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      packed[(row / TILE * columns + column) * TILE + row % TILE] =
        matrix[row * columns + column];
    }
  }
}

static void
pack_transposed(float*       packed,
                const float* matrix,
                int64_t      rows,
                int64_t      columns)
{
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      packed[(column / TILE * rows + row) * TILE + column % TILE] =
        matrix[row * columns + column];
    }
  }
}

static float*
packed_copy(const float* matrix, int64_t rows, int64_t columns)
{
  float* packed = zeroed(packed_size(rows, columns) * (int64_t)sizeof(float));
  pack(packed, matrix, rows, columns);
  return packed;
}

static float*
transposed_copy(const float* matrix, int64_t rows, int64_t columns)
{
  float* packed = zeroed(packed_size(columns, rows) * (int64_t)sizeof(float));
  pack_transposed(packed, matrix, rows, columns);
  return packed;
}

// sum[TILE] += a tile * in. Loops as short as these are unrolled by hand: else
// the sums would lie in memory.
static inline void
add_tile(const float* tile, int64_t columns, const vec* in, vec* sum)
{
  vec total[TILE];
#pragma GCC unroll 8
  for (int row = 0; row < TILE; row++) {
    total[row] = sum[row];
  }
  for (int64_t column = 0; column < columns; column++, tile += TILE) {
    vec value = in[column];
#pragma GCC unroll 8
    for (int row = 0; row < TILE; row++) {
      total[row] += tile[row] * value;
    }
  }
#pragma GCC unroll 8
  for (int row = 0; row < TILE; row++) {
    sum[row] = total[row];
  }
}

// out = packed * in + bias + start; bias and start may be NULL, start may be
// out itself.
static void
multiply(const float* packed,
         int64_t      rows,
         int64_t      columns,
         const vec*   in,
         const float* bias,
         const vec*   start,
         vec*         out)
{
  for (int64_t first = 0; first < rows; first += TILE) {
    int64_t count      = rows - first < TILE ? rows - first : TILE;
    vec     part[TILE] = {0};
    vec*    sum        = count < TILE ? part : out + first;
    for (int64_t row = 0; row < count; row++) {
      vec begin = {0};
      if (start != NULL) {
        begin = start[first + row];
      }
      if (bias != NULL) {
        begin += bias[first + row];
      }
      sum[row] = begin;
    }
    add_tile(packed + first * columns, columns, in, sum);
    for (int64_t row = 0; sum == part && row < count; row++) {
      out[first + row] = part[row];
    }
  }
}

// Sums of outer products, lane by lane: blocks of ROWS x COLUMNS vecs, see
// add_gradient().
static void
add_outer(vec*              sums,
          int64_t           rows,
          int64_t           columns,
          const vec* const* left,
          const vec* const* right,
          int64_t           count)
{
  for (int64_t row = 0; row < rows; row += ROWS) {
    for (int64_t column = 0; column < columns;
         column += COLUMNS, sums += ROWS * COLUMNS) {
      vec block[ROWS * COLUMNS];
#pragma GCC unroll 16
      for (int cell = 0; cell < ROWS * COLUMNS; cell++) {
        block[cell] = sums[cell];
      }
      for (int64_t pair = 0; pair < count; pair++) {
        const vec* a = left[pair] + row;
        const vec* b = right[pair] + column;
#pragma GCC unroll 16
        for (int cell = 0; cell < ROWS * COLUMNS; cell++) {
          block[cell] += a[cell / COLUMNS] * b[cell % COLUMNS];
        }
      }
#pragma GCC unroll 16
      for (int cell = 0; cell < ROWS * COLUMNS; cell++) {
        sums[cell] = block[cell];
      }
    }
  }
}

// gradient[rows][columns] += the sums over all lanes.
static void
add_gradient(float* gradient, const vec* sums, int64_t rows, int64_t columns)
{
  for (int64_t row = 0; row < rows; row += ROWS) {
    for (int64_t column = 0; column < columns; column += COLUMNS) {
      for (int cell = 0; cell < ROWS * COLUMNS; cell++, sums++) {
        int64_t place =
          (row + cell / COLUMNS) * columns + column + cell % COLUMNS;
        gradient[place] += lane_sum(*sums);
      }
    }
  }
}

static void
add_lane_sums(float* gradient, const vec* sums, int64_t count)
{
  for (int64_t i = 0; i < count; i++) {
    gradient[i] += lane_sum(sums[i]);
  }
}

// torch.nn.GRU from a zero state. `saved` may be NULL; else it takes r, z, n
// and W_hn h + b_hn of every step, 4 * hidden vecs each, for gru_backward().
void
gru_forward(const struct walk* walk,
            const vec*         in,
            const float*       input_weight,
            const float*       hidden_weight,
            const float*       input_bias,
            const float*       hidden_bias,
            vec*               out,
            vec*               saved)
{
  int64_t size          = walk->hidden;
  float*  packed_input  = packed_copy(input_weight, 3 * size, walk->input);
  float*  packed_hidden = packed_copy(hidden_weight, 3 * size, size);
  vec*    from_input    = vecs(3 * size);
  vec*    from_state    = vecs(3 * size);
  vec*    zero          = vecs(size);
  for (int64_t sequence = 0; sequence < walk->sequences; sequence++) {
    const vec* state = zero;
    for (int64_t step = 0; step < walk->steps; step++) {
      int64_t place = walk->reverse ? walk->steps - 1 - step : step;
      int64_t row =
        sequence * walk->sequence_stride + place * walk->step_stride;
      vec* next = out + row * walk->output_width;
      vec* keep = saved == NULL ? NULL : saved + row * 4 * size;
      multiply(packed_input,
               3 * size,
               walk->input,
               in + row * walk->input,
               input_bias,
               NULL,
               from_input);
      multiply(
        packed_hidden, 3 * size, size, state, hidden_bias, NULL, from_state);
      for (int64_t i = 0; i < size; i++) {
        vec reset  = sigmoid(from_input[i] + from_state[i]);
        vec update = sigmoid(from_input[size + i] + from_state[size + i]);
        vec inner  = from_state[2 * size + i];
        vec candidate =
          hyperbolic_tangent(from_input[2 * size + i] + reset * inner);
        next[i] = candidate + update * (state[i] - candidate);
        if (keep != NULL) {
          keep[i]            = reset;
          keep[size + i]     = update;
          keep[2 * size + i] = candidate;
          keep[3 * size + i] = inner;
        }
      }
      state = next;
    }
  }
  free(packed_input);
  free(packed_hidden);
  free(from_input);
  free(from_state);
  free(zero);
}

// What the backward pass of one walk works with.
struct gru_gradient {
  vec *      input_weight, *hidden_weight; // sums of outer products
  vec*       bias;                         // r, z, n and inner: 4 * hidden
  vec*       gates;                        // CHUNK steps of 3 * hidden: r, z, n
  vec*       recurrent; // CHUNK steps of 3 * hidden: r, z, inner
  const vec *gate_rows[CHUNK], *recurrent_rows[CHUNK], *input_rows[CHUNK],
    *state_rows[CHUNK];
  int64_t pending; // steps in the chunk
};

static void
flush(struct gru_gradient* sums, int64_t input, int64_t size)
{
  add_outer(sums->input_weight,
            3 * size,
            input,
            sums->gate_rows,
            sums->input_rows,
            sums->pending);
  add_outer(sums->hidden_weight,
            3 * size,
            size,
            sums->recurrent_rows,
            sums->state_rows,
            sums->pending);
  sums->pending = 0;
}

// Through one cell: `arriving` is the gradient of the new state and becomes the
// direct part of the gradient of the old one.
static void
cell_backward(int64_t    size,
              const vec* keep,
              const vec* state,
              const vec* gradient,
              vec*       arriving,
              vec*       gates,
              vec*       recurrent,
              vec*       bias)
{
  for (int64_t i = 0; i < size; i++) {
    vec reset     = keep[i];
    vec update    = keep[size + i];
    vec candidate = keep[2 * size + i];
    vec inner     = keep[3 * size + i];
    vec total     = arriving[i] + gradient[i];
    vec to_update = total * (state[i] - candidate) * update * (1.0f - update);
    vec to_candidate = total * (1.0f - update) * (1.0f - candidate * candidate);
    vec to_reset     = to_candidate * inner * reset * (1.0f - reset);
    vec to_inner     = to_candidate * reset;
    gates[i] = recurrent[i] = to_reset;
    gates[size + i] = recurrent[size + i] = to_update;
    gates[2 * size + i]                   = to_candidate;
    recurrent[2 * size + i]               = to_inner;
    arriving[i]                           = total * update;
    bias[i] += to_reset;
    bias[size + i] += to_update;
    bias[2 * size + i] += to_candidate;
    bias[3 * size + i] += to_inner;
  }
}

// Gradients of gru_forward(). The weights' gradients are added to; in_gradient
// is added to if `accumulate`, else written.
void
gru_backward(const struct walk* walk,
             const vec*         in,
             const float*       input_weight,
             const float*       hidden_weight,
             const vec*         out,
             const vec*         saved,
             const vec*         out_gradient,
             vec*               in_gradient,
             int64_t            accumulate,
             float*             input_weight_gradient,
             float*             hidden_weight_gradient,
             float*             input_bias_gradient,
             float*             hidden_bias_gradient)
{
  int64_t size             = walk->hidden;
  int64_t input            = walk->input;
  float*  from_gates       = transposed_copy(input_weight, 3 * size, input);
  float*  from_recurrent   = transposed_copy(hidden_weight, 3 * size, size);
  struct gru_gradient sums = {
    .input_weight  = vecs(3 * size * input),
    .hidden_weight = vecs(3 * size * size),
    .bias          = vecs(4 * size),
    .gates         = vecs(CHUNK * 3 * size),
    .recurrent     = vecs(CHUNK * 3 * size),
  };
  vec* arriving = vecs(size);
  vec* zero     = vecs(size);
  for (int64_t sequence = 0; sequence < walk->sequences; sequence++) {
    memset(arriving, 0, size * sizeof(vec));
    for (int64_t step = walk->steps - 1; step >= 0; step--) {
      int64_t place = walk->reverse ? walk->steps - 1 - step : step;
      int64_t row =
        sequence * walk->sequence_stride + place * walk->step_stride;
      int64_t before =
        walk->reverse ? row + walk->step_stride : row - walk->step_stride;
      const vec* state = step > 0 ? out + before * walk->output_width : zero;
      vec*       gates = sums.gates + sums.pending * 3 * size;
      vec*       recurrent = sums.recurrent + sums.pending * 3 * size;
      cell_backward(size,
                    saved + row * 4 * size,
                    state,
                    out_gradient + row * walk->output_width,
                    arriving,
                    gates,
                    recurrent,
                    sums.bias);
      multiply(
        from_recurrent, size, 3 * size, recurrent, NULL, arriving, arriving);
      vec* to_input = in_gradient + row * input;
      multiply(from_gates,
               input,
               3 * size,
               gates,
               NULL,
               accumulate ? to_input : NULL,
               to_input);
      sums.gate_rows[sums.pending]      = gates;
      sums.recurrent_rows[sums.pending] = recurrent;
      sums.input_rows[sums.pending]     = in + row * input;
      sums.state_rows[sums.pending]     = state;
      sums.pending++;
      if (sums.pending == CHUNK) {
        flush(&sums, input, size);
      }
    }
  }
  flush(&sums, input, size);
  add_gradient(input_weight_gradient, sums.input_weight, 3 * size, input);
  add_gradient(hidden_weight_gradient, sums.hidden_weight, 3 * size, size);
  add_lane_sums(input_bias_gradient, sums.bias, 3 * size);
  add_lane_sums(hidden_bias_gradient, sums.bias, 2 * size);
  add_lane_sums(hidden_bias_gradient + 2 * size, sums.bias + 3 * size, size);
  free(from_gates);
  free(from_recurrent);
  free(sums.input_weight);
  free(sums.hidden_weight);
  free(sums.bias);
  free(sums.gates);
  free(sums.recurrent);
  free(arriving);
  free(zero);
}

// out = weight * in + bias for groups x rows rows; every group has weights of
// its own.
void
linear_forward(int64_t      groups,
               int64_t      rows,
               int64_t      input,
               int64_t      output,
               const vec*   in,
               const float* weight,
               const float* bias,
               vec*         out)
{
  for (int64_t group = 0; group < groups; group++) {
    float* packed = packed_copy(weight + group * output * input, output, input);
    for (int64_t row = group * rows; row < (group + 1) * rows; row++) {
      multiply(packed,
               output,
               input,
               in + row * input,
               bias + group * output,
               NULL,
               out + row * output);
    }
    free(packed);
  }
}

// Gradients of linear_forward(). Those of weight and bias are added to;
// in_gradient may be NULL.
void
linear_backward(int64_t      groups,
                int64_t      rows,
                int64_t      input,
                int64_t      output,
                const vec*   in,
                const float* weight,
                const vec*   out_gradient,
                vec*         in_gradient,
                float*       weight_gradient,
                float*       bias_gradient)
{
  vec* sums      = vecs(output * input);
  vec* bias_sums = vecs(output);
  for (int64_t group = 0; group < groups; group++) {
    float* packed =
      transposed_copy(weight + group * output * input, output, input);
    memset(sums, 0, output * input * sizeof(vec));
    memset(bias_sums, 0, output * sizeof(vec));
    const vec* left[CHUNK];
    const vec* right[CHUNK];
    int64_t    pending = 0;
    for (int64_t row = group * rows; row < (group + 1) * rows; row++) {
      const vec* gradient = out_gradient + row * output;
      for (int64_t i = 0; i < output; i++) {
        bias_sums[i] += gradient[i];
      }
      if (in_gradient != NULL) {
        multiply(packed,
                 input,
                 output,
                 gradient,
                 NULL,
                 NULL,
                 in_gradient + row * input);
      }
      left[pending]  = gradient;
      right[pending] = in + row * input;
      pending++;
      if (pending == CHUNK) {
        add_outer(sums, output, input, left, right, pending);
        pending = 0;
      }
    }
    add_outer(sums, output, input, left, right, pending);
    add_gradient(weight_gradient + group * output * input, sums, output, input);
    add_lane_sums(bias_gradient + group * output, bias_sums, output);
    free(packed);
  }
  free(sums);
  free(bias_sums);
}

static vec
inverse_root(vec x)
{
  vec result;
  for (int lane = 0; lane < LANES; lane++) {
    result[lane] = 1.0f / sqrtf(x[lane]);
  }
  return result;
}

// out = LayerNorm(in) + residual for every row. `saved` takes mean and 1 /
// deviation of each.
void
norm_forward(int64_t      rows,
             int64_t      size,
             float        epsilon,
             const vec*   in,
             const float* weight,
             const float* bias,
             const vec*   residual,
             vec*         out,
             vec*         saved)
{
  for (int64_t row = 0; row < rows;
       row++, in += size, residual += size, out += size, saved += 2) {
    vec sum = {0};
    for (int64_t i = 0; i < size; i++) {
      sum += in[i];
    }
    vec mean   = sum / (float)size;
    vec square = {0};
    for (int64_t i = 0; i < size; i++) {
      square += (in[i] - mean) * (in[i] - mean);
    }
    vec scale = inverse_root(square / (float)size + epsilon);
    for (int64_t i = 0; i < size; i++) {
      out[i] = (in[i] - mean) * scale * weight[i] + bias[i] + residual[i];
    }
    saved[0] = mean;
    saved[1] = scale;
  }
}

// Gradients of norm_forward() but for the residual, whose gradient is
// out_gradient.
void
norm_backward(int64_t      rows,
              int64_t      size,
              const vec*   in,
              const float* weight,
              const vec*   saved,
              const vec*   out_gradient,
              vec*         in_gradient,
              float*       weight_gradient,
              float*       bias_gradient)
{
  vec* weight_sums = vecs(size);
  vec* bias_sums   = vecs(size);
  for (int64_t row = 0; row < rows;
       row++, in += size, out_gradient += size, in_gradient += size) {
    vec mean        = saved[2 * row];
    vec scale       = saved[2 * row + 1];
    vec sum         = {0};
    vec correlation = {0};
    for (int64_t i = 0; i < size; i++) {
      vec normal = (in[i] - mean) * scale;
      weight_sums[i] += out_gradient[i] * normal;
      bias_sums[i] += out_gradient[i];
      sum += out_gradient[i] * weight[i];
      correlation += out_gradient[i] * weight[i] * normal;
    }
    sum /= (float)size;
    correlation /= (float)size;
    for (int64_t i = 0; i < size; i++) {
      vec normal = (in[i] - mean) * scale;
      in_gradient[i] =
        scale * (out_gradient[i] * weight[i] - sum - normal * correlation);
    }
  }
  add_lane_sums(weight_gradient, weight_sums, size);
  add_lane_sums(bias_gradient, bias_sums, size);
  free(weight_sums);
  free(bias_sums);
}
