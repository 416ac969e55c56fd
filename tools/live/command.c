// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Watches over the process that plays.

  When a sound server goes away, the audio libraries may hang for minutes or
  abort, and cannot be started again where they are.  So they live in a child,
  which is replaced when it has lost its devices.  The parent never starts a
  thread and never calls those libraries.
*/

#include "live/command.h"

#include "cli/command_line.h"
#include "cli/say.h"
#include "host/clock.h"
#include "live/carry.h"
#include "live/control/address.h"
#include "live/control/server.h"
#include "live/desktop/install.h"
#include "live/desktop/pipewire.h"
#include "live/options.h"
#include "live/session/session.h"
#include "live/session/signals.h"

#include <sys/mman.h>
#ifdef __linux__
#  include <sys/prctl.h>
#endif
#include <sys/types.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const double first_pause = 1.0; ///< Seconds before the first new try
static const double last_pause  = 30.0;

static volatile sig_atomic_t stopped;
static volatile sig_atomic_t child;

static void
on_signal(const int number)
{
  (void)number;
  stopped = 1;
  if (child > 0) {
    kill((pid_t)child, SIGTERM);
  }
}

/// Play in the child, and end like the parent ends
static int
run_child(const LiveOptions* const options,
          LiveCarry* const         carry,
          const pid_t              parent)
{
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
  if (getppid() != parent) {
    return EXIT_FAILED;
  }

  const int code = live_session(options, carry);
  fflush(stdout);
  return code;
}

/// Give back a terminal that the child could not give back itself
static void
restore_terminal(const struct termios* const before)
{
  static const char leave_and_show_cursor[] = "\033[?1049l\033[?25h\033[m\r";
  if (isatty(STDOUT_FILENO) && !tcsetattr(STDIN_FILENO, TCSANOW, before)) {
    fputs(leave_and_show_cursor, stdout);
    fflush(stdout);
  }
}

/// Wait until the child has ended and return its exit code; `terminal` may be
/// null
static int
wait_for_child(const LiveCarry* const      carry,
               const struct termios* const terminal)
{
  int status = 0;
  while (waitpid((pid_t)child, &status, 0) < 0 && errno == EINTR) {
  }

  child = 0;
  if (WIFEXITED(status)) {
    return WEXITSTATUS(status);
  }
  if (terminal) {
    restore_terminal(terminal);
  }
  say_error(EXIT_FAILED,
            "the audio libraries failed (%s)",
            strsignal(WTERMSIG(status)));
  return carry->has_played ? EXIT_LOST : EXIT_FAILED;
}

static int
play_once(const LiveOptions* const options, LiveCarry* const carry)
{
  const pid_t    parent = getpid();
  struct termios terminal;
  const bool     has_terminal = !tcgetattr(STDIN_FILENO, &terminal);
  carry->has_played           = false;
  fflush(NULL);

  // A signal between the fork and its answer must find the child
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &before);
  const pid_t pid = fork();
  child           = pid;
  if (!pid) {
    live_signals_catch_by(on_signal);
    sigprocmask(SIG_SETMASK, &before, NULL);
    _exit(run_child(options, carry, parent));
  }
  sigprocmask(SIG_SETMASK, &before, NULL);

  return pid > 0 ? wait_for_child(carry, has_terminal ? &terminal : NULL)
                 : say_error(EXIT_FAILED,
                             "cannot start a process: %s",
                             strerror(errno));
}

/// Answer commands while there is nothing that plays, as a LiveAnswer
static void
answer_resting(void* const     data,
               char* const     line,
               uint64_t* const ticket,
               char* const     answer,
               const size_t    size)
{
  const char* text = "error: no sound device at the moment, trying again";
  (void)data;
  (void)ticket;
  if (!strcmp(line, "status --json")) {
    text = "ok {\"state\":\"lost\"}";
  } else if (!strcmp(line, "status")) {
    text = "ok lost: no sound device at the moment, trying again";
  } else if (!strcmp(line, "quit")) {
    text    = "ok";
    stopped = 1;
  }
  snprintf(answer, size, "%s", text);
}

/// Wait, in which commands are answered
static void
wait_resting(const LiveCarry* const carry, const double seconds)
{
  const double      end = clock_seconds() + seconds;
  LiveServer* const server =
    carry->control < 0 ? NULL
                       : live_server_new(carry->control, answer_resting, NULL);
  while (server && !stopped && clock_seconds() < end) {
    live_server_run(server, 0.1);
  }
  if (!server) {
    const struct timespec time = {(time_t)seconds, 0};
    nanosleep(&time, NULL);
  }
  live_server_free(server);
}

/// Tell that the devices are gone, and wait before they are tried again
static void
rest(const LiveOptions* const options,
     const LiveCarry* const   carry,
     const double             pause)
{
  if (options->json) {
    printf("{\"state\":\"lost\",\"retry_s\":%g}\n", pause);
    fflush(stdout);
  }
  say_error(
    EXIT_OK, "the sound device or server is gone; trying again in %g s", pause);
  wait_resting(carry, pause);
}

static int
play(const LiveOptions* const options, LiveCarry* const carry)
{
  double pause = first_pause;
  int    code  = play_once(options, carry);
  while (code == EXIT_LOST && !stopped &&
         clock_seconds() - carry->lost_at < carry->left) {
    pause = carry->has_played ? first_pause : fmin(2.0 * pause, last_pause);
    rest(options, carry, pause);
    if (!stopped) {
      code = play_once(options, carry);
    }
  }

  // Ended by the user or the clock while it waited
  const int ended = code == EXIT_LOST ? EXIT_OK : code;
  return carry->failed && !ended ? EXIT_FAILED : ended;
}

/// Play, and listen to commands if that is asked for
static int
play_controlled(const LiveOptions* const options, LiveCarry* const carry)
{
  LiveAddress address = {NULL, -1, 0, 0};
  const int   code =
    options->control ? live_address_open(&address, options->control) : EXIT_OK;
  if (code) {
    return code;
  }

  carry->control   = address.fd;
  const int played = play(options, carry);
  live_address_close(&address);
  return played;
}

int
command_live(const int argc, char** argv)
{
  LiveOptions options;
  say_name("grus live");

  const int usage = live_options_parse(&options, argc, argv);
  if (usage) {
    return usage == COMMAND_LINE_HELP ? EXIT_OK : usage;
  }
  if (options.pipewire_config) {
    return options.install  ? live_install(&options)
           : options.remove ? live_remove()
                            : live_pipewire_print(&options, stdout);
  }

  LiveCarry* const carry = (LiveCarry*)mmap(NULL,
                                            sizeof(LiveCarry),
                                            PROT_READ | PROT_WRITE,
                                            MAP_SHARED | MAP_ANONYMOUS,
                                            -1,
                                            0);
  if (carry == MAP_FAILED) {
    return say_error(EXIT_FAILED, "no memory: %s", strerror(errno));
  }

  memcpy(carry->params, options.params, sizeof(carry->params));
  carry->preset = SIZE_MAX;
  carry->left   = options.duration > 0.0 ? options.duration : (double)INFINITY;
  if (options.record && strlen(options.record) >= LIVE_PATH_SIZE) {
    return say_error(EXIT_USAGE, "the path of --record is too long");
  }
  snprintf(
    carry->record, LIVE_PATH_SIZE, "%s", options.record ? options.record : "");
  carry->policy = options.record_policy;

  live_signals_catch_by(on_signal);
  const int code = play_controlled(&options, carry);
  munmap(carry, sizeof(*carry));
  return code;
}
