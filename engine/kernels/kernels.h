// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file kernels.h

   The hot loops of the engine, one table of function pointers for each
   instruction set.  The code is written once, in body/, on the small vector
   vocabulary that each file of vec/ defines; variants/ compiles the pairs with
   the flags of one instruction set.

   Every count of outputs is padded to #GRUS_PAD floats, so that no kernel has
   a tail.  Padding of weights and biases is zero; padding of results may be
   written but means nothing.  Buffers of any alignment give the same results,
   those aligned to 64 bytes sooner.
*/

#ifndef GRUS_KERNELS_H
#define GRUS_KERNELS_H

#include "base/pad.h"
#include "grus/attributes.h"
#include "kernels/types.h"

#include <stddef.h>
#include <stdint.h>

enum {
  GRUS_INT8_MOST = 8192, ///< Inputs of the largest matrix of bytes
  GRUS_TILE_ROWS = 4,    ///< Rows of linear() that share each load of a weight
};

/// One implementation of the hot loops, for one instruction set
typedef struct {
  const char* name; ///< Short name, like "scalar" or "avx2"

  /**
     Linear layer: y[k][o] = b[o] + sum_i w[i][o] * x[k][i].

     The bits of a row do not depend on how many rows there are.

     @param y (n, y_stride), `out` columns written
     @param w (in, out), out a multiple of #GRUS_PAD
     @param b (out)
     @param x (n, x_stride), `in` columns read, may not alias y
  */
  GrusLinear linear;

  /**
     Gates and new hidden state of `n` GRU cells that share their weights:

     r = sigma(a_r + c_r), z = sigma(a_z + c_z), m = tanh(a_n + r * c_n),
     h' = m + z * (h - m)

     @param h (n, h_stride), `hidden` columns replaced
     @param a (n, 3 * hidden) input part with its bias, gates r, z, n
     @param c (n, 3 * hidden) recurrent part with its bias
     @param hidden a multiple of #GRUS_PAD
  */
  GrusGruGates gru_gates;

  /**
     A GRU along a sequence whose input part is already computed, one cell.

     For t in 0 .. n - 1: c = b + w h, then the gates as above, then y[t] = h.
     y[t] is written with its padding, so y_stride is at least `hidden`.

     @param y (n, y_stride), `hidden` columns written
     @param a (n, a_stride), 3 * hidden columns read: input part with bias
     @param w (hidden, 3 * hidden) recurrent weights: row j multiplies h[j]
     @param b (3 * hidden)
     @param h (hidden) hidden state, read and replaced
     @param c (3 * hidden) scratch
     @param n_hidden rows of `w` that are used: the unpadded hidden size
     @param hidden grus_pad(n_hidden)
  */
  GrusGruSequence gru_sequence;

  /**
     Both directions of a bidirectional GRU along a sequence, cells starting at
     zero: y[t] is forward (n_hidden) then backward (n_hidden) without padding.

     @param y (n, y_stride)
     @param a (n, 6 * hidden) input parts, forward then backward
     @param w two matrices as in gru_sequence, forward then backward
     @param b (6 * hidden)
     @param h (2 * hidden) scratch for hidden states
     @param c (6 * hidden) scratch
  */
  void (*gru_both_ways)(float*       y,
                        size_t       y_stride,
                        const float* a,
                        const float* w,
                        const float* b,
                        float*       h,
                        float*       c,
                        size_t       n,
                        size_t       n_hidden,
                        size_t       hidden);

  /**
     y[k] = (x[k] - mean) / sqrt(variance + eps) * gain + bias (+ add[k]),
     mean and (biased) variance over the `size` columns of each row.

     Columns of y from `size` up to the padded size are set to zero.
     @param add (n, stride) or null
     @param y may be x or add
  */
  void (*layer_norm)(float*       y,
                     const float* x,
                     const float* gain,
                     const float* bias,
                     const float* add,
                     size_t       stride,
                     size_t       n,
                     size_t       size,
                     float        eps);

  /// x[i] = sigma(x[i]), n a multiple of #GRUS_PAD
  void (*sigmoid)(float* x, size_t n);

  /// x[i] = tanh(x[i]), n a multiple of #GRUS_PAD
  void (*tanh)(float* x, size_t n);

  /// y[i] += x[i], n a multiple of #GRUS_PAD
  void (*add)(float* y, const float* x, size_t n);

  /// y[i] = x[i] * w[i], n a multiple of #GRUS_PAD, y may be x or w
  void (*multiply)(float* y, const float* x, const float* w, size_t n);

  /**
     Compress a spectrum: l = ln(re^2 + im^2 + 1e-12), (re, im) scaled by
     exp((power - 1) / 2 * l), feature = max(l, floor) * scale + offset.

     @param shape power, floor, scale, offset
     @param n a multiple of #GRUS_PAD
  */
  void (*compress)(float*       out_re,
                   float*       out_im,
                   float*       feature,
                   const float* re,
                   const float* im,
                   const float* shape,
                   size_t       n);

  /**
     Multiply a compressed spectrum by a complex mask and expand it:
     u = x * m, (re, im) = u * |u|^(1 / power - 1), zero where u is zero.

     @param re (n) real part of the compressed spectrum, replaced
     @param im (n) imaginary part, replaced
  */
  void (*mask_expand)(float*       re,
                      float*       im,
                      const float* mask_re,
                      const float* mask_im,
                      float        power,
                      size_t       n);

  /// linear() with weights that grus_pack_bf16() has packed
  GrusLinear linear_bf16;

  /// gru_sequence() with recurrent weights that grus_pack_bf16() has packed
  GrusGruSequence gru_sequence_bf16;

  /**
     Linear layer with one output: y[k][0] = b[0] + sum_i w[i] * x[k][i].

     @param y (n, y_stride), one column written
     @param w (in)
     @param x (n, x_stride), `in` columns read
  */
  void (*dot)(float*       y,
              size_t       y_stride,
              const float* w,
              const float* b,
              const float* x,
              size_t       x_stride,
              size_t       n,
              size_t       in);

  /**
     gru_sequence() of two streams that share their weights, to the same bits.

     @param y (2 * n, y_stride), the second stream's after the first's
     @param a (2 * n, a_stride) likewise
     @param h two hidden states of (hidden)
     @param c (6 * hidden) scratch
  */
  GrusGruPair gru_pair;

  /// gru_pair() with recurrent weights that grus_pack_bf16() has packed
  GrusGruPair gru_pair_bf16;

  /**
     linear() of whole arrays: inputs are summed in blocks, whose sums are then
     added up.  With many inputs fewer roundings follow one another, and with
     many rows the weights of a block are still near when the next rows want
     them.  A single row is slower than with linear().
  */
  GrusLinear linear_blocks;

  /**
     One step of `n` small GRU cells that share their weights, at least one:
     both parts of their sums, then the gates as above.

     Sums are made in one go, so that many inputs would round more often than
     with linear_blocks(), and large weights would be read from far for each
     step.  The bits of a row do not depend on how many rows there are.

     @param y (n, y_stride) new hidden states; y_stride is at least `hidden`,
     and padding may be written
     @param x (n, x_stride), `in` columns read, may not alias y
     @param input_w (in, 3 * hidden)
     @param input_b (3 * hidden)
     @param h (n, hidden) hidden states, read and replaced, may not alias y
     @param w (n_hidden, 3 * hidden) recurrent weights
     @param b (3 * hidden)
     @param n_hidden rows of `w`: the unpadded hidden size
     @param hidden grus_pad(n_hidden)
  */
  GrusGruRows gru_rows;

  /**
     linear() with weights that grus_pack_int8() has packed.

     Each row of inputs is rounded to whole numbers from -127 to 127, the
     largest becoming one of them.  Sums of products are exact, so that all
     variants differ only in how the result is scaled.

     @param in at most #GRUS_INT8_MOST
  */
  GrusLinear linear_int8;
} GrusKernels;

/**
   Round a matrix to bf16 in place: two rows into each row, the first into the
   lower halves of its floats, the second into the upper halves.

   A kernel reads the upper half without clearing the lower one, which costs
   nothing: it is rounded so that both together come nearest.

   @param w (rows, stride), of which the first (rows + 1) / 2 rows are filled
*/
void
grus_pack_bf16(float* w, size_t rows, size_t stride);

/**
   Round a matrix to bytes in place: for each column, whole numbers from -127
   to 127 times a scale.

   Four rows into each row, the first in the first bytes of its floats.  Then
   follow a row of scales and one of 32-bit integers: -128 times the sum of
   each column, for kernels whose inputs are unsigned.

   @param w (rows, stride), of which the first (rows + 3) / 4 + 2 are filled
   @param rows at least 3
*/
void
grus_pack_int8(float* w, size_t rows, size_t stride);

/**
   Return every implementation this processor and operating system can run,
   best first, null-terminated.
*/
const GrusKernels* const*
grus_kernels_supported(void);

#endif // GRUS_KERNELS_H
