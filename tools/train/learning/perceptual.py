# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""How disturbed a voice sounds, after the model of hearing in ITU-T P.862 (PESQ), differentiable.

Loudness over Bark bands of the clean and of the estimated spectrum, their difference beyond a dead
zone, and once more weighted where the estimate adds what the clean speech has not. What PESQ does
about delays and gains that change is left out: an estimate has none of its own.

Bark scale: H. Traunmueller, J. Acoust. Soc. Am. 88 (1990). Threshold in quiet: E. Terhardt, Hearing
Research 1 (1979). Loudness: E. Zwicker, with P.862's exponent. Norms and weights: P.862, 10.2.
"""

from __future__ import annotations

import torch
from torch import Tensor

BANDS = 48
SPEECH_LEVEL = 79.0  # dB SPL: P.862 listens at this level
EXPONENT = 0.23
DEAD_ZONE = 0.25  # of the smaller loudness
LEAST_RATIO, MOST_RATIO = 3.0, 12.0  # of what is added: less is not heard, more not worse
ADDED_FLOOR = 50.0  # power, far below speech: makes a ratio mean something
MOST = 45.0  # disturbance of a frame
WEIGHTS = (0.1, 0.0309)  # of all that differs, of what is added
SYLLABLE = 20  # frames that are judged together, half of them shared with the next
SMALL = 1e-4
QUIET = 1e-6  # power of a frame: clips below are not speech


def bark(frequency: Tensor) -> Tensor:
    """Hz -> Bark."""
    return 26.81 * frequency / (1960 + frequency) - 0.53


def threshold_in_quiet(frequency: Tensor) -> Tensor:
    """Hz -> power of the faintest tone that is heard, 0 dB SPL being 1."""
    kilohertz = frequency / 1000
    dip = 6.5 * torch.exp(-0.6 * (kilohertz - 3.3) ** 2)
    return 10 ** ((3.64 * kilohertz**-0.8 - dip + 1e-3 * kilohertz**4) / 10)


class Disturbance:
    """The measure for spectra of `bins` bins, `spacing` Hz apart, from 0 Hz up."""

    def __init__(self, bins: int, spacing: float, device: torch.device | str = "cpu") -> None:
        edges = bark((torch.arange(bins + 1, device=device) - 0.5).clamp(min=0) * spacing)
        low, high = edges[:-1, None], edges[1:, None]
        bounds = torch.linspace(float(edges[0]), float(edges[-1]), BANDS + 1, device=device)
        # A bin that reaches over the edge of a band is shared by the bands.
        overlap = torch.minimum(high, bounds[1:]) - torch.maximum(low, bounds[:-1])
        self.share = overlap.clamp(min=0) / (high - low)  # [bins, bands]
        self.width = float(bounds[1] - bounds[0])  # Bark
        centre = (bounds[1:] + bounds[:-1]) / 2 + 0.53
        self.threshold = threshold_in_quiet(1960 * centre / (26.81 - centre))
        # A tone of 1 kHz at 40 dB SPL has one sone.
        quiet = threshold_in_quiet(torch.tensor(1000.0))
        tone = (quiet / 0.5) ** EXPONENT * ((0.5 + 0.5 * 1e4 / quiet) ** EXPONENT - 1)
        self.scale = 1 / float(tone * self.width)

    def loudness(self, power: Tensor) -> Tensor:
        """Power in the bands -> sones per Bark, both [..., bands]."""
        audible = (0.5 + 0.5 * power / self.threshold) ** EXPONENT - 1
        return self.scale * (self.threshold / 0.5) ** EXPONENT * audible.clamp(min=0)

    def frames(self, bands: Tensor, clean_bands: Tensor) -> tuple[Tensor, Tensor]:
        """[batch, time, bands] twice -> what differs and what is added in each [batch, time]."""
        loud, clean_loud = self.loudness(bands), self.loudness(clean_bands)
        dead = DEAD_ZONE * torch.minimum(loud, clean_loud)
        missed = ((loud - clean_loud).abs() - dead).clamp(min=0)
        ratio = ((bands + ADDED_FLOOR) / (clean_bands + ADDED_FLOOR)) ** 1.2
        heard = torch.where(ratio < LEAST_RATIO, 0.0, 1.0) * ratio.clamp(max=MOST_RATIO)
        differs = ((missed**2).sum(2) * self.width + SMALL).sqrt()
        return differs, (missed * heard).sum(2) * self.width

    def __call__(self, power: Tensor, clean_power: Tensor) -> Tensor:
        """Powers [batch, time, bins] -> about how far from the best PESQ [batch].

        Clips without speech get 0.
        """
        total = clean_power.sum(2)
        spoken = total > 1e-3 * total.amax(1, keepdim=True)
        level = (total * spoken).sum(1) / spoken.sum(1)
        gain = (10 ** (SPEECH_LEVEL / 10) / level.clamp(min=QUIET))[:, None, None]
        parts = self.frames(gain * power @ self.share, gain * clean_power @ self.share)
        # Loud frames forgive a little more.
        strictness = ((gain[..., 0] * total + 1e5) / 1e7) ** -0.04
        score = sum(weight * over_time(part * strictness) for weight, part in zip(WEIGHTS, parts))
        return score * (level > QUIET)


def over_time(frames: Tensor) -> Tensor:
    """[batch, time] -> [batch]: the worst frames of syllables, the mean square of these."""
    limited = MOST * (1 - torch.exp(-frames / MOST)) + SMALL
    worst = (limited.unfold(1, SYLLABLE, SYLLABLE // 2) ** 6).mean(2) ** (1 / 6)
    return (worst**2).mean(1).sqrt()
