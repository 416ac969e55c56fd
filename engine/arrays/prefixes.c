// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "arrays/prefixes.h"

#include "format/safetensors.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 256, ROOM_FOR_DOTS = 6 };

/// Cut the name of a layer's first weight down to its prefix
static bool
prefix_of(const GrusTensor* const tensor, char* const prefix)
{
  static const char first[] = "weight_ih_l0";

  const size_t length = strlen(tensor->name);
  const size_t n      = length - (sizeof(first) - 1U);
  if (length < sizeof(first) - 1U || length >= NAME_SIZE ||
      strcmp(tensor->name + n, first) != 0) {
    return false;
  }

  memcpy(prefix, tensor->name, n);
  prefix[n] = '\0';
  return true;
}

/// Add a prefix to the text; returns whether there is room for more
static bool
add(GrusPrefixes* const prefixes, const char* const prefix)
{
  char* const  text = prefixes->text;
  const size_t used = strlen(text);
  const size_t room = sizeof(prefixes->text) - used - ROOM_FOR_DOTS;
  const bool   fits =
    strlen(prefix) + sizeof("; prefixes that would fit: \"\"") < room;
  const char* before = used ? ", " : "; prefixes that would fit: ";
  if (fits) {
    snprintf(text + used, room, "%s\"%s\"", before, prefix);
  } else if (used) {
    snprintf(text + used, ROOM_FOR_DOTS, ", ...");
  }
  return fits;
}

GrusPrefixes
grus_prefixes_find(const GrusSafetensors* const file,
                   const GrusPrefixFits         fits,
                   const GrusGru* const         gru)
{
  GrusPrefixes      prefixes = {""};
  const GrusTensor* tensor   = NULL;
  bool              room     = true;
  for (size_t i = 0U; room && (tensor = grus_safetensors_tensor(file, i));
       ++i) {
    char prefix[NAME_SIZE];
    if (prefix_of(tensor, prefix) && fits(file, prefix, gru)) {
      room = add(&prefixes, prefix);
    }
  }

  return prefixes;
}
