// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file news.h

   What a person is told about the model, from the thread that loads models to
   the audio thread: only the newest, however long that was not looked at.
*/

#ifndef GRUS_PLUGIN_NEWS_H
#define GRUS_PLUGIN_NEWS_H

#include "grus/grus.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { MAX_PATH = 4096, MAX_NAME = 128, MAX_LICENSE = 64 };

/// What a person is told about the model; strings are cut to fit
typedef struct {
  char     path[MAX_PATH]; ///< Empty for the model in the bundle
  char     name[MAX_NAME];
  char     license[MAX_LICENSE];
  char     error[GRUS_MESSAGE_SIZE]; ///< Empty if nothing is wrong
  uint32_t sample_rate;              ///< Hz
} ModelNews;

/// Three places: the writer's, the reader's, and one to swap with
typedef struct {
  ModelNews        places[3];
  unsigned         writer; ///< Index of its place
  unsigned         reader; ///< Likewise
  _Atomic unsigned middle; ///< Index, and whether it has news
} NewsBoard;

/// Begin with no news
void
news_board_start(NewsBoard* board);

/// Put news up, in the place of those that nobody took (one thread at a time)
void
news_board_put(NewsBoard* board, const ModelNews* news);

/// Take the newest news, if there are any (another thread, real-time safe)
bool
news_board_take(NewsBoard* board, ModelNews* news);

#endif // GRUS_PLUGIN_NEWS_H
