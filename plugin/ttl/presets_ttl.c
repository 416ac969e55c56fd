// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "presets_ttl.h"

#include "bundle.h"
#include "grus/params.h"
#include "host/preset_params.h"
#include "uris.h"

#include <jansson.h>

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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

void
presets_ttl_write_manifest(FILE* const       file,
                           json_t* const     presets,
                           const char* const binary,
                           const char* const window)
{
  const char* name   = NULL;
  json_t*     preset = NULL;

  fputs(bundle_prefixes, file);
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    fprintf(file,
            "<%s>\n"
            "\ta lv2:Plugin ;\n"
            "\tlv2:binary <%s> ;\n"
            "\trdfs:seeAlso <voice.ttl> .\n"
            "\n",
            bundle_plugins[i].uri,
            binary);
    json_object_foreach(presets, name, preset)
    {
      write_manifest_preset(file, &bundle_plugins[i], name);
    }
    for (size_t m = 0U; m < N_MODELS; ++m) {
      write_manifest_preset(file, &bundle_plugins[i], bundle_models[m].file);
    }
  }
  if (*window) {
    fprintf(file,
            "<" GRUS_WINDOW_URI ">\n"
            "\ta ui:X11UI ;\n"
            "\tlv2:binary <%s> ;\n"
            "\trdfs:seeAlso <voice.ttl> .\n"
            "\n",
            window);
  }
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
    if (preset_sets((GrusParam)i)) {
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

void
presets_ttl_write(FILE* const file, json_t* const presets)
{
  const char* name   = NULL;
  json_t*     preset = NULL;

  fputs(bundle_prefixes, file);
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    json_object_foreach(presets, name, preset)
    {
      write_preset(file, &bundle_plugins[i], name, preset);
    }
    for (size_t m = 0U; m < N_MODELS; ++m) {
      write_model_preset(file, &bundle_plugins[i], &bundle_models[m]);
    }
  }
}
