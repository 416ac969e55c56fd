# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Reading and writing .safetensors files: u64 header length, JSON header, little-endian data."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import torch

from network import VoiceNetwork, sizes_of


def write_tensors(path: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Write float32 tensors; the header is padded with spaces to a multiple of 8 bytes."""
    header: dict[str, object] = {"__metadata__": metadata}
    blobs = []
    offset = 0
    for name, tensor in tensors.items():
        blob = np.ascontiguousarray(tensor, dtype="<f4").tobytes()
        span = [offset, offset + len(blob)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": span}
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def read_tensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read a file of float32 tensors -> (tensors by name, metadata)."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    data = memoryview(content)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: tensor {name} has type {entry['dtype']}, not F32")
        first, end = entry["data_offsets"]
        tensors[name] = np.frombuffer(data[first:end], dtype="<f4").reshape(entry["shape"])
    return tensors, metadata


def load_network(path: Path) -> VoiceNetwork:
    """The network of an exported model file, ready to run."""
    tensors, _ = read_tensors(path)
    weights = {
        name: torch.from_numpy(tensor.copy())
        for name, tensor in tensors.items()
        if not name.startswith("self_test.")
    }
    model = VoiceNetwork(sizes_of(weights))
    model.load_state_dict(weights)
    return model.eval()
