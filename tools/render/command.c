// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/command.h"

#include "cli/command_line.h"
#include "cli/say.h"
#include "files/output.h"
#include "render/batch/batch.h"
#include "render/one_file.h"
#include "render/options.h"
#include "render/report.h"

#include <stddef.h>

static int
report_placed(void* const context, const RenderReport* const report)
{
  (void)context;
  return render_report(report);
}

int
command_render(const int argc, char** const argv)
{
  RenderOptions options;
  say_name("grus render");

  const int usage = render_options_parse(&options, argc, argv);
  if (usage) {
    return usage == COMMAND_LINE_HELP ? EXIT_OK : usage;
  }

  const RenderHooks hooks = {.placed = report_placed};
  output_file_catch_signals();
  return options.batch.folder ? batch_run(&options)
                              : render_one_file(&options, NULL, &hooks);
}
