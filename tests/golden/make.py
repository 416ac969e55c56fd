#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Write what torch.nn.GRU computes, for tests that run where PyTorch is not.

One .safetensors file for each case, beside this script: the weights as
"gru.weight_ih_l0" and so on, "input", "h_0" where it is given, "output" and
"h_n"; for packed sequences also "lengths" and what PyTorch's packing is made
of.  Metadata tell batch_first and enforce_sorted.  Needs python3-torch:

    tests/golden/make.py
"""

import pathlib
import sys

import numpy as np
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, sys.argv[1])
from grus.safetensors import save  # noqa: E402

PADDING = -7.5

# Name, arguments of GRU(), shape of the input, and what else is special
CASES = [
    ("lesson_batch_first", dict(input_size=3, hidden_size=5, batch_first=True), (2, 4, 3), {}),
    ("lesson_wide", dict(input_size=5, hidden_size=3, batch_first=True), (4, 7, 5), {}),
    ("lesson_seq_first", dict(input_size=8, hidden_size=4), (5, 10, 8), {}),
    ("lesson_two_layers", dict(input_size=5, hidden_size=15, num_layers=2, batch_first=True),
     (3, 6, 5), {"h_0": True}),
    ("lesson_default", dict(input_size=10, hidden_size=20), (5, 3, 10), {"h_0": True}),
    ("lesson_packed", dict(input_size=4, hidden_size=6, batch_first=True), (3, 5, 4),
     {"lengths": [5, 3, 2], "enforce_sorted": True}),
    ("unsorted", dict(input_size=3, hidden_size=7, num_layers=2, bidirectional=True), (6, 5, 3),
     {"lengths": [2, 6, 6, 1, 4], "h_0": True}),
    ("one_sequence", dict(input_size=4, hidden_size=9, num_layers=2, bidirectional=True),
     (11, 4), {"h_0": True}),
    ("no_bias", dict(input_size=6, hidden_size=17, bias=False, bidirectional=True), (9, 1, 6), {}),
    ("sixteen", dict(input_size=2, hidden_size=16, batch_first=True), (1, 40, 2), {}),
    ("double", dict(input_size=5, hidden_size=6, num_layers=3, bidirectional=True,
                    batch_first=True), (3, 7, 5), {"h_0": True, "dtype": torch.float64}),
    ("double_unsorted", dict(input_size=3, hidden_size=4, bias=False), (5, 4, 3),
     {"lengths": [3, 5, 1, 5], "dtype": torch.float64}),
]


def pack(tensors: dict, x: torch.Tensor, batch_first: bool, special: dict):
    """Pack the input and tell what the packing is."""
    lengths = torch.tensor(special["lengths"])
    packed = pack_padded_sequence(
        x, lengths, batch_first, special.get("enforce_sorted", False))
    tensors["lengths"] = lengths
    tensors["packed"] = packed.data
    tensors["batch_sizes"] = packed.batch_sizes
    if packed.sorted_indices is not None:
        tensors["sorted_indices"] = packed.sorted_indices
        tensors["unsorted_indices"] = packed.unsorted_indices
    return packed


def write(name: str, arguments: dict, shape: tuple, special: dict) -> None:
    """Run one case and write its file."""
    dtype = special.get("dtype", torch.float32)
    gru = torch.nn.GRU(**arguments, dtype=dtype)
    x = torch.randn(shape, dtype=dtype)
    tensors = {"gru." + key: value for key, value in gru.state_dict().items()}
    tensors["input"] = x
    h_0 = None
    if special.get("h_0"):
        batch = () if x.dim() == 2 else (shape[0 if gru.batch_first else 1],)
        n_states = gru.num_layers * (2 if gru.bidirectional else 1)
        h_0 = tensors["h_0"] = torch.randn(n_states, *batch, gru.hidden_size, dtype=dtype)
    if "lengths" in special:
        packed = pack(tensors, x, gru.batch_first, special)
        output, tensors["h_n"] = gru(packed, h_0)
        tensors["output"] = pad_packed_sequence(output, gru.batch_first, PADDING)[0]
    else:
        tensors["output"], tensors["h_n"] = gru(x, h_0)

    arrays = {key: value.detach().numpy() for key, value in tensors.items()}
    save(FOLDER / f"{name}.safetensors",
         {key: array if array.dtype.kind == "f" else array.astype(np.float32)
          for key, array in arrays.items()},
         {"batch_first": str(gru.batch_first),
          "enforce_sorted": str(special.get("enforce_sorted", False))})


def main() -> None:
    torch.manual_seed(20261123)
    for case in CASES:
        write(*case)


if __name__ == "__main__":
    main()
