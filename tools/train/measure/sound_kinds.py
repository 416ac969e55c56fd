# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Mixtures by the kind of the voice or of the noise, from a folder of recordings.

SOUNDS/voices/KIND/ and SOUNDS/noises/KIND/ hold sound files of any rate and length, for example
voices/child/ and noises/keyboard/. A voice is mixed with each kind of noise in turn, a noise with
the voices in voices/ordinary/. The same folder gives the same mixtures again.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

RATE = 48000
COUNT = 6 * RATE  # samples of a mixture
SNR = 5.0  # dB, between the mean powers of the loud frames of voice and noise
ORDINARY = "ordinary"
ACTIVE_RANGE = 30.0  # dB below the loudest frame: what counts as loud
PAUSE = (0.2, 0.6)  # s, between the recordings of a voice


def kinds(folder: Path) -> dict[str, list[Path]]:
    """The files of every sub-folder, by its name."""
    return {kind.name: sorted(kind.iterdir()) for kind in sorted(folder.iterdir())}


def resample(samples: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    shared = np.gcd(rate, wanted)
    return resample_poly(samples, wanted // shared, rate // shared)


@lru_cache(maxsize=16)
def read(path: Path) -> np.ndarray:
    """A recording -> mono samples at RATE with a mean power of 1 in its loud frames."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    samples = resample(samples.mean(axis=1), rate, RATE)
    return samples / loudness(samples)


def loudness(samples: np.ndarray) -> float:
    """Root of the mean power of the loud 20 ms."""
    size = RATE // 50
    power = (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() * 10 ** (-ACTIVE_RANGE / 10)].mean()))


def voice(files: list[Path], random: np.random.Generator) -> np.ndarray:
    """Recordings one after the other, with pauses."""
    samples = np.zeros(COUNT)
    position = int(PAUSE[0] * RATE)
    while position < COUNT:
        recording = read(files[random.integers(len(files))])[: COUNT - position]
        samples[position : position + len(recording)] = recording
        position += len(recording) + int(random.uniform(*PAUSE) * RATE)
    return samples / loudness(samples)


def noise(files: list[Path], random: np.random.Generator) -> np.ndarray:
    """A piece of a recording, which is repeated if it is too short."""
    recording = read(files[random.integers(len(files))])
    start = int(random.integers(max(1, len(recording) - COUNT)))
    samples = np.resize(recording[start:], COUNT)
    return samples / loudness(samples)


def voice_and_noise(
    sounds: Path, side: str, kind: str, number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mixture `number` of a kind of "voices" or "noises" -> its voice, its noise [COUNT]."""
    voices, noises = kinds(sounds / "voices"), kinds(sounds / "noises")
    other = list(noises)[number % len(noises)]
    random = np.random.default_rng(number)
    speech = voice(voices[kind if side == "voices" else ORDINARY], random)
    rest = noise(noises[kind if side == "noises" else other], random)
    return speech, rest * 10 ** (-SNR / 20)
