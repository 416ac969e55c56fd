# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Reading and writing .safetensors files as numpy arrays."""

from __future__ import annotations

from typing import Dict, Tuple

import numpy as np

from . import tensor_file
from ._engine import GrusError
from .tensor_file import PathLike, encode
from .tensor_file import write as save

__all__ = ["encode", "load", "save"]


def load(path: PathLike, prefix: str = "") -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """Read a file -> (arrays by name, metadata); BF16 becomes float32.

    Args:
        prefix: what the names of the tensors that are read begin with.

    Raises:
        GrusError: the file is malformed or damaged, or has numbers that numpy does not know.
    """
    try:
        return tensor_file.read(path, prefix)
    except ValueError as error:
        raise GrusError(str(error)) from error
