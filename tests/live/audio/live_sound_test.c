// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the audio callback does, without devices: the same samples for any
// blocks, dry and clean sound recorded in line, and no click when it rests.

#include "model_writer.h"
#include "sound.h"

#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "live/audio/sound.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000, N_FRAMES = 30000, MAX_BLOCK = 4096 };

static double now;  ///< What the clock tells
static double pace; ///< What it advances by at every look

static double
test_clock(void)
{
  now += pace;
  return now;
}

/// Everything that sound needs
typedef struct {
  GrusModel* model;
  GrusSlot*  slot;
  GrusRing*  recording;
  LiveSound* sound;
} Bench;

static Bench
new_bench(GrusModel* const              model,
          GrusRing* const               source,
          const _Atomic uint64_t* const n_expected)
{
  Bench bench     = {model, NULL, NULL, NULL};
  bench.slot      = grus_slot_new(new_mono_stream(model), 1U, RATE);
  bench.recording = grus_ring_new(4U * N_FRAMES * (uint32_t)sizeof(float));
  cr_assert_not_null(bench.slot);
  cr_assert_not_null(bench.recording);

  const LiveSoundConfig config = {bench.slot,
                                  source,
                                  bench.recording,
                                  n_expected,
                                  UINT64_MAX,
                                  1U,
                                  RATE,
                                  test_clock};
  bench.sound                  = live_sound_new(&config);
  cr_assert_not_null(bench.sound);
  pace = 0.0;
  return bench;
}

static void
free_bench(Bench* const bench)
{
  live_sound_free(bench->sound);
  grus_ring_free(bench->recording);
  grus_slot_free(bench->slot);
  grus_model_free(bench->model);
}

static float
noise_at(const uint32_t i)
{
  return ((float)((i * 2654435761U) >> 8U) / 16777216.0f) - 0.5f;
}

/// Play noise through, in blocks of many lengths, from frame `start` on
static void
play(Bench* const   bench,
     const uint32_t start,
     const uint32_t n,
     float* const   out)
{
  static const uint32_t blocks[] = {1U, 64U, 480U, 511U, 513U, 0U, MAX_BLOCK};

  float block[MAX_BLOCK];
  for (uint32_t done = 0U, b = 0U; done < n; ++b) {
    const uint32_t length = blocks[b % 7U];
    const uint32_t count  = length < n - done ? length : n - done;
    for (uint32_t i = 0U; i < count; ++i) {
      block[i] = noise_at(start + done + i);
    }
    const float* in    = block;
    float*       place = out ? out + done : block;
    live_sound_play(bench->sound, &in, &place, count);
    done += count;
  }
}

static void
go(Bench* const bench)
{
  atomic_store(&bench->sound->shown.go, true);
}

Test(live_sound, is_silent_until_it_begins)
{
  Bench bench     = new_bench(writer_frame_model(), NULL, NULL);
  float out[1000] = {1.0f};
  play(&bench, 0U, 1000U, out);
  for (size_t i = 0U; i < 1000U; ++i) {
    cr_assert_eq(out[i], 0.0f);
  }
  cr_expect_neq(atomic_load(&bench.sound->shown.block), 0U);
  cr_expect_eq(atomic_load(&bench.sound->shown.n_frames), 0U);
  cr_expect_eq(grus_ring_read_space(bench.recording), 0U);
  free_bench(&bench);
}

Test(live_sound, plays_and_records_what_the_stream_makes)
{
  static float expected[N_FRAMES];
  static float played[N_FRAMES];
  static float recorded[2 * N_FRAMES];

  Bench             bench  = new_bench(writer_frame_model(), NULL, NULL);
  GrusStream* const stream = new_mono_stream(bench.model);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    expected[i] = noise_at(i);
  }
  const float* in  = expected;
  float*       out = expected;
  grus_stream_process(stream, &in, &out, N_FRAMES);

  go(&bench);
  play(&bench, 0U, N_FRAMES, played);
  cr_expect_eq(memcmp(played, expected, sizeof(played)), 0);

  const uint32_t latency = grus_stream_latency(stream);
  const uint32_t n       = N_FRAMES - latency;
  cr_expect_eq(atomic_load(&bench.sound->shown.latency), latency);
  cr_assert_eq(grus_ring_read_space(bench.recording), n * 8U);
  cr_assert(grus_ring_read(bench.recording, recorded, n * 8U));
  for (uint32_t i = 0U; i < n; ++i) {
    cr_assert_eq(recorded[2U * i], noise_at(i));
    cr_assert_eq(recorded[(2U * i) + 1U], expected[latency + i]);
  }
  grus_stream_free(stream);
  free_bench(&bench);
}

Test(live_sound, ends_with_its_source)
{
  enum { N = 5000 };
  static float     frames[N];
  _Atomic uint64_t n_expected = UINT64_MAX;
  GrusRing* const  source     = grus_ring_new(N * (uint32_t)sizeof(float));
  Bench bench = new_bench(writer_identity_model(), source, &n_expected);
  for (uint32_t i = 0U; i < N; ++i) {
    frames[i] = noise_at(i);
  }
  cr_assert(grus_ring_write(source, frames, sizeof(frames)));
  go(&bench);
  play(&bench, 0U, N + 100U, NULL);
  cr_expect_eq(atomic_load(&bench.sound->shown.n_missing), 100U);

  n_expected = N;
  play(&bench, 0U, 4000U, NULL);
  cr_expect_eq(atomic_load(&bench.sound->shown.n_missing), 100U);
  cr_expect_eq(atomic_load(&bench.sound->shown.n_finished), (uint64_t)N);
  cr_expect_eq(grus_ring_read_space(bench.recording), N * 8U);
  free_bench(&bench);
  grus_ring_free(source);
}

Test(live_sound, counts_what_nobody_records)
{
  Bench bench = new_bench(writer_identity_model(), NULL, NULL);
  go(&bench);
  for (uint32_t i = 0U; i < 10U; ++i) {
    play(&bench, 0U, N_FRAMES, NULL);
  }
  const uint64_t written = grus_ring_read_space(bench.recording) / 8U;
  const uint64_t dropped = atomic_load(&bench.sound->shown.n_dropped);
  cr_expect_gt(dropped, 0U);
  cr_expect_eq(written + dropped, atomic_load(&bench.sound->shown.n_finished));
  free_bench(&bench);
}

Test(live_sound, passes_dry_sound_without_a_click_when_it_cannot_keep_up)
{
  // A network that changes nothing: dry and clean are the same, in line
  Bench    bench  = new_bench(writer_identity_model(), NULL, NULL);
  uint32_t time   = 0U;
  float    worst  = 0.0f;
  bool     rested = false;
  go(&bench);
  for (uint32_t b = 0U; b < 8U * RATE / 480U; ++b) {
    const uint32_t latency = atomic_load(&bench.sound->shown.latency);
    float          block[480];
    const float*   in  = block;
    float*         out = block;
    for (uint32_t i = 0U; i < 480U; ++i) {
      block[i] = noise_at(time + i);
    }
    pace = b > 100U && b < 200U ? 0.02 : 0.0001;
    live_sound_play(bench.sound, &in, &out, 480U);
    for (uint32_t i = 0U; b > 10U && i < 480U; ++i) {
      worst = fmaxf(worst, fabsf(block[i] - noise_at(time + i - latency)));
    }
    time += 480U;
    rested = rested || atomic_load(&bench.sound->shown.resting);
  }
  cr_expect(rested);
  cr_expect_eq(atomic_load(&bench.sound->shown.n_rests), 1U);
  cr_expect_not(atomic_load(&bench.sound->shown.resting));
  cr_expect_lt(worst, 1e-4f);
  free_bench(&bench);
}
