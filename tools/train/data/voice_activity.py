# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Which analysis frames hold voice, judged by the clean speech: what the activity is trained on."""

from __future__ import annotations

import torch
from torch import Tensor

# A frame is voice if its clean level is within this range of the clip's 95th percentile...
VOICE_RANGE = 25.0  # dB
# ...and not below this level: the quantile of a clip without speech means nothing.
VOICE_FLOOR = -95.0  # dBFS
# Shorter gaps are those inside words, before a plosive say. They belong to the voice.
VOICE_GAP = 4  # windows: 0.13 s


def voiced(clean: Tensor, hop: int, window: int) -> Tensor:
    """Clean samples [clips, n] -> 1.0 or 0.0 for every frame [clips, time]."""
    frames = clean.unfold(1, window, hop)
    level = 10 * torch.log10((frames**2).mean(2) + 1e-12)
    loud = torch.quantile(level, 0.95, dim=1, keepdim=True)
    voice = ((level > loud - VOICE_RANGE) & (level > VOICE_FLOOR)).float()
    gap = VOICE_GAP * window // hop
    padded = torch.nn.functional.pad(voice, (gap, gap))
    widened = torch.nn.functional.max_pool1d(padded, gap + 1, 1)
    return -torch.nn.functional.max_pool1d(-widened, gap + 1, 1)
