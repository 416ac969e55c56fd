# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""torch.nn.GRU on numpy arrays."""

from __future__ import annotations

import numbers
import operator
import os
import warnings
import weakref
from collections import OrderedDict
from ctypes import byref, c_void_p, pointer
from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Tuple, Union

import numpy as np

from .. import safetensors
from .._engine import Call, Config, GrusError, Shape, Weight, call, dense, library, next_seed
from .._torch import array_of, check_device, dtype_of
from .module import Module
from .utils.rnn import PackedSequence, as_packed

_DTYPES = (np.dtype(np.float32), np.dtype(np.float64))  # In the order of GrusNumber
_LARGEST = 2**32 - 1

Arrays = Union[np.ndarray, PackedSequence]


class IncompatibleKeys(NamedTuple):
    """What load_state_dict() did not find, and what it did not know."""

    missing_keys: List[str]
    unexpected_keys: List[str]


def _size(value: Any, name: str) -> int:
    try:
        size = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, not {type(value).__name__}") from None
    if not 1 <= size <= _LARGEST:
        raise GrusError(f"{name} must be at least 1 and less than 2^32, not {size}")
    return size


def _dropout(value: Any, num_layers: int) -> float:
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not 0 <= value <= 1:
        raise GrusError(f"dropout must be a number from 0 to 1, not {value!r}")
    if value > 0 and num_layers == 1:
        warnings.warn(
            "dropout acts between layers, so it does nothing with num_layers=1", stacklevel=3
        )
    return float(value)


class GRU(Module):
    """A gated recurrent unit over whole sequences, as torch.nn.GRU.

    For every step t of each layer::

        r = sigmoid(W_ir x_t + b_ir + W_hr h + b_hr)
        z = sigmoid(W_iz x_t + b_iz + W_hz h + b_hz)
        n = tanh(W_in x_t + b_in + r * (W_hn h + b_hn))
        h = (1 - z) * n + z * h

    https://pytorch.org/docs/stable/generated/torch.nn.GRU.html

    Args:
        input_size: features of the input.
        hidden_size: features of the hidden state.
        num_layers: stacked layers.
        bias: whether there are bias_ih and bias_hh.
        batch_first: whether input and output are (batch, seq, feature).
        dropout: probability of dropping each number between two layers, in
            training mode only.
        bidirectional: whether a second GRU runs from the end (D = 2).
        device: None or "cpu", or what torch calls so.
        dtype: float32 (the default) or float64, numpy's or torch's.
        kernels: one of grus.kernels(), or None for the best.

    Weights are drawn uniformly from -k to k, k = 1 / sqrt(hidden_size); see
    grus.manual_seed().  They can be read and set by their names in state_dict():
    ``gru.weight_ih_l0`` is a copy.  As in PyTorch, training mode is on at first.

    Raises:
        GrusError: an argument is out of range.
    """

    mode = "GRU"
    proj_size = 0

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        kernels: Optional[str] = None,
    ) -> None:
        check_device(device)
        number = dtype_of(dtype)
        n_layers = _size(num_layers, "num_layers")
        config = Config(
            _size(input_size, "input_size"),
            _size(hidden_size, "hidden_size"),
            n_layers,
            bool(bias),
            bool(batch_first),
            bool(bidirectional),
            _dropout(dropout, n_layers),
            _DTYPES.index(number),
            None if kernels is None else kernels.encode(),
        )
        self._own(config)
        vars(self)["_shapes"] = OrderedDict(self._list_weights())
        self.reset_parameters()
        self.train()

    @classmethod
    def from_file(
        cls,
        path: Union[str, "os.PathLike[str]"],
        prefix: str = "",
        *,
        batch_first: bool = False,
        dropout: float = 0.0,
        kernels: Optional[str] = None,
    ) -> "GRU":
        """The GRU whose weights a .safetensors file holds, in evaluation mode.

        Sizes, layers, bias, directions and dtype are what the weights say.

        Args:
            prefix: what the names of the weights begin with, like "encoder.rnn.".

        Raises:
            GrusError: the file is malformed, or has no such weights.
        """
        data = Path(path).read_bytes()
        config = Config()
        call("grus_gru_read_config", data, len(data), prefix.encode(), byref(config))
        gru = cls(
            config.input_size,
            config.hidden_size,
            config.num_layers,
            config.bias,
            batch_first,
            dropout,
            config.bidirectional,
            dtype=_DTYPES[config.dtype],
            kernels=kernels,
        )
        gru.load_state_dict(path, prefix=prefix)
        return gru.eval()

    def _own(self, config: Config) -> None:
        """Make a GRU of the library and free the one there was."""
        handle = c_void_p()
        call("grus_gru_new", byref(config), byref(handle))
        former = vars(self).get("_free")
        vars(self)["_handle"] = handle
        vars(self)["_free"] = weakref.finalize(self, library.grus_gru_free, handle)
        if former:
            former()

    def _list_weights(self) -> Iterator[Tuple[str, Tuple[int, ...]]]:
        weight = Weight()
        index = 0
        while library.grus_gru_weight(self._handle, index, byref(weight)):
            yield weight.name.decode(), weight.shape.tuple()
            index += 1

    @property
    def _config(self) -> Config:
        return library.grus_gru_config(self._handle).contents

    @property
    def input_size(self) -> int:
        """Features of the input."""
        return self._config.input_size

    @property
    def hidden_size(self) -> int:
        """Features of the hidden state."""
        return self._config.hidden_size

    @property
    def num_layers(self) -> int:
        """Stacked layers."""
        return self._config.num_layers

    @property
    def bias(self) -> bool:
        """Whether there are biases."""
        return self._config.bias

    @property
    def batch_first(self) -> bool:
        """Whether input and output are (batch, seq, feature)."""
        return self._config.batch_first

    @property
    def dropout(self) -> float:
        """Probability of dropping a number between two layers."""
        return self._config.dropout

    @property
    def bidirectional(self) -> bool:
        """Whether there are two directions."""
        return self._config.bidirectional

    @property
    def dtype(self) -> np.dtype:
        """Of weights, states, inputs and outputs."""
        return _DTYPES[self._config.dtype]

    @property
    def kernels(self) -> str:
        """Name of the kernel variant it runs on."""
        return self._config.kernels.decode()

    @property
    def training(self) -> bool:
        """Whether dropout is on."""
        return library.grus_gru_training(self._handle)

    def __getattr__(self, name: str) -> np.ndarray:
        if name in vars(self).get("_shapes", ()):
            return self._weight(name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._shapes:
            self._set_weight(name, self._as_weight(name, value))
        else:
            super().__setattr__(name, value)

    def __repr__(self) -> str:
        return f"GRU({self.extra_repr()})"

    def extra_repr(self) -> str:
        """The arguments, as PyTorch shows them."""
        text = f"{self.input_size}, {self.hidden_size}"
        if self.num_layers != 1:
            text += f", num_layers={self.num_layers}"
        if not self.bias:
            text += f", bias={self.bias}"
        if self.batch_first:
            text += f", batch_first={self.batch_first}"
        if self.dropout != 0:
            text += f", dropout={self.dropout}"
        if self.bidirectional:
            text += f", bidirectional={self.bidirectional}"
        return text

    def __reduce__(self) -> Tuple[Any, ...]:
        arguments = (
            self.input_size,
            self.hidden_size,
            self.num_layers,
            self.bias,
            self.batch_first,
            self.dropout,
            self.bidirectional,
            None,
            self.dtype,
        )
        return _rebuild, (type(self), arguments, self.state_dict(), self.training)

    def train(self, mode: bool = True) -> "GRU":
        """Turn dropout on (or off); returns the GRU."""
        library.grus_gru_set_training(self._handle, bool(mode))
        return self

    def flatten_parameters(self) -> None:
        """Do nothing: weights lie together as they are."""

    def _convert(self, dtype: Any) -> "GRU":
        number = dtype_of(dtype)
        if number != self.dtype:
            weights, training = self.state_dict(), self.training
            config = Config.from_buffer_copy(self._config)
            config.dtype = _DTYPES.index(number)
            config.kernels = None  # Those of one dtype do not run the other
            self._own(config)
            self.load_state_dict(weights)
            self.train(training)
        return self

    def reset_parameters(self) -> None:
        """Draw all weights uniformly from -k to k, k = 1 / sqrt(hidden_size)."""
        library.grus_gru_init_weights(self._handle, next_seed())

    def named_parameters(self) -> Iterator[Tuple[str, np.ndarray]]:
        """Names and copies of all weights."""
        for name in self._shapes:
            yield name, self._weight(name)

    def parameters(self) -> Iterator[np.ndarray]:
        """Copies of all weights."""
        return (weight for _, weight in self.named_parameters())

    @property
    def all_weights(self) -> List[List[np.ndarray]]:
        """Copies of all weights, one list for each layer and direction."""
        count = 4 if self.bias else 2
        weights = list(self.parameters())
        return [weights[i : i + count] for i in range(0, len(weights), count)]

    def state_dict(self) -> Dict[str, np.ndarray]:
        """Copies of all weights by their names, in PyTorch's order.

        weight_ih_l{k} (3 * hidden_size, input_size or D * hidden_size),
        weight_hh_l{k} (3 * hidden_size, hidden_size), bias_ih_l{k} and
        bias_hh_l{k} (3 * hidden_size), each also with _reverse.
        """
        return OrderedDict(self.named_parameters())

    def load_state_dict(
        self,
        state_dict: Union[Mapping[str, Any], str, "os.PathLike[str]"],
        strict: bool = True,
        *,
        prefix: str = "",
    ) -> IncompatibleKeys:
        """Set all weights from arrays (or CPU tensors), or a .safetensors file.

        Args:
            strict: whether missing and unknown names are an error.
            prefix: what the names begin with; others are ignored.

        Raises:
            GrusError: names are missing or unknown, a shape is wrong, or the
                file is malformed.  The weights are as they were then.
        """
        if isinstance(state_dict, (str, os.PathLike)):
            if strict:
                data = Path(state_dict).read_bytes()
                call("grus_gru_load", self._handle, data, len(data), prefix.encode())
                return IncompatibleKeys([], [])
            state_dict = safetensors.load(state_dict, prefix)[0]
        given = {k[len(prefix) :]: v for k, v in state_dict.items() if k.startswith(prefix)}
        keys = IncompatibleKeys(
            [name for name in self._shapes if name not in given],
            [name for name in given if name not in self._shapes],
        )
        if strict and (keys.missing_keys or keys.unexpected_keys):
            raise GrusError(
                f"{self!r} does not fit: missing weights {keys.missing_keys}, "
                f"unknown weights {keys.unexpected_keys}"
            )
        weights = {k: self._as_weight(k, v) for k, v in given.items() if k in self._shapes}
        for name, weight in weights.items():
            self._set_weight(name, weight)
        return keys

    def _as_weight(self, name: str, value: Any) -> np.ndarray:
        weight = dense(array_of(value).astype(self.dtype))
        if weight.shape != self._shapes[name]:
            raise GrusError(f"expected {name} of shape {self._shapes[name]}, got {weight.shape}")
        return weight

    def _set_weight(self, name: str, weight: np.ndarray) -> None:
        shape = Shape.of(weight.shape)
        call("grus_gru_set_weight", self._handle, name.encode(), weight.ctypes.data, byref(shape))

    def _weight(self, name: str) -> np.ndarray:
        weight = np.empty(self._shapes[name], self.dtype)
        call("grus_gru_get_weight", self._handle, name.encode(), weight.ctypes.data, weight.size)
        return weight

    def _as_input(self, values: Any, name: str) -> np.ndarray:
        array = array_of(values)
        if array.dtype.newbyteorder("=") != self.dtype:
            raise GrusError(f"expected {name} of {self.dtype}, got {array.dtype}")
        return dense(array)

    def forward(self, input: Arrays, hx: Optional[np.ndarray] = None) -> Tuple[Arrays, np.ndarray]:
        """Run over whole sequences.

        Args:
            input: (seq, batch, input_size), (batch, seq, input_size) with
                batch_first, (seq, input_size) for one sequence, or a
                PackedSequence; tensors and torch's PackedSequence too.
            hx: first hidden states (D * num_layers, batch, hidden_size), without
                batch for one sequence; None for zeros.

        Returns:
            output: the last layer's hidden states of all steps, shaped as input
                with D * hidden_size features; a PackedSequence for one.
            h_n: the last hidden states of all layers, shaped as hx.  Given as hx
                of the next call, it continues bit for bit.
            Both are numpy arrays, whatever the input is.

        Raises:
            GrusError: a shape or dtype is wrong.
        """
        input = as_packed(input)
        rows, packing = input, None
        if isinstance(input, PackedSequence):
            rows, packing = input.data, pointer(input.packing())
        x = self._as_input(rows, "input")
        h_0 = None if hx is None else self._as_input(hx, "hx")
        shape, output_shape, h_n_shape = Shape.of(x.shape), Shape(), Shape()
        results = byref(output_shape), byref(h_n_shape)
        call("grus_gru_shapes", self._handle, byref(shape), packing, *results)

        output = np.empty(output_shape.tuple(), self.dtype)
        h_n = np.empty(h_n_shape.tuple(), self.dtype)
        if self.training and self.dropout > 0:
            library.grus_gru_seed(self._handle, next_seed())
        arguments = Call(
            x.ctypes.data,
            shape,
            None if h_0 is None else h_0.ctypes.data,
            Shape() if h_0 is None else Shape.of(h_0.shape),
            packing,
            output.ctypes.data,
            output.size,
            h_n.ctypes.data,
            h_n.size,
        )
        call("grus_gru_forward", self._handle, byref(arguments))
        if isinstance(input, PackedSequence):
            return input._replace(data=output), h_n
        return output, h_n

    __call__ = forward


def _rebuild(
    cls: type, arguments: Tuple[Any, ...], weights: Mapping[str, np.ndarray], training: bool
) -> GRU:
    """What pickle and copy make a GRU from."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gru = cls(*arguments)
    gru.load_state_dict(weights)
    return gru.train(training)
