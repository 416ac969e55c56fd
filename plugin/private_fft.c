// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A host may have another build of kissfft in its global scope, whose
// structures differ: ffmpeg has, by way of libcodec2, and so have hosts with
// libqm-dsp.  The dynamic linker gives the functions of that one to whoever
// asks for them by name, kissfft itself included.  A static kissfft would not
// ask, but Debian has none.  So these functions, which the engine calls, reach
// the library that we were built with, and RTLD_DEEPBIND has it prefer its own.
//
// Without them the plugin crashes or gives noise in such hosts; plugin_presets
// ("the plugin takes no other kissfft than its own") and plugin_hosts (ffmpeg)
// tell.  HACKING.md says why it is kissfft at all.

#include "private_fft.h"

#include <kiss_fftr.h>

#include <dlfcn.h>

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#if defined(RTLD_DEEPBIND) && !defined(__SANITIZE_ADDRESS__) && \
  !defined(__SANITIZE_THREAD__)
enum { FLAGS = RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND };
#else
enum { FLAGS = RTLD_NOW | RTLD_LOCAL }; // Sanitizers replace symbols themselves
#endif

static void* library;
static kiss_fftr_cfg (*alloc)(int, int, void*, size_t*);
static void (*forward)(kiss_fftr_cfg, const kiss_fft_scalar*, kiss_fft_cpx*);
static void (*inverse)(kiss_fftr_cfg, const kiss_fft_cpx*, kiss_fft_scalar*);

/// Look a function up; the copy is POSIX's way from an object to a function
static void
find(void* const function, const char* const name)
{
  void* const symbol = dlsym(library, name);
  memcpy(function, &symbol, sizeof(symbol));
}

static void __attribute__((constructor)) load(void)
{
  library = dlopen(GRUS_KISSFFT, FLAGS);
  if (library) {
    find(&alloc, "kiss_fftr_alloc");
    find(&forward, "kiss_fftr");
    find(&inverse, "kiss_fftri");
  }
}

static void __attribute__((destructor)) unload(void)
{
  if (library) {
    dlclose(library);
  }
}

bool
private_fft_is_loaded(void)
{
  return alloc && forward && inverse;
}

kiss_fftr_cfg
kiss_fftr_alloc(const int     n,
                const int     is_inverse,
                void* const   memory,
                size_t* const size)
{
  return alloc(n, is_inverse, memory, size);
}

void
kiss_fftr(const kiss_fftr_cfg          cfg,
          const kiss_fft_scalar* const in,
          kiss_fft_cpx* const          out)
{
  forward(cfg, in, out);
}

void
kiss_fftri(const kiss_fftr_cfg       cfg,
           const kiss_fft_cpx* const in,
           kiss_fft_scalar* const    out)
{
  inverse(cfg, in, out);
}
