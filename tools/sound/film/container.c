// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/film/container.h"

#include "cli/say.h"
#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "sound/film/codec.h"
#include "sound/format.h"
#include "sound/input.h"

#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define MATROSKA_CODECS                                                  \
  {                                                                      \
    CODEC_OPUS, CODEC_FLAC, CODEC_AAC, CODEC_AC3, CODEC_EAC3, CODEC_MP3, \
      CODEC_MP2, CODEC_VORBIS, CODEC_ALAC, CODEC_PCM_16, CODEC_PCM_24,   \
      CODEC_PCM_32, CODEC_PCM_FLOAT                                      \
  }
#define MP4_CODECS                                                        \
  {                                                                       \
    CODEC_AAC, CODEC_ALAC, CODEC_FLAC, CODEC_OPUS, CODEC_AC3, CODEC_EAC3, \
      CODEC_MP3, CODEC_MP2, N_CODECS                                      \
  }
#define M4A_CODECS                             \
  {                                            \
    CODEC_AAC, CODEC_ALAC, CODEC_AC3, N_CODECS \
  }

/// Containers that are the same under several names
#define MP4(extension)                                                  \
  {                                                                     \
    .name = (extension), .muxer = "mp4", .covers = true, .skips = true, \
    .subtitle = "mov_text", .pictures = true, .timed = true,            \
    .lossy = CODEC_AAC, .lossless = CODEC_AAC, .codecs = MP4_CODECS     \
  }
#define M4A(extension)                                                   \
  {                                                                      \
    .name = (extension), .muxer = "ipod", .covers = true, .skips = true, \
    .timed = true, .lossy = CODEC_AAC, .lossless = CODEC_AAC,            \
    .codecs = M4A_CODECS                                                 \
  }

static const FilmContainer containers[] = {
  {.name     = "mkv",
   .muxer    = "matroska",
   .subtitle = "srt",
   .pictures = true,
   .streamed = true,
   .covers   = true,
   .attached = true,
   .timed    = true,
   .lossy    = CODEC_OPUS,
   .lossless = CODEC_FLAC,
   .codecs   = MATROSKA_CODECS},
  {.name     = "mka",
   .muxer    = "matroska",
   .streamed = true,
   .covers   = true,
   .attached = true,
   .timed    = true,
   .lossy    = CODEC_OPUS,
   .lossless = CODEC_FLAC,
   .codecs   = MATROSKA_CODECS},
  {.name     = "webm",
   .muxer    = "webm",
   .subtitle = "webvtt",
   .pictures = true,
   .streamed = true,
   .timed    = true,
   .lossy    = CODEC_OPUS,
   .lossless = CODEC_OPUS,
   .codecs   = {CODEC_OPUS, CODEC_VORBIS, N_CODECS}},
  MP4("mp4"),
  MP4("m4v"),
  M4A("m4a"),
  M4A("m4b"),
  {.name     = "mov",
   .muxer    = "mov",
   .covers   = true,
   .skips    = true,
   .subtitle = "mov_text",
   .pictures = true,
   .timed    = true,
   .lossy    = CODEC_AAC,
   .lossless = CODEC_AAC,
   .codecs   = {CODEC_AAC,
                CODEC_ALAC,
                CODEC_AC3,
                CODEC_EAC3,
                CODEC_MP3,
                CODEC_PCM_16,
                CODEC_PCM_24,
                CODEC_PCM_32,
                CODEC_PCM_FLOAT,
                N_CODECS}},
  {.name     = "avi",
   .muxer    = "avi",
   .pictures = true,
   .annex_b  = true,
   .lax      = true,
   .lossy    = CODEC_MP3,
   .lossless = CODEC_MP3,
   .codecs =
     {CODEC_MP3, CODEC_AC3, CODEC_PCM_16, CODEC_PCM_24, CODEC_MP2, N_CODECS}},
  {.name     = "ts",
   .muxer    = "mpegts",
   .pictures = true,
   .streamed = true,
   .timed    = true,
   .annex_b  = true,
   .lax      = true,
   .lossy    = CODEC_AAC,
   .lossless = CODEC_AAC,
   .codecs =
     {CODEC_AAC, CODEC_AC3, CODEC_EAC3, CODEC_MP2, CODEC_MP3, N_CODECS}},
};

enum { N_CONTAINERS = sizeof(containers) / sizeof(containers[0]) };

const FilmContainer*
film_container_find(const SoundFormatWish* const wish)
{
  const char* const name = sound_format_name(wish);
  for (size_t i = 0U; i < N_CONTAINERS; ++i) {
    if (!strcasecmp(containers[i].name, name)) {
      return &containers[i];
    }
  }
  return NULL;
}

/// Return the codec of whole numbers that are wished for, #N_CODECS if the
/// container has none
static FilmCodec
wished_codec(const FilmContainer* const container, const char* const bits)
{
  const FilmCodec plain = !strcmp(bits, "16")   ? CODEC_PCM_16
                          : !strcmp(bits, "24") ? CODEC_PCM_24
                          : !strcmp(bits, "32") ? CODEC_PCM_32
                                                : CODEC_PCM_FLOAT;
  for (size_t i = 0U; i < FILM_MOST_CODECS; ++i) {
    const FilmCodec codec = container->codecs[i];
    const bool      packed =
      plain <= CODEC_PCM_24 && (codec == CODEC_FLAC || codec == CODEC_ALAC);
    if (codec == N_CODECS || codec == plain || packed) {
      return codec;
    }
  }
  return N_CODECS;
}

void
film_container_copy(const FilmContainer* const container,
                    const char* const          codec,
                    const size_t               n,
                    Arguments* const           arguments)
{
  const bool  is_hevc = !strcmp(codec, "hevc");
  const char* filter  = is_hevc                  ? "hevc_mp4toannexb"
                        : !strcmp(codec, "h264") ? "h264_mp4toannexb"
                                                 : NULL;
  arguments_add(arguments, "-c:%zu", n);
  arguments_add(arguments, "copy");
  if (!container->annex_b || !filter) {
    return;
  }
  arguments_add(arguments, "-bsf:%zu", n);
  arguments_add(arguments, "%s", filter);
  if (!strcmp(container->muxer, "avi")) {
    // That of MP4 tells of other packets, and AVI has none for HEVC by itself
    arguments_add(arguments, "-tag:%zu", n);
    arguments_add(arguments, is_hevc ? "HEVC" : "H264");
  }
}

int
film_container_check(const FilmContainer* const   container,
                     const SoundFormatWish* const wish)
{
  if (!program_is_installed("ffmpeg") || !program_is_installed("ffprobe")) {
    return say_error(EXIT_USAGE,
                     "\"%s\": ffmpeg writes .%s, but is not installed (apt "
                     "install ffmpeg)",
                     wish->path,
                     container->name);
  }
  if (!container->streamed && !strcmp(wish->path, "-")) {
    return say_error(
      EXIT_USAGE,
      "%s cannot be written to a pipe; mkv, mka, webm and ts can",
      container->name);
  }
  const int code = sound_format_check_bits(wish);
  if (!code && wish->bits && wished_codec(container, wish->bits) == N_CODECS) {
    return say_error(EXIT_USAGE,
                     "\"%s\": .%s has no sound of --bits %s",
                     wish->path,
                     container->name,
                     wish->bits);
  }
  return code;
}

static bool
has_codec(const FilmContainer* const container,
          const FilmCodec            codec,
          const unsigned             n_channels)
{
  for (size_t i = 0U; i < FILM_MOST_CODECS; ++i) {
    if (container->codecs[i] == N_CODECS) {
      return false;
    }
    if (container->codecs[i] == codec) {
      return film_codec_has_channels(codec, n_channels);
    }
  }
  return false;
}

/// Return the codec that the input has, #N_CODECS if it is another
static FilmCodec
codec_of_input(const SoundInput* const input)
{
  const MediaFile* const media = input->media;
  return media ? film_codec_find(media->streams[media->sound].codec)
               : film_codec_of_format(input->info.format);
}

/// Return whether nothing has been lost yet
static bool
is_lossless(const SoundInput* const input, const FilmCodec codec)
{
  return codec == N_CODECS ? !input->media : film_codec_is_lossless(codec);
}

/// Return the first codec of a container that has the channels
static FilmCodec
choose_codec(const FilmContainer* const container,
             const FilmCodec            given,
             const bool                 lossless,
             const unsigned             n_channels)
{
  const FilmCodec usual = lossless ? container->lossless : container->lossy;
  if (given != N_CODECS && has_codec(container, given, n_channels)) {
    return given;
  }
  if (has_codec(container, usual, n_channels)) {
    return usual;
  }
  for (size_t i = 0U; i < FILM_MOST_CODECS; ++i) {
    const FilmCodec codec = container->codecs[i];
    if (codec == N_CODECS || film_codec_has_channels(codec, n_channels)) {
      return codec;
    }
  }
  return N_CODECS;
}

/// Return the bit rate: that of the input if its codec stays, else a good one
static unsigned
choose_bit_rate(const FilmFormat* const film, const SoundInput* const input)
{
  const MediaFile* const media  = input->media;
  const unsigned         n      = (unsigned)input->info.channels;
  const bool             chosen = !isnan(film->quality);
  const unsigned         usual =
    film_codec_bit_rate(film->codec, n, chosen ? film->quality : 0.5);
  const double told =
    media ? media_number(media->streams[media->sound].json, "bit_rate", 0.0)
          : 0.0;
  const bool kept = !chosen && usual && film->codec == film->given &&
                    told > 0.0 && told < 4.0 * (double)usual;
  return kept ? (unsigned)told : usual;
}

int
film_format_choose(FilmFormat* const            film,
                   const FilmContainer* const   container,
                   const SoundFormatWish* const wish,
                   const double                 quality,
                   const SoundInput* const      input,
                   SF_INFO* const               info)
{
  const FilmCodec given = codec_of_input(input);
  const unsigned  n     = (unsigned)input->info.channels;
  film->container       = container;
  film->given           = given;
  film->quality         = quality;
  film->codec =
    wish->bits ? wished_codec(container, wish->bits)
               : choose_codec(container, given, is_lossless(input, given), n);
  if (film->codec == N_CODECS || !film_codec_has_channels(film->codec, n)) {
    return say_error(EXIT_USAGE,
                     "\"%s\": .%s has no sound of %u channels",
                     wish->path,
                     container->name,
                     n);
  }

  const int wished = wish->rate ? (int)wish->rate : input->info.samplerate;
  const int bits   = wish->bits && !strcmp(wish->bits, "16") ? SF_FORMAT_PCM_16
                     : wish->bits                            ? SF_FORMAT_PCM_24
                                  : input->info.format;
  memset(info, 0, sizeof(*info));
  info->channels   = input->info.channels;
  info->samplerate = film_codec_rate(film->codec, wished);
  info->format     = SF_FORMAT_WAV | film_codec_numbers(film->codec, bits);
  info->frames     = -1;
  film->bit_rate   = choose_bit_rate(film, input);
  return wish->rate && info->samplerate != wished
           ? say_error(EXIT_USAGE,
                       "\"%s\": %s has no %d Hz (choose another --rate)",
                       wish->path,
                       film_codec_name(film->codec),
                       wished)
           : EXIT_OK;
}
