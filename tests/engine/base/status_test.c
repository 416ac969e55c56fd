// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/grus.h"

#include <criterion/criterion.h>

#include <string.h>

Test(status, every_code_has_a_message)
{
  for (int st = GRUS_SUCCESS; st <= GRUS_ERR_MISMATCH; ++st) {
    cr_assert_str_neq(grus_strerror((GrusStatus)st), "Unknown error");
  }
}

Test(status, unknown_code_is_safe)
{
  cr_assert_str_eq(grus_strerror((GrusStatus)-1), "Unknown error");
}

Test(params, every_row_is_whole)
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParamInfo* const info = grus_param_info(i);
    cr_assert_not_null(info);
    cr_assert_gt(strlen(info->symbol), 0U);
    cr_assert_gt(strlen(info->name), 0U);
    cr_assert_gt(strlen(info->comment), 0U);
    cr_assert(info->minimum <= info->initial);
    cr_assert(info->initial <= info->maximum);
  }
  cr_assert_null(grus_param_info(GRUS_N_PARAMS));
}
