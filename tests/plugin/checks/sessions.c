// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Sessions, moved and with losses

#include "checks.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "lv2_host/state.h"
#include "support.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/// Another model under the name of the one that was saved: it does not play
static bool
refuses_replaced(const char* const uri, const char* const folder)
{
  Host* const host = open_session(uri, folder);
  const bool  ok =
    expect(strcmp(host_news(host)->name, "Wrong") != 0, "it plays") &&
    expect(!!strstr(host_news(host)->error,
                    "not the model that the session was saved with"),
           host_news(host)->error);
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

int
check_sessions(const char* const uri,
               const char* const model,
               const char* const folder)
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
    run_command("sed s/Other/Wrong/ '%s' > '%s'", model, copy) &&
    refuses_replaced(uri, linked) && plays_other(uri, embedded) &&
    refuses(uri, "/nowhere/no.safetensors", "No such file") &&
    refuses(uri, folder, folder) &&
    refuses(uri, "/etc/passwd", "/etc/passwd") &&
    // A pipe that nobody writes to is not waited for
    run_command("rm -f '%s' && mkfifo '%s'", copy, copy) &&
    refuses(uri, copy, "not a file");
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
