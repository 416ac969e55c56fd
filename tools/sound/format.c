// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/format.h"

#include "cli/say.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/// Names of containers, which are endings of files too
typedef struct {
  const char* name;
  int         container;
} Container;

static const Container containers[] = {
  {"wav", SF_FORMAT_WAV},
  {"wave", SF_FORMAT_WAV},
  {"wavex", SF_FORMAT_WAVEX},
  {"rf64", SF_FORMAT_RF64},
  {"w64", SF_FORMAT_W64},
  {"aiff", SF_FORMAT_AIFF},
  {"aif", SF_FORMAT_AIFF},
  {"au", SF_FORMAT_AU},
  {"snd", SF_FORMAT_AU},
  {"caf", SF_FORMAT_CAF},
  {"flac", SF_FORMAT_FLAC},
  {"ogg", SF_FORMAT_OGG},
  {"oga", SF_FORMAT_OGG},
  {"opus", SF_FORMAT_OGG},
  {"mp3", SF_FORMAT_MPEG},
  {"raw", SF_FORMAT_RAW},
};

enum { N_CONTAINERS = sizeof(containers) / sizeof(containers[0]) };

/// Numbers to fall back on, best first
static const int fallbacks[] = {SF_FORMAT_FLOAT,
                                SF_FORMAT_PCM_24,
                                SF_FORMAT_PCM_16,
                                SF_FORMAT_VORBIS,
                                SF_FORMAT_MPEG_LAYER_III};

static int
container_of(const char* const name)
{
  for (size_t i = 0U; i < N_CONTAINERS; ++i) {
    if (!strcasecmp(containers[i].name, name)) {
      return containers[i].container;
    }
  }

  return 0;
}

/// Return what follows the last dot of the last part of a path, never null
static const char*
ending_of(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  const char* const dot   = strrchr(slash ? slash : path, '.');
  return dot ? dot + 1 : "";
}

static int
numbers_of(const char* const bits)
{
  return !strcmp(bits, "16")      ? SF_FORMAT_PCM_16
         : !strcmp(bits, "24")    ? SF_FORMAT_PCM_24
         : !strcmp(bits, "32")    ? SF_FORMAT_PCM_32
         : !strcmp(bits, "float") ? SF_FORMAT_FLOAT
                                  : 0;
}

/// Return whether libsndfile writes this format
static int
is_possible(const SF_INFO* const input, const int format)
{
  // What sf_format_check() lets pass, but opening does not
  const int  numbers = format & SF_FORMAT_SUBMASK;
  const bool is_mpeg =
    numbers >= SF_FORMAT_MPEG_LAYER_I && numbers <= SF_FORMAT_MPEG_LAYER_III;
  if (is_mpeg && (format & SF_FORMAT_TYPEMASK) != SF_FORMAT_MPEG) {
    return false;
  }

  SF_INFO info = *input;
  info.format  = format;
  return sf_format_check(&info);
}

/// Return the container with the numbers wished for, or with the next best
static int
with_numbers(const int container, const int numbers, const SF_INFO* const input)
{
  if (is_possible(input, container | numbers)) {
    return container | numbers;
  }
  for (size_t i = 0U; i < sizeof(fallbacks) / sizeof(fallbacks[0]); ++i) {
    if (is_possible(input, container | fallbacks[i])) {
      return container | fallbacks[i];
    }
  }

  return 0;
}

static int64_t
bytes_of(const int numbers)
{
  switch (numbers) {
  case SF_FORMAT_DOUBLE:
    return 8;
  case SF_FORMAT_FLOAT:
  case SF_FORMAT_PCM_32:
    return 4;
  case SF_FORMAT_PCM_24:
    return 3;
  default:
    return 2;
  }
}

int
sound_format_choose(const char* const    name,
                    const char* const    bits,
                    const char* const    path,
                    const SF_INFO* const input,
                    const int64_t        n_frames,
                    int* const           format)
{
  const char* const ending    = ending_of(path);
  const char* const wanted    = name ? name : ending;
  int               container = container_of(wanted);
  int numbers = bits ? numbers_of(bits) : input->format & SF_FORMAT_SUBMASK;

  if (name && !container) {
    return say_error(EXIT_USAGE,
                     "unknown format \"%s\" (wav, rf64, w64, aiff, au, caf, "
                     "flac, ogg, opus, mp3 or raw)",
                     name);
  }
  if (!numbers) {
    return say_error(
      EXIT_USAGE, "unknown bits \"%s\" (16, 24, 32 or float)", bits);
  }
  if (!container) {
    container = input->format & SF_FORMAT_TYPEMASK;
  }
  if (!strcasecmp(wanted, "opus")) {
    numbers = SF_FORMAT_OPUS;
  }

  const int64_t limit = INT64_C(0xFFF00000); // Room for chunks below 4 GB
  const int64_t frame = input->channels * bytes_of(numbers);
  if ((container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX) &&
      n_frames > limit / frame) {
    container = SF_FORMAT_RF64;
  }

  *format = with_numbers(container, numbers, input);
  return *format ? EXIT_OK
                 : say_error(EXIT_USAGE,
                             "the format of \"%s\" cannot hold %d channels at "
                             "%d Hz (choose another with --format)",
                             path,
                             input->channels,
                             input->samplerate);
}

unsigned
sound_format_bits(const int format)
{
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_PCM_S8:
  case SF_FORMAT_PCM_U8:
    return 8U;
  case SF_FORMAT_PCM_16:
  case SF_FORMAT_ALAC_16:
    return 16U;
  case SF_FORMAT_PCM_24:
  case SF_FORMAT_ALAC_24:
    return 24U;
  case SF_FORMAT_PCM_32:
  case SF_FORMAT_ALAC_32:
    return 32U;
  default:
    return 0U;
  }
}

bool
sound_format_is_stream(const int format)
{
  switch (format & SF_FORMAT_TYPEMASK) {
  case SF_FORMAT_FLAC:
  case SF_FORMAT_MPEG:
  case SF_FORMAT_OGG:
  case SF_FORMAT_RAW:
  case SF_FORMAT_WAV:
  case SF_FORMAT_WAVEX:
    return true;
  default:
    return false;
  }
}

const char*
sound_format_numbers(const int format)
{
  static SF_FORMAT_INFO info;

  info.format = format & SF_FORMAT_SUBMASK;
  return sf_command(NULL, SFC_GET_FORMAT_INFO, &info, sizeof(info)) ? "unknown"
                                                                    : info.name;
}
