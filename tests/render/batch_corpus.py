# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A large folder of speech in noise: six formats, many lengths, some damaged.

Each format is encoded once, from the demo recording played round and round; the
files are pieces of that, cut without encoding them again, but for FLAC, whose
header would keep the length of the whole.
"""

import math
import pathlib
import random
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
SHORTEST, LONGEST = 0.2, 600.0  # Seconds
FORMATS = {"wav": (48000, 2), "flac": (44100, 1), "aiff": (16000, 1),
           "ogg": (48000, 1), "opus": (48000, 1), "mp3": (44100, 2)}


def ffmpeg(*args):
    """Run ffmpeg without a word."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y",
                    *map(str, args)], check=True)


def lengths(n, pick):
    """Return lengths from SHORTEST to LONGEST, as many of each size."""
    ratio = math.log(LONGEST / SHORTEST)
    return [SHORTEST, LONGEST] + [
        SHORTEST * math.exp(ratio * pick.random()) for _ in range(n - 2)]


def damage(path, pick):
    """Cut a file short, or overwrite what it begins with or its middle."""
    data = bytearray(path.read_bytes())
    what = pick.randrange(3)
    if what == 0:
        del data[len(data) // 2:]
    else:
        place = 0 if what == 1 else len(data) // 2
        n = min(200, len(data) - place)
        data[place:place + n] = pick.randbytes(n)
    path.write_bytes(data)


def make(folder, n, n_damaged, seed=1):
    """Fill a folder; return the hours of sound."""
    pick = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    whole = {}
    for name, (rate, n_channels) in FORMATS.items():
        whole[name] = folder.with_name(f"whole.{name}")
        ffmpeg("-stream_loop", -1, "-i", DEMO, "-t", 2 * LONGEST, "-ar", rate,
               "-ac", n_channels, whole[name])
    seconds = lengths(n, pick)
    for i, length in enumerate(seconds):
        name = list(FORMATS)[i % len(FORMATS)]
        path = folder / f"{i % 17}" / f"{i}.{name}"
        path.parent.mkdir(exist_ok=True)
        ffmpeg("-ss", f"{pick.uniform(0, LONGEST):.3f}", "-i", whole[name],
               "-t", f"{length:.3f}", "-c",
               "flac" if name == "flac" else "copy", path)
        if i >= n - n_damaged:
            damage(path, pick)
    return sum(seconds) / 3600
