# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a system does to frames of speech and to pauses, judged by the clean recording."""

from __future__ import annotations

import math

import numpy as np

FRAME = 0.02  # seconds
SPEECH_RANGE = 1e-3  # of the loudest frame's power: 30 dB
PAUSE_RANGE = 1e-5
LOST = 0.1  # of a frame's power: 10 dB
FEWEST_PAUSES = 5
SILENCE = 1e-9  # power: nothing to take away


def powers(samples: np.ndarray, rate: int) -> np.ndarray:
    """Samples [n] -> mean power of every frame."""
    size = int(FRAME * rate)
    return (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1)


def input_ratio(noisy: np.ndarray, clean: np.ndarray) -> float:
    """Signal to noise ratio that a pair comes with, dB; infinite without noise."""
    noise = float(np.mean((noisy - clean) ** 2))
    return 10 * math.log10(float(np.mean(clean**2)) / noise) if noise > 0 else math.inf


def lost_speech(clean: np.ndarray, cleaned: np.ndarray, rate: int) -> float:
    """Share of the speech frames (30 dB below the loudest or less) that lose more than 10 dB."""
    before, after = powers(clean, rate), powers(cleaned, rate)
    spoken = before > SPEECH_RANGE * before.max()
    return float((after < LOST * before)[spoken].mean())


def pause_reduction(
    noisy: np.ndarray, clean: np.ndarray, cleaned: np.ndarray, rate: int
) -> float | None:
    """How far noise goes down while nobody speaks, dB; None where there are no noisy pauses."""
    speech, before, after = (powers(part, rate) for part in (clean, noisy, cleaned))
    pauses = speech <= PAUSE_RANGE * speech.max()
    if pauses.sum() < FEWEST_PAUSES or before[pauses].mean() < SILENCE:
        return None
    return 10 * math.log10(before[pauses].mean() / (after[pauses].mean() + 1e-12))
