# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""torch.nn.GRU on numpy arrays: its arguments, its shapes and its numbers.

    import numpy as np
    from grus import nn

    gru = nn.GRU(3, 5, batch_first=True)
    output, h_n = gru(np.zeros((2, 4, 3), np.float32))  # (2, 4, 5), (1, 2, 5)

PyTorch is not needed.  https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
"""

from . import export, nn, safetensors
from ._engine import GrusError, kernels, manual_seed

__all__ = ["GrusError", "export", "kernels", "manual_seed", "nn", "safetensors"]
