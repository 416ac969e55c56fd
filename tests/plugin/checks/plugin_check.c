// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  What a host relies on, checked in a host of our own:

    plugin_check stress URI MODEL N_BLOCKS    threads, real time, random blocks
    plugin_check steps SOUND.raw MODEL        no click at a swap or a bypass
    plugin_check state URI MODEL FOLDER       sessions, moved and with losses
    plugin_check preset PRESET SOUND.raw OUT.raw
    plugin_check many URI N                   one copy of the weights
    plugin_check rates                        every sample rate, odd blocks
    plugin_check hostile URI N_BLOCKS         values and messages out of order

  Sound is raw float of one channel at 48 kHz.  LV2_PATH must have the bundle.
*/

#define _GNU_SOURCE

#include "lv2_host.h"
#include "rt_guard.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char voice[] = "urn:grus:voice";

/// Say what is wrong, and return whether all is well
static bool
expect(const bool ok, const char* const what)
{
  if (!ok) {
    fprintf(stderr, "plugin_check: %s\n", what);
  }
  return ok;
}

// Random numbers, the same in every run

static uint32_t seed = 20261123U;

static uint32_t
draw(const uint32_t n)
{
  seed = (seed * 1664525U) + 1013904223U;
  return (uint32_t)(((uint64_t)(seed >> 4U) * n) >> 28U);
}

static float
draw_float(const float minimum, const float maximum)
{
  return minimum + ((maximum - minimum) * (float)draw(1U << 20U) / (1U << 20U));
}

// Stress

typedef struct {
  Host*       host;
  atomic_bool quit;
  unsigned    n_saves;
  unsigned    n_restores;
} Session;

/// A host's other thread: it saves and restores while the plugin plays
static void*
run_session(void* const handle)
{
  Session* const session = (Session*)handle;
  while (!atomic_load(&session->quit)) {
    session->n_saves += host_save(session->host, NULL);
    usleep(3000);
    if (session->n_saves % 8U == 0U) {
      session->n_restores += host_restore(session->host, NULL);
    }
    usleep(3000);
  }
  return NULL;
}

/// Turn something
static void
turn(Host* const host)
{
  static const struct {
    const char* symbol;
    float       minimum;
    float       maximum;
  } controls[]         = {{"enabled", 0.0f, 1.0f},
                          {"reduction", 0.0f, 100.0f},
                          {"listen", 0.0f, 1.0f},
                          {"link", 0.0f, 1.0f},
                          {"input_gain", -24.0f, 24.0f},
                          {"output_gain", -24.0f, 24.0f},
                          {"gate", 0.0f, 1.0f},
                          {"gate_hold", 0.0f, 500.0f},
                          {"gate_release", 10.0f, 500.0f},
                          {"even_load", 0.0f, 2.0f}};
  const uint32_t i     = draw(sizeof(controls) / sizeof(controls[0]));
  float* const   value = host_control(host, controls[i].symbol);
  if (value) {
    *value =
      draw(20U) ? draw_float(controls[i].minimum, controls[i].maximum) : NAN;
  }
}

static int
stress(const char* const uri, const char* const model, const uint32_t n_blocks)
{
  enum { SWAP_EVERY = 100 }; // Longer than a warm-up and a fade
  static float       sound[HOST_MAX_CHANNELS][HOST_MAX_BLOCK];
  const float* const in[]         = {sound[0], sound[1]};
  float* const       out[]        = {sound[0], sound[1]}; // In place
  unsigned           n_violations = 0U;
  unsigned           n_swaps      = 0U;
  unsigned           n_bad        = 0U;
  uint64_t           n_frames     = 0U;
  Host* const        host         = host_new(uri, 48000.0, true);
  Session            session      = {host, false, 0U, 0U};
  pthread_t          thread;
  if (!host) {
    return EXIT_FAILURE;
  }

  pthread_create(&thread, NULL, run_session, &session);
  for (uint32_t i = 0U; i < n_blocks; ++i) {
    // Short blocks mostly, as a host's are, and sometimes very long ones
    const uint32_t n = draw(16U) ? draw(600U) : draw(HOST_MAX_BLOCK + 1U);
    for (uint32_t k = 0U; k < n; ++k) {
      sound[0][k] = draw_float(-0.5f, 0.5f);
      sound[1][k] = draw_float(-0.5f, 0.5f);
    }
    turn(host);
    if (i % SWAP_EVERY == 0U) {
      while (host_is_busy(host)) {
        usleep(200); // A busy machine is not what is to be measured
      }
      host_set_model(host, n_swaps++ % 2U ? "" : model);
    }
    if (i % 97U == 0U) {
      host_get(host);
    }
    n_violations += host_run(host, in, out, n);
    for (uint32_t k = 0U; k < n; ++k) {
      n_bad += !isfinite(sound[0][k]) || fabsf(sound[0][k]) > 1000.0f;
    }
    n_frames += n;
  }
  atomic_store(&session.quit, true);
  pthread_join(thread, NULL);
  host_settle(host);

  printf("%s: %u blocks, %.0f s of sound, %u of %u swaps, %u saves, "
         "%u restores, %u violations\n",
         uri,
         n_blocks,
         (double)n_frames / 48000.0,
         host_news(host)->n_changes,
         n_swaps,
         session.n_saves,
         session.n_restores,
         n_violations);
  const bool ok = expect(!n_violations, "the real-time rules were broken") &&
                  expect(!n_bad, "the sound is not finite") &&
                  expect(!host_news(host)->error[0], host_news(host)->error) &&
                  expect(host_news(host)->n_changes > n_swaps / 2U,
                         "models did not change") &&
                  expect(session.n_saves > 0U, "nothing was saved");
  host_free(host);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Sound from and to files

typedef struct {
  float* samples;
  size_t n;
} Sound;

static Sound
read_sound(const char* const path)
{
  Sound       sound  = {NULL, 0U};
  FILE* const stream = fopen(path, "rb");
  struct stat info;
  if (stream && !fstat(fileno(stream), &info)) {
    sound.samples = (float*)malloc((size_t)info.st_size);
    sound.n       = fread(sound.samples,
                    sizeof(float),
                    (size_t)info.st_size / sizeof(float),
                    stream);
  }
  if (stream) {
    fclose(stream);
  }
  if (!sound.n) {
    fprintf(stderr, "plugin_check: cannot read \"%s\"\n", path);
    exit(EXIT_FAILURE);
  }
  return sound;
}

enum { BLOCK = 256 };

/// What happens while a sound plays
typedef enum {
  PLAY_STEADY, ///< Nothing
  PLAY_SWAP,   ///< Every second the model changes
  PLAY_BYPASS, ///< Every second the bypass changes
} Happening;

/// Largest steps between neighbouring samples
typedef struct {
  float steady; ///< While nothing happens
  float change; ///< In the half second after something was asked for
} Steps;

static void
measure_steps(Steps* const       steps,
              float* const       last,
              const float* const sound,
              const bool         changing)
{
  float* const largest = changing ? &steps->change : &steps->steady;
  for (uint32_t k = 0U; k < BLOCK; ++k) {
    *largest = fmaxf(*largest, fabsf(sound[k] - *last));
    *last    = sound[k];
  }
}

/// Play a sound; `model` plays from the start if `from` says so
static Steps
play_steps(const Sound       sound,
           const Happening   happening,
           const char* const model,
           const char* const from,
           const float       enabled_from)
{
  enum { SECOND = 48000, CHANGE = SECOND / 2 };
  Host* const  host    = host_new(voice, 48000.0, true);
  float* const enabled = host_control(host, "enabled");
  Steps        steps   = {0.0f, 0.0f};
  float        last    = 0.0f;

  *enabled = enabled_from;
  host_set_model(host, from);
  host_settle(host);
  host_restart(host);
  for (size_t i = 0U; i + BLOCK <= sound.n; i += BLOCK) {
    float              out[BLOCK];
    const float* const in     = sound.samples + i;
    float* const       output = out;
    const size_t       second = i / SECOND;
    if (second > 0U && i % SECOND < BLOCK) {
      if (happening == PLAY_BYPASS) {
        *enabled = second % 2U ? 0.0f : 1.0f;
      } else if (happening == PLAY_SWAP) {
        host_set_model(host, second % 2U ? model : "");
      }
    }
    (void)host_run(host, &in, &output, BLOCK);
    if (happening == PLAY_SWAP) {
      usleep(BLOCK * 1000000 / SECOND / 8); // So that the worker gets a turn
    }
    measure_steps(&steps,
                  &last,
                  out,
                  happening != PLAY_STEADY && second > 0U &&
                    i % SECOND < CHANGE);
  }
  host_free(host);
  return steps;
}

static int
steps(const char* const path, const char* const model)
{
  const Sound sound  = read_sound(path);
  const Steps plain  = play_steps(sound, PLAY_STEADY, model, "", 1.0f);
  const Steps other  = play_steps(sound, PLAY_STEADY, model, model, 1.0f);
  const Steps dry    = play_steps(sound, PLAY_STEADY, model, "", 0.0f);
  const Steps swap   = play_steps(sound, PLAY_SWAP, model, "", 1.0f);
  const Steps bypass = play_steps(sound, PLAY_BYPASS, model, "", 1.0f);

  printf("largest step: steady %.4f, other model %.4f, dry %.4f; "
         "while models change %.4f, bypass %.4f\n",
         (double)plain.steady,
         (double)other.steady,
         (double)dry.steady,
         (double)swap.change,
         (double)bypass.change);
  free(sound.samples);
  return expect(swap.change <= fmaxf(plain.steady, other.steady),
                "a swap clicks") &&
             expect(bypass.change <= fmaxf(plain.steady, dry.steady),
                    "a bypass clicks")
           ? EXIT_SUCCESS
           : EXIT_FAILURE;
}

// State

/// Give a plugin a model and save its state
static bool
save_session(const char* const uri,
             const char* const model,
             const char* const folder,
             const bool        embed)
{
  Host* const host = host_new(uri, 48000.0, true);
  host_set_model(host, model);
  host_set_embed(host, embed);
  host_settle(host);
  *host_control(host, "reduction") = 17.0f;
  const bool ok = expect(!host_news(host)->error[0], host_news(host)->error) &&
                  expect(!strcmp(host_news(host)->path, model), "path") &&
                  expect(host_save(host, folder), "cannot save");
  host_free(host);
  return ok;
}

/// Restore a session; what is to be found afterwards is up to the caller
static Host*
open_session(const char* const uri, const char* const folder)
{
  Host* const host = host_new(uri, 48000.0, true);
  (void)expect(host_restore(host, folder), "cannot restore");
  host_get(host);
  host_settle(host);
  return host;
}

static bool
plays_other(const char* const uri, const char* const folder)
{
  Host* const host = open_session(uri, folder);
  const bool  ok =
    expect(!strcmp(host_news(host)->name, "Other"), "another model plays") &&
    expect(!host_news(host)->error[0], host_news(host)->error) &&
    expect(*host_control(host, "reduction") == 17.0f, "a control is lost");
  host_free(host);
  return ok;
}

/// A missing file: the old model plays, the reference stays, all is told
static bool
keeps_reference(const char* const uri,
                const char* const folder,
                const char* const again)
{
  Host* const host = open_session(uri, folder);
  const bool  ok =
    expect(strcmp(host_news(host)->name, "Other") != 0, "it plays") &&
    expect(!!strstr(host_news(host)->error, "other.safetensors"), "no error") &&
    expect(!!strstr(host_log(host), "other.safetensors"), "no log") &&
    expect(!!strstr(host_news(host)->path, "other.safetensors"), "no path") &&
    expect(host_save(host, again), "cannot save again");
  host_free(host);
  return ok;
}

/// A model that is none: the one that plays plays on, and the reason is told
static bool
refuses(const char* const uri, const char* const path, const char* const reason)
{
  Host* const host = host_new(uri, 48000.0, true);
  host_set_model(host, path);
  host_settle(host);
  const bool ok =
    expect(!!strstr(host_news(host)->error, reason), host_news(host)->error) &&
    expect(!!strstr(host_log(host), reason), host_log(host)) &&
    expect(host_news(host)->name[0] != '\0', "no model plays");
  host_free(host);
  return ok;
}

static bool
run_command(const char* const format, const char* const a, const char* const b)
{
  char command[9000];
  snprintf(command, sizeof(command), format, a, b);
  return !system(command);
}

static int
state(const char* const uri, const char* const model, const char* const folder)
{
  char linked[4096];
  char embedded[4096];
  char moved[4096];
  char again[4096];
  char copy[4096];
  snprintf(linked, sizeof(linked), "%s/linked", folder);
  snprintf(embedded, sizeof(embedded), "%s/embedded", folder);
  snprintf(moved, sizeof(moved), "%s/moved", folder);
  snprintf(again, sizeof(again), "%s/again", folder);
  snprintf(copy, sizeof(copy), "%s/other.safetensors", folder);

  const bool ok =
    run_command("cp '%s' '%s'", model, copy) &&
    save_session(uri, copy, linked, false) &&
    save_session(uri, copy, embedded, true) && plays_other(uri, linked) &&
    plays_other(uri, embedded) &&
    // The folder moves: what the host keeps beside the session is found again
    run_command("cp -aL '%s' '%s'", linked, moved) && !remove(copy) &&
    plays_other(uri, moved) && plays_other(uri, embedded) &&
    keeps_reference(uri, linked, again) &&
    run_command("cp '%s' '%s'", model, copy) && plays_other(uri, again) &&
    refuses(uri, "/nowhere/no.safetensors", "No such file") &&
    refuses(uri, folder, folder) &&
    refuses(uri, "/etc/passwd", "/etc/passwd") &&
    // A pipe that nobody writes to is not waited for
    run_command("rm -f '%s' && mkfifo '%s'", copy, copy) &&
    refuses(uri, copy, "not a file");
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Presets

static int
play_preset(const char* const preset,
            const char* const in_path,
            const char* const out_path)
{
  const Sound sound  = read_sound(in_path);
  Host* const host   = host_new(voice, 48000.0, true);
  FILE* const stream = fopen(out_path, "wb");
  float       out[BLOCK];
  bool        ok = stream && expect(host_restore(host, preset), "no preset");
  for (size_t i = 0U; ok && i + BLOCK <= sound.n; i += BLOCK) {
    const float* const in     = sound.samples + i;
    float* const       output = out;
    (void)host_run(host, &in, &output, BLOCK);
    ok = fwrite(out, sizeof(out), 1U, stream) == 1U;
  }
  if (stream) {
    ok = !fclose(stream) && ok;
  }
  host_free(host);
  free(sound.samples);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Memory

static size_t
resident(void)
{
  size_t      pages  = 0U;
  FILE* const stream = fopen("/proc/self/statm", "r");
  if (stream) {
    if (fscanf(stream, "%*s %zu", &pages) != 1) {
      pages = 0U;
    }
    fclose(stream);
  }
  return pages * (size_t)sysconf(_SC_PAGESIZE);
}

/**
   Run many instances in one process, as a DAW does.

   The weights of the model are about 320 KiB, and a channel has no more than
   that in state: a copy of the weights in each instance would show.
*/
static int
many(const char* const uri, const uint32_t n)
{
  enum { MAX_INSTANCES = 1000 };
  static Host* hosts[MAX_INSTANCES];
  if (n < 2U || n > MAX_INSTANCES) {
    return EXIT_FAILURE;
  }

  hosts[0]            = host_new(uri, 48000.0, false);
  const size_t before = resident();
  bool         ok     = !!hosts[0];
  for (uint32_t i = 1U; ok && i < n; ++i) {
    hosts[i] = host_beside(hosts[0]);
    ok       = !!hosts[i];
  }
  const size_t each       = (resident() - before) / (n - 1U);
  const size_t n_channels = ok ? host_n_channels(hosts[0]) : 0U;
  printf("%u instances, %zu KiB each beyond the first\n", n, each / 1024U);

  for (uint32_t i = n; i-- > 0U;) {
    if (hosts[i]) {
      host_free(hosts[i]);
    }
  }
  return ok && expect(each < 1024U * (100U + (300U * n_channels)),
                      "weights are not shared")
           ? EXIT_SUCCESS
           : EXIT_FAILURE;
}

// Sample rates

/// Return whether bypass passes the sound through at the latency it reports
static bool
passes_dry(const char* const uri, const double rate, const bool with_features)
{
  enum { N = 60000 };
  static float in[HOST_MAX_CHANNELS][N];
  static float out[HOST_MAX_CHANNELS][N];
  Host* const  host = host_new(uri, rate, with_features);
  if (!host) {
    return false;
  }

  for (uint32_t i = 0U; i < N; ++i) {
    in[0][i] = draw_float(-0.5f, 0.5f);
    in[1][i] = draw_float(-0.5f, 0.5f);
  }
  *host_control(host, "enabled") = 0.0f;
  unsigned n_violations          = 0U;
  for (uint32_t i = 0U; i < N;) {
    const uint32_t     left   = N - i;
    const uint32_t     want   = draw(1000U);
    const uint32_t     n      = want < left ? want : left;
    const float* const from[] = {in[0] + i, in[1] + i};
    float* const       to[]   = {out[0] + i, out[1] + i};
    n_violations += host_run(host, from, to, n);
    i += n;
  }

  const uint32_t latency = (uint32_t)*host_control(host, "latency");
  bool           same    = latency > 0U && latency < N / 2U;
  for (uint32_t c = 0U; c < host_n_channels(host); ++c) {
    for (uint32_t i = latency; same && i < N; ++i) {
      same = out[c][i] == in[c][i - latency];
    }
  }
  printf("%s at %.0f Hz: latency %u frames\n", uri, rate, latency);
  host_free(host);
  return expect(same, "bypass is not the input") &&
         expect(!n_violations, "the real-time rules were broken");
}

static int
rates(void)
{
  static const double all[] = {8000,
                               11025,
                               16000,
                               22050,
                               32000,
                               44100,
                               48000,
                               88200,
                               96000,
                               176400,
                               192000};
  bool                ok    = true;
  for (size_t i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    ok = passes_dry(voice, all[i], true) && ok;
    ok = passes_dry("urn:grus:voice-stereo", all[i], false) && ok;
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

// Hostile input

/// Damage some bytes of a message, or cut what it says about its size
static void
damage(uint8_t* const bytes, const uint32_t size)
{
  static const uint32_t sizes[] = {
    0U, 1U, 7U, 8U, 4097U, 1U << 16U, UINT32_MAX};
  const uint32_t n = draw(4U);
  for (uint32_t i = 0U; i < n; ++i) {
    // Never the sequence's own size: no host says more than there is
    const uint32_t place = sizeof(uint32_t) + draw(size - sizeof(uint32_t));
    if (draw(2U) && place / 4U * 4U + 4U <= size && place >= 8U) {
      memcpy(bytes + (place / 4U * 4U),
             &sizes[draw(sizeof(sizes) / sizeof(sizes[0]))],
             sizeof(uint32_t));
    } else {
      bytes[place] = (uint8_t)draw(256U);
    }
  }
}

static float
hostile_value(void)
{
  static const float values[] = {
    0.0f, -0.0f, 1.0f, -1.0f, 100.0f, 1e30f, -1e30f, 1e-40f, NAN, INFINITY};
  return values[draw(sizeof(values) / sizeof(values[0]))];
}

static int
hostile(const char* const uri, const uint32_t n_blocks)
{
  static const char* const symbols[] = {"enabled",
                                        "reduction",
                                        "listen",
                                        "link",
                                        "input_gain",
                                        "output_gain",
                                        "gate",
                                        "gate_hold",
                                        "gate_release",
                                        "even_load"};
  static const char* const outputs[] = {"activity",
                                        "reduction_now",
                                        "input_level",
                                        "output_level",
                                        "latency",
                                        "load"};
  enum { MAX_BLOCK = 512, N_SYMBOLS = sizeof(symbols) / sizeof(symbols[0]) };
  static float       in[HOST_MAX_CHANNELS][MAX_BLOCK];
  static float       out[HOST_MAX_CHANNELS][MAX_BLOCK];
  const float* const from[]       = {in[0], in[1]};
  float* const       to[]         = {out[0], out[1]};
  Host* const        host         = host_new(uri, 48000.0, true);
  unsigned           n_bad        = 0U;
  unsigned           n_violations = 0U;
  for (uint32_t i = 0U; host && i < n_blocks; ++i) {
    const uint32_t n = draw(MAX_BLOCK + 1U);
    for (uint32_t k = 0U; k < n; ++k) {
      in[0][k] = draw(500U) ? draw_float(-1.0f, 1.0f) : hostile_value();
      in[1][k] = draw(500U) ? draw_float(-1.0f, 1.0f) : hostile_value();
    }
    float* const control = host_control(host, symbols[draw(N_SYMBOLS)]);
    if (control) {
      *control = hostile_value();
    }

    uint32_t size = 0U;
    host_set_model(host, draw(2U) ? "/nowhere/a model.safetensors" : "");
    host_set_embed(host, draw(2U));
    host_get(host);
    uint8_t* const bytes = host_messages(host, &size);
    damage(bytes, size);
    n_violations += host_run(host, from, to, n);
    for (uint32_t k = 0U; k < n; ++k) {
      n_bad += !isfinite(out[0][k]);
    }
    for (size_t k = 0U; k < sizeof(outputs) / sizeof(outputs[0]); ++k) {
      n_bad += !isfinite(*host_control(host, outputs[k]));
    }
  }

  printf("%s: %u hostile blocks, %u violations\n", uri, n_blocks, n_violations);
  const bool ok = host && expect(!n_bad, "what comes out is not finite") &&
                  expect(!n_violations, "the real-time rules were broken");
  if (host) {
    host_free(host);
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(const int argc, char** const argv)
{
  const char* const name = argc > 1 ? argv[1] : "";

  rt_guard_init();
  if (argc == 5 && !strcmp(name, "stress")) {
    return stress(argv[2], argv[3], (uint32_t)strtoul(argv[4], NULL, 10));
  }
  if (argc == 4 && !strcmp(name, "steps")) {
    return steps(argv[2], argv[3]);
  }
  if (argc == 5 && !strcmp(name, "state")) {
    return state(argv[2], argv[3], argv[4]);
  }
  if (argc == 5 && !strcmp(name, "preset")) {
    return play_preset(argv[2], argv[3], argv[4]);
  }
  if (argc == 4 && !strcmp(name, "many")) {
    return many(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
  }
  if (argc == 4 && !strcmp(name, "hostile")) {
    return hostile(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
  }
  if (argc == 2 && !strcmp(name, "rates")) {
    return rates();
  }
  fprintf(stderr, "plugin_check: what is to be checked?\n");
  return EXIT_FAILURE;
}
