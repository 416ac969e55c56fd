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
// Weights have torch's layout. Sizes must be multiples of 4, but
// for a linear layer's input.

#include "matrices.h"

// How a GRU walks the grid, filled in by lanes.py. Strides count rows.
struct walk {
  int64_t sequences, steps, sequence_stride, step_stride;
  int64_t input, hidden;
  int64_t output_width; // vecs in a row of the output, of which this direction
                        // owns `hidden`
  int64_t reverse;
};

static int64_t
row_of(const struct walk* walk, int64_t sequence, int64_t step)
{
  int64_t place = walk->reverse ? walk->steps - 1 - step : step;
  return sequence * walk->sequence_stride + place * walk->step_stride;
}

static int64_t
at_most(int64_t count, int64_t most)
{
  return count < most ? count : most;
}

// A GRU's weights for gru_forward(): r, z, n packed one by one, and the biases
// of r, z, n and inner.
struct gru_weights {
  int64_t input, size;
  float * from_input, *from_state, *bias;
};

static struct gru_weights
pack_gru(const struct walk* walk,
         const float*       input_weight,
         const float*       hidden_weight,
         const float*       input_bias,
         const float*       hidden_bias)
{
  int64_t            size   = walk->hidden;
  struct gru_weights packed = {
    .input      = walk->input,
    .size       = size,
    .from_input = packed_copies(input_weight, 3, size, walk->input),
    .from_state = packed_copies(hidden_weight, 3, size, size),
    .bias       = floats(4 * size),
  };
  for (int64_t i = 0; i < 3 * size; i++) {
    packed.bias[i] = input_bias[i] + (i < 2 * size ? hidden_bias[i] : 0.0f);
  }
  memcpy(packed.bias + 3 * size, hidden_bias + 2 * size, size * sizeof(float));
  return packed;
}

// One step of `count` sequences.
struct step {
  const vec *in[ROWS], *state[ROWS];
  vec *      next[ROWS], *keep[ROWS];
};

// The sums of TILE units' gate: 0, 1, 2 for r, z and n without inner, 3 for
// inner.
INLINE void
sum_gate(const struct gru_weights* weights,
         const struct step*        step,
         int64_t                   first,
         const int                 gate,
         const int                 count,
         vec*                      sums)
{
  int64_t      size = weights->size;
  int64_t      tile = gate < 3 ? gate : 2;
  int64_t      wide = at_most(size - first, TILE);
  const float* bias = weights->bias + gate * size + first;
  for (int64_t i = 0; i < TILE; i++) {
    vec begin = (vec){0} + (i < wide ? bias[i] : 0.0f);
    for (int row = 0; row < count; row++) {
      sums[row * TILE + i] = begin;
    }
  }
  if (gate < 3) {
    int64_t      input = weights->input;
    const float* packed =
      weights->from_input + tile * packed_size(size, input) + first * input;
    add_tile(packed, input, step->in, count, sums);
  }
  if (gate != 2) {
    const float* packed =
      weights->from_state + tile * packed_size(size, size) + first * size;
    add_tile(packed, size, step->state, count, sums);
  }
}

// One unit's new state. `gates` are r and the sums for z, n and inner, SUMS
// vecs apart.
INLINE void
activate(const vec* gates, const vec* state, vec* next, vec* keep, int64_t size)
{
  vec reset = gates[0];
  vec inner = gates[3 * SUMS];
  // One division for update = 1 / a and candidate = (2 - b) / b.
  vec a         = 1.0f + exponential(-gates[SUMS]);
  vec b         = 1.0f + exponential(-2.0f * (gates[2 * SUMS] + reset * inner));
  vec inverse   = 1.0f / (a * b);
  vec update    = b * inverse;
  vec candidate = (2.0f - b) * (a * inverse);
  *next         = candidate + update * (*state - candidate);
  if (keep != NULL) {
    STREAM(keep, reset);
    STREAM(keep + size, update);
    STREAM(keep + 2 * size, candidate);
    STREAM(keep + 3 * size, inner);
  }
}

// Two short loops, since a processor looks ahead only so far.
INLINE void
activate_tile(const struct step* step,
              int64_t            size,
              int64_t            first,
              const int          count,
              vec*               gates)
{
  for (int cell = 0; cell < count * TILE; cell++) {
    gates[cell] = sigmoid(gates[cell]);
  }
  int64_t wide = at_most(size - first, TILE);
  for (int row = 0; row < count; row++) {
    const vec* state = step->state[row] + first;
    vec*       next  = step->next[row] + first;
    vec*       keep  = step->keep[row] ? step->keep[row] + first : NULL;
    for (int64_t i = 0; i < wide; i++) {
      vec* place = keep == NULL ? NULL : keep + i;
      activate(gates + row * TILE + i, state + i, next + i, place, size);
    }
  }
}

INLINE void
take_step(const struct gru_weights* weights,
          const struct step*        step,
          const int                 count)
{
  for (int64_t first = 0; first < weights->size; first += TILE) {
    vec gates[4 * SUMS];
    sum_gate(weights, step, first, 0, count, gates);
    sum_gate(weights, step, first, 1, count, gates + SUMS);
    sum_gate(weights, step, first, 2, count, gates + 2 * SUMS);
    sum_gate(weights, step, first, 3, count, gates + 3 * SUMS);
    activate_tile(step, weights->size, first, count, gates);
  }
}

static void
take_steps(const struct gru_weights* weights,
           const struct step*        step,
           int64_t                   count)
{
  switch (count) {
  case 3:
    take_step(weights, step, 3);
    break;
  case 2:
    take_step(weights, step, 2);
    break;
  default:
    take_step(weights, step, 1);
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
  int64_t            size = walk->hidden;
  struct gru_weights weights =
    pack_gru(walk, input_weight, hidden_weight, input_bias, hidden_bias);
  vec* zero = vecs(size);
  for (int64_t first = 0; first < walk->sequences; first += ROWS) {
    int64_t     count = at_most(walk->sequences - first, ROWS);
    struct step step  = {.state = {zero, zero, zero}};
    for (int64_t time = 0; time < walk->steps; time++) {
      for (int64_t i = 0; i < count; i++) {
        int64_t row  = row_of(walk, first + i, time);
        step.in[i]   = in + row * walk->input;
        step.next[i] = out + row * walk->output_width;
        step.keep[i] = saved == NULL ? NULL : saved + row * 4 * size;
      }
      take_steps(&weights, &step, count);
      for (int64_t i = 0; i < count; i++) {
        step.state[i] = step.next[i];
      }
    }
  }
  free(weights.from_input);
  free(weights.from_state);
  free(weights.bias);
  free(zero);
}

// What the backward pass of one walk works with; three sequences side by side.
struct gru_gradient {
  struct gradient input_weight, hidden_weight;
  float *         from_gates, *from_recurrent; // packed
  float*          no_bias;                     // zeros for every input
  vec*            bias;                        // r, z, n and inner: 4 * hidden
  vec *           zero, *arriving[ROWS];
  vec *           gates[ROWS], *recurrent[ROWS]; // r, z, n; r, z, inner
};

static struct gru_gradient
begin_gru_gradient(const struct walk* walk,
                   const float*       input_weight,
                   const float*       hidden_weight)
{
  int64_t             size = walk->hidden;
  struct gru_gradient sums = {
    .input_weight   = begin_gradient(3 * size, walk->input),
    .hidden_weight  = begin_gradient(3 * size, size),
    .from_gates     = transposed_copy(input_weight, 3 * size, walk->input),
    .from_recurrent = transposed_copy(hidden_weight, 3 * size, size),
    .bias           = vecs(4 * size),
    .no_bias        = floats(walk->input),
    .zero           = vecs(size),
  };
  for (int i = 0; i < ROWS; i++) {
    sums.arriving[i]  = vecs(size);
    sums.gates[i]     = vecs(3 * size);
    sums.recurrent[i] = vecs(3 * size);
  }
  return sums;
}

static void
end_gru_gradient(struct gru_gradient* sums)
{
  end_gradient(&sums->input_weight);
  end_gradient(&sums->hidden_weight);
  free(sums->from_gates);
  free(sums->from_recurrent);
  free(sums->no_bias);
  free(sums->bias);
  free(sums->zero);
  for (int i = 0; i < ROWS; i++) {
    free(sums->arriving[i]);
    free(sums->gates[i]);
    free(sums->recurrent[i]);
  }
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
  int64_t             size  = walk->hidden;
  int64_t             width = walk->output_width;
  struct gru_gradient sums =
    begin_gru_gradient(walk, input_weight, hidden_weight);
  for (int64_t first = 0; first < walk->sequences; first += ROWS) {
    int64_t count = at_most(walk->sequences - first, ROWS);
    for (int64_t i = 0; i < count; i++) {
      memset(sums.arriving[i], 0, size * sizeof(vec));
    }
    for (int64_t step = walk->steps - 1; step >= 0; step--) {
      const vec *inputs[ROWS], *states[ROWS];
      vec*       to_inputs[ROWS];
      for (int64_t i = 0; i < count; i++) {
        int64_t row = row_of(walk, first + i, step);
        inputs[i]   = in + row * walk->input;
        states[i]   = sums.zero;
        if (step > 0) {
          states[i] = out + row_of(walk, first + i, step - 1) * width;
        }
        to_inputs[i] = in_gradient + row * walk->input;
        cell_backward(size,
                      saved + row * 4 * size,
                      states[i],
                      out_gradient + row * width,
                      sums.arriving[i],
                      sums.gates[i],
                      sums.recurrent[i],
                      sums.bias);
      }
      const vec* const* gates     = (const vec* const*)sums.gates;
      const vec* const* recurrent = (const vec* const*)sums.recurrent;
      multiply(sums.from_recurrent,
               size,
               3 * size,
               recurrent,
               NULL,
               sums.arriving,
               count);
      multiply(sums.from_gates,
               walk->input,
               3 * size,
               gates,
               accumulate ? NULL : sums.no_bias,
               to_inputs,
               count);
      add_outer(&sums.input_weight, gates, inputs, count);
      add_outer(&sums.hidden_weight, recurrent, states, count);
    }
  }
  take_gradient(&sums.input_weight, input_weight_gradient);
  take_gradient(&sums.hidden_weight, hidden_weight_gradient);
  add_lane_sums(input_bias_gradient, sums.bias, 3 * size);
  add_lane_sums(hidden_bias_gradient, sums.bias, 2 * size);
  add_lane_sums(hidden_bias_gradient + 2 * size, sums.bias + 3 * size, size);
  end_gru_gradient(&sums);
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
    float* packed =
      packed_copies(weight + group * output * input, 1, output, input);
    for (int64_t row = 0; row < rows; row += ROWS) {
      int64_t    count = at_most(rows - row, ROWS);
      const vec* from[ROWS];
      vec*       to[ROWS];
      for (int64_t i = 0; i < count; i++) {
        from[i] = in + (group * rows + row + i) * input;
        to[i]   = out + (group * rows + row + i) * output;
      }
      multiply(packed, output, input, from, bias + group * output, to, count);
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
  struct gradient sums      = begin_gradient(output, input);
  vec*            bias_sums = vecs(output);
  float*          no_bias   = floats(input);
  for (int64_t group = 0; group < groups; group++) {
    int64_t matrix = group * output * input;
    float*  packed = transposed_copy(weight + matrix, output, input);
    for (int64_t row = 0; row < rows; row += ROWS) {
      int64_t    count = at_most(rows - row, ROWS);
      const vec *from[ROWS], *gradients[ROWS];
      vec*       to[ROWS];
      for (int64_t i = 0; i < count; i++) {
        int64_t place = group * rows + row + i;
        from[i]       = in + place * input;
        gradients[i]  = out_gradient + place * output;
        to[i] = in_gradient == NULL ? NULL : in_gradient + place * input;
        for (int64_t unit = 0; unit < output; unit++) {
          bias_sums[unit] += gradients[i][unit];
        }
      }
      if (in_gradient != NULL) {
        multiply(packed, input, output, gradients, no_bias, to, count);
      }
      add_outer(&sums, gradients, from, count);
    }
    take_gradient(&sums, weight_gradient + matrix);
    add_lane_sums(bias_gradient + group * output, bias_sums, output);
    memset(bias_sums, 0, output * sizeof(vec));
    free(packed);
  }
  end_gradient(&sums);
  free(bias_sums);
  free(no_bias);
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
