// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/other_formats.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// How a file begins, and what is said about it
typedef struct {
  const char* start;
  size_t      size;
  const char* said;
} Format;

#define STARTS(start) (start), sizeof(start) - 1U

#define HOW_TO_CONVERT                                   \
  "convert it with Python: safetensors.torch.save_file(" \
  "torch.load(\"it.pt\", weights_only=True), \"it.safetensors\")"

static const Format formats[] = {
  {STARTS("PK\x03\x04"),
   "this is a zip archive, as torch.save() writes it (.pt, .pth), not a "
   ".safetensors file: " HOW_TO_CONVERT},
  {STARTS("\x80\x02"),
   "this is a pickle, as old versions of torch.save() write it, not a "
   ".safetensors file: " HOW_TO_CONVERT},
  {STARTS("version https://git-lfs"),
   "this is a pointer of Git LFS, not the file itself: fetch that with "
   "\"git lfs pull\""},
  {STARTS("<!doctype html"),
   "this is a web page, not a .safetensors file: download the file itself"},
  {STARTS("<html"),
   "this is a web page, not a .safetensors file: download the file itself"},
};

/// Return whether bytes begin with a text, in letters of any size
static bool
begins(const uint8_t* const bytes,
       const size_t         size,
       const Format* const  format)
{
  bool same = size >= format->size;
  for (size_t i = 0U; same && i < format->size; ++i) {
    const uint8_t c     = bytes[i];
    const uint8_t lower = c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20U) : c;
    same = c == (uint8_t)format->start[i] || lower == (uint8_t)format->start[i];
  }

  return same;
}

const char*
grus_other_format(const uint8_t* bytes, size_t size)
{
  while (size && *bytes && strchr(" \t\r\n", *bytes)) {
    ++bytes; // Which web pages begin with
    --size;
  }
  for (size_t i = 0U; i < sizeof(formats) / sizeof(formats[0]); ++i) {
    if (begins(bytes, size, &formats[i])) {
      return formats[i].said;
    }
  }

  return NULL;
}
