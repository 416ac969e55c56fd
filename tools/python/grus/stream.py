# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sound through a model, block by block or as one array."""

from __future__ import annotations

import ctypes
import threading
import weakref
from ctypes import byref, c_void_p
from typing import Any, Dict, List, Optional, Tuple, Union

import numpy as np

from ._engine import GrusError, StreamConfig, call, library
from ._torch import array_of
from .model import Model, ModelLike, as_model

ParamValue = Union[bool, float, str]

_ACTIVITY, _REDUCTION, _INPUT_LEVEL, _OUTPUT_LEVEL = range(4)  # GrusMeter
_FLOAT, _TOGGLE, _ENUM = range(3)  # GrusParamType


class _Param:
    """A parameter of the engine's table as an attribute of Stream."""

    def __init__(self, index: int) -> None:
        row = library.grus_param_info(index).contents
        self.index = index
        self.symbol = row.symbol.decode()
        self.unit = row.unit.decode()
        self.type = row.type
        self.range = row.minimum, row.maximum
        self.labels = [label.decode().lower() for label in row.labels if label]
        ends = f"{row.minimum:g} to {row.maximum:g}{' ' if self.unit else ''}{self.unit}"
        allowed = " or ".join(map(repr, self.labels)) or ends
        if self.type == _TOGGLE:
            allowed = "True or False"
        self.allowed = allowed
        self.__doc__ = f"{row.comment.decode()} {allowed}; {self.told(row.initial)!r} at first."

    def told(self, value: float) -> ParamValue:
        """The value as Python has it."""
        if self.type == _TOGGLE:
            return value >= 0.5
        return self.labels[int(value)] if self.labels else value

    def number(self, value: Any) -> float:
        """The engine's number for a value; refuses what is out of range."""
        if isinstance(value, str) and value.lower() in self.labels:
            return float(self.labels.index(value.lower()))
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = float("nan")
        if not self.range[0] <= number <= self.range[1] or (
            self.type != _FLOAT and number != int(number)
        ):
            raise GrusError(f"{self.symbol} must be {self.allowed}, not {value!r}")
        return number

    def __get__(self, stream: Optional["Stream"], owner: type) -> Any:
        if stream is None:
            return self
        return self.told(library.grus_stream_param(stream._handle, self.index))

    def __set__(self, stream: "Stream", value: Any) -> None:
        library.grus_stream_set_param(stream._handle, self.index, self.number(value))


def _params() -> Dict[str, _Param]:
    params = {}
    while library.grus_param_info(len(params)):
        param = _Param(len(params))
        params[param.symbol] = param
    return params


_PARAMS = _params()


def _samples(sound: Any, channels: Optional[int]) -> np.ndarray:
    """Sound as (frames, channels) of float32; None for channels takes what comes.

    Raises:
        GrusError: another shape, or whole numbers, whose full scale is not known.
    """
    array = array_of(sound)
    if array.dtype.kind != "f":
        raise GrusError(
            f"expected samples as floats from -1 to 1, got {array.dtype} "
            "(of int16, divide by 32768)"
        )
    if array.ndim == 1:
        array = array[:, np.newaxis]
    if len(array) >= 2**32:
        raise GrusError(f"a block has less than 2^32 frames, not {len(array)}")
    if array.ndim != 2 or (channels is not None and array.shape[1] != channels):
        wanted = "channels" if channels is None else channels
        raise GrusError(f"expected sound of shape (frames, {wanted}), got {np.shape(sound)}")
    return array.astype(np.float32, copy=False)


class Stream:
    """One running instance of a model: sound goes in and comes out block by block.

    Every parameter of the engine is an attribute with the range and the unit that
    ``help(Stream)`` shows, can be given by name when the stream is made, and may be
    set from any thread while sound runs.

        stream = grus.Stream(rate=48000, channels=2, reduction=18)
        clean = stream.process(block)  # (frames, 2), float32
        stream.gate = 0.5

    The output is `latency` frames behind the input, and does not depend on how the
    sound is cut into blocks, bit for bit.  Python's lock is released while it
    computes, so that streams in several threads run on several cores; one stream is
    for one thread at a time, and others wait.

    Args:
        model: a Model, a path or a name; None for the default.
        rate: of the sound, 4000 to 768000 Hz.
        channels: 1 to 32, each with its own state.
        kernels: one of grus.kernels(), or None for the best.
        parameters: as the attributes.  By itself `link` is on for one channel and two.

    Raises:
        GrusError: an argument is out of range, or there is no such parameter.
    """

    def __init__(
        self,
        model: ModelLike = None,
        rate: int = 48000,
        channels: int = 1,
        *,
        kernels: Optional[str] = None,
        **parameters: ParamValue,
    ) -> None:
        unknown = [name for name in parameters if name not in _PARAMS]
        if unknown:
            raise GrusError(f"there is no parameter {unknown[0]}: there are {', '.join(_PARAMS)}")
        if rate != int(rate) or not 0 < rate < 2**32 or channels != int(channels):
            raise GrusError(f"rate and channels must be whole numbers, not {rate} and {channels}")
        if not 0 < channels < 2**32:
            raise GrusError(f"channels must be 1 to 32, not {channels}")
        self._model = as_model(model)
        self._rate, self._channels = int(rate), int(channels)
        config = StreamConfig(
            self._rate, self._channels, None if kernels is None else kernels.encode()
        )
        self._handle = c_void_p()
        call("grus_stream_new", self._model._handle, byref(config), byref(self._handle))
        # The model is kept until its stream is freed
        self._free = weakref.finalize(self, _free_stream, self._handle, self._model)
        self._lock = threading.Lock()
        for name, value in {"link": channels <= 2, **parameters}.items():
            setattr(self, name, value)

    @property
    def model(self) -> Model:
        """The model that runs."""
        return self._model

    @property
    def rate(self) -> int:
        """Sample rate, Hz."""
        return self._rate

    @property
    def channels(self) -> int:
        """Channels."""
        return self._channels

    @property
    def kernels(self) -> str:
        """Name of the kernel variant that it runs on."""
        return library.grus_stream_kernels(self._handle).decode()

    @property
    def latency(self) -> int:
        """Frames by which the output is behind the input.

        Only `even_load` changes it, which counts when the first block after the
        making or reset() is processed.
        """
        return library.grus_stream_latency(self._handle)

    @property
    def activity(self) -> float:
        """Probability of voice in the sound that came out last, 0 to 1."""
        return library.grus_stream_meter(self._handle, _ACTIVITY)

    @property
    def reduced(self) -> float:
        """How much is being taken away, dB."""
        return library.grus_stream_meter(self._handle, _REDUCTION)

    @property
    def levels(self) -> Tuple[float, float]:
        """Falling peaks before the input gain and of the output, dBFS."""
        return (
            library.grus_stream_meter(self._handle, _INPUT_LEVEL),
            library.grus_stream_meter(self._handle, _OUTPUT_LEVEL),
        )

    @property
    def faults(self) -> int:
        """How often NaN or infinity came in; such a block becomes silence, and the
        stream begins anew."""
        return library.grus_stream_faults(self._handle)

    @property
    def parameters(self) -> Dict[str, ParamValue]:
        """All parameters by name, as they were last set."""
        return {name: getattr(self, name) for name in _PARAMS}

    def process(self, block: Any, out: Optional[np.ndarray] = None) -> np.ndarray:
        """Process a block of any length, zero included.

        Args:
            block: (frames, channels), or (frames,) for one channel; floats from -1
                to 1, in any layout.
            out: where the result goes, float32 of the same shape; it may be `block`
                itself.  None for a new array.

        Returns:
            The clean sound, float32 of the shape of `block`, `latency` frames late.

        Raises:
            GrusError: another shape or type.
        """
        samples = _samples(block, self._channels)
        shape = np.shape(block)
        if out is None:
            out = np.empty(shape, np.float32)
        elif not isinstance(out, np.ndarray) or out.dtype != np.float32 or out.shape != shape:
            raise GrusError(f"out must be a float32 array of shape {shape}")
        planes = np.array(samples.T, np.float32, order="C", copy=True)
        rows: List[int] = [planes.ctypes.data + i * planes.strides[0] for i in range(len(planes))]
        pointers = (c_void_p * self._channels)(*rows)
        with self._lock:
            library.grus_stream_process(self._handle, pointers, pointers, planes.shape[1])
        out[...] = planes.T.reshape(shape)
        return out

    def reset(self) -> None:
        """Forget all sound; parameters stay."""
        with self._lock:
            library.grus_stream_reset(self._handle)

    @property
    def state(self) -> bytes:
        """All that the stream remembers, parameters included.

        A stream of the same model, rate, channels and kernels to which it is
        assigned goes on bit for bit.

        Raises:
            GrusError: on assignment, it is damaged or belongs to another stream;
                the stream is as it was.
        """
        size = library.grus_stream_state_size(self._handle)
        data = ctypes.create_string_buffer(size)
        with self._lock:
            status = library.grus_stream_get_state(self._handle, data, size)
        assert status == 0
        return data.raw

    @state.setter
    def state(self, data: bytes) -> None:
        with self._lock:
            call("grus_stream_set_state", self._handle, bytes(data), len(data))

    def __repr__(self) -> str:
        return f"Stream({self._model!r}, rate={self._rate}, channels={self._channels})"


for _name, _param in _PARAMS.items():
    setattr(Stream, _name, _param)


def _free_stream(handle: c_void_p, _model: Model) -> None:
    library.grus_stream_free(handle)


def enhance(
    sound: Any, rate: int, model: ModelLike = None, **options: ParamValue
) -> np.ndarray:
    """Clean a whole array of sound.

    What `grus render` writes, to the bit: aligned to the input, and as long.

    Args:
        sound: (frames, channels) or (frames,), floats from -1 to 1.
        rate: its sample rate, Hz.
        model: a Model, a path or a name; None for the default.
        options: parameters and `kernels`, as for Stream.

    Returns:
        float32 of the shape of `sound`.

    Raises:
        GrusError: another shape or type, or samples that are not finite.
    """
    samples = _samples(sound, None)
    if not np.isfinite(samples).all():
        raise GrusError("the sound has samples that are not finite")
    stream = Stream(model, rate, samples.shape[1], **options)
    # A block as long as the sound is heard as many short ones are
    latency = stream.latency
    tail = np.zeros((latency, samples.shape[1]), np.float32)
    late = stream.process(np.concatenate([samples, tail]))
    return late[latency:].reshape(np.shape(sound))
