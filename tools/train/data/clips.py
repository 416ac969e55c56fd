# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Recordings: where they lie in a cache, and their samples."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

G722_RATE = 16000


@dataclass(frozen=True)
class Clip:
    """One recording in a cache."""

    source: str
    speaker: str
    path: str
    first: int  # sample
    count: int  # samples
    bandwidth: float  # Hz: where the sound ends


def decode(path: Path, seconds: float, rate: int) -> tuple[np.ndarray, int]:
    """At most the first `seconds` -> (mono samples [n] at `rate` Hz, the file's own rate)."""
    if path.suffix == ".g722":
        command = "ffmpeg -v quiet -f g722 -i - -f f32le -ac 1 -".split()
        with path.open("rb") as file:
            run = subprocess.run(command, stdin=file, capture_output=True, check=True)
        samples, found = np.frombuffer(run.stdout, np.float32), G722_RATE
    else:
        found = soundfile.info(path).samplerate
        frames = int(seconds * found)
        samples = soundfile.read(path, frames, dtype="float32", always_2d=True)[0].mean(axis=1)
    common = int(np.gcd(found, rate))
    if found != rate and len(samples):
        samples = resample_poly(samples, rate // common, found // common)
    return samples[: int(seconds * rate)].astype(np.float32), found
