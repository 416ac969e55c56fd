// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/measure/peer.h"

#include "bench/measure/gru.h"
#include "kernels/kernels.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// One line asks, one line answers

static const char pytorch[] =
  "import sys, time\n"
  "try:\n"
  "  import torch\n"
  "except ImportError:\n"
  "  sys.exit(1)\n"
  "torch.set_num_threads(1)\n"
  "print('PyTorch', torch.__version__, flush=True)\n"
  "nets = {}\n"
  "with torch.inference_mode():\n"
  "  for line in sys.stdin:\n"
  "    i, h, n, batch, block, calls = size = tuple(map(int, line.split()))\n"
  "    if size not in nets:\n"
  "      nets[size] = (torch.nn.GRU(i, h, n), torch.randn(block, batch, i))\n"
  "    net, x = nets[size]\n"
  "    state = net(x)[1]\n"
  "    start = time.perf_counter()\n"
  "    for _ in range(calls):\n"
  "      y, state = net(x, state)\n"
  "    seconds = time.perf_counter() - start\n"
  "    print(seconds * 1e9 / (calls * block), flush=True)\n";

static const char onnxruntime[] =
  "import contextlib, io, sys, time\n"
  "try:\n"
  "  import onnxruntime, torch\n"
  "except ImportError:\n"
  "  sys.exit(1)\n"
  "options = onnxruntime.SessionOptions()\n"
  "options.intra_op_num_threads = options.inter_op_num_threads = 1\n"
  "print('ONNX Runtime', onnxruntime.__version__, flush=True)\n"
  "nets = {}\n"
  "def load(i, h, n, batch, block):\n"
  "  x, state = torch.randn(block, batch, i), torch.zeros(n, batch, h)\n"
  "  file = io.BytesIO()\n"
  "  with contextlib.redirect_stdout(sys.stderr):\n"
  "    torch.onnx.export(torch.nn.GRU(i, h, n), (x, state), file,\n"
  "                      input_names=['x', 'h'], output_names=['y', 'hn'],\n"
  "                      opset_version=14)\n"
  "  net = onnxruntime.InferenceSession(file.getvalue(), options,\n"
  "                                     providers=['CPUExecutionProvider'])\n"
  "  return net, x.numpy(), state.numpy()\n"
  "for line in sys.stdin:\n"
  "  *size, calls = map(int, line.split())\n"
  "  size = tuple(size)\n"
  "  if size not in nets:\n"
  "    nets[size] = load(*size)\n"
  "  net, x, state = nets[size]\n"
  "  state = net.run(None, {'x': x, 'h': state})[1]\n"
  "  start = time.perf_counter()\n"
  "  for _ in range(calls):\n"
  "    y, state = net.run(None, {'x': x, 'h': state})\n"
  "  seconds = time.perf_counter() - start\n"
  "  print(seconds * 1e9 / (calls * size[4]), flush=True)\n";

struct BenchPeerImpl {
  pid_t pid;
  FILE* to;
  FILE* from;
  char  name[BENCH_VERSION_SIZE];
};

/// A command line: a program alone, or Python with a script
typedef struct {
  const char* program;
  const char* option; ///< Null for a program alone
  const char* script;
} Command;

/// In the child: become the program, or leave
static void
become_program(const Command command, const int in, const int out)
{
  // OpenBLAS does not know every processor with AVX-512; elsewhere it decides
  if (!strncmp(grus_kernels_supported()[0]->name, "avx512", 6U)) {
    setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
  }
  if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
      freopen("/dev/null", "w", stderr)) {
    execlp(command.program,
           command.program,
           command.option,
           command.script,
           (char*)NULL);
  }
  _exit(1);
}

static void
close_pair(const int pair[2])
{
  close(pair[0]);
  close(pair[1]);
}

/// Start a process between two pipes
static bool
start_process(BenchPeer* const peer, const Command command)
{
  int to[2];
  int from[2];
  if (pipe(to)) {
    return false;
  }
  if (pipe(from)) {
    close_pair(to);
    return false;
  }

  peer->pid = fork();
  if (!peer->pid) {
    close(to[1]);
    close(from[0]);
    become_program(command, to[0], from[1]);
  }
  close(to[0]);
  close(from[1]);

  // A peer that starts later must not hold this one's input open
  fcntl(to[1], F_SETFD, FD_CLOEXEC);
  fcntl(from[0], F_SETFD, FD_CLOEXEC);
  peer->to   = fdopen(to[1], "w");
  peer->from = fdopen(from[0], "r");
  return peer->pid > 0 && peer->to && peer->from;
}

static BenchPeer*
start_peer(const Command command)
{
  signal(SIGPIPE, SIG_IGN);
  BenchPeer* const peer = (BenchPeer*)calloc(1U, sizeof(BenchPeer));
  if (peer && start_process(peer, command) &&
      fgets(peer->name, sizeof(peer->name), peer->from)) {
    peer->name[strcspn(peer->name, "\n")] = '\0';
    return peer;
  }

  bench_peer_end(peer);
  return NULL;
}

BenchPeer*
bench_peer_start(const BenchPeerKind kind)
{
  const char* const script = kind == BENCH_PYTORCH ? pytorch : onnxruntime;

  // A distribution's own Python is the one that its packages are for
  BenchPeer* const peer =
    start_peer((Command){"/usr/bin/python3", "-c", script});
  return peer ? peer : start_peer((Command){"python3", "-c", script});
}

BenchPeer*
bench_peer_start_program(const char* const path)
{
  return start_peer((Command){path, NULL, NULL});
}

void
bench_peer_end(BenchPeer* const peer)
{
  if (peer) {
    if (peer->to) {
      fclose(peer->to); // Peers leave at the end of their input
    }
    if (peer->from) {
      fclose(peer->from);
    }
    if (peer->pid > 0) {
      waitpid(peer->pid, NULL, 0);
    }
    free(peer);
  }
}

const char*
bench_peer_name(const BenchPeer* const peer)
{
  return peer->name;
}

double
bench_peer_time(BenchPeer* const peer,
                const GruSize    size,
                const uint32_t   n_steps,
                const uint32_t   n_calls)
{
  char line[64] = {0};
  fprintf(peer->to,
          "%u %u %u %u %u %u\n",
          size.input,
          size.hidden,
          size.layers,
          size.streams,
          n_steps,
          n_calls);
  if (fflush(peer->to) || !fgets(line, sizeof(line), peer->from)) {
    return (double)INFINITY;
  }

  const double time = strtod(line, NULL);
  return time > 0.0 ? time : (double)INFINITY;
}
