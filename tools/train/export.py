#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Write a trained checkpoint as a Grus model file.

Example:
    ./export.py --checkpoint run/voice.pt --test-sound noisy_48k.wav --author "Ada Example" \\
        --license CC-BY-4.0 --card voice.md voice.safetensors
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import soundfile
import torch

from net import network
from net.model_file import load_weights, write_tensors

TEST_SAMPLES = network.SAMPLE_RATE // 2
HIGH_ZONES = [[network.HIGH_BANDS, network.HIGH_WIDTH]]
# What users read of the networks that come with Grus: name and description. Others are meant to
# take the place of "voice".
TITLES = {
    "voice": (
        "Grus Voice",
        "Takes noise out of speech: a dual-path GRU below 8 kHz, band gains above.",
    ),
    "voice-light": (
        "Grus Voice Light",
        "Takes noise out of speech with a quarter of the work of Grus Voice.",
    ),
    "voice-low-latency": (
        "Grus Voice Low Latency",
        "Takes noise out of speech within 8 ms.",
    ),
}


def gru(name: str, prefix: str, axis: str, size_in: int, hidden: int) -> dict:
    """One nn.GRU; those over bands run both ways, those over time forward only."""
    return {
        "name": name,
        "type": "gru",
        "tensors": prefix,
        "axis": axis,
        "input_size": size_in,
        "hidden_size": hidden,
        "num_layers": 1,
        "bias": True,
        "bidirectional": axis == "bands",
    }


def linear(name: str, prefix: str, size_in: int, size_out: int, source: str = "") -> dict:
    layer = {"name": name, "type": "linear", "tensors": prefix}
    if source:
        layer["input"] = source
    return {**layer, "in": size_in, "out": size_out, "bias": True}


def layer_norm(name: str, prefix: str, size: int, added: str) -> dict:
    """LayerNorm over the channels, plus the output of the layer `added`."""
    return {
        "name": name,
        "type": "layer_norm",
        "tensors": prefix,
        "size": size,
        "eps": network.NORM_EPSILON,
        "add": added,
    }


def sigmoid(name: str) -> dict:
    return {"name": name, "type": "activation", "function": "sigmoid"}


def block_layers(index: int, size: int, source: str) -> list[dict]:
    """The six layers of one block of `size` channels whose input is the layer `source`."""
    name = f"b{index}"
    tensors = f"blocks.{index}"
    return [
        gru(f"{name}_bands", f"{tensors}.band_gru", "bands", size, size // 2),
        linear(f"{name}_band_linear", f"{tensors}.band_linear", size, size),
        layer_norm(f"{name}_mid", f"{tensors}.band_norm", size, source),
        gru(f"{name}_time", f"{tensors}.time_gru", "time", size, size),
        linear(f"{name}_time_linear", f"{tensors}.time_linear", size, size),
        layer_norm(name, f"{tensors}.time_norm", size, f"{name}_mid"),
    ]


def decoder_layers(sizes: network.Sizes, source: str) -> list[dict]:
    """From the layer `source`, the last block, to the mask."""
    mask = {
        "name": "mask",
        "type": "band_linear",
        "tensors": "decoder",
        "input": source,
        "first_bin": 0,
        "bands": [list(zone) for zone in sizes.zones],
        "in": sizes.channels,
    }
    if not sizes.decoder:
        return [mask]
    return [
        {"name": "skip", "type": "concat", "inputs": [source, "encoder"]},
        linear("hidden_linear", "hidden", 2 * sizes.channels, sizes.decoder),
        {"name": "hidden", "type": "activation", "function": "relu"},
        {**mask, "input": "hidden", "in": sizes.decoder},
    ]


def describe(sizes: network.Sizes, about: dict[str, str]) -> dict:
    """The model file's JSON: what the engine needs to run the tensors.

    `about` has name, author, license and description.
    """
    size = sizes.channels
    zones = [list(zone) for zone in sizes.zones]
    layers = [
        {
            "name": "encoder",
            "type": "spectrum_linear",
            "tensors": "encoder",
            "first_bin": 0,
            "bands": zones,
            "out": size,
        }
    ]
    source = "encoder"
    for index in range(sizes.blocks):
        layers += block_layers(index, size, source)
        source = f"b{index}"
    voice_size = sizes.bands * sizes.activity_context
    head_size = sizes.bands * sizes.head_context + network.HIGH_BANDS
    layers += decoder_layers(sizes, source)
    layers += [
        linear("context", "head.context", size, sizes.head_context, source),
        {"name": "context_flat", "type": "flatten"},
        {
            "name": "energy",
            "type": "band_energy",
            "input": "spectrum",
            "first_bin": network.LOW_BINS,
            "bands": HIGH_ZONES,
        },
        {"name": "head_in", "type": "concat", "inputs": ["context_flat", "energy"]},
        gru("head", "head.gru", "time", head_size, sizes.head),
        linear("gains_linear", "head.gains", sizes.head, network.HIGH_BANDS, "head"),
        sigmoid("gains"),
        linear("voice_context", "activity.context", size, sizes.activity_context, source),
        {"name": "voice_flat", "type": "flatten"},
        gru("voice", "activity.gru", "time", voice_size, sizes.activity),
        linear("activity_linear", "activity.linear", sizes.activity, 1),
        sigmoid("activity"),
    ]
    return {
        "format": 1,
        "kind": "frame",
        "sample_rate": network.SAMPLE_RATE,
        **about,
        "frontend": {
            "window": network.WINDOW,
            "hop": sizes.hop,
            "scale": round(network.SCALE, 10),
            "power": network.POWER,
            "log_floor": network.LOG_FLOOR,
            "log_scale": network.LOG_SCALE,
            "log_offset": network.LOG_OFFSET,
        },
        "layers": layers,
        "output": {
            "mask": {"layer": "mask", "first_bin": 0, "bands": zones},
            "gains": {"layer": "gains", "first_bin": network.LOW_BINS, "bands": HIGH_ZONES},
            "activity": "activity",
        },
        "self_test": {
            "input": "self_test.input",
            "output": "self_test.output",
            "tolerance": 1e-4,
        },
    }


def card(about: dict[str, str], sizes: network.Sizes, n_weights: int, file: str) -> str:
    """What the model file says and a list of what its author alone knows, as Markdown."""
    latency = 1000 * network.WINDOW / network.SAMPLE_RATE
    return "\n".join(
        [
            f"# {about['name']}",
            "",
            f"{about['description']} Weights: {about['license']}, {about['author']}.",
            "",
            "| | |",
            "|---|---|",
            f"| file | `{file}`, {n_weights} float32 weights and a test vector |",
            f"| sample rate | {network.SAMPLE_RATE} Hz |",
            f"| analysis frame | {network.WINDOW} samples ({latency:.0f} ms), hop {sizes.hop} |",
            f"| network | {sizes.blocks} blocks of {sizes.channels} channels on {sizes.bands} bands |",
            "",
            "## Training",
            "",
            "Still to be told: hours of mixtures, what speech and noise they were made of, by whom and",
            "under which licence, and what was held out.",
            "",
            "## Scores and limits",
            "",
            "Still to be told: `evaluate.py` and `robustness.py` on sound that was held out.",
            "",
        ]
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path, help="the .safetensors file to write")
    parser.add_argument("--checkpoint", type=Path, required=True, help="what train.py saved")
    parser.add_argument(
        "--test-sound", type=Path, required=True, help="48 kHz mono noisy speech, 0.5 s or more"
    )
    parser.add_argument("--name", help="name shown to users, instead of the network's")
    parser.add_argument("--author", required=True, help="who signs for the weights")
    parser.add_argument("--license", required=True, help="SPDX identifier of the weights")
    parser.add_argument("--card", type=Path, help="a Markdown file to begin the model's card with")
    parser.add_argument("--description", help="one sentence, instead of the network's")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.card and options.card.exists():
        raise SystemExit(f"{options.card}: there is such a file already; it is kept")
    network_name, weights = load_weights(options.checkpoint)
    model = network.VoiceNetwork(network.SIZES[network_name]).eval()
    model.load_state_dict(weights)
    samples, rate = soundfile.read(options.test_sound, dtype="float32", frames=TEST_SAMPLES)
    if rate != network.SAMPLE_RATE or samples.shape != (TEST_SAMPLES,):
        raise SystemExit(f"{options.test_sound}: need 0.5 s or more of 48 kHz mono")
    cleaned, _ = network.enhance(model, torch.from_numpy(samples))
    tensors = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    tensors["self_test.input"] = samples
    tensors["self_test.output"] = cleaned.numpy()
    name, description = TITLES.get(network_name, TITLES["voice"])
    about = {
        "name": options.name or name,
        "author": options.author,
        "license": options.license,
        "description": options.description or description,
    }
    text = json.dumps(describe(model.sizes, about))
    write_tensors(options.output, tensors, {"grus": text})
    print(f"{options.output}: {options.output.stat().st_size} bytes")
    if options.card:
        n_weights = sum(tensor.numel() for tensor in model.state_dict().values())
        text = card(about, model.sizes, n_weights, options.output.name)
        options.card.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
