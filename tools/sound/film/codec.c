// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/film/codec.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { N_RATES = 16 };

/// What a codec is and can do
typedef struct {
  const char* name;    ///< As ffmpeg calls it
  const char* encoder; ///< As ffmpeg calls what writes it
  const char* label;   ///< As people call it
  unsigned    most_channels;
  unsigned    padding; ///< Samples that the encoder puts before the sound
  unsigned    lowest;  ///< Bits a second and channel, 0 if there is no choice
  unsigned    highest; ///< Likewise
  int         rates[N_RATES]; ///< All that there are, empty if there are all
} Codec;

#define AAC_RATES                                                              \
  {                                                                            \
    7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, \
      88200, 96000                                                             \
  }
#define OPUS_RATES                   \
  {                                  \
    8000, 12000, 16000, 24000, 48000 \
  }
#define MP3_RATES                                                \
  {                                                              \
    8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000 \
  }
#define MP2_RATES                            \
  {                                          \
    16000, 22050, 24000, 32000, 44100, 48000 \
  }
#define AC3_RATES       \
  {                     \
    32000, 44100, 48000 \
  }
#define ALL_RATES \
  {               \
    0             \
  }

static const Codec codecs[N_CODECS] = {
  {"aac", "aac", "AAC", 8U, 1024U, 32000U, 160000U, AAC_RATES},
  {"opus", "libopus", "Opus", 8U, 312U, 16000U, 112000U, OPUS_RATES},
  {"vorbis", "libvorbis", "Vorbis", 8U, 0U, 0U, 0U, ALL_RATES},
  {"mp3", "libmp3lame", "MP3", 2U, 1105U, 32000U, 160000U, MP3_RATES},
  {"mp2", "mp2", "MP2", 2U, 481U, 64000U, 192000U, MP2_RATES},
  {"ac3", "ac3", "AC-3", 6U, 256U, 64000U, 128000U, AC3_RATES},
  {"eac3", "eac3", "E-AC-3", 6U, 256U, 64000U, 128000U, AC3_RATES},
  {"flac", "flac", "FLAC", 8U, 0U, 0U, 0U, ALL_RATES},
  {"alac", "alac", "ALAC", 8U, 0U, 0U, 0U, ALL_RATES},
  {"pcm_s16le", "pcm_s16le", "PCM", 64U, 0U, 0U, 0U, ALL_RATES},
  {"pcm_s24le", "pcm_s24le", "PCM", 64U, 0U, 0U, 0U, ALL_RATES},
  {"pcm_s32le", "pcm_s32le", "PCM", 64U, 0U, 0U, 0U, ALL_RATES},
  {"pcm_f32le", "pcm_f32le", "PCM", 64U, 0U, 0U, 0U, ALL_RATES},
};

/// Other names of codecs
static const struct {
  const char* name;
  FilmCodec   codec;
} relatives[] = {
  {"aac_latm", CODEC_AAC},
  {"ape", CODEC_FLAC}, // Those without loss become the one that is free
  {"mlp", CODEC_FLAC},
  {"tta", CODEC_FLAC},
  {"truehd", CODEC_FLAC},
  {"wavpack", CODEC_FLAC},
  {"mp3float", CODEC_MP3},
  {"pcm_bluray", CODEC_PCM_24},
  {"pcm_dvd", CODEC_PCM_24},
  {"pcm_f32be", CODEC_PCM_FLOAT},
  {"pcm_s16be", CODEC_PCM_16},
  {"pcm_s24be", CODEC_PCM_24},
  {"pcm_s32be", CODEC_PCM_32},
  {"pcm_s8", CODEC_PCM_16},
  {"pcm_u8", CODEC_PCM_16},
};

FilmCodec
film_codec_find(const char* const name)
{
  for (int i = 0; i < N_CODECS; ++i) {
    if (!strcmp(codecs[i].name, name)) {
      return (FilmCodec)i;
    }
  }
  for (size_t i = 0U; i < sizeof(relatives) / sizeof(relatives[0]); ++i) {
    if (!strcmp(relatives[i].name, name)) {
      return relatives[i].codec;
    }
  }
  return N_CODECS;
}

FilmCodec
film_codec_of_format(const int format)
{
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_VORBIS:
    return CODEC_VORBIS;
  case SF_FORMAT_OPUS:
    return CODEC_OPUS;
  case SF_FORMAT_MPEG_LAYER_II:
    return CODEC_MP2;
  case SF_FORMAT_MPEG_LAYER_III:
    return CODEC_MP3;
  case SF_FORMAT_ALAC_16:
  case SF_FORMAT_ALAC_20:
  case SF_FORMAT_ALAC_24:
  case SF_FORMAT_ALAC_32:
    return CODEC_ALAC;
  default:
    return (format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC ? CODEC_FLAC
                                                           : N_CODECS;
  }
}

const char*
film_codec_encoder(const FilmCodec codec)
{
  return codecs[codec].encoder;
}

const char*
film_codec_name(const FilmCodec codec)
{
  return codecs[codec].label;
}

unsigned
film_codec_padding(const FilmCodec codec)
{
  return codecs[codec].padding;
}

bool
film_codec_is_lossless(const FilmCodec codec)
{
  return codec >= CODEC_FLAC;
}

bool
film_codec_has_channels(const FilmCodec codec, const unsigned n_channels)
{
  return n_channels <= codecs[codec].most_channels;
}

int
film_codec_rate(const FilmCodec codec, const int sample_rate)
{
  const int* const rates   = codecs[codec].rates;
  int              highest = 0;
  for (int i = 0; i < N_RATES && rates[i]; ++i) {
    highest = rates[i];
    if (highest >= sample_rate) {
      break;
    }
  }
  return highest ? highest : sample_rate;
}

int
film_codec_numbers(const FilmCodec codec, const int numbers)
{
  const int  given = numbers & SF_FORMAT_SUBMASK;
  const bool small = given == SF_FORMAT_PCM_16 || given == SF_FORMAT_PCM_S8 ||
                     given == SF_FORMAT_PCM_U8 || given == SF_FORMAT_ALAC_16 ||
                     given == SF_FORMAT_ULAW || given == SF_FORMAT_ALAW;
  return codec == CODEC_PCM_16                            ? SF_FORMAT_PCM_16
         : codec == CODEC_PCM_24                          ? SF_FORMAT_PCM_24
         : codec == CODEC_PCM_32                          ? SF_FORMAT_PCM_32
         : codec < CODEC_FLAC || codec == CODEC_PCM_FLOAT ? SF_FORMAT_FLOAT
         : small                                          ? SF_FORMAT_PCM_16
                                                          : SF_FORMAT_PCM_24;
}

unsigned
film_codec_bit_rate(const FilmCodec codec,
                    const unsigned  n_channels,
                    const double    quality)
{
  const double lowest  = (double)codecs[codec].lowest;
  const double highest = (double)codecs[codec].highest;
  return n_channels * (unsigned)(lowest + (quality * (highest - lowest)));
}
