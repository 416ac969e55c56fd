# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What torch's tensors, dtypes and devices mean here, without importing torch."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._engine import GrusError


def array_of(value: Any) -> np.ndarray:
    """The numbers of an array, or of a tensor on any device, without its gradient.

    A tensor of bfloat16, which numpy does not know, becomes float32.
    """
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":
            value = value.float()
        value = value.numpy()
    return np.asarray(value)


def is_dtype(value: Any) -> bool:
    """Whether ``value`` is a dtype of torch."""
    return type(value).__module__ == "torch" and type(value).__name__ == "dtype"


def is_device(value: Any) -> bool:
    """Whether ``value`` is a device of torch or the name of one."""
    named = type(value).__module__ == "torch" and type(value).__name__ == "device"
    return isinstance(value, str) or named


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is a tensor or an array."""
    return hasattr(value, "shape") and hasattr(value, "dtype") and not isinstance(value, type)


def dtype_of(value: Any) -> np.dtype:
    """The numpy dtype that a dtype of numpy or torch means; float32 for None.

    Raises:
        GrusError: it is neither float32 nor float64.
    """
    name = str(value).split(".")[-1] if is_dtype(value) else value
    try:
        number = np.dtype(np.float32 if name is None else name)
    except TypeError:
        number = None  # torch.bfloat16 and the like
    if number not in (np.float32, np.float64):
        raise GrusError(f"dtype must be float32 or float64, not {value}")
    return number


def check_device(value: Any) -> None:
    """Refuse all devices but the CPU.

    Raises:
        GrusError: it is another one.
    """
    if value is not None and str(value) not in ("cpu", "cpu:0"):
        raise GrusError(f"device must be None or cpu, not {str(value)!r}")
