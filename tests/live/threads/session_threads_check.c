// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  `grus live` from its start to its end, over and over, with devices that need
  no sound server: microphone, two clocks or a file; recordings, other models,
  parameters; an end by a command, a signal, or the loss of the devices, after
  which the next session goes on where this one was.

  Built with -Db_sanitize=thread this finds races between what the audio threads
  do, who records, who reads, and who controls; a report ends the session with a
  code of its own.

      session_threads_check FOLDER SESSIONS
*/

#include "cli/say.h"
#include "fake_portaudio.h"
#include "grus/grus.h"
#include "host/clock.h"
#include "live/carry.h"
#include "live/control/address.h"
#include "live/control/server.h"
#include "live/options.h"
#include "live/session/session.h"
#include "model_writer.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATH_SIZE = 1024, PATIENCE_MS = 120000 };

/// What a session and who controls it both see
typedef struct {
  LiveCarry        carry;
  FakeDevices      devices;
  _Atomic unsigned n_looks; ///< At the clock while the devices stall
} Shared;

static Shared* shared;

/// A run of sessions
typedef struct {
  const char* folder;
  LiveAddress address;
  char        control[PATH_SIZE];
  char        models[2][PATH_SIZE];
  char        sound[PATH_SIZE];
  char        answer[LIVE_ANSWER_SIZE];
  int         client; ///< Connected to the session
  pid_t       session;
} Check;

#ifdef __SANITIZE_THREAD__
const char*
__tsan_default_options(void);

const char*
__tsan_default_options(void)
{
  return "halt_on_error=1";
}
#endif

/**
   The clock of a session, instead of tools/host/clock.c.

   It goes on with the blocks that are played, so that no session loses its
   devices because a machine is busy; and with every look, once they stall.
*/
double
clock_seconds(void)
{
  static const double block = 1e-3;
  static const double look  = 10.0;
  if (atomic_load(&shared->devices.fate) == FAKE_STALLED) {
    atomic_fetch_add(&shared->n_looks, 1U);
  }
  return (block * (double)atomic_load(&shared->devices.n_blocks)) +
         (look * atomic_load(&shared->n_looks));
}

static bool
write_file(const char* const path, const void* const data, const size_t size)
{
  FILE* const file = fopen(path, "wb");
  const bool  ok   = file && fwrite(data, 1U, size, file) == size;
  return file && !fclose(file) && ok;
}

/// Write a model; the one who loads it may not know from whom it is
static bool
write_model(const char* const path)
{
  WriterFile file = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  const bool ok = write_file(path, file.bytes, file.size);
  free(file.bytes);
  return ok;
}

/// Write five minutes of sound at another rate than the devices', as a .wav
static bool
write_sound(const char* const path)
{
  enum { HEAD_SIZE = 44, N_BYTES = 300 * 8000 };
  static uint8_t       bytes[HEAD_SIZE + N_BYTES];
  static const uint8_t head[HEAD_SIZE] = {
    'R', 'I', 'F',  'F',  0x24, 0x9F, 0x24, 0,    'W',  'A',  'V',
    'E', 'f', 'm',  't',  ' ',  16,   0,    0,    0,    1,    0,
    1,   0,   0x40, 0x1F, 0,    0,    0x40, 0x1F, 0,    0,    1,
    0,   8,   0,    'd',  'a',  't',  'a',  0x00, 0x9F, 0x24, 0};
  memcpy(bytes, head, HEAD_SIZE);
  for (uint32_t i = 0U; i < N_BYTES; ++i) {
    bytes[HEAD_SIZE + i] = (uint8_t)((i * 2654435761U) >> 24U);
  }
  return write_file(path, bytes, sizeof(bytes));
}

/// Connect to the session that begins
static bool
connect_to(Check* const check)
{
  struct sockaddr_un name;
  memset(&name, 0, sizeof(name));
  name.sun_family = AF_UNIX;
  memcpy(name.sun_path, check->control, strlen(check->control) + 1U);
  check->client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return check->client >= 0 &&
         !connect(check->client, (const struct sockaddr*)&name, sizeof(name));
}

/// Get a line of answer; return whether there was one
static bool
hear(Check* const check)
{
  size_t n = 0U;
  while (n + 1U < LIVE_ANSWER_SIZE) {
    struct pollfd poller = {check->client, POLLIN, 0};
    if (poll(&poller, 1U, PATIENCE_MS) != 1 ||
        recv(check->client, check->answer + n, 1U, 0) != 1) {
      return false;
    }
    if (check->answer[n] == '\n') {
      check->answer[n] = '\0';
      return true;
    }
    ++n;
  }

  return false;
}

/// Give a command; return whether it was obeyed
static bool
command(Check* const check, const char* const name, const char* const rest)
{
  char      line[2 * PATH_SIZE];
  const int n = snprintf(line, sizeof(line), "%s %s\n", name, rest);
  if (send(check->client, line, (size_t)n, MSG_NOSIGNAL) != n || !hear(check)) {
    fprintf(stderr, "no answer to \"%s %s\"\n", name, rest);
    return false;
  }
  if (strncmp(check->answer, "ok", 2U) != 0) {
    fprintf(stderr, "%s %s: %s\n", name, rest, check->answer);
    return false;
  }
  return true;
}

/// Wait until there is sound in the recording
static bool
wait_for_recording(Check* const check)
{
  static const char key[] = "\"recorded_seconds\":";
  while (command(check, "status", "--json")) {
    const char* const place = strstr(check->answer, key);
    if (!place) {
      fprintf(stderr, "nothing is recorded\n");
      return false;
    }
    if (strtod(place + sizeof(key) - 1U, NULL) > 0.0) {
      return true;
    }
  }

  return false;
}

static bool
record(Check* const check)
{
  char path[2 * PATH_SIZE];
  snprintf(path, sizeof(path), "start %s/take.wav", check->folder);
  return (shared->carry.record[0] || command(check, "record", path)) &&
         wait_for_recording(check);
}

/// What somebody does in the course of session `i`
static bool
use(Check* const check, const unsigned i)
{
  const bool stops = i % 2U;
  return command(check, "model", check->models[i % 2U]) && record(check) &&
         command(check, "model", i % 10U ? check->models[1] : "built-in") &&
         command(check, "reduction", "30") && command(check, "bypass", "on") &&
         command(check, "model", check->models[0]) &&
         command(check, "bypass", "off") &&
         (!stops || command(check, "record", "stop")) &&
         command(check, "status", "");
}

/// Have session `i` end; return the code with which it should
static int
end(Check* const check, const unsigned i)
{
  static const FakeFate losses[] = {FAKE_INACTIVE, FAKE_GONE, FAKE_STALLED};
  if (i % 4U == 0U) {
    return command(check, "quit", "") ? EXIT_OK : EXIT_FAILED;
  }
  if (i % 4U == 1U) {
    kill(check->session, SIGTERM);
    return EXIT_OK;
  }

  atomic_store(&shared->devices.fate, losses[(i / 2U) % 3U]);
  return EXIT_LOST;
}

static LiveOptions
options_of(const Check* const check, const unsigned i)
{
  LiveOptions options;
  memset(&options, 0, sizeof(options));
  options.input     = "One";
  options.output    = i % 3U ? "One" : "Other";
  options.file      = i % 3U == 2U ? check->sound : NULL;
  options.models[0] = check->models[0];
  options.n_models  = 1U;
  options.quiet     = true;
  options.verbose   = true; // So that a report is seen
  options.watch     = true;
  return options;
}

/// What the first session starts from, and what follows one that ended well
static void
start_anew(const Check* const check)
{
  LiveCarry* const carry = &shared->carry;
  memset(carry, 0, sizeof(*carry));
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    carry->params[i] = NAN;
  }
  carry->preset  = SIZE_MAX;
  carry->left    = (double)INFINITY;
  carry->control = check->address.fd;
}

/// Use the stack as the end of a process may, while threads that are left to it
/// go on for a while
static void
go_on(void)
{
  static const struct timespec pause = {0, 200000000};
  volatile char                memory[1 << 16];
  for (size_t i = 0U; i < sizeof(memory); ++i) {
    memory[i] = 0x55;
  }
  nanosleep(&pause, NULL);
}

/// Play session `i` in a process of its own; return whether all went well
static bool
play(Check* const check, const unsigned i)
{
  const LiveOptions options = options_of(check, i);
  atomic_store(&shared->devices.fate, FAKE_PLAYS);
  fflush(NULL);
  check->session = fork();
  if (!check->session) {
    const int code = live_session(&options, &shared->carry);
    if (code == EXIT_LOST) {
      go_on();
    }
    _exit(code);
  }

  const bool used     = connect_to(check) && use(check, i);
  const int  expected = used ? end(check, i) : EXIT_FAILED;
  int        status   = 0;
  if (!used) {
    kill(check->session, SIGTERM);
  }
  waitpid(check->session, &status, 0);
  close(check->client);
  if (!used || !WIFEXITED(status) || WEXITSTATUS(status) != expected) {
    fprintf(stderr, "session %u ended with status %#x\n", i, (unsigned)status);
    return false;
  }
  if (expected != EXIT_LOST) {
    start_anew(check);
  }
  return true;
}

static bool
prepare(Check* const check, const char* const folder)
{
  check->folder = folder;
  shared        = (Shared*)mmap(NULL,
                         sizeof(Shared),
                         PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS,
                         -1,
                         0);
  snprintf(check->control, PATH_SIZE, "%s/threads.control", folder);
  snprintf(check->models[0], PATH_SIZE, "%s/threads-a.safetensors", folder);
  snprintf(check->models[1], PATH_SIZE, "%s/threads-b.safetensors", folder);
  snprintf(check->sound, PATH_SIZE, "%s/threads.wav", folder);
  if (shared == MAP_FAILED ||
      live_address_open(&check->address, check->control) ||
      !write_model(check->models[0]) || !write_model(check->models[1]) ||
      !write_sound(check->sound)) {
    return false;
  }

  fake_portaudio_obey(&shared->devices);
  start_anew(check);
  return true;
}

int
__wrap_main(int argc, char** argv);

/// Instead of the main() of grus, whose parts are linked
int
__wrap_main(const int argc, char** const argv)
{
  static Check   check;
  const unsigned n    = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 0U;
  unsigned       done = 0U;
  bool           ok   = n && prepare(&check, argv[1]);
  while (ok && done < n) {
    ok = play(&check, done);
    done += ok;
  }

  live_address_close(&check.address);
  printf(
    "%s: %u of %u sessions of grus live\n", ok ? "passed" : "FAILED", done, n);
  return ok ? 0 : 1;
}
