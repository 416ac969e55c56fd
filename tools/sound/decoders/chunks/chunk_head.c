// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/chunks/chunk_head.h"

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/chunks/chunk_kinds.h"
#include "sound/wav/wave_format.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Sizes and places
enum {
  MAX_PART        = 1024, ///< Bytes of a chunk that are copied
  MAX_BITS        = 64,   ///< Of a sample
  DESC_SIZE       = 32,   ///< Of CAF's description
  COMM_SIZE       = 18,   ///< Of AIFF's, and in AIFC the type behind it
  AIFC_SIZE       = COMM_SIZE + 6,
  AU_SIZE         = 24,
  EXTENSIBLE_SIZE = 40, ///< Of WAV's longest fmt chunk of plain numbers
};

/// Flags of CAF's linear numbers
enum { CAF_FLOAT = 1, CAF_LITTLE = 2 };

/// How an AIFC file calls its plain numbers, and what CAF calls them
typedef struct {
  const char* aiff;
  const char* caf;
  unsigned    flags;
  unsigned    bytes; ///< Of a sample, 0 if the header tells the bits
} PlainType;

static const PlainType plain_types[] = {
  {"NONE", "lpcm", 0, 0},
  {"twos", "lpcm", 0, 0},
  {"sowt", "lpcm", CAF_LITTLE, 0},
  {"in24", "lpcm", 0, 3},
  {"42ni", "lpcm", CAF_LITTLE, 3},
  {"in32", "lpcm", 0, 4},
  {"23ni", "lpcm", CAF_LITTLE, 4},
  {"fl32", "lpcm", CAF_FLOAT, 4},
  {"FL32", "lpcm", CAF_FLOAT, 4},
  {"fl64", "lpcm", CAF_FLOAT, 8},
  {"FL64", "lpcm", CAF_FLOAT, 8},
  {"alaw", "alaw", 0, 1},
  {"ALAW", "alaw", 0, 1},
  {"ulaw", "ulaw", 0, 1},
  {"ULAW", "ulaw", 0, 1},
};

/// What CAF says of its numbers
typedef struct {
  double   rate;
  char     type[4];
  unsigned flags;
  unsigned bytes; ///< Of a sample
  unsigned n_channels;
} Numbers;

static uint8_t*
store_name(uint8_t* const p, const char* const name)
{
  memcpy(p, name, 4U);
  return p + 4;
}

/// Read at most `n` bytes of a chunk, return how many
static size_t
read_part(ByteStream* const  stream,
          const Chunk* const chunk,
          uint8_t* const     bytes,
          const size_t       n)
{
  const size_t size = chunk->size < (int64_t)n ? (size_t)chunk->size : n;
  return byte_stream_peek(stream, chunk->body, bytes, size);
}

static int64_t
wave_kind(const uint8_t* const bytes, const bool big_endian)
{
  return chunk_load(bytes, 2U, big_endian);
}

/**
   Put numbers right that say one thing twice: of linear numbers the bytes of a
   frame follow from the bits, and those of a second from both.

   @return The size of the chunk.
*/
static size_t
mend_wave_format(uint8_t* const fmt, const size_t size, const bool big_endian)
{
  const bool    is_extensible = wave_kind(fmt, big_endian) == WAVE_EXTENSIBLE;
  const bool    is_whole      = is_extensible && size >= EXTENSIBLE_SIZE;
  const int64_t tag           = is_whole ? wave_kind(fmt + 24, big_endian)
                                : is_extensible ? WAVE_PCM
                                                : wave_kind(fmt, big_endian);
  const int64_t n             = chunk_load(fmt + 2, 2U, big_endian);
  const int64_t rate          = chunk_load(fmt + 4, 4U, big_endian);
  const int64_t frame         = chunk_load(fmt + 12, 2U, big_endian);
  int64_t       bits          = chunk_load(fmt + 14, 2U, big_endian);
  if (!n || (tag != WAVE_PCM && tag != WAVE_FLOAT && tag != WAVE_ALAW &&
             tag != WAVE_ULAW)) {
    return size;
  }

  // Old ones have no bits, and some of one byte say 16
  const bool is_law   = tag == WAVE_ALAW || tag == WAVE_ULAW;
  bits                = is_law ? 8 : bits ? bits : frame / n * 8;
  const int64_t least = (bits + 7) / 8;
  const bool    fits  = !is_law && tag == WAVE_PCM && frame % n == 0 &&
                    frame / n >= least && frame / n <= 4;
  const int64_t sample = fits ? frame / n : least;
  chunk_store(fmt + 8, 4U, big_endian, rate * sample * n);
  chunk_store(fmt + 12, 2U, big_endian, sample * n);
  chunk_store(fmt + 14, 2U, big_endian, bits);
  if (!is_whole) {
    chunk_store(fmt, 2U, big_endian, tag);
  }
  return is_whole ? EXTENSIBLE_SIZE : 16U;
}

/// Make a header of a WAV file that was never closed, which libsndfile reads to
/// the end of the file
static size_t
make_wav(ByteStream* const         stream,
         const ChunkKind* const    kind,
         const FormatChunks* const chunks,
         uint8_t* const            head)
{
  const bool big_endian    = kind->big_endian;
  uint8_t    fmt[MAX_PART] = {0};
  uint8_t    fact[4];
  size_t     n_fmt = read_part(stream, &chunks->format, fmt, sizeof(fmt));
  if (n_fmt < 14U) {
    return 0U;
  }

  n_fmt      = n_fmt < 16U ? 16U : n_fmt;
  n_fmt      = mend_wave_format(fmt, n_fmt, big_endian);
  uint8_t* p = store_name(head, big_endian ? "RIFX" : "RIFF");
  p          = chunk_store(p, 4U, big_endian, 8);
  p          = store_name(store_name(p, "WAVE"), "fmt ");
  p          = chunk_store(p, 4U, big_endian, (int64_t)n_fmt);
  memcpy(p, fmt, n_fmt + (n_fmt & 1U));
  p += n_fmt + (n_fmt & 1U);
  if (read_part(stream, &chunks->fact, fact, sizeof(fact)) == sizeof(fact)) {
    p = chunk_store(store_name(p, "fact"), 4U, big_endian, 4);
    memcpy(p, fact, sizeof(fact));
    p += sizeof(fact);
  }
  p = chunk_store(store_name(p, "data"), 4U, big_endian, 0);
  return (size_t)(p - head);
}

static size_t
make_caf(const Numbers* const numbers, const int64_t size, uint8_t* const head)
{
  uint64_t rate = 0U;
  memcpy(&rate, &numbers->rate, sizeof(rate));

  const unsigned frame = numbers->bytes * numbers->n_channels;
  uint8_t*       p     = store_name(head, "caff");
  p = store_name(chunk_store(p, 4U, true, 1 << 16), "desc"); // Version 1
  p = chunk_store(p, 8U, true, DESC_SIZE);
  p = chunk_store(p, 4U, true, (int64_t)(rate >> 32U));
  p = chunk_store(p, 4U, true, (int64_t)(rate & 0xFFFFFFFFU));
  p = store_name(p, numbers->type);
  p = chunk_store(p, 4U, true, numbers->flags);
  p = chunk_store(p, 4U, true, frame);
  p = chunk_store(p, 4U, true, 1); // Frames in a packet
  p = chunk_store(p, 4U, true, numbers->n_channels);
  p = chunk_store(p, 4U, true, 8 * numbers->bytes);
  p = store_name(p, "data");
  p = chunk_store(p, 8U, true, size + 4); // libsndfile wants to know it
  memset(p, 0, 4U);
  return (size_t)(p + 4 - head);
}

/// Read AIFF's rate, a number of 80 bits
static double
load_rate(const uint8_t bytes[10])
{
  const int exponent =
    (int)chunk_load(bytes, 2U, true) - 16383 - 63; // Without a sign
  const int64_t high = chunk_load(bytes + 2, 4U, true);
  const int64_t low  = chunk_load(bytes + 6, 4U, true);
  const double  rate =
    ldexp(((double)high * 4294967296.0) + (double)low, exponent);
  return rate < 1e9 ? rate : 0.0;
}

/// Find what CAF calls the numbers of an AIFF file; false if it has none such
static bool
numbers_of_aiff(const uint8_t* const comm, const bool is_c, Numbers* const out)
{
  const char* const type = is_c ? (const char*)comm + COMM_SIZE : "NONE";
  const int64_t     bits = chunk_load(comm + 6, 2U, true);
  for (size_t i = 0U; i < sizeof(plain_types) / sizeof(plain_types[0]); ++i) {
    const PlainType* const t = &plain_types[i];
    if (!memcmp(type, t->aiff, 4U)) {
      memcpy(out->type, t->caf, 4U);
      out->rate       = load_rate(comm + 8);
      out->flags      = t->flags;
      out->bytes      = t->bytes ? t->bytes : (unsigned)(bits + 7) / 8U;
      out->n_channels = (unsigned)chunk_load(comm, 2U, true);
      return out->bytes && out->bytes <= MAX_BITS / 8;
    }
  }
  return false;
}

/// Make a header of an AIFF file whose samples are not plain numbers
static size_t
make_aiff(const uint8_t* const comm,
          const bool           is_c,
          const int64_t        size,
          uint8_t* const       head)
{
  const int64_t most   = INT64_C(0xFFFFFF00);
  const int64_t n_data = size < most ? size : most;
  const size_t  n      = is_c ? AIFC_SIZE : COMM_SIZE;

  uint8_t* p = store_name(head, "FORM");
  p          = chunk_store(p, 4U, true, n_data + (int64_t)n + 28);
  p          = store_name(store_name(p, is_c ? "AIFC" : "AIFF"), "COMM");
  p          = chunk_store(p, 4U, true, (int64_t)n);
  memcpy(p, comm, n);
  memset(p + COMM_SIZE + 4, 0, is_c ? 2U : 0U); // A name of no letters
  p = chunk_store(store_name(p + n, "SSND"), 4U, true, n_data + 8);
  memset(p, 0, 8U);
  return (size_t)(p + 8 - head);
}

static size_t
make_of_aiff(ByteStream* const         stream,
             const ChunkKind* const    kind,
             const FormatChunks* const chunks,
             const int64_t             size,
             uint8_t* const            head)
{
  const bool   is_c            = !memcmp(kind->kind, "AIFC", 4U);
  uint8_t      comm[AIFC_SIZE] = {0};
  const size_t n = read_part(stream, &chunks->format, comm, sizeof(comm));
  Numbers      numbers;
  if (n < (is_c ? COMM_SIZE + 4U : COMM_SIZE)) {
    return 0U;
  }
  return numbers_of_aiff(comm, is_c, &numbers)
           ? make_caf(&numbers, size, head)
           : make_aiff(comm, is_c, size, head);
}

static size_t
make_of_caf(ByteStream* const         stream,
            const FormatChunks* const chunks,
            const int64_t             size,
            uint8_t* const            head)
{
  uint8_t      desc[DESC_SIZE] = {0};
  const size_t n       = read_part(stream, &chunks->format, desc, sizeof(desc));
  const char*  type    = (const char*)desc + 8;
  Numbers      numbers = {0};
  if (n < DESC_SIZE || (memcmp(type, "lpcm", 4U) && memcmp(type, "alaw", 4U) &&
                        memcmp(type, "ulaw", 4U))) {
    return 0U;
  }

  uint64_t rate = 0U;
  for (size_t i = 0U; i < 8U; ++i) {
    rate = rate << 8U | desc[i];
  }
  memcpy(&numbers.rate, &rate, sizeof(rate));
  memcpy(numbers.type, type, 4U);
  numbers.flags      = (unsigned)chunk_load(desc + 12, 4U, true);
  numbers.n_channels = (unsigned)chunk_load(desc + 24, 4U, true);

  const int64_t frame = chunk_load(desc + 16, 4U, true);
  numbers.bytes =
    numbers.n_channels ? (unsigned)(frame / numbers.n_channels) : 0U;
  return numbers.bytes && numbers.bytes <= MAX_BITS / 8
           ? make_caf(&numbers, size, head)
           : 0U;
}

size_t
chunk_head_make(ByteStream* const         stream,
                const ChunkKind* const    kind,
                const FormatChunks* const chunks,
                const int64_t             size,
                uint8_t* const            head)
{
  return !strcmp(kind->format, "fmt ") ? make_wav(stream, kind, chunks, head)
         : !strcmp(kind->format, "COMM")
           ? make_of_aiff(stream, kind, chunks, size, head)
           : make_of_caf(stream, chunks, size, head);
}

size_t
chunk_head_make_au(ByteStream* const stream, uint8_t* const head)
{
  byte_stream_peek(stream, 0, head, AU_SIZE);
  chunk_store(head + 4, 4U, true, AU_SIZE);
  memset(head + 8, 0xFF, 4U); // To the end
  return AU_SIZE;
}
