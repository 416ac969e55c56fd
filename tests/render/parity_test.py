#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Models give PyTorch's samples, on every kernel variant.

The shipped models: the offline reference (tools/train/net/network.py) and `grus
render` clean the same ten seconds.  Then random nn.GRU networks that run sample
by sample: sizes, layers, with and without bias and skip.  No sample may differ
by more than 1e-5.  Needs python3-torch and is skipped (exit status 77) without.

    parity_test.py build/tools/grus
"""

import json
import pathlib
import subprocess
import sys
import tempfile

MAX_DIFFERENCE = 1e-5
N_RANDOM = 24
SEED = 2026
SAMPLE_RATE = 48000
SECONDS = 10
ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = sorted((ROOT / "presets" / "models").glob("*.safetensors"))
DEMO = ROOT / "presets" / "demo" / "noisy.flac"

try:
    import numpy as np
    import soundfile
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

sys.path.insert(0, str(ROOT / "tools" / "train"))
from net.model_file import load_network, write_tensors  # noqa: E402
from net.network import enhance  # noqa: E402


def test_sound() -> "np.ndarray":
    """Ten seconds, 48 kHz: the demo recording, then louder and softer noise."""
    sound, rate = soundfile.read(DEMO, dtype="float32", always_2d=True)
    assert rate == SAMPLE_RATE, rate
    generator = np.random.default_rng(2026)
    speech = sound[: 8 * SAMPLE_RATE, 0]
    level = np.repeat([0.5, 1e-4], SAMPLE_RATE)
    noise = generator.standard_normal(2 * SAMPLE_RATE) * level * 0.3
    return np.concatenate([speech, noise]).astype(np.float32)[: SECONDS * SAMPLE_RATE]


def render(program: str, model: pathlib.Path, kernels: str, folder: pathlib.Path) -> "np.ndarray":
    """Clean folder/in.wav with one kernel variant."""
    out = folder / f"{kernels}.wav"
    subprocess.run(
        [program, "render", "--quiet", "--kernels", kernels, "--model", model,
         folder / "in.wav", out],
        check=True,
    )
    return soundfile.read(out, dtype="float32")[0]


def compare(program: str, model: pathlib.Path, sound: "np.ndarray",
            expected: "np.ndarray", what: str) -> int:
    """Render with every kernel variant; print a line for each and count failures."""
    info = json.loads(
        subprocess.run([program, "info", "--json", model], check=True,
                       capture_output=True).stdout
    )
    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        soundfile.write(folder / "in.wav", sound, SAMPLE_RATE, subtype="FLOAT")
        for kernels in info["kernels"]:
            clean = render(program, model, kernels, folder)
            difference = float(np.abs(clean - expected).max())
            passed = clean.shape == expected.shape and difference <= MAX_DIFFERENCE
            failed += not passed
            print(f"{'passed' if passed else 'FAILED'}: {what}: {kernels}: "
                  f"largest difference {difference:.2e}")
    return failed


def compare_shipped(program: str, model: pathlib.Path) -> int:
    """A model that comes with Grus."""
    sound = test_sound()
    with torch.no_grad():
        expected = enhance(load_network(model), torch.from_numpy(sound))[0].numpy()
    return compare(program, model, sound, expected, model.stem)


def write_sample_network(path: pathlib.Path, gru: "torch.nn.GRU",
                         linear: "torch.nn.Linear", skip: bool) -> None:
    """A model file of kind "sample": the GRU, then the linear layer."""
    layers = [
        {"name": "rec", "type": "gru", "tensors": "rec", "axis": "time",
         "input_size": gru.input_size, "hidden_size": gru.hidden_size,
         "num_layers": gru.num_layers, "bias": gru.bias, "bidirectional": False},
        {"name": "lin", "type": "linear", "tensors": "lin",
         "in": linear.in_features, "out": 1, "bias": True},
    ]
    description = {"format": 1, "name": "random", "kind": "sample",
                   "sample_rate": SAMPLE_RATE, "layers": layers,
                   "output": {"skip": skip}}
    tensors = {f"{prefix}.{name}": tensor.numpy()
               for prefix, module in (("rec", gru), ("lin", linear))
               for name, tensor in module.state_dict().items()}
    write_tensors(path, tensors, {"grus": json.dumps(description)})


def compare_sample_network(program: str, generator: "np.random.Generator") -> int:
    """A random nn.GRU network, one step for each sample."""
    hidden = int(generator.integers(1, 97))
    n_layers = int(generator.integers(1, 4))
    bias, skip = (bool(b) for b in generator.integers(0, 2, 2))
    gru = torch.nn.GRU(1, hidden, n_layers, bias=bias)
    linear = torch.nn.Linear(hidden, 1)
    sound = (generator.standard_normal(4000) * 0.3).astype(np.float32)
    with torch.no_grad():
        steps = torch.from_numpy(sound)[:, None]
        expected = linear(gru(steps)[0])[:, 0].numpy() + (sound if skip else 0)

    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "random.safetensors"
        write_sample_network(path, gru, linear, skip)
        return compare(program, path, sound, expected,
                       f"GRU(1, {hidden}, num_layers={n_layers}, bias={bias}), skip={skip}")


def main() -> int:
    program = sys.argv[1]
    torch.manual_seed(SEED)
    generator = np.random.default_rng(SEED)
    failed = sum(compare_shipped(program, model) for model in MODELS)
    for _ in range(N_RANDOM):
        failed += compare_sample_network(program, generator)
    if failed:
        print(f"seed {SEED}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
