# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Noise out of speech, and torch.nn.GRU, on numpy arrays.

    import grus

    clean = grus.enhance(noisy, 48000)                 # a whole array
    stream = grus.Stream(rate=48000, reduction=18)     # block by block
    clean_block = stream.process(noisy_block)
    grus.render("noisy.wav", "clean.flac")             # files, by the program

torch.nn.GRU with its arguments, its shapes and its numbers:

    import numpy as np
    from grus import nn

    gru = nn.GRU(3, 5, batch_first=True)
    output, h_n = gru(np.zeros((2, 4, 3), np.float32))  # (2, 4, 5), (1, 2, 5)

PyTorch is not needed.  https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
"""

from . import export, nn, safetensors
from ._engine import GrusError, kernels, manual_seed
from .model import Model, ModelInfo, info
from .render import render
from .stream import Stream, enhance

__all__ = [
    "GrusError",
    "Model",
    "ModelInfo",
    "Stream",
    "enhance",
    "export",
    "info",
    "kernels",
    "manual_seed",
    "nn",
    "render",
    "safetensors",
]
