#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Programs in C and in C++ are built with an installed copy alone, and run.

    installed_copy_test.py BUILD_FOLDER build/engine/examples/denoise_block
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

import tap
from tap import need, test

BUILD, DENOISE = map(pathlib.Path, sys.argv[1:])
ROOT = pathlib.Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "engine/examples"
MODEL = ROOT / "presets/models/voice.safetensors"

# What a host in C++ does: a model, a stream of two channels, a block
HOST = r"""
#include <grus/grus.h>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

int main(int, char** argv)
{
  std::ifstream     file(argv[1], std::ios::binary);
  std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  GrusModel*        model  = nullptr;
  GrusStream*       stream = nullptr;
  GrusMessage       message;
  const GrusStreamConfig config = {48000U, 2U, nullptr};
  if (grus_model_parse(bytes.data(), bytes.size(), &model, &message) ||
      grus_stream_new(model, &config, &stream, &message)) {
    std::puts(message.text);
    return 1;
  }
  std::vector<float> left(4800, 0.25f), right(4800, -0.25f);
  const float* const in[]  = {left.data(), right.data()};
  float* const       out[] = {left.data(), right.data()};
  grus_stream_set_param(stream, GRUS_PARAM_ENABLED, 0.0f);
  grus_stream_reset(stream);
  grus_stream_process(stream, in, out, 4800U);
  std::printf("%s %u %g %g %g\n", grus_version(), grus_stream_latency(stream),
              left[0], left[4799], right[4799]);
  grus_stream_free(stream);
  grus_model_free(model);
  return 0;
}
"""


def run(*args, **options):
    """Run a program that must succeed; return what it prints."""
    done = subprocess.run([*map(str, args)], capture_output=True, check=False,
                          timeout=300, **options)
    assert done.returncode == 0, (args, done)
    return done.stdout


def install(folder):
    """Install a copy into a folder; return what a compiler and a program need to
    find it there."""
    need("meson", "pkg-config")
    run("meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", folder)
    config = next(folder.rglob("grus.pc"))
    prefix = re.search(r"^prefix=(.*)", config.read_text(), re.M)[1]
    env = dict(os.environ, PKG_CONFIG_PATH=f"{config.parent}:"
               + os.environ.get("PKG_CONFIG_PATH", ""))
    flags = run("pkg-config", f"--define-variable=prefix={folder}{prefix}", "--cflags",
                "--libs", "grus", env=env, text=True).split()
    assert not [flag for flag in flags if str(ROOT) in flag], flags
    return flags, dict(env, LD_LIBRARY_PATH=str(next(folder.rglob("libgrus.so")).parent))


@test
def a_program_in_c_gives_what_the_one_of_the_build_gives(folder):
    need("cc")
    flags, env = install(folder / "copy")
    for name in ("denoise_block.c", "read_file.h"):
        shutil.copy(EXAMPLES / name, folder)
    program = folder / "program"
    run("cc", "-std=c11", "-Wall", "-Werror", folder / "denoise_block.c", "-o", program,
        *flags)
    sound = (ROOT / "presets/demo/noisy.flac").read_bytes()[:400000]  # Any floats
    sound = bytes(b & 0x3e if i % 4 == 3 else b for i, b in enumerate(sound))
    out = run(program, MODEL, input=sound, env=env)
    assert len(out) == len(sound) and out == run(DENOISE, MODEL, input=sound)


@test
def a_program_in_cpp_finds_all_it_needs(folder):
    need("c++")
    flags, env = install(folder / "copy")
    (folder / "host.cpp").write_text(HOST)
    program = folder / "host"
    run("c++", "-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
        folder / "host.cpp", "-o", program, *flags)
    version = re.search(r"\n  version: '([\d.]+)'", (ROOT / "meson.build").read_text())[1]
    said = run(program, MODEL, env=env, text=True)
    assert said == f"{version} 1536 0 0.25 -0.25\n", said


if __name__ == "__main__":
    tap.main()
