// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "../../plugin/news.h"

#include <criterion/criterion.h>

#include <stdint.h>
#include <string.h>

static ModelNews
news_of(const uint32_t number)
{
  ModelNews news;
  memset(&news, 0, sizeof(news));
  news.sample_rate = number;
  return news;
}

Test(news, the_newest_is_taken_once)
{
  static NewsBoard board;
  ModelNews        taken = news_of(0U);
  news_board_start(&board);
  cr_assert(!news_board_take(&board, &taken));

  // A host that has stopped takes none for long
  for (uint32_t i = 1U; i <= 9U; ++i) {
    const ModelNews news = news_of(i);
    news_board_put(&board, &news);
  }
  cr_assert(news_board_take(&board, &taken));
  cr_assert_eq(taken.sample_rate, 9U);
  cr_assert(!news_board_take(&board, &taken));

  for (uint32_t i = 10U; i <= 20U; ++i) {
    const ModelNews news = news_of(i);
    news_board_put(&board, &news);
    cr_assert(news_board_take(&board, &taken));
    cr_assert_eq(taken.sample_rate, i);
  }
}
