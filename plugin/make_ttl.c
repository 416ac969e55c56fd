// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Writes the bundle's .ttl files from the tables that the plugin itself reads
// (ports.h, the engine's params.h) and from the presets, so that none of them
// can disagree.  Runs when Grus is built.

#include "grus/grus.h"
#include "grus/params.h"
#include "ports.h"
#include "uris.h"

#include <jansson.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// One of the plugins
typedef struct {
  const char* uri;
  const char* name;
  uint32_t    n_channels;
} Plugin;

static const Plugin plugins[] = {
  {GRUS_VOICE_URI, "Grus Voice", 1U},
  {GRUS_VOICE_STEREO_URI, "Grus Voice Stereo", 2U},
};

enum { N_PLUGINS = sizeof(plugins) / sizeof(plugins[0]) };

/// A model of the bundle, which a preset chooses and no more
typedef struct {
  const char* file; ///< Without its ending, also the preset's name
  const char* label;
} Model;

static const Model models[] = {
  {"voice", "Model: Voice"},
  {"voice-light", "Model: Voice Light"},
  {"voice-low-latency", "Model: Voice Low Latency"},
};

enum { N_MODELS = sizeof(models) / sizeof(models[0]) };

static const char prefixes[] =
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
  "@prefix units: <http://lv2plug.in/ns/extensions/units#> .\n"
  "@prefix urid: <http://lv2plug.in/ns/ext/urid#> .\n"
  "@prefix work: <http://lv2plug.in/ns/ext/worker#> .\n"
  "\n";

static const char* const side_symbols[] = {"l", "r"};
static const char* const side_names[]   = {"left", "right"};

/// LV2's word for the unit of the engine's tables
static const char*
unit_of(const char* const unit)
{
  return !strncmp(unit, "dB", 2U)  ? "units:db"
         : !strcmp(unit, "ms")     ? "units:ms"
         : !strcmp(unit, "%")      ? "units:pc"
         : !strcmp(unit, "frames") ? "units:frame"
                                   : "units:coef";
}

/**
   Write the part of a control port that inputs and outputs share.

   Control ports have no group: GStreamer takes every port in a group for a
   channel of sound.
*/
static void
write_control(FILE* const       file,
              const char* const direction,
              const char* const symbol,
              const char* const name,
              const char* const comment)
{
  fprintf(file,
          "\t\ta lv2:%s ,\n"
          "\t\t\tlv2:ControlPort ;\n"
          "\t\tlv2:symbol \"%s\" ;\n"
          "\t\tlv2:name \"%s\" ;\n"
          "\t\trdfs:comment \"%s\" ;\n",
          direction,
          symbol,
          name,
          comment);
}

static void
write_param(FILE* const file, const uint32_t index)
{
  const GrusParamInfo* const info = grus_param_info(index);

  write_control(file, "InputPort", info->symbol, info->name, info->comment);
  if (info->type == GRUS_PARAM_FLOAT) {
    fprintf(file, "\t\tunits:unit %s ;\n", unit_of(info->unit));
  } else if (info->type == GRUS_PARAM_TOGGLE) {
    fprintf(file, "\t\tlv2:portProperty lv2:toggled ;\n");
  } else {
    fprintf(file, "\t\tlv2:portProperty lv2:integer , lv2:enumeration ;\n");
    for (uint32_t i = 0U; i <= (uint32_t)(info->maximum - info->minimum); ++i) {
      fprintf(file,
              "\t\tlv2:scalePoint [\n"
              "\t\t\trdfs:label \"%s\" ;\n"
              "\t\t\trdf:value %.1f\n"
              "\t\t] ;\n",
              info->labels[i],
              (double)(info->minimum + (float)i));
    }
  }
  if (index == GRUS_PARAM_ENABLED) {
    fprintf(file, "\t\tlv2:designation lv2:enabled ;\n");
  }
  fprintf(file,
          "\t\tlv2:minimum %.1f ;\n"
          "\t\tlv2:maximum %.1f ;\n"
          "\t\tlv2:default %.1f\n",
          (double)info->minimum,
          (double)info->maximum,
          (double)info->initial);
}

static void
write_meter(FILE* const file, const GrusMeterInfo* const info)
{
  write_control(file, "OutputPort", info->symbol, info->name, info->comment);
  fprintf(file,
          "\t\tunits:unit %s ;\n"
          "\t\tlv2:minimum %.1f ;\n"
          "\t\tlv2:maximum %.1f ;\n"
          "\t\tlv2:default %.1f\n",
          unit_of(info->unit),
          (double)info->minimum,
          (double)info->maximum,
          (double)info->initial);
}

static void
write_atom(FILE* const       file,
           const char* const direction,
           const char* const symbol,
           const char* const name)
{
  fprintf(file,
          "\t\ta lv2:%s ,\n"
          "\t\t\tatom:AtomPort ;\n"
          "\t\tlv2:symbol \"%s\" ;\n"
          "\t\tlv2:name \"%s\" ;\n"
          "\t\tatom:bufferType atom:Sequence ;\n"
          "\t\tatom:supports patch:Message ;\n"
          "\t\tlv2:designation lv2:control ;\n"
          "\t\tlv2:portProperty lv2:connectionOptional ;\n"
          "\t\trsz:minimumSize 16384\n",
          direction,
          symbol,
          name);
}

static void
write_sound(FILE* const         file,
            const Plugin* const plugin,
            const char* const   direction,
            const char* const   symbol,
            const char* const   name,
            const uint32_t      channel)
{
  const bool mono = plugin->n_channels == 1U;

  fprintf(file,
          "\t\ta lv2:%s ,\n"
          "\t\t\tlv2:AudioPort ;\n",
          direction);
  if (mono) {
    fprintf(
      file, "\t\tlv2:symbol \"%s\" ;\n\t\tlv2:name \"%s\" ;\n", symbol, name);
  } else {
    fprintf(file,
            "\t\tlv2:symbol \"%s_%s\" ;\n"
            "\t\tlv2:name \"%s %s\" ;\n",
            symbol,
            side_symbols[channel],
            name,
            side_names[channel]);
  }
  fprintf(file,
          "\t\tpg:group <%s#%s> ;\n"
          "\t\tlv2:designation pg:%s\n",
          plugin->uri,
          symbol,
          mono ? "center" : side_names[channel]);
}

static void
write_port(FILE* const file, const Plugin* const plugin, const Port* const port)
{
  static const GrusMeterInfo latency = {"latency",
                                        "Latency",
                                        "frames",
                                        0.0f,
                                        96000.0f,
                                        0.0f,
                                        "Delay of the sound."};
  static const GrusMeterInfo load    = {
       "load", "DSP load", "%", 0.0f, 100.0f, 0.0f, "Mean share of the time."};
  static const GrusMeterInfo load_worst = {"load_worst",
                                           "Worst DSP load",
                                           "%",
                                           0.0f,
                                           100.0f,
                                           0.0f,
                                           "Share of the time, falling peak."};

  switch (port->type) {
  case PORT_CONTROL:
    write_atom(file, "InputPort", "control", "Control");
    break;
  case PORT_NOTIFY:
    write_atom(file, "OutputPort", "notify", "Notify");
    break;
  case PORT_PARAM:
    write_param(file, port->index);
    break;
  case PORT_METER:
    write_meter(file, grus_meter_info(port->index));
    break;
  case PORT_LATENCY:
    fprintf(file,
            "\t\tlv2:designation lv2:latency ;\n"
            "\t\tlv2:portProperty lv2:reportsLatency , lv2:integer ;\n");
    write_meter(file, &latency);
    break;
  case PORT_LOAD:
    write_meter(file, &load);
    break;
  case PORT_LOAD_WORST:
    write_meter(file, &load_worst);
    break;
  case PORT_INPUT:
    write_sound(file, plugin, "InputPort", "in", "In", port->index);
    break;
  case PORT_OUTPUT:
    write_sound(file, plugin, "OutputPort", "out", "Out", port->index);
    break;
  }
}

static void
write_sound_group(FILE* const         file,
                  const Plugin* const plugin,
                  const char* const   direction,
                  const char* const   symbol,
                  const char* const   name)
{
  const char* const layout = plugin->n_channels == 1U ? "Mono" : "Stereo";
  fprintf(file,
          "<%s#%s>\n"
          "\ta pg:%sGroup ,\n"
          "\t\tpg:%sGroup ;\n"
          "\tlv2:symbol \"%s\" ;\n"
          "\tlv2:name \"%s\" .\n"
          "\n",
          plugin->uri,
          symbol,
          layout,
          direction,
          symbol,
          name);
}

static void
write_plugin(FILE* const file, const Plugin* const plugin)
{
  Port           ports[MAX_PORTS];
  const uint32_t n_ports = ports_list(plugin->n_channels, ports);

  write_sound_group(file, plugin, "Input", "in", "Input");
  write_sound_group(file, plugin, "Output", "out", "Output");
  fprintf(file,
          "<%s>\n"
          "\ta lv2:Plugin ,\n"
          "\t\tlv2:FilterPlugin ;\n"
          "\tdoap:name \"%s\" ;\n"
          "\tlv2:project <urn:grus> ;\n"
          "\tlv2:minorVersion 0 ;\n"
          "\tlv2:microVersion 1 ;\n"
          "\trdfs:comment \"Takes the noise away from a voice, live.\" ;\n"
          "\tlv2:optionalFeature bufsz:boundedBlockLength ,\n"
          "\t\tlog:log ,\n"
          "\t\tlv2:hardRTCapable ,\n"
          "\t\topts:options ,\n"
          "\t\tstate:freePath ,\n"
          "\t\tstate:mapPath ,\n"
          "\t\tstate:threadSafeRestore ,\n"
          "\t\turid:map ,\n"
          "\t\twork:schedule ;\n"
          "\topts:supportedOption bufsz:nominalBlockLength ;\n"
          "\tlv2:extensionData state:interface ,\n"
          "\t\twork:interface ;\n"
          "\tpatch:writable <" GRUS_MODEL_URI "> ,\n"
          "\t\t<" GRUS_EMBED_URI "> ;\n"
          "\tpatch:readable <" GRUS_MODEL_NAME_URI "> ,\n"
          "\t\t<" GRUS_MODEL_RATE_URI "> ,\n"
          "\t\t<" GRUS_MODEL_ERROR_URI "> ;\n"
          "\tpg:mainInput <%s#in> ;\n"
          "\tpg:mainOutput <%s#out> ;\n"
          "\tlv2:port [\n",
          plugin->uri,
          plugin->name,
          plugin->uri,
          plugin->uri);
  for (uint32_t i = 0U; i < n_ports; ++i) {
    fprintf(file, "%s\t\tlv2:index %u ;\n", i ? "\t] , [\n" : "", i);
    write_port(file, plugin, &ports[i]);
  }
  fprintf(file, "\t] .\n\n");
}

static void
write_property(FILE* const       file,
               const char* const uri,
               const char* const label,
               const char* const range,
               const char* const comment)
{
  fprintf(file,
          "<%s>\n"
          "\ta lv2:Parameter ;\n"
          "\trdfs:label \"%s\" ;\n"
          "\trdfs:comment \"%s\" ;\n"
          "\trdfs:range atom:%s .\n"
          "\n",
          uri,
          label,
          comment,
          range);
}

static void
write_plugins(FILE* const file)
{
  fprintf(file,
          "%s<urn:grus>\n"
          "\ta doap:Project ;\n"
          "\tdoap:name \"Grus\" ;\n"
          "\tdoap:license <https://spdx.org/licenses/ISC> ;\n"
          "\tdoap:maintainer [\n"
          "\t\ta foaf:Agent ;\n"
          "\t\tfoaf:name \"The Grus authors\"\n"
          "\t] .\n"
          "\n",
          prefixes);
  write_property(file,
                 GRUS_MODEL_URI,
                 "Model",
                 "Path",
                 "Model file; empty for the model that comes with Grus.");
  write_property(file,
                 GRUS_EMBED_URI,
                 "Keep model in session",
                 "Bool",
                 "Save the model's data with the session.");
  write_property(
    file, GRUS_MODEL_NAME_URI, "Model name", "String", "What is played.");
  write_property(
    file, GRUS_MODEL_RATE_URI, "Model rate", "Int", "Its sample rate in Hz.");
  write_property(file,
                 GRUS_MODEL_ERROR_URI,
                 "Model error",
                 "String",
                 "Why a model could not be loaded; empty if all is well.");
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    write_plugin(file, &plugins[i]);
  }
}

static void
write_manifest_preset(FILE* const         file,
                      const Plugin* const plugin,
                      const char* const   name)
{
  fprintf(file,
          "<%s#%s>\n"
          "\ta pset:Preset ;\n"
          "\tlv2:appliesTo <%s> ;\n"
          "\trdfs:seeAlso <presets.ttl> .\n"
          "\n",
          plugin->uri,
          name,
          plugin->uri);
}

static void
write_manifest(FILE* const       file,
               json_t* const     presets,
               const char* const binary)
{
  const char* name   = NULL;
  json_t*     preset = NULL;

  fputs(prefixes, file);
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    fprintf(file,
            "<%s>\n"
            "\ta lv2:Plugin ;\n"
            "\tlv2:binary <%s> ;\n"
            "\trdfs:seeAlso <voice.ttl> .\n"
            "\n",
            plugins[i].uri,
            binary);
    json_object_foreach(presets, name, preset)
    {
      write_manifest_preset(file, &plugins[i], name);
    }
    for (size_t m = 0U; m < N_MODELS; ++m) {
      write_manifest_preset(file, &plugins[i], models[m].file);
    }
  }
}

/**
   Whether a preset sets a parameter.

   What belongs to the place where the plugin is used, not to the sound that a
   person is after, stays as it is.
*/
static bool
is_in_presets(const GrusParam param)
{
  return param != GRUS_PARAM_ENABLED && param != GRUS_PARAM_LINK &&
         param != GRUS_PARAM_EVEN_LOAD && param != GRUS_PARAM_INPUT_GAIN;
}

static void
write_preset(FILE* const         file,
             const Plugin* const plugin,
             const char* const   name,
             const json_t* const preset)
{
  const char* separator = "";

  fprintf(file,
          "<%s#%s>\n"
          "\ta pset:Preset ;\n"
          "\tlv2:appliesTo <%s> ;\n"
          "\trdfs:label \"%c%s\" ;\n"
          "\tlv2:port [\n",
          plugin->uri,
          name,
          plugin->uri,
          toupper((unsigned char)name[0]),
          name + 1);
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParamInfo* const info  = grus_param_info(i);
    const json_t* const        value = json_object_get(preset, info->symbol);
    if (is_in_presets((GrusParam)i)) {
      fprintf(file,
              "%s\t\tlv2:symbol \"%s\" ;\n"
              "\t\tpset:value %f\n",
              separator,
              info->symbol,
              value ? json_number_value(value) : (double)info->initial);
      separator = "\t] , [\n";
    }
  }
  fprintf(file, "\t] .\n\n");
}

static void
write_model_preset(FILE* const         file,
                   const Plugin* const plugin,
                   const Model* const  model)
{
  fprintf(file,
          "<%s#%s>\n"
          "\ta pset:Preset ;\n"
          "\tlv2:appliesTo <%s> ;\n"
          "\trdfs:label \"%s\" ;\n"
          "\tstate:state [\n"
          "\t\t<" GRUS_MODEL_URI "> <%s.safetensors>\n"
          "\t] .\n"
          "\n",
          plugin->uri,
          model->file,
          plugin->uri,
          model->label,
          model->file);
}

static void
write_presets(FILE* const file, json_t* const presets)
{
  const char* name   = NULL;
  json_t*     preset = NULL;

  fputs(prefixes, file);
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    json_object_foreach(presets, name, preset)
    {
      write_preset(file, &plugins[i], name, preset);
    }
    for (size_t m = 0U; m < N_MODELS; ++m) {
      write_model_preset(file, &plugins[i], &models[m]);
    }
  }
}

/// Return whether a preset names only parameters that it may set, in range
static bool
is_valid(const char* const name, json_t* const preset)
{
  const char* symbol = NULL;
  json_t*     value  = NULL;
  json_object_foreach(preset, symbol, value)
  {
    uint32_t i = 0U;
    while (i < GRUS_N_PARAMS && strcmp(grus_param_info(i)->symbol, symbol)) {
      ++i;
    }

    const GrusParamInfo* const info = grus_param_info(i);
    if (!info || !is_in_presets((GrusParam)i) || !json_is_number(value) ||
        json_number_value(value) < (double)info->minimum ||
        json_number_value(value) > (double)info->maximum) {
      fprintf(stderr, "make_ttl: preset \"%s\": bad \"%s\"\n", name, symbol);
      return false;
    }
  }
  return true;
}

static bool
are_valid(json_t* const presets)
{
  const char* name   = NULL;
  json_t*     preset = NULL;
  bool        ok     = json_object_size(presets) > 0U;
  json_object_foreach(presets, name, preset)
  {
    ok = ok && is_valid(name, preset);
  }
  return ok;
}

int
main(const int argc, char** const argv)
{
  if (argc != 6) {
    fprintf(stderr,
            "Usage: make_ttl PRESETS BINARY MANIFEST.ttl VOICE.ttl "
            "PRESETS.ttl\n");
    return EXIT_FAILURE;
  }

  json_error_t  error;
  json_t* const presets =
    json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
  if (!presets || !are_valid(presets)) {
    fprintf(stderr,
            "make_ttl: cannot use \"%s\"%s%s\n",
            argv[1],
            presets ? "" : ": ",
            presets ? "" : error.text);
    json_decref(presets);
    return EXIT_FAILURE;
  }

  FILE* files[3] = {
    fopen(argv[3], "w"), fopen(argv[4], "w"), fopen(argv[5], "w")};
  bool ok = files[0] && files[1] && files[2];
  if (ok) {
    write_manifest(files[0], presets, argv[2]);
    write_plugins(files[1]);
    write_presets(files[2], presets);
  }
  for (size_t i = 0U; i < 3U; ++i) {
    ok = files[i] && !ferror(files[i]) && !fclose(files[i]) && ok;
  }
  json_decref(presets);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
