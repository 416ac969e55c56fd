// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "devices/command.h"

#include "cli/command_line.h"
#include "cli/json_report.h"
#include "cli/json_text.h"
#include "cli/say.h"
#include "devices/audio.h"
#include "devices/nodes.h"
#include "grus/grus.h"

#include <getopt.h>
#include <jansson.h>
#include <portaudio.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

static const double rates[] = {8000.0,
                               16000.0,
                               22050.0,
                               32000.0,
                               44100.0,
                               48000.0,
                               88200.0,
                               96000.0,
                               192000.0};

enum { N_RATES = sizeof(rates) / sizeof(rates[0]) };

static bool
has_rate(const PaDeviceIndex device, const double rate)
{
  const int inputs  = audio_channels(device, AUDIO_INPUT);
  const int outputs = audio_channels(device, AUDIO_OUTPUT);

  // Some devices have more channels than they can open at once
  const PaStreamParameters in = {
    device, inputs < 2 ? inputs : 2, paFloat32, 0.1, NULL};
  const PaStreamParameters out = {
    device, outputs < 2 ? outputs : 2, paFloat32, 0.1, NULL};
  return Pa_IsFormatSupported(inputs ? &in : NULL,
                              inputs ? NULL : &out,
                              rate) == paFormatIsSupported;
}

static json_t*
device_json(const PaDeviceIndex device)
{
  const PaDeviceInfo* const info = Pa_GetDeviceInfo(device);
  json_t* const             list = json_array();
  for (size_t i = 0U; i < N_RATES; ++i) {
    if (has_rate(device, rates[i])) {
      json_array_append_new(list, json_integer((json_int_t)rates[i]));
    }
  }

  return json_pack(
    "{s:i, s:o, s:s, s:i, s:i, s:f, s:o, s:f, s:f, s:f, s:f, s:b, s:b}",
    "number",
    device,
    "name",
    json_text(info->name),
    "api",
    audio_api_name(device),
    "inputs",
    info->maxInputChannels,
    "outputs",
    info->maxOutputChannels,
    "sample_rate",
    info->defaultSampleRate,
    "sample_rates",
    list,
    "low_input_latency_ms",
    1e3 * info->defaultLowInputLatency,
    "high_input_latency_ms",
    1e3 * info->defaultHighInputLatency,
    "low_output_latency_ms",
    1e3 * info->defaultLowOutputLatency,
    "high_output_latency_ms",
    1e3 * info->defaultHighOutputLatency,
    "default_input",
    device == audio_default(AUDIO_INPUT),
    "default_output",
    device == audio_default(AUDIO_OUTPUT));
}

/// What is known of a node of the sound server
static json_t*
node_json(const size_t index)
{
  const AudioNode* const node = &audio_nodes()->nodes[index];
  return json_pack("{s:i, s:o, s:o, s:o, s:i, s:i, s:i, s:[i], s:b, s:b}",
                   "number",
                   Pa_GetDeviceCount() + (int)index,
                   "name",
                   json_text(node->name),
                   "description",
                   json_text(node->description),
                   "api",
                   json_text(audio_nodes()->server),
                   "inputs",
                   node->is_input ? (int)node->n_channels : 0,
                   "outputs",
                   node->is_input ? 0 : (int)node->n_channels,
                   "sample_rate",
                   (int)node->sample_rate,
                   "sample_rates",
                   (int)node->sample_rate,
                   "default_input",
                   node->is_default && node->is_input,
                   "default_output",
                   node->is_default && !node->is_input);
}

static int
print_json(void)
{
  json_t* const list = json_array();
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    json_array_append_new(list, device_json(i));
  }

  for (size_t i = 0U; i < audio_nodes()->n; ++i) {
    json_array_append_new(list, node_json(i));
  }

  return json_report(list, JSON_INDENT(2), stdout);
}

static void
print_rates(const PaDeviceIndex device)
{
  const char* separator = "";
  for (size_t i = 0U; i < N_RATES; ++i) {
    if (has_rate(device, rates[i])) {
      printf("%s%g", separator, rates[i] / 1e3);
      separator = " ";
    }
  }
}

static void
print_device(const PaDeviceIndex device)
{
  const PaDeviceInfo* const info = Pa_GetDeviceInfo(device);
  char                      name[VISIBLE_SIZE];
  grus_make_visible(name, sizeof(name), info->name);
  printf("%c%c%3d  %-32s %3d in %3d out  %5.1f ms  ",
         device == audio_default(AUDIO_INPUT) ? '<' : ' ',
         device == audio_default(AUDIO_OUTPUT) ? '>' : ' ',
         device,
         name,
         info->maxInputChannels,
         info->maxOutputChannels,
         1e3 * (info->maxOutputChannels ? info->defaultLowOutputLatency
                                        : info->defaultLowInputLatency));
  print_rates(device);
  printf(" kHz\n");
}

/// Print what the sound server has behind one of the devices
static void
print_nodes(void)
{
  const AudioNodes* const nodes = audio_nodes();
  char                    text[VISIBLE_SIZE];
  char                    name[VISIBLE_SIZE];
  if (nodes->n) {
    grus_make_visible(text, sizeof(text), nodes->server ? nodes->server : "");
    printf("%s\n", text);
  }
  for (size_t i = 0U; i < nodes->n; ++i) {
    const AudioNode* const node = &nodes->nodes[i];
    grus_make_visible(text, sizeof(text), node->description);
    grus_make_visible(name, sizeof(name), node->name);
    printf("%c%c%3d  %-32s %3u in %3u out  %s  %g kHz\n",
           node->is_default && node->is_input ? '<' : ' ',
           node->is_default && !node->is_input ? '>' : ' ',
           Pa_GetDeviceCount() + (int)i,
           text,
           node->is_input ? node->n_channels : 0U,
           node->is_input ? 0U : node->n_channels,
           name,
           node->sample_rate / 1e3);
  }
}

static int
print_text(void)
{
  for (PaHostApiIndex a = 0; a < Pa_GetHostApiCount(); ++a) {
    const PaHostApiInfo* const api = Pa_GetHostApiInfo(a);
    if (api->deviceCount > 0) {
      printf("%s\n", api->name);
    }
    for (int i = 0; i < api->deviceCount; ++i) {
      print_device(Pa_HostApiDeviceIndexToDeviceIndex(a, i));
    }
  }
  print_nodes();
  return EXIT_OK;
}

/// What the command line asks for
typedef struct {
  bool json;
  bool verbose;
} Options;

static const CommandOption rows[] = {
  {"json",
   'j',
   NULL,
   "List them as JSON",
   command_take_switch,
   offsetof(Options, json),
   0U},
  {"verbose",
   'v',
   NULL,
   "Show what the audio libraries say too",
   command_take_switch,
   offsetof(Options, verbose),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name    = "devices",
  .about   = "Usage: grus devices [--json] [--verbose]\n"
             "List the sound devices that grus live can use.\n",
  .options = rows,
  .after =
    "Latency is what a device asks for by itself, in ms.  < and > mark the\n"
    "default input and output.\n"
    "\n"
    "Exit status: 0 there are some, 1 there are none, 2 wrong usage.\n",
  .params = COMMAND_NO_PARAMS,
};

int
command_devices(const int argc, char** argv)
{
  Options options = {false, false};
  say_name("grus devices");

  int code = command_line_parse(&command_line, &options, argc, argv);
  if (code) {
    return code == COMMAND_LINE_HELP ? EXIT_OK : code;
  }
  if (optind != argc) {
    return say_error(EXIT_USAGE, "no arguments are needed (try --help)");
  }

  code = audio_start(options.verbose);
  if (!code) {
    code = options.json ? print_json() : print_text();
    code = code ? code : Pa_GetDeviceCount() > 0 ? EXIT_OK : audio_say_none();
  }
  audio_end();
  return code;
}
