# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""libgrus through ctypes: what the headers in engine/include/grus declare."""

from __future__ import annotations

import ctypes
import random
from ctypes import POINTER, byref, c_bool, c_char, c_char_p, c_double, c_float, c_int, c_int64
from ctypes import c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any, Optional, Sequence, Tuple

import numpy as np

from ._library import PATH

_NO_MEM = 1

#: Numbers for initial weights and dropout come from here; see manual_seed()
_random = random.Random()


class GrusError(ValueError, RuntimeError):
    """Wrong arguments, shapes or files.

    Where PyTorch would raise ValueError in one place and RuntimeError in
    another, this is both.
    """


class Message(ctypes.Structure):
    _fields_ = [("text", c_char * 256)]


class Config(ctypes.Structure):
    _fields_ = [
        ("input_size", c_uint32),
        ("hidden_size", c_uint32),
        ("num_layers", c_uint32),
        ("bias", c_bool),
        ("batch_first", c_bool),
        ("bidirectional", c_bool),
        ("dropout", c_double),
        ("dtype", c_int),
        ("kernels", c_char_p),
    ]


class Shape(ctypes.Structure):
    _fields_ = [("n_dims", c_uint32), ("sizes", c_size_t * 3)]

    @classmethod
    def of(cls, shape: Sequence[int]) -> "Shape":
        # More dimensions than any function takes: the first ones do not matter
        return cls(len(shape), (c_size_t * 3)(*shape[:3]))

    def tuple(self) -> Tuple[int, ...]:
        return tuple(self.sizes[: self.n_dims])


class Weight(ctypes.Structure):
    _fields_ = [("name", c_char * 32), ("shape", Shape)]


class Packing(ctypes.Structure):
    _fields_ = [
        ("n_steps", c_size_t),
        ("batch_sizes", POINTER(c_int64)),
        ("sorted_indices", POINTER(c_int64)),
        ("unsorted_indices", POINTER(c_int64)),
    ]


class Packed(ctypes.Structure):
    _fields_ = [
        ("data", c_void_p),
        ("n_rows", c_size_t),
        ("n_features", c_size_t),
        ("element_size", c_size_t),
        ("packing", Packing),
    ]


class Piece(ctypes.Structure):
    _fields_ = [("data", c_void_p), ("length", c_size_t)]


class PackOptions(ctypes.Structure):
    _fields_ = [
        ("lengths", POINTER(c_int64)),
        ("n_lengths", c_size_t),
        ("element_size", c_size_t),
        ("batch_first", c_bool),
        ("enforce_sorted", c_bool),
    ]


class PadOptions(ctypes.Structure):
    _fields_ = [
        ("padding_value", c_void_p),
        ("total_length", c_size_t),
        ("batch_first", c_bool),
    ]


class Call(ctypes.Structure):
    _fields_ = [
        ("input", c_void_p),
        ("input_shape", Shape),
        ("h_0", c_void_p),
        ("h_0_shape", Shape),
        ("packing", POINTER(Packing)),
        ("output", c_void_p),
        ("output_size", c_size_t),
        ("h_n", c_void_p),
        ("h_n_size", c_size_t),
    ]


class ModelInfo(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p),
        ("author", c_char_p),
        ("license", c_char_p),
        ("description", c_char_p),
        ("kind", c_int),
        ("sample_rate", c_uint32),
        ("window", c_uint32),
        ("hop", c_uint32),
        ("n_layers", c_uint32),
        ("n_parameters", c_uint64),
        ("n_macs", c_uint64),
        ("hash", c_uint64),
        ("has_activity", c_bool),
        ("has_self_test", c_bool),
        ("test_error", c_float),
        ("test_tolerance", c_float),
        ("test_samples", c_uint32),
        ("storage", c_int),
        ("storage_error", c_float),
    ]


class StreamConfig(ctypes.Structure):
    _fields_ = [("sample_rate", c_uint32), ("n_channels", c_uint32), ("kernels", c_char_p)]


class ParamInfo(ctypes.Structure):
    _fields_ = [
        ("symbol", c_char_p),
        ("name", c_char_p),
        ("unit", c_char_p),
        ("type", c_int),
        ("minimum", c_float),
        ("maximum", c_float),
        ("initial", c_float),
        ("labels", c_char_p * 4),
        ("comment", c_char_p),
    ]


library = ctypes.CDLL(PATH)

# Every one of these returns a status and takes a message last
_FALLIBLE = {
    "grus_gru_new": [POINTER(Config), POINTER(c_void_p)],
    "grus_gru_set_weight": [c_void_p, c_char_p, c_void_p, POINTER(Shape)],
    "grus_gru_get_weight": [c_void_p, c_char_p, c_void_p, c_size_t],
    "grus_gru_load": [c_void_p, c_char_p, c_size_t, c_char_p],
    "grus_gru_read_config": [c_char_p, c_size_t, c_char_p, POINTER(Config)],
    "grus_gru_shapes": [c_void_p, POINTER(Shape), POINTER(Packing), POINTER(Shape), POINTER(Shape)],
    "grus_gru_forward": [c_void_p, POINTER(Call)],
    "grus_pack_padded_sequence": [
        c_void_p,
        POINTER(Shape),
        POINTER(PackOptions),
        POINTER(POINTER(Packed)),
    ],
    "grus_pack_sequence": [
        POINTER(Piece),
        c_size_t,
        c_size_t,
        POINTER(PackOptions),
        POINTER(POINTER(Packed)),
    ],
    "grus_padded_shape": [POINTER(Packed), POINTER(PadOptions), POINTER(Shape)],
    "grus_pad_packed_sequence": [
        POINTER(Packed),
        POINTER(PadOptions),
        c_void_p,
        POINTER(c_int64),
    ],
    "grus_model_parse": [c_char_p, c_size_t, POINTER(c_void_p)],
    "grus_stream_new": [c_void_p, POINTER(StreamConfig), POINTER(c_void_p)],
    "grus_stream_set_state": [c_void_p, c_char_p, c_size_t],
}
_OTHERS = {
    "grus_gru_free": (None, [c_void_p]),
    "grus_gru_config": (POINTER(Config), [c_void_p]),
    "grus_gru_n_parameters": (c_uint64, [c_void_p]),
    "grus_gru_weight": (c_bool, [c_void_p, c_uint32, POINTER(Weight)]),
    "grus_gru_init_weights": (None, [c_void_p, c_uint64]),
    "grus_gru_set_training": (None, [c_void_p, c_bool]),
    "grus_gru_training": (c_bool, [c_void_p]),
    "grus_gru_seed": (None, [c_void_p, c_uint64]),
    "grus_packed_sequence_free": (None, [POINTER(Packed)]),
    "grus_model_free": (None, [c_void_p]),
    "grus_model_info": (POINTER(ModelInfo), [c_void_p]),
    "grus_param_info": (POINTER(ParamInfo), [c_uint32]),
    "grus_stream_free": (None, [c_void_p]),
    "grus_stream_latency": (c_uint32, [c_void_p]),
    "grus_stream_kernels": (c_char_p, [c_void_p]),
    "grus_stream_state_size": (c_size_t, [c_void_p]),
    "grus_stream_get_state": (c_int, [c_void_p, c_char_p, c_size_t]),
    "grus_stream_process": (None, [c_void_p, POINTER(c_void_p), POINTER(c_void_p), c_uint32]),
    "grus_stream_reset": (None, [c_void_p]),
    "grus_stream_set_param": (None, [c_void_p, c_int, c_float]),
    "grus_stream_param": (c_float, [c_void_p, c_int]),
    "grus_stream_meter": (c_float, [c_void_p, c_int]),
    "grus_stream_faults": (c_uint32, [c_void_p]),
    "grus_kernels_name": (c_char_p, [c_uint32]),
}
for _name, _arguments in _FALLIBLE.items():
    getattr(library, _name).restype = c_int
    getattr(library, _name).argtypes = [*_arguments, POINTER(Message)]
for _name, (_result, _arguments) in _OTHERS.items():
    getattr(library, _name).restype = _result
    getattr(library, _name).argtypes = _arguments


def call(name: str, *arguments: Any, about: Any = "") -> None:
    """Call a function that returns a status; raise what its message says `about` what."""
    message = Message()
    status = getattr(library, name)(*arguments, byref(message))
    if status:
        text = f"{about}{': ' if about else ''}{message.text.decode(errors='replace')}"
        raise MemoryError(text) if status == _NO_MEM else GrusError(text)


def kernels() -> Tuple[str, ...]:
    """Names of the kernel variants that this processor can run, best first."""
    names = []
    while True:
        name = library.grus_kernels_name(len(names))
        if name is None:
            return tuple(names)
        names.append(name.decode())


def manual_seed(seed: int) -> None:
    """Seed initial weights and dropout, as torch.manual_seed() does.

    The same seed gives the same numbers on every machine, but not PyTorch's.
    """
    _random.seed(seed)


def next_seed() -> int:
    """A seed for the library."""
    return _random.getrandbits(64)


def dense(array: np.ndarray) -> np.ndarray:
    """The array as the library wants it: rows in order, aligned, native bytes."""
    native = array.dtype.newbyteorder("=")
    return np.require(array, dtype=native, requirements=["C_CONTIGUOUS", "ALIGNED"])


def integers(array: Optional[np.ndarray]) -> Any:
    """Pointer to int64 numbers, or None; the array must outlive it."""
    return None if array is None else array.ctypes.data_as(POINTER(c_int64))
