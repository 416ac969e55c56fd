# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus render` started to look at what it writes."""

import array
import os
import pathlib
import random
import subprocess
import sys

from wav import INT16, write_wav

GRUS = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parents[2]
RATE = 48000


def grus(*args, code=0, **options):
    """Run the program, check its exit status, return what it did."""
    options.setdefault("stdout", subprocess.PIPE)
    done = subprocess.run([GRUS, *map(str, args)], stderr=subprocess.PIPE,
                          timeout=120, check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def render(*args, **options):
    """Run `grus render` without a word."""
    return grus("render", "--quiet", *args, **options)


def fails(*args, code=1, says="", command="render", **options):
    """Run the program, which must fail with one line on stderr."""
    text = grus(command, *args, code=code, **options).stderr.decode()
    assert text.count("\n") == 1, text
    assert text.startswith(f"grus {command}: ") and says in text, text
    return text


def noise(n_frames, n_channels=1):
    """Noise as whole numbers of 16 bits."""
    rand = random.Random(n_frames)
    return array.array("h", [rand.randint(-9000, 9000)
                             for _ in range(n_frames * n_channels)])


def source_file(folder, n_frames=4800):
    """Write a sound file to clean."""
    return write_wav(folder / "in.wav", noise(n_frames).tobytes(), kind=INT16)


def wanted(folder, *options):
    """Return the bytes that an ordinary output gets."""
    render(*options, folder / "in.wav", folder / "wanted.wav")
    data = (folder / "wanted.wav").read_bytes()
    (folder / "wanted.wav").unlink()
    return data
