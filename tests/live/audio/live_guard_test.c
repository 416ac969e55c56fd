// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/guard.h"

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stdint.h>

static const double block = 0.005; ///< Seconds

/// Let blocks that take `load` times their length pass for `seconds`
static void
pass(LiveGuard* const guard, const double seconds, const double load)
{
  for (double t = 0.0; t < seconds; t += block) {
    (void)live_guard_note(guard, block, load * block);
  }
}

Test(live_guard, lets_a_machine_that_keeps_up_alone)
{
  LiveGuard guard;
  live_guard_start(&guard);
  pass(&guard, 100.0, 0.9);
  cr_expect_eq(guard.state, LIVE_CLEAN);
  cr_expect_eq(guard.n_rests, 0U);
}

Test(live_guard, forgives_a_block_that_is_late)
{
  LiveGuard guard;
  live_guard_start(&guard);
  for (int i = 0; i < 20; ++i) {
    pass(&guard, 1.0, 0.1);
    (void)live_guard_note(&guard, block, 20.0 * block);
  }
  cr_expect_eq(guard.state, LIVE_CLEAN);
}

Test(live_guard, rests_within_a_second_and_comes_back)
{
  LiveGuard guard;
  live_guard_start(&guard);
  pass(&guard, 1.0, 1.5);
  cr_expect_eq(guard.state, LIVE_REST);
  cr_expect_eq(guard.n_rests, 1U);
  pass(&guard, 1.9, 0.01);
  cr_expect_eq(guard.state, LIVE_LISTEN);
  pass(&guard, 1.1, 0.2);
  cr_expect_eq(guard.state, LIVE_CLEAN);
}

Test(live_guard, rests_as_soon_where_a_network_is_far_too_much)
{
  LiveGuard guard;
  live_guard_start(&guard);
  for (int i = 0; i < 2; ++i) {
    (void)live_guard_note(&guard, block, 40.0 * block);
  }
  cr_expect_eq(guard.state, LIVE_CLEAN);
  (void)live_guard_note(&guard, block, 40.0 * block);
  cr_expect_eq(guard.state, LIVE_REST);
}

Test(live_guard, rests_longer_each_time_until_it_is_trusted)
{
  LiveGuard guard;
  live_guard_start(&guard);
  for (uint32_t i = 0U; i < 10U; ++i) {
    pass(&guard, 1.1, 2.0);
    cr_assert_eq(guard.state, LIVE_REST);
    while (guard.state == LIVE_REST) {
      (void)live_guard_note(&guard, block, 0.0);
    }
  }
  cr_expect_eq(guard.n_rests, 10U);
  cr_expect_eq(guard.pause, 60.0);

  pass(&guard, 40.0, 0.2);
  cr_expect_eq(guard.state, LIVE_CLEAN);
  cr_expect_lt(guard.pause, 5.0);
}
