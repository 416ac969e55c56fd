# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus render` started as a user does, and sound to give it."""

import array
import json
import math
import os
import pathlib
import random
import subprocess
import sys
import wave

from wav import data_of, write_wav

GRUS = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
RATE = 48000
SEED = 20261123


def grus(*args, code=0, **options):
    """Run the program, check its exit status, return what it did."""
    done = subprocess.run([GRUS, *map(str, args)], capture_output=True,
                          timeout=120, check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def render(*args, **options):
    """Run `grus render` without a word."""
    return grus("render", "--quiet", *args, **options)


def fails(*args, code=1, says=None, command="render", **options):
    """Run the program, which must fail with one line on stderr."""
    done = grus(command, *args, code=code, **options)
    text = done.stderr.decode()
    assert text.count("\n") == 1, text
    assert text.startswith(f"grus {command}: "), text
    assert says is None or says in text, text
    return text


def noise(n_frames, n_channels=1, rate=RATE, seed=SEED):
    """Noise, with a sine that comes and goes, as floats, interleaved."""
    rand = random.Random(seed)
    sound = array.array("f")
    for i in range(n_frames):
        tone = 0.3 * math.sin(2 * math.pi * 220 * i / rate)
        tone *= math.sin(2 * math.pi * i / rate) > 0
        for _ in range(n_channels):
            sound.append(tone + rand.uniform(-0.1, 0.1))
    return sound


def write_float(path, sound, n_channels=1, rate=RATE):
    """Write a WAV file of floats."""
    return write_wav(path, sound.tobytes(), n_channels, rate)


def write_16(path, sound, n_channels=1, rate=RATE):
    """Write a WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(n_channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array(
            "h", [round(32767 * x) for x in sound]).tobytes())
    return path


def floats(path, folder):
    """Return the samples of any sound file, by way of the program itself."""
    raw = folder / "as-floats.raw"
    subprocess.run([GRUS, "render", "--quiet", "--reduction", "0", "--bits",
                    "float", "--format", "raw", path, raw], check=True)
    sound = array.array("f")
    sound.frombytes(raw.read_bytes())
    return sound


def samples(path):
    """Return the samples of a WAV file of floats."""
    sound = array.array("f")
    sound.frombytes(data_of(path))
    return sound


def report(*args, **options):
    """Run `grus render --json` and return the report."""
    return json.loads(grus("render", "--json", *args, **options).stdout)


def energy(sound):
    """Return the sum of squares."""
    return sum(x * x for x in sound)
