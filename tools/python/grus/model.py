# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Models: the networks that clean sound."""

from __future__ import annotations

import os
import weakref
from ctypes import byref, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Optional, Union

from ._engine import call, library
from ._library import MODELS

OWN_MODELS = ("voice", "voice-light", "voice-low-latency")
ModelLike = Union["Model", str, "os.PathLike[str]", None]

_KINDS = ("frame", "sample")


@dataclass(frozen=True)
class ModelInfo:
    """What a model file says about itself, and what was found when it was loaded.

    Attributes:
        name, author, license, description: empty where the file does not say.
        kind: "frame" (spectra) or "sample".
        sample_rate: the rate it was trained at, Hz.
        window, hop: samples of an analysis frame, and from one to the next.
        parameters: trained numbers.
        macs_per_second: multiplications of weights for a second of sound.
        hash: FNV-1a of the whole file.
        has_activity: whether it tells voice activity.
        test_error, test_tolerance: of its self-test, 0 without one.
    """

    path: Path
    name: str
    author: str
    license: str
    description: str
    kind: str
    sample_rate: int
    window: int
    hop: int
    parameters: int
    macs_per_second: float
    hash: int
    has_activity: bool
    has_self_test: bool
    test_error: float
    test_tolerance: float


def model_path(name: Union[str, "os.PathLike[str]", None]) -> Path:
    """The file of a model: a path, the name of one that comes with Grus, or None for
    $GRUS_MODEL or "voice"."""
    if name is None:
        name = os.environ.get("GRUS_MODEL") or "voice"
    if isinstance(name, str) and name in OWN_MODELS:
        return Path(MODELS) / f"{name}.safetensors"
    return Path(name)


class Model:
    """A network, read only, which any number of streams in any threads may run.

    Args:
        model: a path, "voice", "voice-light" or "voice-low-latency"; None for
            $GRUS_MODEL or "voice".

    Raises:
        GrusError: the file is not a model, or does not compute here what it
            computed where it was trained.
        OSError: it cannot be read.
    """

    def __init__(self, model: Union[str, "os.PathLike[str]", None] = None) -> None:
        self.path = model_path(model)
        data = self.path.read_bytes()
        self._handle = c_void_p()
        call("grus_model_parse", data, len(data), byref(self._handle), about=self.path)
        self._free = weakref.finalize(self, library.grus_model_free, self._handle)

    @property
    def info(self) -> ModelInfo:
        """What the model is."""
        told = library.grus_model_info(self._handle).contents
        return ModelInfo(
            path=self.path,
            name=told.name.decode(),
            author=told.author.decode(),
            license=told.license.decode(),
            description=told.description.decode(),
            kind=_KINDS[told.kind],
            sample_rate=told.sample_rate,
            window=told.window,
            hop=told.hop,
            parameters=told.n_parameters,
            macs_per_second=told.n_macs * told.sample_rate / told.hop,
            hash=told.hash,
            has_activity=told.has_activity,
            has_self_test=told.has_self_test,
            test_error=told.test_error,
            test_tolerance=told.test_tolerance,
        )

    def __repr__(self) -> str:
        return f"Model({str(self.path)!r})"


def as_model(model: ModelLike) -> Model:
    """``model`` itself, or the one that it names."""
    return model if isinstance(model, Model) else Model(model)


def info(model: Optional[Any] = None) -> ModelInfo:
    """What a model is; see Model and ModelInfo."""
    return as_model(model).info
