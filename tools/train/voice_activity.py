# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Which analysis frames hold voice, judged by the clean speech: what the activity is trained on."""

from __future__ import annotations

import torch
from torch import Tensor

# A frame is voice if its clean level is within this range of the clip's 95th percentile...
VOICE_RANGE = 30.0  # dB
# ...and not below this level: the quantile of a clip without speech means nothing.
VOICE_FLOOR = -95.0  # dBFS


def voiced(clean: Tensor, hop: int) -> Tensor:
    """Clean samples [clips, n] -> 1.0 or 0.0 for every frame of 2 hop samples [clips, time]."""
    frames = clean.unfold(1, 2 * hop, hop)
    level = 10 * torch.log10((frames**2).mean(2) + 1e-12)
    loud = torch.quantile(level, 0.95, dim=1, keepdim=True)
    return ((level > loud - VOICE_RANGE) & (level > VOICE_FLOOR)).float()
