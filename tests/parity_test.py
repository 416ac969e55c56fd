#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The shipped model gives PyTorch's samples, on every kernel variant.

The offline reference (tools/train/network.py) and `grus render` clean the same
ten seconds; no sample may differ by more than 1e-5.  Needs python3-torch and
is skipped (exit status 77) without it.

    parity_test.py build/tools/grus
"""

import json
import pathlib
import subprocess
import sys
import tempfile

MAX_DIFFERENCE = 1e-5
SAMPLE_RATE = 48000
SECONDS = 10
ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "presets" / "models" / "voice.safetensors"
DEMO = ROOT / "presets" / "demo" / "noisy.flac"

try:
    import numpy as np
    import soundfile
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

sys.path.insert(0, str(ROOT / "tools" / "train"))
from model_file import load_network  # noqa: E402
from network import enhance  # noqa: E402


def test_sound() -> "np.ndarray":
    """Ten seconds, 48 kHz: the demo recording, then louder and softer noise."""
    sound, rate = soundfile.read(DEMO, dtype="float32", always_2d=True)
    assert rate == SAMPLE_RATE, rate
    generator = np.random.default_rng(2026)
    speech = sound[: 8 * SAMPLE_RATE, 0]
    level = np.repeat([0.5, 1e-4], SAMPLE_RATE)
    noise = generator.standard_normal(2 * SAMPLE_RATE) * level * 0.3
    return np.concatenate([speech, noise]).astype(np.float32)[: SECONDS * SAMPLE_RATE]


def render(program: str, kernels: str, folder: pathlib.Path) -> "np.ndarray":
    """Clean folder/in.wav with one kernel variant."""
    out = folder / f"{kernels}.wav"
    subprocess.run(
        [program, "render", "--quiet", "--kernels", kernels, "--model", MODEL,
         folder / "in.wav", out],
        check=True,
    )
    return soundfile.read(out, dtype="float32")[0]


def main() -> int:
    program = sys.argv[1]
    info = json.loads(
        subprocess.run([program, "info", "--json", MODEL], check=True,
                       capture_output=True).stdout
    )
    model = load_network(MODEL)
    sound = test_sound()
    with torch.no_grad():
        expected = enhance(model, torch.from_numpy(sound))[0].numpy()

    failed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        soundfile.write(folder / "in.wav", sound, SAMPLE_RATE, subtype="FLOAT")
        for kernels in info["kernels"]:
            clean = render(program, kernels, folder)
            difference = float(np.abs(clean - expected).max())
            passed = clean.shape == expected.shape and difference <= MAX_DIFFERENCE
            failed += not passed
            print(f"{'passed' if passed else 'FAILED'}: {kernels}: "
                  f"largest difference {difference:.2e}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
