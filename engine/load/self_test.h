// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file self_test.h

   Whether a model computes here what it computed where it was trained.
*/

#ifndef GRUS_SELF_TEST_H
#define GRUS_SELF_TEST_H

#include "grus/attributes.h"
#include "grus/grus.h"

/**
   Run the self-test of `model` through a stream: every kernel variant is
   expected to pass, the default one is run.  Sets info.test_error.
*/
GRUS_NODISCARD GrusStatus
grus_model_self_test(GrusModel* model, GrusMessage* message);

/// Run the test vector of `model` and set `error` to the largest difference
GRUS_NODISCARD GrusStatus
grus_model_test_error(const GrusModel* model,
                      float*           error,
                      GrusMessage*     message);

#endif // GRUS_SELF_TEST_H
