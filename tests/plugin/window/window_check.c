// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  The plugin's window in a host of our own, before a screen of X:

    window_check turn WINDOW.so URI           pictures and ports, both ways
    window_check sound WINDOW.so URI IN.raw   what the audio thread does for it
    window_check open WINDOW.so URI N         opens and closes N times
    window_check picture WINDOW.so URI IN.raw OUT.png
    window_check damaged WINDOW.so URI N      messages that are none

  LV2_PATH must have the bundle.  Sound is raw float of one channel at 48 kHz.
*/

#define _GNU_SOURCE

#include "checks/support.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "lv2_host/uris.h"
#include "ports.h"
#include "view/draw/layout.h"
#include "view/model/numbers.h"
#include "watch/rt_guard.h"
#include "window/ui_host.h"

#include "grus/params.h"

#include <X11/X.h>
#include <lv2/atom/atom.h>

#include <unistd.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000 };

static uint32_t
n_channels_of(const char* const uri)
{
  return strstr(uri, "stereo") ? 2U : 1U;
}

/// Turn one parameter from both sides
static bool
turn(UiHost* const           ui,
     const ViewLayout* const layout,
     const uint32_t          port,
     const GrusParam         param)
{
  const GrusParamInfo* const info    = grus_param_info(param);
  const ViewRect* const      r       = &layout->items[param];
  const double               x       = layout->scale * (r->x + (0.5 * r->w));
  const double               y       = layout->scale * (r->y + (0.5 * r->h));
  const bool                 up      = info->initial < info->maximum;
  const uint64_t             before  = ui_host_picture(ui);
  const float                another = up ? info->maximum : info->minimum;

  ui_host_tell(ui, port, another);
  const uint64_t turned = ui_host_picture(ui);
  ui_host_tell(ui, port, info->initial);
  const uint64_t back     = ui_host_picture(ui);
  const unsigned n_writes = ui->n_writes[port];
  ui_host_click(ui, up ? Button4 : Button5, x, y, 0U);
  const float wanted =
    view_number_step(param, info->initial, up ? 1.0 : -1.0, false);

  return expect(turned != before, info->symbol) &&
         expect(back == before, "the picture does not come back") &&
         expect(ui->n_writes[port] == n_writes + 1U,
                "the wheel writes nothing") &&
         expect(fabsf(ui->values[port] - wanted) < 1e-5f,
                "it writes another value") &&
         (ui_host_click(ui, Button1, x, y, ControlMask),
          expect(ui->values[port] == info->initial,
                 "Ctrl+click does not reset"));
}

static int
check_turn(const char* const window, const char* const uri)
{
  UiHost         ui;
  ViewLayout     layout;
  Port           ports[MAX_PORTS];
  const uint32_t n_ports = ports_list(n_channels_of(uri), ports);
  bool           ok      = ui_host_open(&ui, window, uri, NULL);
  unsigned       n       = 0U;
  view_layout(&layout, VIEW_WIDTH, VIEW_HEIGHT, n_channels_of(uri) > 1U);
  for (uint32_t i = 0U; ok && i < n_ports; ++i) {
    if (ports[i].type == PORT_PARAM) {
      ok = turn(&ui, &layout, i, (GrusParam)ports[i].index);
      ++n;
    } else if (ports[i].type == PORT_LATENCY || ports[i].type == PORT_LOAD ||
               ports[i].type == PORT_LOAD_WORST) {
      const uint64_t before = ui_host_picture(&ui);
      ui_host_tell(&ui, i, 77.0f);
      ok = expect(ui_host_picture(&ui) != before, "a number is not shown");
    }
  }
  if (ok) {
    ui_host_tell(&ui, n_ports, 1.0f); // There is no such port
    ui_host_tell(&ui, 2U, NAN);
    printf("%s: %u controls turned, both ways\n", uri, n);
    ui_host_close(&ui);
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Say that a window is there: sound passes here faster than its clock
static void
watch(Host* const host)
{
  const LV2_Atom_Object word = {
    {sizeof(LV2_Atom_Object_Body), urid(LV2_ATOM__Object)},
    {0U, urid("urn:grus:voice#watch")}};
  host_send(host, &word.atom);
}

/// Play a sound, while a window is open or not
static float*
play(const Sound       sound,
     const char* const window,
     const char* const uri,
     UiHost* const     ui,
     unsigned* const   n_violations)
{
  Host* const host  = host_new(uri, RATE, true);
  float*      out   = (float*)calloc(sound.n, sizeof(float));
  float*      other = (float*)calloc(sound.n, sizeof(float));
  bool        ok =
    host && out && other && (!ui || ui_host_open(ui, window, uri, host));
  for (size_t i = 0U; ok && i < sound.n;) {
    size_t n                = 1U + draw(i % 7U ? 700U : HOST_MAX_BLOCK);
    n                       = n < sound.n - i ? n : sound.n - i;
    const float* const in[] = {sound.samples + i, sound.samples + i};
    float* const       to[] = {out + i, other + i};
    *n_violations += host_run(host, in, to, (uint32_t)n);
    i += n;
    if (ui && !draw(8U)) {
      watch(host);
      const LV2UI_Idle_Interface* const interface =
        (const LV2UI_Idle_Interface*)ui->descriptor->extension_data(
          LV2_UI__idleInterface);
      interface->idle(ui->handle);
    }
  }
  free(other);
  if (!ok) {
    free(out);
    out = NULL;
  }
  if (ok && ui) {
    // A window that says nothing more is forgotten after a while
    float* const       silence = (float*)calloc(RATE, sizeof(float));
    float* const       sink    = (float*)calloc(RATE, sizeof(float));
    const float* const in[]    = {silence, silence};
    float* const       to[]    = {sink, sink};
    unsigned           n_last  = 0U;
    ui->descriptor->port_event(ui->handle, 1U, 0U, 0U, silence);
    for (unsigned i = 0U; i < 5U * RATE / 480U; ++i) {
      if (i == 4U * RATE / 480U) {
        n_last = ui->n_messages;
      }
      *n_violations += host_run(host, in, to, 480U);
    }
    ok = expect(ui->n_messages == n_last, "it is told for ever");
    ui_host_close(ui);
    free(silence);
    free(sink);
  }
  if (host) {
    host_free(host);
  }
  return ok ? out : NULL;
}

static int
check_sound(const char* const window,
            const char* const uri,
            const char* const path)
{
  const Sound  sound        = read_sound(path);
  unsigned     n_violations = 0U;
  UiHost       ui;
  float* const plain  = play(sound, window, uri, NULL, &n_violations);
  float* const viewed = play(sound, window, uri, &ui, &n_violations);
  const double n_most = 2.0 + (60.0 * ((double)sound.n / RATE + 3.0)) + 10.0;
  printf("%s: %u messages of at most %u bytes, %u violations\n",
         uri,
         ui.n_messages,
         ui.largest,
         n_violations);
  const bool ok =
    plain && viewed &&
    expect(!memcmp(plain, viewed, sound.n * sizeof(float)),
           "a window changes the sound") &&
    expect(!n_violations, "the real-time rules were broken") &&
    expect(ui.n_messages > sound.n / 1000U, "the window was told nothing") &&
    expect(ui.n_messages <= n_most, "there are too many messages") &&
    expect(ui.largest <= 4096U, "messages are too large");
  free(plain);
  free(viewed);
  free(sound.samples);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
check_open(const char* const window, const char* const uri, const unsigned n)
{
  bool ok = true;
  for (unsigned i = 0U; ok && i < n; ++i) {
    UiHost ui;
    ok = ui_host_open(&ui, window, uri, NULL);
    if (ok) {
      const LV2UI_Idle_Interface* const interface =
        (const LV2UI_Idle_Interface*)ui.descriptor->extension_data(
          LV2_UI__idleInterface);
      interface->idle(ui.handle);
      ui_host_close(&ui);
    }
  }
  printf("%s: %s opened and closed %u times\n", uri, ok ? "it" : "not", n);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int
check_damaged(const char* const window, const char* const uri, const unsigned n)
{
  static const uint32_t sizes[] = {0U, 1U, 7U, 8U, 4097U, UINT32_MAX};
  UiHost                ui;
  if (!ui_host_open(&ui, window, uri, NULL)) {
    return EXIT_FAILURE;
  }
  for (unsigned i = 0U; i < n; ++i) {
    const uint32_t  size  = 8U + (8U * draw(40U));
    uint32_t* const words = (uint32_t*)calloc(1U, size);
    for (uint32_t w = 0U; w < size / 4U; ++w) {
      words[w] = draw(3U) ? draw(80U) : sizes[draw(6U)];
    }
    words[0] = draw(4U) ? size - 8U : words[0];
    words[1] = urid(LV2_ATOM__Object);
    if (size >= 16U) {
      words[3] = draw(2U) ? urid("urn:grus:voice#sound")
                          : urid("http://lv2plug.in/ns/ext/patch#Put");
    }
    ui.descriptor->port_event(
      ui.handle, 1U, size, urid(LV2_ATOM__eventTransfer), words);
    free(words);
  }
  ui_host_idle(&ui);
  ui_host_close(&ui);
  printf("%s: %u damaged messages\n", uri, n);
  return EXIT_SUCCESS;
}

/// Draw the window as it is at the end of a sound
static int
check_picture(const char* const window,
              const char* const uri,
              const char* const path,
              const char* const target)
{
  static const char* const shown[] = {"latency", "load", "load_worst"};
  enum { FIRST = 2U + GRUS_N_PARAMS - 1U + GRUS_N_METERS };
  const Sound sound = read_sound(path);
  Host* const host  = host_new(uri, RATE, true);
  UiHost      ui;
  bool        ok = host && ui_host_open(&ui, window, uri, host);
  for (size_t i = 0U; ok && i + BLOCK <= sound.n; i += BLOCK) {
    float              out[BLOCK];
    const float* const in     = sound.samples + i;
    float* const       output = out;
    watch(host);
    (void)host_run(host, &in, &output, BLOCK);
  }
  for (uint32_t i = 0U; ok && i < 3U; ++i) {
    ui_host_tell(&ui, FIRST + i, *host_control(host, shown[i]));
  }
  ok = ok && ui_host_save(&ui, target);
  free(sound.samples);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

int
main(const int argc, char** const argv)
{
  const char* const name = argc > 3 ? argv[1] : "";
  rt_guard_init();
  if (argc == 4 && !strcmp(name, "turn")) {
    return check_turn(argv[2], argv[3]);
  }
  if (argc == 5 && !strcmp(name, "sound")) {
    return check_sound(argv[2], argv[3], argv[4]);
  }
  if (argc == 5 && !strcmp(name, "open")) {
    return check_open(argv[2], argv[3], (unsigned)strtoul(argv[4], NULL, 10));
  }
  if (argc == 6 && !strcmp(name, "picture")) {
    return check_picture(argv[2], argv[3], argv[4], argv[5]);
  }
  if (argc == 5 && !strcmp(name, "damaged")) {
    return check_damaged(
      argv[2], argv[3], (unsigned)strtoul(argv[4], NULL, 10));
  }
  fprintf(stderr, "window_check: what is to be checked?\n");
  return EXIT_FAILURE;
}
