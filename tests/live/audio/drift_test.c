// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Two clocks never agree.  After minutes a device without a cure runs dry or
// falls behind, and nobody tests for minutes: here time is simulated.

#include "live/audio/drift.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_BLOCK = 1024 };

/// Two devices
typedef struct {
  uint32_t input_rate;
  uint32_t output_rate;
  double   input_ppm; ///< How much faster its clock is than it says
  uint32_t input_block;
  uint32_t output_block;
} Devices;

/// What came out
typedef struct {
  double   power;      ///< Mean, of the second half
  double   difference; ///< Mean square of what no sine of that pitch explains
  uint32_t late_breaks;
} Outcome;

static const double two_pi = 6.283185307179586;

/// Play a sine through both devices, in the order in which their blocks come
static Outcome
simulate(LiveDrift* const drift, const Devices* const d, const double seconds)
{
  float        block[MAX_BLOCK];
  const float* in          = block;
  float*       out         = block;
  const double true_rate   = d->input_rate * (1.0 + (1e-6 * d->input_ppm));
  const double tone        = two_pi * 440.0;
  double       input_time  = 0.0;
  double       output_time = 0.0;
  double       recent[2]   = {0.0, 0.0};
  Outcome      outcome     = {0.0, 0.0, 0U};
  double       n_samples   = 0.0;
  uint32_t     breaks      = 0U;
  uint64_t     n_in        = 0U;
  while (output_time < seconds) {
    if (input_time <= output_time) {
      for (uint32_t i = 0U; i < d->input_block; ++i) {
        block[i] = 0.5f * (float)sin(tone * (double)n_in++ / true_rate);
      }
      live_drift_push(drift, &in, d->input_block);
      input_time = (double)n_in / true_rate;
      continue;
    }

    live_drift_pull(drift, &out, d->output_block);
    output_time += (double)d->output_block / d->output_rate;
    const bool counts = output_time > seconds / 2.0;
    breaks            = counts ? breaks : live_drift_breaks(drift);
    for (uint32_t i = 0U; i < d->output_block; ++i) {
      // A sine obeys x[n] = 2 cos(w) x[n - 1] - x[n - 2]
      const double expected =
        (2.0 * cos(tone / d->output_rate) * recent[1]) - recent[0];
      const double x = (double)block[i];
      if (counts) {
        outcome.power += x * x;
        outcome.difference += (x - expected) * (x - expected);
        n_samples += 1.0;
      }
      recent[0] = recent[1];
      recent[1] = x;
    }
  }

  outcome.power /= n_samples;
  outcome.difference /= n_samples;
  outcome.late_breaks = live_drift_breaks(drift) - breaks;
  return outcome;
}

static void
check(const Devices* const d)
{
  LiveDrift* const drift = live_drift_new(1U, d->input_rate, d->output_rate);
  cr_assert_not_null(drift);

  const Outcome outcome = simulate(drift, d, 120.0);
  cr_expect_eq(outcome.late_breaks, 0U);
  cr_expect_float_eq(live_drift_ppm(drift), d->input_ppm, 15.0);
  cr_expect_float_eq(outcome.power, 0.125, 1e-3);
  cr_expect_lt(outcome.difference, 1e-9);
  cr_expect_lt(live_drift_latency(drift), 80.0f);
  live_drift_free(drift);
}

Test(drift, follows_a_faster_input)
{
  const Devices d = {48000U, 48000U, 200.0, 256U, 480U};
  check(&d);
}

Test(drift, follows_a_slower_input)
{
  const Devices d = {48000U, 48000U, -350.0, 1024U, 64U};
  check(&d);
}

Test(drift, joins_different_rates)
{
  const Devices d = {44100U, 48000U, 50.0, 512U, 128U};
  check(&d);
}

Test(drift, returns_after_the_input_was_away)
{
  const Devices    d     = {48000U, 48000U, 0.0, 256U, 256U};
  LiveDrift* const drift = live_drift_new(1U, d.input_rate, d.output_rate);
  cr_assert_not_null(drift);
  (void)simulate(drift, &d, 2.0);

  float  block[256] = {0.0f};
  float* out        = block;
  for (int i = 0; i < 400; ++i) {
    live_drift_pull(drift, &out, 256U);
    for (size_t k = 0U; i > 20 && k < 256U; ++k) {
      cr_assert_eq(block[k], 0.0f);
    }
  }
  cr_expect_eq(live_drift_breaks(drift), 1U);

  const Outcome outcome = simulate(drift, &d, 60.0);
  cr_expect_eq(outcome.late_breaks, 0U);
  cr_expect_float_eq(outcome.power, 0.125, 1e-3);
  live_drift_free(drift);
}

Test(drift, drops_what_waits_while_the_output_is_away)
{
  const Devices    d     = {48000U, 48000U, 0.0, 256U, 256U};
  LiveDrift* const drift = live_drift_new(1U, d.input_rate, d.output_rate);
  cr_assert_not_null(drift);
  (void)simulate(drift, &d, 2.0);

  const float        block[256] = {0.0f};
  const float* const in         = block;
  for (int i = 0; i < 2000; ++i) {
    live_drift_push(drift, &in, 256U);
  }
  const Outcome outcome = simulate(drift, &d, 60.0);
  cr_expect_eq(outcome.late_breaks, 0U);
  cr_expect_lt(live_drift_latency(drift), 80.0f);
  live_drift_free(drift);
}
