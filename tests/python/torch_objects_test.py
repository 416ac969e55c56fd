#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The Python package takes torch's own tensors, dtypes, devices and packed sequences.

Needs python3-torch and is skipped without.

    torch_objects_test.py build/tools/python
"""

import sys

import tap
from package import fails, np
from tap import test

try:
    import torch
except ImportError as error:
    print(f"1..0 # SKIP {error}")
    sys.exit(0)

from grus import nn
from grus.nn.utils import rnn

LIMIT = 1e-6


def pair():
    """The same GRU in torch and here."""
    torch.manual_seed(7)
    theirs = torch.nn.GRU(3, 4, num_layers=2, batch_first=True, bidirectional=True)
    ours = nn.GRU(3, 4, num_layers=2, batch_first=True, bidirectional=True)
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


def near(result, expected):
    expected = expected.detach().numpy()
    assert isinstance(result, np.ndarray) and result.shape == expected.shape
    assert abs(result - expected).max() <= LIMIT


@test
def tensors_go_in_and_arrays_come_out(_folder):
    theirs, ours = pair()
    x, h_0 = torch.randn(2, 5, 3), torch.randn(4, 2, 4)
    for leaf in (x, x.clone().requires_grad_()):
        for result, expected in zip(ours(leaf, h_0), theirs(x, h_0)):
            near(result, expected)


@test
def packed_sequences_of_torch_go_in(_folder):
    theirs, ours = pair()
    x = torch.randn(3, 5, 3)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, [3, 5, 2], True, enforce_sorted=False)
    (result, h_n), (expected, their_h_n) = ours(packed), theirs(packed)
    assert isinstance(result, rnn.PackedSequence)
    near(result.data, expected.data)
    near(h_n, their_h_n)
    padded, lengths = rnn.pad_packed_sequence(packed, batch_first=True)
    assert lengths.tolist() == [3, 5, 2]
    assert (padded[0, :3] == x[0, :3].numpy()).all() and not padded[0, 3:].any()
    assert [len(part) for part in rnn.unpack_sequence(packed)] == [3, 5, 2]


@test
def dtypes_and_devices_of_torch_mean_the_same(_folder):
    gru = nn.GRU(3, 4, device=torch.device("cpu"), dtype=torch.float64)
    assert gru.dtype == np.float64
    for call, dtype in (((torch.float32,), np.float32),
                        (("cpu", torch.float64), np.float64),
                        ((torch.device("cpu"), torch.float32), np.float32),
                        ((torch.zeros(1, dtype=torch.float64),), np.float64)):
        assert gru.to(*call) is gru and gru.dtype == dtype, call
    assert gru.to(device=torch.device("cpu"), dtype=torch.float32).dtype == np.float32
    fails("'cuda'", nn.GRU, 3, 4, device=torch.device("cuda"))
    fails("'cuda:1'", gru.to, "cuda:1")
    fails("bfloat16", gru.to, torch.bfloat16)
    fails("float16", gru.half)
    fails("no GPU", gru.cuda)
    assert gru.dtype == np.float32


@test
def state_dicts_of_bfloat16_are_read(_folder):
    theirs, ours = pair()
    rounded = {name: weight.bfloat16() for name, weight in theirs.state_dict().items()}
    ours.load_state_dict(rounded)
    for name, weight in rounded.items():
        assert (ours.state_dict()[name] == weight.float().numpy()).all(), name


@test
def all_weights_are_in_the_order_of_torch(_folder):
    for bias in (True, False):
        theirs = torch.nn.GRU(3, 4, 2, bias, bidirectional=True)
        ours = nn.GRU(3, 4, 2, bias, bidirectional=True)
        ours.load_state_dict(theirs.state_dict())
        assert len(ours.all_weights) == len(theirs.all_weights) == 4
        for group, expected in zip(ours.all_weights, theirs.all_weights):
            assert len(group) == len(expected)
            for weight, wanted in zip(group, expected):
                near(weight, wanted)


@test
def what_a_script_calls_on_a_module_is_there(_folder):
    _, ours = pair()
    seen = []
    assert ours.apply(seen.append) is ours and seen == [ours]
    assert list(ours.modules()) == [ours] and list(ours.named_modules()) == [("", ours)]
    assert not list(ours.children()) and not list(ours.buffers())
    assert ours.cpu().float().share_memory().requires_grad_(False).eval() is ours
    assert ours.zero_grad() is None and ours.flatten_parameters() is None
    assert not ours.training


if __name__ == "__main__":
    tap.main()
