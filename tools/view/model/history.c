// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/model/history.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_SIZE  = 2048, ///< Samples of a transform
  MAX_DELAY = 1 << 15,
};

/// One side
typedef struct {
  float sound[MAX_SIZE]; ///< The last samples, a ring
} Side;

struct ViewHistoryImpl {
  kiss_fftr_cfg transform;
  uint32_t      rate; ///< Hz, 0 before there is any sound
  uint32_t      size; ///< Samples of a transform
  uint32_t      hop;
  uint32_t      fill; ///< Samples since the last column
  uint32_t      at;   ///< Where the next samples go in the rings
  uint32_t      delay;
  uint32_t      delay_at;
  float         waiting[MAX_DELAY]; ///< What went in and has not come out yet
  float         window[MAX_SIZE];
  float         edges[VIEW_ROWS + 1]; ///< Of the rows, in bins
  Side          in;
  Side          out;
  uint64_t      count;
  ViewColumn    columns[VIEW_COLUMNS];
};

ViewHistory*
view_history_new(void)
{
  return (ViewHistory*)calloc(1U, sizeof(ViewHistory));
}

void
view_history_free(ViewHistory* const history)
{
  if (history) {
    free(history->transform);
    free(history);
  }
}

/// Return the place of a frequency on a scale like that of the ear
static double
mel(const double hz)
{
  return log1p(hz / 700.0);
}

double
view_history_row(const double hz)
{
  return VIEW_ROWS * mel(hz) / mel(VIEW_TOP_HZ);
}

static double
row_hz(const double row)
{
  return 700.0 * expm1(row / VIEW_ROWS * mel(VIEW_TOP_HZ));
}

/// Return a transform in memory of ours, whichever allocator kissfft has
static kiss_fftr_cfg
make_transform(const uint32_t size)
{
  size_t n_bytes = 0U;
  (void)kiss_fftr_alloc((int)size, 0, NULL, &n_bytes);
  void* const memory = malloc(n_bytes);
  return memory ? kiss_fftr_alloc((int)size, 0, memory, &n_bytes) : NULL;
}

/// Make what depends on the rate
static void
set_rate(ViewHistory* const h, const uint32_t rate)
{
  const double pi = 3.14159265358979;
  h->rate         = rate;
  h->size         = MAX_SIZE;
  while (h->size > 256U && h->size > rate / 16U) {
    h->size /= 2U;
  }
  h->hop  = rate / VIEW_PER_SECOND;
  h->fill = 0U;
  h->at   = 0U;
  memset(&h->in, 0, sizeof(h->in));
  memset(&h->out, 0, sizeof(h->out));
  for (uint32_t i = 0U; i < h->size; ++i) {
    h->window[i] = (float)(0.5 - (0.5 * cos(2.0 * pi * i / h->size)));
  }
  for (uint32_t r = 0U; r <= VIEW_ROWS; ++r) {
    h->edges[r] = (float)(row_hz(r) * h->size / rate);
  }

  free(h->transform);
  h->transform = make_transform(h->size);
}

void
view_history_set_sound(ViewHistory* const h,
                       const uint32_t     rate,
                       const uint32_t     delay)
{
  if (rate != h->rate && rate >= 1000U && rate <= VIEW_MAX_RATE) {
    set_rate(h, rate);
  }
  if (delay != h->delay && delay < MAX_DELAY) {
    memset(h->waiting, 0, sizeof(h->waiting));
    h->delay    = delay;
    h->delay_at = 0U;
  }
}

/// Return the power between two places in bins, mean, linear between bins
static float
power_between(const float* const power,
              const uint32_t     n_bins,
              const float        from,
              const float        to)
{
  const uint32_t first = (uint32_t)from;
  if (to - from < 2.0f) { // Narrow rows take what is between two bins
    const float    middle = 0.5f * (from + to);
    const uint32_t below  = (uint32_t)middle;
    const float    part   = middle - (float)below;
    return below + 1U < n_bins
             ? ((1.0f - part) * power[below]) + (part * power[below + 1U])
             : 0.0f;
  }

  float    sum = 0.0f;
  uint32_t n   = 0U;
  for (uint32_t i = first; i < n_bins && (float)i < to; ++i, ++n) {
    sum += power[i];
  }
  return n ? sum / (float)n : 0.0f;
}

/// Return a part of a range as 0 to 255
static uint8_t
byte_of(const float value, const float minimum, const float maximum)
{
  const float part = (value - minimum) / (maximum - minimum);
  return (uint8_t)lrintf(255.0f * fminf(fmaxf(part, 0.0f), 1.0f));
}

static void
measure(const ViewHistory* const h, const Side* const side, uint8_t* const rows)
{
  float        frame[MAX_SIZE];
  float        power[(MAX_SIZE / 2) + 1];
  kiss_fft_cpx bins[(MAX_SIZE / 2) + 1];
  for (uint32_t i = 0U; i < h->size; ++i) {
    frame[i] = h->window[i] * side->sound[(h->at + i) & (h->size - 1U)];
  }
  kiss_fftr(h->transform, frame, bins);

  const uint32_t n_bins = (h->size / 2U) + 1U;
  const float    scale  = 16.0f / ((float)h->size * (float)h->size);
  for (uint32_t i = 0U; i < n_bins; ++i) {
    power[i] = scale * ((bins[i].r * bins[i].r) + (bins[i].i * bins[i].i));
  }
  for (uint32_t r = 0U; r < VIEW_ROWS; ++r) {
    const float mean =
      power_between(power, n_bins, h->edges[r], h->edges[r + 1U]);
    rows[r] = byte_of(10.0f * log10f(mean + 1e-16f), -100.0f, -25.0f);
  }
}

static void
add_column(ViewHistory* const h, const float activity, const float reduction)
{
  ViewColumn* const column = &h->columns[h->count % VIEW_COLUMNS];
  measure(h, &h->in, column->in);
  measure(h, &h->out, column->out);
  column->activity  = byte_of(activity, 0.0f, 1.0f);
  column->reduction = byte_of(reduction, 0.0f, VIEW_REDUCTION);
  ++h->count;
}

/// Return what went in when that came out which comes out now
static float
delayed(ViewHistory* const h, const float sample)
{
  if (!h->delay) {
    return sample;
  }

  const float old         = h->waiting[h->delay_at];
  h->waiting[h->delay_at] = sample;
  h->delay_at             = (h->delay_at + 1U) % h->delay;
  return old;
}

void
view_history_add(ViewHistory* const   h,
                 const int16_t* const in,
                 const int16_t* const out,
                 const size_t         n,
                 const float          activity,
                 const float          reduction)
{
  const float scale = 1.0f / 32768.0f;
  for (size_t i = 0U; h->transform && i < n; ++i) {
    h->in.sound[h->at]  = delayed(h, scale * (float)in[i]);
    h->out.sound[h->at] = scale * (float)out[i];
    h->at               = (h->at + 1U) & (h->size - 1U);
    if (++h->fill >= h->hop) {
      h->fill = 0U;
      add_column(h, activity, reduction);
    }
  }
}

uint64_t
view_history_count(const ViewHistory* const h)
{
  return h->count;
}

const ViewColumn*
view_history_column(const ViewHistory* const h, const uint64_t number)
{
  return number < h->count && h->count - number <= VIEW_COLUMNS
           ? &h->columns[number % VIEW_COLUMNS]
           : NULL;
}
