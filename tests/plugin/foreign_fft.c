// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Preloaded, stands for the other build of kissfft that a host has in its
// global scope, with structures of its own: who gets these functions for
// kissfft's dies

#include <stdio.h>
#include <stdlib.h>

void
kiss_fft(void);

void
kiss_fft_alloc(void);

void
kiss_fft_stride(void);

void
kiss_fftr(void);

void
kiss_fftr_alloc(void);

void
kiss_fftri(void);

static void
die(const char* const name)
{
  fprintf(stderr, "%s of the host was called\n", name);
  abort();
}

void
kiss_fft(void)
{
  die("kiss_fft");
}

void
kiss_fft_alloc(void)
{
  die("kiss_fft_alloc");
}

void
kiss_fft_stride(void)
{
  die("kiss_fft_stride");
}

void
kiss_fftr(void)
{
  die("kiss_fftr");
}

void
kiss_fftr_alloc(void)
{
  die("kiss_fftr_alloc");
}

void
kiss_fftri(void)
{
  die("kiss_fftri");
}
