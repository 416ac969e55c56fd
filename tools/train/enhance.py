#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Run a model file over a sound file, offline, at 48 kHz: the reference for the C engine.

Example:
    ./enhance.py --model ../../presets/models/voice.safetensors noisy.wav clean.wav
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import soundfile
import torch
from scipy.signal import resample_poly

from net.model_file import load_network
from net.network import SAMPLE_RATE, VoiceNetwork, enhance

DEFAULT_MODEL = Path(__file__).resolve().parents[2] / "presets/models/voice.safetensors"


def enhance_array(model: VoiceNetwork, samples: np.ndarray, rate: int) -> np.ndarray:
    """Mono samples [n] at `rate` Hz -> cleaned samples [n] at the same rate."""
    common = int(np.gcd(rate, SAMPLE_RATE))
    up, down = SAMPLE_RATE // common, rate // common
    inside = samples if up == down else resample_poly(samples, up, down)
    cleaned, _ = enhance(model, torch.from_numpy(inside.astype(np.float32)))
    outside = cleaned.numpy() if up == down else resample_poly(cleaned.numpy(), down, up)
    return outside[: len(samples)].astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("input", type=Path, help="sound file; each channel is cleaned by itself")
    parser.add_argument("output", type=Path, help="sound file to write, float samples")
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL, help="exported model file")
    options = parser.parse_args()
    model = load_network(options.model)
    channels, rate = soundfile.read(options.input, dtype="float32", always_2d=True)
    cleaned = [enhance_array(model, channel, rate) for channel in channels.T]
    soundfile.write(options.output, np.stack(cleaned, axis=1), rate, subtype="FLOAT")


if __name__ == "__main__":
    main()
