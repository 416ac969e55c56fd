// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/ring.h"

#include <criterion/criterion.h>

#include <stdint.h>
#include <string.h>

Test(ring, holds_what_was_asked_for_and_no_more_than_it_has)
{
  GrusRing* const ring     = grus_ring_new(100U);
  const char      data[64] = {0};
  cr_assert_not_null(ring);
  cr_expect_geq(grus_ring_write_space(ring), 100U);
  cr_expect(grus_ring_write(ring, data, 64U));
  cr_expect(grus_ring_write(ring, data, 64U));
  cr_expect_eq(grus_ring_write_space(ring), 0U);
  cr_expect_not(grus_ring_write(ring, data, 1U));
  cr_expect_eq(grus_ring_read_space(ring), 128U);
  grus_ring_free(ring);
}

Test(ring, refuses_more_than_it_can_ever_hold)
{
  cr_expect_null(grus_ring_new(UINT32_MAX));
  cr_expect_null(grus_ring_new((UINT32_C(1) << 30U) + 1U));
}

Test(ring, may_be_freed_when_it_is_null)
{
  grus_ring_free(NULL);
}

Test(ring, reads_all_or_nothing)
{
  GrusRing* const ring = grus_ring_new(16U);
  char            data[8];
  cr_assert_not_null(ring);
  memset(data, 'x', sizeof(data));
  cr_expect(grus_ring_write(ring, "grus", 4U));
  cr_expect_not(grus_ring_read(ring, data, 5U));
  cr_expect_eq(data[0], 'x');
  cr_expect_eq(grus_ring_read_space(ring), 4U);
  cr_expect(grus_ring_read(ring, data, 4U));
  cr_expect_eq(memcmp(data, "grus", 4U), 0);
  cr_expect_eq(grus_ring_read_space(ring), 0U);
  grus_ring_free(ring);
}

Test(ring, keeps_the_order_around_its_end)
{
  GrusRing* const ring = grus_ring_new(16U);
  uint8_t         next = 0U;
  uint8_t         seen = 0U;
  cr_assert_not_null(ring);
  for (uint32_t round = 0U; round < 1000U; ++round) {
    uint8_t        data[16];
    const uint32_t n = 1U + (round % 13U);
    for (uint32_t i = 0U; i < n; ++i) {
      data[i] = next++;
    }
    cr_assert(grus_ring_write(ring, data, n));
    memset(data, 0, sizeof(data));
    cr_assert(grus_ring_read(ring, data, n));
    for (uint32_t i = 0U; i < n; ++i) {
      cr_assert_eq(data[i], seen++);
    }
  }
  grus_ring_free(ring);
}
