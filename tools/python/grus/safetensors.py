# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Reading and writing .safetensors files as numpy arrays.

The format: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Dict, Mapping, Optional, Tuple, Union

import numpy as np

from ._engine import GrusError

PathLike = Union[str, "os.PathLike[str]"]

_DTYPES = {"F32": "<f4", "F64": "<f8", "F16": "<f2"}


def encode(
    tensors: Mapping[str, np.ndarray], metadata: Optional[Mapping[str, str]] = None
) -> bytes:
    """The bytes of a file of float arrays of 16, 32 or 64 bits.

    Raises:
        TypeError: an array does not hold floats of these sizes.
    """
    names = {np.dtype(numpy_name): name for name, numpy_name in _DTYPES.items()}
    header: Dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    blobs = []
    offset = 0
    for name, tensor in tensors.items():
        array = np.asarray(tensor)
        dtype = names.get(array.dtype.newbyteorder("<"))
        if dtype is None:
            raise TypeError(f"tensor {name} has dtype {array.dtype}, not float16, 32 or 64")
        blob = array.astype(_DTYPES[dtype]).tobytes()
        span = [offset, offset + len(blob)]
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": span}
        blobs.append(blob)
        offset += len(blob)

    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(blobs)


def write(path: PathLike, data: bytes) -> None:
    """Write a file beside ``path`` and rename it when it is whole."""
    target = Path(path)
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def save(
    path: PathLike,
    tensors: Mapping[str, np.ndarray],
    metadata: Optional[Mapping[str, str]] = None,
) -> None:
    """Write what encode() makes; ``path`` is whole or as it was."""
    write(path, encode(tensors, metadata))


def load(path: PathLike) -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """Read a file -> (arrays by name, metadata).

    Raises:
        GrusError: the file is malformed, or has numbers of another type.
    """
    content = Path(path).read_bytes()
    try:
        (length,) = struct.unpack_from("<Q", content)
        header = json.loads(content[8 : 8 + length].decode())
        metadata = header.pop("__metadata__", {})
        data = content[8 + length :]
        tensors = {}
        for name, entry in header.items():
            first, end = entry["data_offsets"]
            numbers = np.frombuffer(data[first:end], dtype=_DTYPES[entry["dtype"]])
            tensors[name] = numbers.reshape(entry["shape"]).copy()
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GrusError(
            f"{os.fspath(path)} is not a .safetensors file of floats: {error}"
        ) from error
    return tensors, metadata
