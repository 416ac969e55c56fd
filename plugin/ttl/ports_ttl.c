// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "ports_ttl.h"

#include "bundle.h"
#include "grus/params.h"
#include "ports.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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
           const char* const name,
           const unsigned    size)
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
          "\t\trsz:minimumSize %u\n",
          direction,
          symbol,
          name,
          size);
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

void
ports_ttl_write(FILE* const         file,
                const Plugin* const plugin,
                const Port* const   port)
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
    write_atom(file, "InputPort", "control", "Control", 16384U);
    break;
  case PORT_NOTIFY:
    // A window gets the sound of the longest blocks in it too
    write_atom(file, "OutputPort", "notify", "Notify", 65536U);
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
