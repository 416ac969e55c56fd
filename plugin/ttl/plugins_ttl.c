// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "plugins_ttl.h"

#include "bundle.h"
#include "grus/version.h"
#include "ports.h"
#include "ports_ttl.h"
#include "uris.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  unsigned long major;
  unsigned long minor;
  unsigned long patch;
} Version;

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

/// Return the version of Grus, which the build writes as "1.2.3"
static Version
read_version(void)
{
  Version version = {0UL, 0UL, 0UL};
  char*   end     = NULL;
  version.major   = strtoul(GRUS_VERSION, &end, 10);
  version.minor   = strtoul(end + 1, &end, 10);
  version.patch   = strtoul(end + 1, &end, 10);
  return version;
}

/// LV2 has no major version, and takes odd ones for work in progress
static void
write_plugin(FILE* const         file,
             const Plugin* const plugin,
             const bool          has_window)
{
  const Version  version = read_version();
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
          "\tlv2:minorVersion %lu ;\n"
          "\tlv2:microVersion %lu ;\n"
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
          "\t\t<" GRUS_MODEL_LICENSE_URI "> ,\n"
          "\t\t<" GRUS_MODEL_RATE_URI "> ,\n"
          "\t\t<" GRUS_MODEL_ERROR_URI "> ;\n"
          "%s"
          "\tpg:mainInput <%s#in> ;\n"
          "\tpg:mainOutput <%s#out> ;\n"
          "\tlv2:port [\n",
          plugin->uri,
          plugin->name,
          2UL * ((100UL * version.major) + version.minor),
          2UL * version.patch,
          has_window ? "\tui:ui <" GRUS_WINDOW_URI "> ;\n" : "",
          plugin->uri,
          plugin->uri);
  for (uint32_t i = 0U; i < n_ports; ++i) {
    fprintf(file, "%s\t\tlv2:index %u ;\n", i ? "\t] , [\n" : "", i);
    ports_ttl_write(file, plugin, &ports[i]);
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

/// The window, one for all plugins
static void
write_window(FILE* const file, const char* const binary)
{
  fprintf(file,
          "<" GRUS_WINDOW_URI ">\n"
          "\ta ui:X11UI ;\n"
          "\tlv2:binary <%s> ;\n"
          "\tlv2:requiredFeature ui:idleInterface ,\n"
          "\t\turid:map ;\n"
          "\tlv2:optionalFeature opts:options ,\n"
          "\t\tui:parent ,\n"
          "\t\tui:resize ,\n"
          "\t\tui:touch ;\n"
          "\tlv2:extensionData ui:idleInterface ,\n"
          "\t\tui:resize ;\n"
          "\topts:supportedOption ui:backgroundColor ,\n"
          "\t\tui:scaleFactor ;\n"
          "\tui:portNotification",
          binary);
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    fprintf(file,
            "%s [\n"
            "\t\tui:plugin <%s> ;\n"
            "\t\tlv2:symbol \"notify\" ;\n"
            "\t\tui:notifyType atom:Object\n"
            "\t]",
            i ? " ," : "",
            bundle_plugins[i].uri);
  }
  fprintf(file, " .\n\n");
}

void
plugins_ttl_write(FILE* const file, const char* const window)
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
          bundle_prefixes);
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
  write_property(file,
                 GRUS_MODEL_LICENSE_URI,
                 "Model license",
                 "String",
                 "What it may be used for; empty if its file does not say.");
  write_property(
    file, GRUS_MODEL_RATE_URI, "Model rate", "Int", "Its sample rate in Hz.");
  write_property(file,
                 GRUS_MODEL_ERROR_URI,
                 "Model error",
                 "String",
                 "Why a model could not be loaded; empty if all is well.");
  for (size_t i = 0U; i < N_PLUGINS; ++i) {
    write_plugin(file, &bundle_plugins[i], *window);
  }
  if (*window) {
    write_window(file, window);
  }
}
