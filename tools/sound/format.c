// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/format.h"

#include "cli/say.h"
#include "sound/format_trial.h"

#include <sndfile.h>

#include <ctype.h>
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
  {"aifc", SF_FORMAT_AIFF},
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

static const char own_names[] =
  "wav, rf64, w64, aiff, au, caf, flac, ogg, opus, mp3 or raw";

/// Return the container that libsndfile has this ending for, 0 if it has none
static int
find_container(const char* const ending)
{
  int n = 0;
  sf_command(NULL, SFC_GET_FORMAT_MAJOR_COUNT, &n, sizeof(n));
  for (int i = 0; i < n; ++i) {
    SF_FORMAT_INFO info = {i, NULL, NULL};
    sf_command(NULL, SFC_GET_FORMAT_MAJOR, &info, sizeof(info));
    if (info.extension && !strcasecmp(info.extension, ending)) {
      return info.format & SF_FORMAT_TYPEMASK;
    }
  }

  return 0;
}

static int
container_of(const char* const name)
{
  for (size_t i = 0U; i < N_CONTAINERS; ++i) {
    if (!strcasecmp(containers[i].name, name)) {
      return containers[i].container;
    }
  }

  // Half of a Sound Designer file is in another one
  const int container = find_container(name);
  return container == SF_FORMAT_SD2 ? 0 : container;
}

/// Return what follows the last dot of the last part of a path, never null
static const char*
ending_of(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  const char* const name  = slash ? slash + 1 : path;
  const char* const dot   = strrchr(name, '.');
  return dot && dot > name ? dot + 1 : "";
}

/// Return whether what follows a dot is the name of some format: a few letters
/// and digits, unlike "2026" or "by Ann"
static bool
is_name(const char* const ending)
{
  enum { LONGEST = 5 };

  bool         has_letter = false;
  const size_t n          = strlen(ending);
  for (size_t i = 0U; i < n; ++i) {
    has_letter = has_letter || isalpha((unsigned char)ending[i]);
    if (!isalnum((unsigned char)ending[i])) {
      return false;
    }
  }
  return has_letter && n <= LONGEST;
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

int
sound_format_check_bits(const SoundFormatWish* const wish)
{
  return !wish->bits || numbers_of(wish->bits)
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "unknown bits \"%s\" (16, 24, 32 or float)",
                       wish->bits);
}

int
sound_format_check(const SoundFormatWish* const wish)
{
  const char* const ending = ending_of(wish->path);
  if (wish->name && !container_of(wish->name)) {
    return say_error(
      EXIT_USAGE, "unknown format \"%s\" (%s)", wish->name, own_names);
  }
  const int code = sound_format_check_bits(wish);
  if (code) {
    return code;
  }
  if (!wish->name && is_name(ending) && !container_of(ending)) {
    return say_error(EXIT_USAGE,
                     "\"%s\": Grus cannot write .%s (%s; --format writes one "
                     "of them under any name)",
                     wish->path,
                     ending,
                     own_names);
  }

  return EXIT_OK;
}

int64_t
sound_format_frames(const int64_t n_frames,
                    const int     from_rate,
                    const int     to_rate)
{
  if (from_rate == to_rate || n_frames < 0) {
    return n_frames;
  }

  // In two parts, so that nothing overflows
  const int64_t whole = n_frames / from_rate;
  const int64_t rest  = n_frames % from_rate;
  return (whole * to_rate) +
         (((2 * rest * to_rate) + from_rate) / (2 * (int64_t)from_rate));
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

const char*
sound_format_name(const SoundFormatWish* const wish)
{
  return wish->name ? wish->name : ending_of(wish->path);
}

static bool
wishes_opus(const SoundFormatWish* const wish)
{
  return !strcasecmp(sound_format_name(wish), "opus");
}

/// Return the format that is wished for, whether it is possible or not
static int
wished_format(const SoundFormatWish* const wish, const int input)
{
  const int named     = container_of(sound_format_name(wish));
  const int container = named ? named : input & SF_FORMAT_TYPEMASK;
  const int numbers   = wishes_opus(wish) ? (int)SF_FORMAT_OPUS
                        : wish->bits      ? numbers_of(wish->bits)
                                          : input & SF_FORMAT_SUBMASK;
  return container | numbers;
}

/// Make WAV what has room for more than 4 GB, if it needs that
static void
make_room(SF_INFO* const info)
{
  const int64_t limit     = INT64_C(0xFFF00000); // Leaves some for chunks
  const int     container = info->format & SF_FORMAT_TYPEMASK;
  const int     numbers   = info->format & SF_FORMAT_SUBMASK;
  const int64_t frame     = info->channels * bytes_of(numbers);
  if ((container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX) &&
      info->frames > limit / frame) {
    info->format = SF_FORMAT_RF64 | numbers;
  }
}

/// Find what can be written instead of info->format
static bool
make_possible(SF_INFO* const info, const SoundFormatWish* const wish)
{
  const bool fixed = wishes_opus(wish); // Its container would take Vorbis
  return wish->rate ? format_trial_numbers(info, fixed)
                    : format_trial_rate(info, fixed);
}

int
sound_format_choose(const SoundFormatWish* const wish,
                    const SF_INFO* const         input,
                    SF_INFO* const               output)
{
  const int code = sound_format_check(wish);
  if (code) {
    return code;
  }

  memset(output, 0, sizeof(*output));
  output->samplerate = wish->rate ? (int)wish->rate : input->samplerate;
  output->channels   = input->channels;
  output->format     = wished_format(wish, input->format);
  output->frames =
    sound_format_frames(input->frames, input->samplerate, output->samplerate);
  make_room(output);

  const bool named = container_of(sound_format_name(wish));
  bool       found = make_possible(output, wish);
  if (!found && !named) {
    output->format = SF_FORMAT_WAV | (output->format & SF_FORMAT_SUBMASK);
    make_room(output);
    found = make_possible(output, wish);
  }
  output->frames =
    sound_format_frames(input->frames, input->samplerate, output->samplerate);
  return found ? EXIT_OK
               : say_error(EXIT_USAGE,
                           "the format of \"%s\" cannot hold %d channels at "
                           "%d Hz (choose another with --format%s)",
                           wish->path,
                           input->channels,
                           output->samplerate,
                           wish->rate ? ", or another --rate" : "");
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
  case SF_FORMAT_ALAC_20:
    return 20U;
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
