# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The bytes of a .safetensors file, to numpy arrays and back.

The only reader and writer in Python: it needs numpy and nothing of this
package, so that training and tests have it too.  The format:
https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
import os
import struct
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

import numpy as np

PathLike = Union[str, "os.PathLike[str]"]

#: Key of the metadata under which the checksum of all tensors' bytes is
CHECKSUM = "data_fnv1a"

# BF16 is the upper half of F32
_BF16 = "BF16"
_WRITTEN = {"F32": "<f4", "F64": "<f8", "F16": "<f2"}
_READ = {
    **_WRITTEN, _BF16: "<u2", "BOOL": "?", "U8": "u1", "I8": "i1", "U16": "<u2", "I16": "<i2",
    "U32": "<u4", "I32": "<i4", "U64": "<u8", "I64": "<i8", "C64": "<c8",
}


def checksum(data: bytes) -> str:
    """FNV-1a of 64 bits, as 16 hexadecimal digits: tells damage, proves nothing."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def encode(
    tensors: Mapping[str, np.ndarray], metadata: Optional[Mapping[str, str]] = None
) -> bytes:
    """The bytes of a file of float arrays of 16, 32 or 64 bits, with their checksum.

    Raises:
        TypeError: an array does not hold floats of these sizes.
    """
    names = {np.dtype(numpy_name): name for name, numpy_name in _WRITTEN.items()}
    entries: Dict[str, object] = {}
    blobs = []
    offset = 0
    for name, tensor in tensors.items():
        array = np.asarray(tensor)
        dtype = names.get(array.dtype.newbyteorder("<"))
        if dtype is None:
            raise TypeError(f"tensor {name} has dtype {array.dtype}, not float16, 32 or 64")
        blob = array.astype(_WRITTEN[dtype]).tobytes()
        span = [offset, offset + len(blob)]
        entries[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": span}
        blobs.append(blob)
        offset += len(blob)

    # First and in this very form: the engine knows the file by what is without it
    data = b"".join(blobs)
    header = {"__metadata__": {CHECKSUM: checksum(data), **(metadata or {})}, **entries}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def _once(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """An object of JSON in which no key is there twice."""
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the header has the key "{twice}" twice')
    return result


def _numbers(name: str, entry: Mapping[str, Any], data: bytes) -> np.ndarray:
    dtype, shape = entry["dtype"], entry["shape"]
    first, end = entry["data_offsets"]
    if dtype not in _READ:
        raise ValueError(f'tensor "{name}" has dtype "{dtype}", which numpy does not know')
    size = math.prod(shape) * np.dtype(_READ[dtype]).itemsize
    if not 0 <= first <= end <= len(data) or end - first != size:
        raise ValueError(f'tensor "{name}" has data_offsets that do not fit its shape or the file')
    numbers = np.frombuffer(data[first:end], dtype=_READ[dtype])
    if dtype == _BF16:
        numbers = (numbers.astype("<u4") << 16).view("<f4")
    return numbers.reshape(shape).copy()


def decode(content: bytes, prefix: str = "") -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """The tensors of a file whose names begin with a prefix, by name, and all metadata.

    Raises:
        ValueError: the file is malformed, its checksum is not that of its tensors,
            or one of the tensors has numbers that numpy does not know.
    """
    try:
        (length,) = struct.unpack_from("<Q", content)
        header = json.loads(content[8 : 8 + length].decode(), object_pairs_hook=_once)
        metadata = header.pop("__metadata__", {})
        data = content[8 + length :]
        if CHECKSUM in metadata and metadata[CHECKSUM] != checksum(data):
            raise ValueError("its tensors do not have the checksum that it names: it is damaged")
        names = [name for name in header if name.startswith(prefix)]
        tensors = {name: _numbers(name, header[name], data) for name in names}
    except (struct.error, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"its header is not that of a .safetensors file: {error}") from error
    return tensors, metadata


def read(path: PathLike, prefix: str = "") -> Tuple[Dict[str, np.ndarray], Dict[str, str]]:
    """decode() of a file, which the error names."""
    try:
        return decode(Path(path).read_bytes(), prefix)
    except ValueError as error:
        raise ValueError(
            f"{os.fspath(path)} is not a .safetensors file of numbers: {error}"
        ) from error


def replace(path: PathLike, data: bytes) -> None:
    """Write a file beside ``path`` and rename it when it is whole."""
    target = Path(path)
    part = target.with_name(target.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write(
    path: PathLike,
    tensors: Mapping[str, np.ndarray],
    metadata: Optional[Mapping[str, str]] = None,
) -> None:
    """Write what encode() makes; ``path`` is whole or as it was."""
    replace(path, encode(tensors, metadata))
