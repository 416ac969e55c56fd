// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "news.h"

#include <stdatomic.h>
#include <stdbool.h>

static const unsigned is_new = 4U; ///< Beside the index

void
news_board_start(NewsBoard* const board)
{
  board->writer = 0U;
  board->reader = 1U;
  atomic_init(&board->middle, 2U);
}

void
news_board_put(NewsBoard* const board, const ModelNews* const news)
{
  board->places[board->writer] = *news;
  board->writer                = atomic_exchange_explicit(&board->middle,
                                           board->writer | is_new,
                                           memory_order_acq_rel) &
                  ~is_new;
}

bool
news_board_take(NewsBoard* const board, ModelNews* const news)
{
  if (!(atomic_load_explicit(&board->middle, memory_order_relaxed) & is_new)) {
    return false;
  }

  board->reader = atomic_exchange_explicit(
                    &board->middle, board->reader, memory_order_acq_rel) &
                  ~is_new;
  *news = board->places[board->reader];
  return true;
}
