// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/tags.h"

#include <sndfile.h>

#include <stddef.h>
#include <stdlib.h>

/// One piece that libsndfile reads and writes as a struct
typedef struct {
  int    get;
  int    set;
  size_t size;
} Piece;

static const Piece pieces[] = {
  {SFC_GET_BROADCAST_INFO, SFC_SET_BROADCAST_INFO, sizeof(SF_BROADCAST_INFO)},
  {SFC_GET_CART_INFO, SFC_SET_CART_INFO, sizeof(SF_CART_INFO)},
  {SFC_GET_INSTRUMENT, SFC_SET_INSTRUMENT, sizeof(SF_INSTRUMENT)},
  {SFC_GET_CUE, SFC_SET_CUE, sizeof(SF_CUES)},
};

static void
copy_piece(SNDFILE* const from, SNDFILE* const to, const Piece* const piece)
{
  void* const data = calloc(1U, piece->size);
  if (data && sf_command(from, piece->get, data, (int)piece->size)) {
    sf_command(to, piece->set, data, (int)piece->size);
  }
  free(data);
}

void
metadata_copy(SNDFILE* const from, SNDFILE* const to)
{
  for (int s = SF_STR_FIRST; s <= SF_STR_LAST; ++s) {
    const char* const text = sf_get_string(from, s);
    if (text) {
      sf_set_string(to, s, text);
    }
  }
  for (size_t i = 0U; i < sizeof(pieces) / sizeof(pieces[0]); ++i) {
    copy_piece(from, to, &pieces[i]);
  }
}
