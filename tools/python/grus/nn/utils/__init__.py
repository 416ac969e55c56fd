# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What of torch.nn.utils there is here."""

from . import rnn

__all__ = ["rnn"]
