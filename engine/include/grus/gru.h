// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file gru.h

   torch.nn.GRU on whole arrays: its arguments, its shapes and its numbers.
   https://pytorch.org/docs/stable/generated/torch.nn.GRU.html

   Shapes are written as in PyTorch's documentation: seq steps, batch sequences
   side by side, D directions (2 if bidirectional, else 1).  Arrays are dense,
   the last dimension varies fastest, and their numbers have the type of the
   GRU.  They belong to the caller and are never kept.

   None of this is real-time safe.  A GRU in evaluation mode may run in several
   threads at a time; anything that changes it may not run beside another call.

   Every function that can fail checks all that it is given before it writes:
   results, weights and handles are untouched on error.
*/

#ifndef GRUS_GRU_H
#define GRUS_GRU_H

#include "grus/attributes.h"
#include "grus/packed_sequence.h"
#include "grus/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

GRUS_BEGIN_DECLS

enum { GRUS_WEIGHT_NAME_SIZE = 32 }; ///< Bytes of a name with its zero

/// Type of all numbers of a GRU
typedef enum {
  GRUS_FLOAT32, ///< float, on the kernels of the streaming engine
  GRUS_FLOAT64, ///< double, in plain C; its only variant is "double"
} GrusNumber;

/// The arguments of torch.nn.GRU
typedef struct {
  uint32_t    input_size;    ///< Features of the input, at least 1
  uint32_t    hidden_size;   ///< Features of the hidden state, at least 1
  uint32_t    num_layers;    ///< Stacked layers, at least 1
  bool        bias;          ///< Whether there are bias_ih and bias_hh
  bool        batch_first;   ///< Whether arrays are (batch, seq, feature)
  bool        bidirectional; ///< Whether a second GRU runs from the end
  double      dropout;       ///< 0 to 1, between layers, only in training
  GrusNumber  dtype;         ///< Of weights, states, inputs and outputs
  const char* kernels;       ///< Name of a variant, null for the best
} GrusGruConfig;

/// One of the weights, as in PyTorch's state_dict
typedef struct {
  char      name[GRUS_WEIGHT_NAME_SIZE]; ///< Like "weight_ih_l0_reverse"
  GrusShape shape; ///< (3 * hidden_size, columns) or (3 * hidden_size)
} GrusGruWeight;

/// The arrays of one call of forward()
typedef struct {
  /// (seq, batch, input_size), (batch, seq, input_size) with batch_first,
  /// (seq, input_size) for one sequence, (rows, input_size) if packed
  const void* input;
  GrusShape   input_shape; ///< One of the above

  /// (D * num_layers, batch, hidden_size), without batch for one sequence; or
  /// null for zeros
  const void* h_0;
  GrusShape   h_0_shape; ///< Ignored if `h_0` is null

  /// Null, or how the rows of `input` are packed
  const GrusPacking* packing;

  void*  output;      ///< As `input`, with D * hidden_size features
  size_t output_size; ///< Numbers that `output` holds
  void*  h_n;         ///< As `h_0`, which it may be
  size_t h_n_size;    ///< Numbers that `h_n` holds
} GrusGruCall;

/// Weights and arguments of a GRU
typedef struct GrusGruImpl GrusGru;

/**
   @defgroup gru GRUs on arrays: any thread, not real-time
   @{
*/

/// Return what torch.nn.GRU assumes: one layer, bias, forwards, float32
GRUS_API GrusGruConfig
grus_gru_config_default(uint32_t input_size, uint32_t hidden_size);

/**
   Return a new GRU with weights of zero, in evaluation mode.

   @param config Its arguments; the name of the kernels is not kept.
   @param gru Set to a new GRU, to be freed with grus_gru_free().
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG for an argument out of range or an unknown kernel
   variant, #GRUS_ERR_NO_MEM.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_new(const GrusGruConfig* config, GrusGru** gru, GrusMessage* message);

/// Free `gru` (null is allowed)
GRUS_API void
grus_gru_free(GrusGru* gru);

/// Return the arguments of `gru`, with the name of the kernels it runs on
GRUS_API const GrusGruConfig*
grus_gru_config(const GrusGru* gru);

/// Return the number of trained numbers
GRUS_API uint64_t
grus_gru_n_parameters(const GrusGru* gru);

/**
   Tell the name and shape of weight `index`, in the order of state_dict().

   @return False, and `weight` is untouched, beyond the last.
*/
GRUS_API bool
grus_gru_weight(const GrusGru* gru, uint32_t index, GrusGruWeight* weight);

/**
   Set one of the weights.

   @param gru What the weight is of.
   @param name As in PyTorch's state_dict, like "bias_hh_l1".
   @param data Dense, `shape` numbers of the type of `gru`.
   @param shape That of grus_gru_weight().
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG for an unknown name or another shape.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_set_weight(GrusGru*         gru,
                    const char*      name,
                    const void*      data,
                    const GrusShape* shape,
                    GrusMessage*     message);

/**
   Copy one of the weights to `data`, which holds `size` numbers.

   @return #GRUS_ERR_BAD_ARG for an unknown name or too small a size.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_get_weight(const GrusGru* gru,
                    const char*    name,
                    void*          data,
                    size_t         size,
                    GrusMessage*   message);

/**
   Set all weights from a .safetensors file in memory.

   @param gru Whose weights are set: all of them, or none on error.
   @param data A whole file, not needed after this returns.
   @param size Size of `data` in bytes.
   @param prefix What the names of the weights begin with, like "encoder.rnn.";
   tensors with other beginnings are ignored.  Null or empty for none.
   @param message Set to the tensor at fault and the reason on error, or null.
   @return #GRUS_ERR_BAD_FORMAT if a weight is missing, unknown, not finite or
   of another shape, or the file is malformed or damaged; #GRUS_ERR_UNSUPPORTED
   if a weight is not of floats, or the file of another kind.  Where weights are
   missing, the message tells which prefixes would fit.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_load(GrusGru*     gru,
              const void*  data,
              size_t       size,
              const char*  prefix,
              GrusMessage* message);

/**
   Tell the arguments of the GRU whose weights a .safetensors file holds.

   Sizes, layers, bias and directions are what the names and shapes say, dtype
   is float64 if the weights are; the rest is left at its default.

   @param data As for grus_gru_load(), which may still find errors.
   @param size Size of `data` in bytes.
   @param prefix As for grus_gru_load().
   @param config Set to the arguments.  Untouched on error.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_FORMAT if the file is malformed or has no such weights.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_read_config(const void*    data,
                     size_t         size,
                     const char*    prefix,
                     GrusGruConfig* config,
                     GrusMessage*   message);

/**
   Draw all weights as PyTorch does: uniform from -k to k, k = 1 / sqrt(H).

   The same seed gives the same weights on every machine (not PyTorch's).
*/
GRUS_API void
grus_gru_init_weights(GrusGru* gru, uint64_t seed);

/// Turn dropout on (training) or off (evaluation, the default)
GRUS_API void
grus_gru_set_training(GrusGru* gru, bool training);

/// Return whether `gru` is in training mode
GRUS_API bool
grus_gru_training(const GrusGru* gru);

/// Seed dropout: the same calls after it drop the same numbers
GRUS_API void
grus_gru_seed(GrusGru* gru, uint64_t seed);

/**
   Tell the shapes of the results for an input of a shape.

   @param gru What is to run.
   @param input Shape of the input.
   @param packing Null, or how the rows of the input are packed.
   @param output Set to the shape of the output.  Untouched on error.
   @param h_n Set to the shape of the last hidden states.  Untouched on error.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG if PyTorch would refuse such an input.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_shapes(const GrusGru*     gru,
                const GrusShape*   input,
                const GrusPacking* packing,
                GrusShape*         output,
                GrusShape*         h_n,
                GrusMessage*       message);

/**
   Run a GRU over an array.

   Bits do not depend on how a sequence is cut into calls that hand h_n on as
   h_0.  They may depend on how many sequences run side by side, in the last
   place, and differ there from a stream's, since many inputs are summed in
   blocks.  An input with NaN or infinity gives numbers without meaning. Outputs
   may not overlap the input, or each other.

   @param gru What runs; in training mode dropout moves its random numbers on.
   @param call The arrays.  Nothing is written on error.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG for a wrong shape or size, #GRUS_ERR_NO_MEM.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_gru_forward(GrusGru* gru, const GrusGruCall* call, GrusMessage* message);

/**
   @}
*/

GRUS_END_DECLS

#endif // GRUS_GRU_H
