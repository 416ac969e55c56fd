# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Scores of a training on fixed mixtures of voices and noises that it does not hear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor

from learning.losses import SAMPLE_RATE, amplitude_power, batch_losses, listen
from net.network import VoiceNetwork, expand

GROUP = 16
SECONDS = 4.0
SPEECH_RANGE = 1e-3  # of the loudest frame's power: 30 dB
LOST = 0.1  # of a frame's power: 10 dB down


def read_pairs(folder: Path) -> list[tuple[Tensor, Tensor]]:
    """The first 4 s of noisy/ and clean/ [16, n] at 16 kHz, in whole groups of 16."""
    count = int(SECONDS * SAMPLE_RATE)
    names = sorted(file.name for file in (folder / "noisy").iterdir())
    groups = []
    for first in range(0, len(names) - GROUP + 1, GROUP):
        parts = []
        for kind in ("noisy", "clean"):
            sounds = [
                soundfile.read(folder / kind / name, count, dtype="float32")
                for name in names[first : first + GROUP]
            ]
            if any(rate != SAMPLE_RATE or sound.shape != (count,) for sound, rate in sounds):
                raise SystemExit(f"{folder}: need mono files at 16 kHz of {SECONDS:g} s or more")
            parts.append(torch.from_numpy(np.stack([sound for sound, _ in sounds])))
        groups.append(tuple(parts))
    if not groups:
        raise SystemExit(f"{folder}: needs {GROUP} pairs or more")
    return groups


def lost_frames(power: Tensor, clean_power: Tensor) -> float:
    """Powers [batch, time, bins] -> share of speech frames that lose more than 10 dB."""
    after, before = power.sum(2), clean_power.sum(2)
    spoken = before > SPEECH_RANGE * before.amax(1, keepdim=True)
    return float((after < LOST * before)[spoken].float().mean())


def signal_to_noise(estimate: Tensor, target: Tensor) -> float:
    """Mean SNR of expanded spectra [batch, time, bins], dB."""
    error = (estimate - target).abs().square().sum((1, 2))
    signal = target.abs().square().sum((1, 2))
    return float((10 * torch.log10(signal / (error + 1e-9 * signal))).mean())


@torch.no_grad()
def score(model: VoiceNetwork, groups: list[tuple[Tensor, Tensor]]) -> dict[str, float]:
    """Means over the groups."""
    device = next(model.parameters()).device
    rows = []
    for noisy, clean in groups:
        noisy, clean = noisy.to(device), clean.to(device)
        heard = listen(model, noisy, clean, clean)
        losses = batch_losses(heard)
        powers = amplitude_power(heard.estimate), amplitude_power(heard.target)
        rows.append(
            {
                "spectrum": float(losses.spectrum),
                "disturbance": float(losses.disturbance),
                "snr": signal_to_noise(*(expand(part) for part in heard[:2])),
                "lost": lost_frames(*powers),
                "wrong_activity": float(losses.wrong_activity),
            }
        )
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
