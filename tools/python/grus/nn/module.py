# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What scripts written for torch call on any torch.nn.Module."""

from __future__ import annotations

from typing import Any, Callable, Iterator, Tuple, TypeVar

import numpy as np

from .._engine import GrusError
from .._torch import check_device, is_device, is_tensor

_Self = TypeVar("_Self", bound="Module")


class Module:
    """Methods of torch.nn.Module that have a meaning without gradients and devices.

    https://pytorch.org/docs/stable/generated/torch.nn.Module.html
    """

    def _convert(self: _Self, dtype: Any) -> _Self:
        raise NotImplementedError

    def train(self: _Self, mode: bool = True) -> _Self:
        """Turn training mode on (or off); returns the module."""
        raise NotImplementedError

    def eval(self: _Self) -> _Self:
        """Turn training mode off; returns the module."""
        return self.train(False)

    def to(self: _Self, *args: Any, **kwargs: Any) -> _Self:
        """Convert all weights to a dtype, as PyTorch's to(); returns the module.

        Args:
            args, kwargs: ``to("cpu")``, ``to(numpy.float64)``, ``to(torch.float64)``,
                ``to("cpu", numpy.float64)``, ``to(tensor)``, ``device=``, ``dtype=``;
                ``non_blocking`` and ``memory_format`` mean nothing here.

        Raises:
            GrusError: a device other than the CPU, or another dtype.
        """
        dtype = kwargs.pop("dtype", None)
        device = kwargs.pop("device", None)
        for ignored in ("non_blocking", "memory_format"):
            kwargs.pop(ignored, None)
        if kwargs:
            raise TypeError(f"to() knows no {', '.join(kwargs)}")
        for value in args:
            if isinstance(value, bool) or value is None:
                continue
            if is_device(value):
                device = value
            elif is_tensor(value):
                dtype, device = value.dtype, getattr(value, "device", None)
            else:
                dtype = value
        check_device(device)
        return self if dtype is None else self._convert(dtype)

    def cpu(self: _Self) -> _Self:
        """Return the module, which is on the CPU."""
        return self

    def cuda(self: _Self, device: Any = None) -> _Self:
        """Refuse: there is the CPU only.

        Raises:
            GrusError: always.
        """
        raise GrusError("there is no GPU here: the CPU computes")

    def float(self: _Self) -> _Self:
        """Convert all weights to float32; returns the module."""
        return self._convert(np.float32)

    def double(self: _Self) -> _Self:
        """Convert all weights to float64; returns the module."""
        return self._convert(np.float64)

    def half(self: _Self) -> _Self:
        """Refuse: see _convert().

        Raises:
            GrusError: always.
        """
        return self._convert(np.float16)

    def requires_grad_(self: _Self, requires_grad: bool = True) -> _Self:
        """Return the module, which has no gradients.

        Raises:
            GrusError: gradients are asked for.
        """
        if requires_grad:
            raise GrusError("there are no gradients here: train in PyTorch")
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Do nothing: there are no gradients."""

    def share_memory(self: _Self) -> _Self:
        """Return the module; processes that fork share it as it is."""
        return self

    def apply(self: _Self, fn: Callable[[Any], Any]) -> _Self:
        """Call ``fn`` with every module, which is this one; returns it."""
        fn(self)
        return self

    def modules(self: _Self) -> Iterator[_Self]:
        """This module, which has no others within."""
        yield self

    def named_modules(self: _Self) -> Iterator[Tuple[str, _Self]]:
        """Likewise, with its name, which is empty."""
        yield "", self

    def children(self) -> Iterator[Any]:
        """No modules."""
        return iter(())

    def buffers(self) -> Iterator[np.ndarray]:
        """No arrays: all that is kept is a parameter."""
        return iter(())
