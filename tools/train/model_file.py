# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Reading and writing .safetensors files: u64 header length, JSON header, little-endian data.

Also what a training goes on from: a model file, or a checkpoint of its own.
"""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path

import numpy as np
import torch

from network import SIZES, VoiceNetwork, sizes_of


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
    fresh = path.with_suffix(".new")
    fresh.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    os.replace(fresh, path)


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
    tensors, metadata = read_tensors(path)
    weights = {
        name: torch.from_numpy(tensor.copy())
        for name, tensor in tensors.items()
        if not name.startswith("self_test.")
    }
    hop = json.loads(metadata["grus"])["frontend"]["hop"]
    model = VoiceNetwork(sizes_of(weights, hop))
    model.load_state_dict(weights)
    return model.eval()


def save_weights(path: Path, name: str, weights: dict[str, torch.Tensor], step: int) -> None:
    """Keep what a training of the network `name` has come to after `step` steps, to go on from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {key: value.cpu().numpy() for key, value in weights.items()}
    write_tensors(path, tensors, {"network": name, "step": str(step)})


def load_step(path: Path) -> int:
    """Steps of a training that led to a checkpoint or to what save_weights() kept."""
    if path.suffix == ".safetensors":
        return int(read_tensors(path)[1].get("step", 0))
    return torch.load(path, map_location="cpu")["step"]


def load_weights(path: Path) -> tuple[str, dict[str, torch.Tensor]]:
    """Name of the network and weights: a checkpoint's averaged ones, those kept, or a model's."""
    if path.suffix != ".safetensors":
        checkpoint = torch.load(path, map_location="cpu")
        return checkpoint["network"], checkpoint["average"]
    tensors, metadata = read_tensors(path)
    if "network" in metadata:
        return metadata["network"], {k: torch.from_numpy(v.copy()) for k, v in tensors.items()}
    model = load_network(path)
    names = [name for name, sizes in SIZES.items() if sizes == model.sizes]
    if not names:
        raise SystemExit(f"{path}: none of the networks {', '.join(SIZES)}")
    return names[0], model.state_dict()
