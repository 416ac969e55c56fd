#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Make what the fuzz targets begin with: a folder of small good files for each.

    seeds.py corpus
"""

import json
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

NETWORK = {
    "format": 1, "name": "n", "kind": "sample", "sample_rate": 48000,
    "layers": [
        {"name": "g", "type": "gru", "tensors": "g", "axis": "time", "input_size": 1,
         "hidden_size": 2, "num_layers": 1, "bias": True, "bidirectional": False},
        {"name": "l", "type": "linear", "tensors": "l", "in": 2, "out": 1, "bias": True}],
    "output": {"skip": True}}
GRU = {"weight_ih_l0": [6, 1], "weight_hh_l0": [6, 2], "bias_ih_l0": [6], "bias_hh_l0": [6]}
FRAMES = {
    "format": 1, "name": "f", "kind": "frame", "sample_rate": 8000,
    "frontend": {"window": 16, "hop": 8, "scale": 1.0, "power": 0.5, "log_floor": -18.0,
                 "log_scale": 0.1, "log_offset": 0.5},
    "layers": [
        {"name": "e", "type": "spectrum_linear", "tensors": "e", "first_bin": 0,
         "bands": [[2, 2]], "out": 3},
        {"name": "b", "type": "gru", "tensors": "b", "axis": "bands", "input_size": 3,
         "hidden_size": 1, "num_layers": 1, "bias": False, "bidirectional": True},
        {"name": "c", "type": "concat", "inputs": ["b", "e"]},
        {"name": "t", "type": "linear", "tensors": "t", "in": 5, "out": 3, "bias": False},
        {"name": "n", "type": "layer_norm", "tensors": "n", "size": 3, "eps": 1e-4, "add": "e"},
        {"name": "m", "type": "band_linear", "tensors": "m", "first_bin": 0,
         "bands": [[2, 2]], "in": 3},
        {"name": "y", "type": "band_energy", "input": "spectrum", "first_bin": 4,
         "bands": [[5, 1]]},
        {"name": "s", "type": "activation", "function": "sigmoid"}],
    "output": {"mask": {"layer": "m", "first_bin": 0, "bands": [[2, 2]]},
               "gains": {"layer": "s", "first_bin": 4, "bands": [[5, 1]]}, "activity": "s"}}
FRAME_TENSORS = {
    "e.0.weight": [2, 3, 6], "e.0.bias": [2, 3], "b.weight_ih_l0": [3, 3],
    "b.weight_hh_l0": [3, 1], "b.weight_ih_l0_reverse": [3, 3], "b.weight_hh_l0_reverse": [3, 1],
    "t.weight": [3, 5], "n.weight": [3], "n.bias": [3], "m.0.weight": [2, 4, 3],
    "m.0.bias": [2, 4]}


def tensors(shapes, metadata=None, dtype="F32"):
    """A file of numbers that are all zero."""
    header, place = {"__metadata__": metadata} if metadata else {}, 0
    for name, shape in shapes.items():
        size = {"F32": 4, "BF16": 2, "F64": 8}[dtype]
        for n in shape:
            size *= n
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [place, place + size]}
        place += size
    text = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text)) + text + bytes(place)


def models():
    """Networks of both kinds, with and without a test of their own."""
    shapes = {**{f"g.{k}": v for k, v in GRU.items()}, "l.weight": [1, 2], "l.bias": [1]}
    yield tensors(shapes, {"grus": json.dumps(NETWORK)})
    test = {**NETWORK, "self_test": {"input": "x", "output": "y", "tolerance": 0.01}}
    yield tensors({**shapes, "x": [8], "y": [8]}, {"grus": json.dumps(test)})
    yield tensors(FRAME_TENSORS, {"grus": json.dumps(FRAMES)})


def weights():
    """GRUs of each type of numbers; a prefix and a null byte come first."""
    yield b"\0" + tensors(GRU)
    yield b"g.\0" + tensors({f"g.{k}": v for k, v in GRU.items()}, dtype="BF16")
    both = {**GRU, **{f"{k}_reverse": v for k, v in GRU.items()}}
    yield b"\0" + tensors(both, {"data_fnv1a": "0123456789abcdef"}, dtype="F64")


def npy(descr, shape, size, version=1):
    """A .npy file of zeros."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(
        "<H" if version == 1 else "<I", len(text)) + text + bytes(size)


def states():
    """Bytes over a good state: nothing, numbers in its header and in its memory."""
    yield b"\0\0\0"
    for place in range(0, 200, 8):
        yield b"\0" + struct.pack("<H", place) + struct.pack("<f", 0.5)
    yield b"\0\0\1" + struct.pack("<64f", *([0.25] * 64))
    yield b"\1GRUSST04" + bytes(200)


def atom(kind, body):
    """An LV2 atom, padded to 8 bytes."""
    return struct.pack("<II", len(body), kind) + body + bytes(-len(body) % 8)


def messages():
    """Events for the plugin, and sessions; numbers are in the order of plugin/uris.h."""
    numbers = ("blank bool chunk int object path sequence string urid max nominal embed model "
               "data error hash name rate get put set body property value").split()
    # What the plugin asks for before it, one by one
    for first in range(1, 8):
        urid = {name: first + i for i, name in enumerate(numbers)}
        path = atom(urid["path"], b"/dev/null\0")
        for key, value in (("model", path), ("embed", atom(urid["bool"], b"\1\0\0\0"))):
            body = struct.pack("<II", 0, urid["set"]) + struct.pack(
                "<II", urid["property"], 0) + atom(urid["urid"], struct.pack("<I", urid[key])) + \
                struct.pack("<II", urid["value"], 0) + value
            yield b"\0" + struct.pack("<q", 0) + atom(urid["object"], body)
        yield b"\0" + struct.pack("<q", 0) + atom(urid["object"], struct.pack("<II", 0, urid["get"]))
        yield b"\1" + b"".join(
            bytes([urid[key], urid[kind]]) + struct.pack("<H", len(data)) + data
            for key, kind, data in (("embed", "bool", b"\1\0\0\0"), ("model", "path", b"/x.y\0"),
                                    ("hash", "string", b"00000000000000ab\0"),
                                    ("data", "chunk", next(models()))))


SEEDS = {
    "model": models,
    "npy": lambda: (npy("<f4", "(2, 3)", 24), npy("<f8", "(2,)", 16, 2), npy("<f4", "()", 4, 3),
                    npy("<f8", "(1, 0, 2)", 0)),
    "plugin": messages,
    "presets": lambda: ((ROOT / "presets" / "presets.json").read_bytes(), b"{}",
                        b'{"a":{"reduction":0.5,"enabled":1}}'),
    "state": states,
    "tensors": weights,
}


def main():
    corpus = pathlib.Path(sys.argv[1])
    for name, make in SEEDS.items():
        folder = corpus / name
        folder.mkdir(parents=True, exist_ok=True)
        for i, content in enumerate(make()):
            (folder / f"seed{i:02}").write_bytes(content)


if __name__ == "__main__":
    main()
