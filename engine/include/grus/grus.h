// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file grus.h

   The public interface of libgrus: recurrent networks on live sound.

   A *model* is what a file says: a network, its weights, its sample rate.  It
   never changes once parsed, and any number of streams in any number of
   threads share it.  A *stream* is one running instance: the hidden state of
   every channel, what the STFT and the resamplers remember, and the parameters.

   Beside them, gru.h and packed_sequence.h run a GRU over whole arrays,
   as torch.nn.GRU does.

   Functions are grouped by the threads that may call them.  Only those marked
   GRUS_REALTIME may be called in an audio callback; they never allocate, lock,
   wait, log or call the system.
*/

#ifndef GRUS_GRUS_H
#define GRUS_GRUS_H

#include "grus/attributes.h"
#include "grus/gru.h"
#include "grus/params.h"
#include "grus/status.h"
#include "grus/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

GRUS_BEGIN_DECLS

enum {
  GRUS_MAX_CHANNELS    = 32,     ///< Most channels of one stream
  GRUS_MIN_SAMPLE_RATE = 4000,   ///< Lowest sample rate of a stream, Hz
  GRUS_MAX_SAMPLE_RATE = 768000, ///< Highest sample rate of a stream, Hz
};

/// Weights and shape of a network, immutable, may be shared by threads
typedef struct GrusModelImpl GrusModel;

/// One running instance, used by one thread at a time
typedef struct GrusStreamImpl GrusStream;

/// What one step of a network is
typedef enum {
  GRUS_KIND_FRAME,  ///< One analysis frame: spectra in, masks or gains out
  GRUS_KIND_SAMPLE, ///< One audio sample in, one audio sample out
} GrusKind;

/// How the weights of GRU and linear layers lie in memory
typedef enum {
  GRUS_STORAGE_F32,  ///< As the file has them
  GRUS_STORAGE_BF16, ///< Rounded to bfloat16: faster where they fill a cache
  GRUS_STORAGE_INT8, ///< Large matrices rounded to bytes, and their inputs too
} GrusStorage;

/// Facts about a model, valid as long as the model
typedef struct {
  const char* name;           ///< Never null
  const char* author;         ///< Empty if the file does not say
  const char* license;        ///< Empty if the file does not say
  const char* description;    ///< Empty if the file does not say
  GrusKind    kind;           ///< What one step is
  uint32_t    sample_rate;    ///< The rate it was trained at, Hz
  uint32_t    window;         ///< Samples of an analysis frame, 1 for samples
  uint32_t    hop;            ///< Samples from one step to the next
  uint32_t    n_layers;       ///< Layers in the file's list
  uint64_t    n_parameters;   ///< Trained numbers
  uint64_t    n_macs;         ///< Multiplications of weights in one step
  uint64_t    hash;           ///< FNV-1a of the file but its checksum
  bool        has_activity;   ///< Whether it tells voice activity
  bool        has_self_test;  ///< Whether the file carries a test vector
  float       test_error;     ///< Largest difference in the self-test
  float       test_tolerance; ///< Largest difference that passes
  uint32_t    test_samples;   ///< Length of the test vector
  GrusStorage storage;        ///< How its weights are stored
  float       storage_error;  ///< Largest difference that this storage makes
} GrusModelInfo;

/**
   @defgroup model Models: any thread, not real-time
   @{
*/

/**
   Parse a model from memory and run its self-test.

   @param data A whole .safetensors file, not needed after this returns.
   @param size Size of `data` in bytes.
   @param model Set to a new model, to be freed with grus_model_free() after
   every stream that uses it.  Untouched on error.
   @param message Set to the field at fault and the reason on error, or null.
   @return #GRUS_ERR_BAD_FORMAT if `data` is not exactly one valid model,
   #GRUS_ERR_UNSUPPORTED if it needs what this version cannot do,
   #GRUS_ERR_SELF_TEST if its output is not what the file promises.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_model_parse(const void*  data,
                 size_t       size,
                 GrusModel**  model,
                 GrusMessage* message);

/**
   Parse a model as grus_model_parse() does, then convert its weights to another
   format of storage.

   The self-test is that of the file's own weights; info tells how far the
   output is from the test vector with the weights that are kept.

   @param data As for grus_model_parse().
   @param size As for grus_model_parse().
   @param storage How the weights are to lie in memory.
   @param model As for grus_model_parse().
   @param message As for grus_model_parse().
   @return As grus_model_parse().
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_model_parse_as(const void*  data,
                    size_t       size,
                    GrusStorage  storage,
                    GrusModel**  model,
                    GrusMessage* message);

/// Free `model` (null is allowed), after every stream that uses it
GRUS_API void
grus_model_free(GrusModel* model);

/// Return the facts about `model`
GRUS_API const GrusModelInfo*
grus_model_info(const GrusModel* model);

/// Return the type, like "gru", of layer `index`, or null beyond the last
GRUS_API const char*
grus_model_layer_type(const GrusModel* model, uint32_t index);

/// Return the name of layer `index`, or null beyond the last
GRUS_API const char*
grus_model_layer_name(const GrusModel* model, uint32_t index);

/**
   Return the name of the kernel variant at `index`, or null beyond the last.
   Variants of the same name give the same bits.

   Only the variants that this processor and operating system can run are
   counted; the first is the one that streams use by default.
*/
GRUS_API const char*
grus_kernels_name(uint32_t index);

/**
   @}
   @defgroup stream Streams: the thread that owns the stream, not real-time
   @{
*/

/// How a stream is to run
typedef struct {
  uint32_t    sample_rate; ///< Of the sound given to process(), Hz
  uint32_t    n_channels;  ///< 1 to #GRUS_MAX_CHANNELS, each with its own state
  const char* kernels;     ///< Name of a kernel variant, or null for the best
} GrusStreamConfig;

/**
   Return a new stream over `model`, which must outlive it.

   Everything that process() needs is allocated here.  Where the network can
   run at the sample rate of the stream itself it does so, otherwise the sound
   is resampled to the model's rate and back.

   @param model What runs; read only, shared with other streams.
   @param config How to run it; not kept.
   @param stream Set to a new stream, to be freed with grus_stream_free().
   Untouched on error.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_ARG for a rate, channel count or kernel name that is
   out of range or unknown, #GRUS_ERR_NO_MEM.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_stream_new(const GrusModel*        model,
                const GrusStreamConfig* config,
                GrusStream**            stream,
                GrusMessage*            message);

/// Free `stream` (null is allowed)
GRUS_API void
grus_stream_free(GrusStream* stream);

/**
   Return the delay from input to output in frames.

   It is constant while a stream runs.  It depends on #GRUS_PARAM_EVEN_LOAD,
   which is read only when the first block after grus_stream_new() or
   grus_stream_reset() is processed; before that block, this is the delay that
   it will have.
*/
GRUS_API GRUS_REALTIME uint32_t
grus_stream_latency(const GrusStream* stream);

/// Return whether the work is spread, or will be by the first block
GRUS_API GRUS_REALTIME bool
grus_stream_has_even_load(const GrusStream* stream);

/// Return the model that `stream` runs
GRUS_API const GrusModel*
grus_stream_model(const GrusStream* stream);

/// Return the rate that the network of `stream` runs at, Hz
GRUS_API uint32_t
grus_stream_network_rate(const GrusStream* stream);

/// Return the name of the kernel variant that `stream` runs on
GRUS_API const char*
grus_stream_kernels(const GrusStream* stream);

/// Return the size in bytes that grus_stream_get_state() writes
GRUS_API size_t
grus_stream_state_size(const GrusStream* stream);

/**
   Write everything that a stream remembers into `data`.

   A stream with the same model, storage of its weights, rate, channels and
   kernels that is given this state continues bit for bit, in another process
   too.  On another machine it does so where it runs the same builds of this
   library, of kissfft and speexdsp, and a libm that gives the same numbers
   there: what is computed once, like windows, comes from it.  Parameters are
   part of the state.

   @param stream What is saved; it goes on unchanged.
   @param data Room for `size` bytes, any alignment.
   @param size At least grus_stream_state_size().
   @return #GRUS_ERR_BAD_ARG if `size` is too small; nothing is written then.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_stream_get_state(const GrusStream* stream, void* data, size_t size);

/**
   Restore what grus_stream_get_state() wrote.

   @param stream What takes the state; allocates nothing.
   @param data The bytes, not needed after this returns.
   @param size Size of `data` in bytes.
   @param message Set to the reason on error, or null.
   @return #GRUS_ERR_BAD_FORMAT if `data` is not a whole, finite state that
   this version writes,
   #GRUS_ERR_MISMATCH if it belongs to another model, storage of weights, rate,
   channel count or kernel variant.  On error the stream is as it was.
*/
GRUS_API GRUS_NODISCARD GrusStatus
grus_stream_set_state(GrusStream*  stream,
                      const void*  data,
                      size_t       size,
                      GrusMessage* message);

/**
   @}
   @defgroup audio Audio: the thread that owns the stream, real-time safe
   @{
*/

/**
   Process a block of any length, zero included.

   With #GRUS_PARAM_LINK one network hears the channels of a frame model: their
   sum, with the sign of some turned over where it would cancel what they have
   in common, without those that are far below the loudest, and as loud as that.
   This is found out from the sound itself and changes smoothly.

   The output does not depend on how a stream of sound is split into blocks,
   bit for bit, except where a block holds NaN or infinity: that whole block
   becomes silence, the stream is reset, and grus_stream_faults() rises.

   @param stream What runs.
   @param in One pointer per channel to `n_frames` samples, full scale +-1.
   @param out As `in`.  A channel's output may be its input buffer, but must
   not otherwise overlap any input.
   @param n_frames Frames of the block: samples of each channel.
*/
GRUS_API GRUS_REALTIME void
grus_stream_process(GrusStream*         stream,
                    const float* const* in,
                    float* const*       out,
                    uint32_t            n_frames);

/// Clear the state, as in a new stream; parameters stay, and jump to their
/// values at the next block
GRUS_API GRUS_REALTIME void
grus_stream_reset(GrusStream* stream);

/**
   @}
   @defgroup control Parameters and meters: any thread, real-time safe
   @{
*/

/**
   Set a parameter, limited to its range; NaN is ignored.

   It takes effect at the next block, with a short ramp where a jump could be
   heard.
*/
GRUS_API GRUS_REALTIME void
grus_stream_set_param(GrusStream* stream, GrusParam param, float value);

/// Return the value a parameter was last set to
GRUS_API GRUS_REALTIME float
grus_stream_param(const GrusStream* stream, GrusParam param);

/**
   Return what a meter shows, 0 for one that does not exist.

   The voice activity is the largest of all channels, and 0 for a model that
   does not tell.
*/
GRUS_API GRUS_REALTIME float
grus_stream_meter(const GrusStream* stream, GrusMeter meter);

/**
   Tell how many frames blocks will mostly have; 0, as at first, if unknown.

   Where #GRUS_PARAM_EVEN_LOAD is 2 (auto) the work is spread if a hop of the
   network lasts longer than two such blocks: a whole step in one of them would
   make it the slowest.  It is not spread where the length is unknown or the
   network runs sample by sample.  The parameter is the wish and stays what it
   is; each stream decides for its own model when it starts.
*/
GRUS_API GRUS_REALTIME void
grus_stream_set_block(GrusStream* stream, uint32_t n_frames);

/**
   Return whether the next start, by the parameter and the length of blocks,
   will spread the work.

   Where this differs from grus_stream_has_even_load() a new stream or
   grus_stream_reset() brings what is wished.
*/
GRUS_API GRUS_REALTIME bool
grus_stream_wants_even_load(const GrusStream* stream);

/// Return how often NaN or infinity made the stream reset itself
GRUS_API GRUS_REALTIME uint32_t
grus_stream_faults(const GrusStream* stream);

/**
   @}
*/

GRUS_END_DECLS

#endif // GRUS_GRUS_H
