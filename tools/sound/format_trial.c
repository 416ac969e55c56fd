// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/format_trial.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { MAX_NEAREST = 5 }; ///< One of them is 0, the end

/// Numbers with those that come next, best first
typedef struct {
  int numbers;
  int nearest[MAX_NEAREST];
} Nearest;

static const Nearest table[] = {
  {SF_FORMAT_PCM_S8, {SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16}},
  {SF_FORMAT_PCM_U8, {SF_FORMAT_PCM_S8, SF_FORMAT_PCM_16}},
  {SF_FORMAT_PCM_16, {SF_FORMAT_ALAC_16, SF_FORMAT_PCM_24}},
  {SF_FORMAT_ALAC_16, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_ALAC_20, {SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT}},
  {SF_FORMAT_ALAC_24, {SF_FORMAT_PCM_24, SF_FORMAT_PCM_32, SF_FORMAT_FLOAT}},
  {SF_FORMAT_PCM_24, {SF_FORMAT_PCM_32, SF_FORMAT_FLOAT, SF_FORMAT_ALAC_24}},
  {SF_FORMAT_ALAC_32, {SF_FORMAT_PCM_32, SF_FORMAT_DOUBLE, SF_FORMAT_FLOAT}},
  {SF_FORMAT_PCM_32,
   {SF_FORMAT_DOUBLE, SF_FORMAT_FLOAT, SF_FORMAT_ALAC_32, SF_FORMAT_PCM_24}},
  {SF_FORMAT_FLOAT, {SF_FORMAT_DOUBLE, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32}},
  {SF_FORMAT_DOUBLE, {SF_FORMAT_FLOAT, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32}},
  {SF_FORMAT_ULAW, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_ALAW, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_IMA_ADPCM, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_MS_ADPCM, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_GSM610, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_VOX_ADPCM, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_NMS_ADPCM_16, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_NMS_ADPCM_24, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_NMS_ADPCM_32, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_G721_32, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_G723_24, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_G723_40, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_DWVW_12, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_DWVW_16, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_DPCM_8, {SF_FORMAT_PCM_16}},
  {SF_FORMAT_DPCM_16, {SF_FORMAT_PCM_16}},
};

/// What comes next where nothing of the above is possible: lossy formats have
/// numbers of their own, which floats hold whole
static const int others[] = {SF_FORMAT_FLOAT,
                             SF_FORMAT_PCM_24,
                             SF_FORMAT_PCM_16,
                             SF_FORMAT_PCM_S8,
                             SF_FORMAT_PCM_U8,
                             SF_FORMAT_VORBIS,
                             SF_FORMAT_MPEG_LAYER_III,
                             SF_FORMAT_ALAC_16,
                             SF_FORMAT_DPCM_16};

enum {
  N_TABLE  = sizeof(table) / sizeof(table[0]),
  N_OTHERS = sizeof(others) / sizeof(others[0]),
};

/// Rates that formats may be limited to
static const int rates[] = {8000,
                            11025,
                            12000,
                            16000,
                            22050,
                            24000,
                            32000,
                            44100,
                            48000,
                            88200,
                            96000,
                            176400,
                            192000,
                            384000};

enum { N_RATES = sizeof(rates) / sizeof(rates[0]) };

/// A file in memory of which only the length is kept
typedef struct {
  sf_count_t place;
  sf_count_t length;
} Nowhere;

static sf_count_t
get_length(void* const data)
{
  return ((const Nowhere*)data)->length;
}

static sf_count_t
get_place(void* const data)
{
  return ((const Nowhere*)data)->place;
}

static sf_count_t
seek(const sf_count_t offset, const int whence, void* const data)
{
  Nowhere* const nowhere = (Nowhere*)data;
  nowhere->place         = offset + (whence == SEEK_CUR   ? nowhere->place
                                     : whence == SEEK_END ? nowhere->length
                                                          : 0);
  return nowhere->place;
}

static sf_count_t
read_nothing(void* const data, const sf_count_t n, void* const user)
{
  (void)data;
  (void)n;
  (void)user;
  return 0;
}

static sf_count_t
drop(const void* const data, const sf_count_t n, void* const user)
{
  Nowhere* const nowhere = (Nowhere*)user;
  (void)data;
  nowhere->place += n;
  if (nowhere->place > nowhere->length) {
    nowhere->length = nowhere->place;
  }
  return n;
}

/// Whether libsndfile would count the byte behind an odd number of samples as
/// one more: it does in AIFF
static bool
counts_padding(const SF_INFO* const info)
{
  const int numbers = info->format & SF_FORMAT_SUBMASK;
  return (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_AIFF &&
         info->channels == 1 &&
         (numbers == SF_FORMAT_PCM_S8 || numbers == SF_FORMAT_PCM_U8 ||
          numbers == SF_FORMAT_ULAW || numbers == SF_FORMAT_ALAW);
}

bool
format_trial(const SF_INFO* const info)
{
  if (counts_padding(info)) {
    return false;
  }

  SF_VIRTUAL_IO functions = {get_length, seek, read_nothing, drop, get_place};
  Nowhere       nowhere   = {0, 0};
  SF_INFO copy = {0, info->samplerate, info->channels, info->format, 0, 0};
  SNDFILE* const file =
    sf_format_check(&copy)
      ? sf_open_virtual(&functions, SFM_WRITE, &copy, &nowhere)
      : NULL;
  return file && !sf_close(file);
}

static bool
try_numbers(SF_INFO* const info, const int numbers)
{
  SF_INFO copy = *info;
  copy.format  = (info->format & ~SF_FORMAT_SUBMASK) | numbers;
  if (!format_trial(&copy)) {
    return false;
  }

  info->format = copy.format;
  return true;
}

bool
format_trial_numbers(SF_INFO* const info, const bool fixed)
{
  const int numbers = info->format & SF_FORMAT_SUBMASK;
  if (numbers && try_numbers(info, numbers)) {
    return true;
  }
  if (fixed) {
    return false;
  }

  for (size_t i = 0U; i < N_TABLE; ++i) {
    for (size_t j = 0U; table[i].numbers == numbers && table[i].nearest[j];
         ++j) {
      if (try_numbers(info, table[i].nearest[j])) {
        return true;
      }
    }
  }
  for (size_t i = 0U; i < N_OTHERS; ++i) {
    if (try_numbers(info, others[i])) {
      return true;
    }
  }
  return false;
}

static bool
try_rate(SF_INFO* const info, const int rate, const bool fixed)
{
  SF_INFO copy    = *info;
  copy.samplerate = rate;
  if (!format_trial_numbers(&copy, fixed)) {
    return false;
  }

  *info = copy;
  return true;
}

bool
format_trial_rate(SF_INFO* const info, const bool fixed)
{
  const int rate = info->samplerate;
  if (try_rate(info, rate, fixed)) {
    return true;
  }

  for (size_t i = 0U; i < N_RATES; ++i) {
    if (rates[i] > rate && try_rate(info, rates[i], fixed)) {
      return true;
    }
  }
  for (size_t i = N_RATES; i-- > 0U;) {
    if (rate % rates[i] == 0 && try_rate(info, rates[i], fixed)) {
      return true;
    }
  }
  for (size_t i = N_RATES; i-- > 0U;) {
    if (try_rate(info, rates[i], fixed)) {
      return true;
    }
  }
  return false;
}
