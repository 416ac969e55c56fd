// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bundle.h"

#include "uris.h"

const Plugin bundle_plugins[N_PLUGINS] = {
  {GRUS_VOICE_URI, "Grus Voice", 1U},
  {GRUS_VOICE_STEREO_URI, "Grus Voice Stereo", 2U},
};

const Model bundle_models[N_MODELS] = {
  {"voice", "Model: Voice"},
  {"voice-light", "Model: Voice Light"},
  {"voice-low-latency", "Model: Voice Low Latency"},
};

const char bundle_prefixes[] =
  "@prefix atom: <http://lv2plug.in/ns/ext/atom#> .\n"
  "@prefix bufsz: <http://lv2plug.in/ns/ext/buf-size#> .\n"
  "@prefix doap: <http://usefulinc.com/ns/doap#> .\n"
  "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n"
  "@prefix log: <http://lv2plug.in/ns/ext/log#> .\n"
  "@prefix lv2: <http://lv2plug.in/ns/lv2core#> .\n"
  "@prefix opts: <http://lv2plug.in/ns/ext/options#> .\n"
  "@prefix patch: <http://lv2plug.in/ns/ext/patch#> .\n"
  "@prefix pg: <http://lv2plug.in/ns/ext/port-groups#> .\n"
  "@prefix pprops: <http://lv2plug.in/ns/ext/port-props#> .\n"
  "@prefix pset: <http://lv2plug.in/ns/ext/presets#> .\n"
  "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
  "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
  "@prefix rsz: <http://lv2plug.in/ns/ext/resize-port#> .\n"
  "@prefix state: <http://lv2plug.in/ns/ext/state#> .\n"
  "@prefix ui: <http://lv2plug.in/ns/extensions/ui#> .\n"
  "@prefix units: <http://lv2plug.in/ns/extensions/units#> .\n"
  "@prefix urid: <http://lv2plug.in/ns/ext/urid#> .\n"
  "@prefix work: <http://lv2plug.in/ns/ext/worker#> .\n"
  "\n";
