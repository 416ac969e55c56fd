# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What of torch.nn there is here."""

from . import utils
from .gru import GRU

__all__ = ["GRU", "utils"]
