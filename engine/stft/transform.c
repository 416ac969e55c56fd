// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stft/transform.h"

#include "base/arena.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/// Return a transform in memory of ours, whichever allocator kissfft has
static kiss_fftr_cfg
new_transform(const int window, const bool inverse)
{
  size_t size = 0U;
  (void)kiss_fftr_alloc(window, inverse, NULL, &size);

  void* const memory = malloc(size);
  return memory ? kiss_fftr_alloc(window, inverse, memory, &size) : NULL;
}

bool
grus_transform_init(GrusTransform* const transform, const uint32_t window)
{
  const size_t half      = window / 2U;
  const size_t part_bins = (half / 2U) + 1U;

  transform->half = window / 2U;
  // Measured beside the kernels that multiply weights: kissfft is scalar
  transform->cost = (float)(20.0 * (double)half * log2(2.0 * (double)half));

  transform->n_parts = half % 2U ? 1U : 2U;
  const int length   = (int)(window / transform->n_parts);
  transform->forward = new_transform(length, false);
  transform->inverse = new_transform(length, true);
  transform->bins =
    (kiss_fft_cpx*)calloc(half + 1U + (3U * part_bins), sizeof(kiss_fft_cpx));
  if (!transform->forward || !transform->inverse || !transform->bins) {
    return false;
  }

  transform->parts[0] = transform->bins + half + 1U;
  transform->parts[1] = transform->parts[0] + part_bins;
  transform->twiddles = transform->parts[1] + part_bins;
  for (size_t k = 0U; k < part_bins; ++k) {
    const double angle       = pi * (double)k / (double)half;
    transform->twiddles[k].r = (float)cos(angle);
    transform->twiddles[k].i = (float)-sin(angle);
  }
  return true;
}

void
grus_transform_free(GrusTransform* const transform)
{
  free(transform->bins);
  free(transform->inverse);
  free(transform->forward);
}

void
grus_transform_place(GrusTransform* const transform, GrusArena* const arena)
{
  const size_t window = 2U * (size_t)transform->half;

  transform->frame  = grus_arena_take(arena, window);
  transform->halves = grus_arena_take(arena, window);
}

void
grus_transform_split(GrusTransform* const transform)
{
  for (size_t i = 0U; transform->n_parts == 2U && i < transform->half; ++i) {
    transform->halves[i]                   = transform->frame[2U * i];
    transform->halves[transform->half + i] = transform->frame[(2U * i) + 1U];
  }
}

void
grus_transform_forward(GrusTransform* const transform, const uint32_t part)
{
  const bool whole = transform->n_parts == 1U;
  if (part < transform->n_parts) {
    kiss_fftr(transform->forward,
              whole ? transform->frame
                    : transform->halves + (part * transform->half),
              whole ? transform->bins : transform->parts[part]);
  }
}

void
grus_transform_join(GrusTransform* const transform)
{
  if (transform->n_parts == 1U) {
    return;
  }

  const size_t half = transform->half;
  for (size_t k = 0U; k <= half / 2U; ++k) {
    const kiss_fft_cpx w    = transform->twiddles[k];
    const kiss_fft_cpx even = transform->parts[0][k];
    const kiss_fft_cpx odd  = transform->parts[1][k];
    const float        re   = (w.r * odd.r) - (w.i * odd.i);
    const float        im   = (w.r * odd.i) + (w.i * odd.r);

    transform->bins[k].r        = even.r + re;
    transform->bins[k].i        = even.i + im;
    transform->bins[half - k].r = even.r - re;
    transform->bins[half - k].i = im - even.i;
  }
}

void
grus_transform_separate(GrusTransform* const transform)
{
  if (transform->n_parts == 1U) {
    return;
  }

  const size_t half = transform->half;
  for (size_t k = 0U; k <= half / 2U; ++k) {
    const kiss_fft_cpx w  = transform->twiddles[k];
    const kiss_fft_cpx x  = transform->bins[k];
    const kiss_fft_cpx y  = transform->bins[half - k];
    const float        re = x.r - y.r;
    const float        im = x.i + y.i;

    transform->parts[0][k].r = x.r + y.r;
    transform->parts[0][k].i = x.i - y.i;
    transform->parts[1][k].r = (w.r * re) + (w.i * im);
    transform->parts[1][k].i = (w.r * im) - (w.i * re);
  }
}

void
grus_transform_inverse(GrusTransform* const transform, const uint32_t part)
{
  const bool whole = transform->n_parts == 1U;
  if (part < transform->n_parts) {
    kiss_fftri(transform->inverse,
               whole ? transform->bins : transform->parts[part],
               whole ? transform->frame
                     : transform->halves + (part * transform->half));
  }
}

void
grus_transform_interleave(GrusTransform* const transform, const size_t n)
{
  const size_t half  = transform->half;
  const size_t first = half - n; // Of the pairs
  if (transform->n_parts == 1U) {
    memmove(transform->frame,
            transform->frame + (2U * first),
            2U * n * sizeof(float));
    return;
  }
  for (size_t i = 0U; i < n; ++i) {
    transform->frame[2U * i]        = transform->halves[first + i];
    transform->frame[(2U * i) + 1U] = transform->halves[half + first + i];
  }
}
