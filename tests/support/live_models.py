# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Models to change between."""

import json
import shutil
import struct

from live_program import MODEL, RATE


def two_models(folder):
    """Return the path of the model in a folder where it has another name
    too."""
    models = folder / "models"
    models.mkdir()
    for name in ("another", "voice"):
        shutil.copy(MODEL, models / f"{name}.safetensors")
    return models / "voice.safetensors"


def heavy_model(path):
    """Write a model that is too much for any machine and changes nothing."""
    sample_model(path, 704)


def sample_model(path, size):
    """Write a model of so many units that changes nothing."""
    shapes = {"g.weight_ih_l0": [3 * size, 1], "g.bias_ih_l0": [3 * size],
              "g.weight_hh_l0": [3 * size, size], "g.bias_hh_l0": [3 * size],
              "l.weight": [1, size], "l.bias": [1]}
    network = {
        "format": 1, "name": "Heavy", "kind": "sample", "sample_rate": RATE,
        "layers": [
            {"name": "g", "type": "gru", "tensors": "g", "axis": "time",
             "input_size": 1, "hidden_size": size, "num_layers": 1,
             "bias": True, "bidirectional": False},
            {"name": "l", "type": "linear", "tensors": "l", "in": size,
             "out": 1, "bias": True}],
        "output": {"skip": True}}
    head = {"__metadata__": {"grus": json.dumps(network)}}
    place = 0
    for name, shape in shapes.items():
        n_bytes = 4
        for n in shape:
            n_bytes *= n
        head[name] = {"dtype": "F32", "shape": shape,
                      "data_offsets": [place, place + n_bytes]}
        place += n_bytes
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(place))
