# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a training goes on from: a model file, or a checkpoint of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import torch

from net.network import SIZES, VoiceNetwork, sizes_of

sys.path.append(str(Path(__file__).resolve().parents[2] / "python" / "grus"))
import tensor_file  # noqa: E402


def write_tensors(path: Path, tensors: dict[str, np.ndarray], metadata: dict[str, str]) -> None:
    """Write tensors as float32."""
    floats = {name: np.asarray(tensor, np.float32) for name, tensor in tensors.items()}
    tensor_file.write(path, floats, metadata)


def load_network(path: Path) -> VoiceNetwork:
    """The network of an exported model file, ready to run."""
    tensors, metadata = tensor_file.read(path)
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
        return int(tensor_file.read(path)[1].get("step", 0))
    return torch.load(path, map_location="cpu")["step"]


def load_weights(path: Path) -> tuple[str, dict[str, torch.Tensor]]:
    """Name of the network and weights: a checkpoint's averaged ones, those kept, or a model's."""
    if path.suffix != ".safetensors":
        checkpoint = torch.load(path, map_location="cpu")
        return checkpoint["network"], checkpoint["average"]
    tensors, metadata = tensor_file.read(path)
    if "network" in metadata:
        return metadata["network"], {k: torch.from_numpy(v.copy()) for k, v in tensors.items()}
    model = load_network(path)
    names = [name for name, sizes in SIZES.items() if sizes == model.sizes]
    if not names:
        raise SystemExit(f"{path}: none of the networks {', '.join(SIZES)}")
    return names[0], model.state_dict()
