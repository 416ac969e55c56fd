#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The example that cleans raw sound gives what `grus render` gives.

    examples_test.py build/tools/grus build/engine/examples/denoise_block
"""

import array
import pathlib
import subprocess
import sys

import tap
from tap import test

GRUS, DENOISE = sys.argv[1:]
ROOT = pathlib.Path(__file__).resolve().parents[3]
MODEL = ROOT / "presets/models/voice.safetensors"
DEMO = ROOT / "presets/demo/noisy.flac"
FORMAT = ("--format", "raw", "--bits", "float")


@test
def denoise_block_gives_what_render_gives(folder):
    noisy, clean = folder / "noisy.raw", folder / "clean.raw"
    subprocess.run([GRUS, "render", "-q", "--enabled", "0", *FORMAT, DEMO, noisy], check=True)
    subprocess.run([GRUS, "render", "-q", *FORMAT, DEMO, clean], check=True)
    done = subprocess.run([DENOISE, MODEL], input=noisy.read_bytes(),
                          capture_output=True, check=True)
    latency = int(done.stderr.split()[0])
    assert latency == 1536, done.stderr

    wanted, given = array.array("f", clean.read_bytes()), array.array("f", done.stdout)
    assert len(given) == len(wanted) > 10 * latency
    assert max(wanted) > 0.01
    assert given[latency:] == wanted[:-latency]


if __name__ == "__main__":
    tap.main()
