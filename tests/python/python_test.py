#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The Python package as somebody who knows torch.nn.GRU uses it.

Numbers are PyTorch's, from the golden files, so that torch is not needed.
Prints TAP.

    python_test.py build/tools/python
"""

import copy
import json
import pathlib
import pickle
import struct
import sys
import warnings

import tap
from package import fails, grus, np
from tap import test

from grus import nn
from grus.export import export_model
from grus.nn.utils.rnn import (
    PackedSequence,
    pack_padded_sequence,
    pack_sequence,
    pad_packed_sequence,
    pad_sequence,
    unpack_sequence,
    unpad_sequence,
)

GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"


def golden(name):
    """A golden file -> (GRU, arrays by name, lengths or None)."""
    path = GOLDEN / f"{name}.safetensors"
    arrays, metadata = grus.safetensors.load(path)
    gru = nn.GRU.from_file(path, "gru.", batch_first=metadata["batch_first"] == "True")
    lengths = arrays.get("lengths")
    return gru, arrays, None if lengths is None else lengths.astype(int)


def near(result, expected, limit=1e-6):
    assert result.shape == expected.shape, (result.shape, expected.shape)
    assert result.dtype == expected.dtype, (result.dtype, expected.dtype)
    assert np.abs(result - expected).max() <= limit


@test
def examples_of_the_lesson(_folder):
    for name, text, shape in (
        ("lesson_batch_first", "GRU(3, 5, batch_first=True)", (2, 4, 5)),
        ("lesson_wide", "GRU(5, 3, batch_first=True)", (4, 7, 3)),
        ("lesson_seq_first", "GRU(8, 4)", (5, 10, 4)),
        ("lesson_two_layers", "GRU(5, 15, num_layers=2, batch_first=True)", (3, 6, 15)),
        ("lesson_default", "GRU(10, 20)", (5, 3, 20)),
    ):
        gru, arrays, _ = golden(name)
        output, h_n = gru(arrays["input"], arrays.get("h_0"))
        assert repr(gru) == text, gru
        assert output.shape == shape
        near(output, arrays["output"])
        near(h_n, arrays["h_n"])


@test
def example_of_packed_sequences(_folder):
    for name in ("lesson_packed", "unsorted", "double_unsorted"):
        gru, arrays, lengths = golden(name)
        x = arrays["input"]
        for b, length in enumerate(lengths):  # Nobody may read the padding
            (x[b, length:] if gru.batch_first else x[length:, b]).fill(np.nan)
        packed = pack_padded_sequence(x, lengths, gru.batch_first, name == "lesson_packed")
        assert np.array_equal(packed.data, arrays["packed"])
        assert np.array_equal(packed.batch_sizes, arrays["batch_sizes"])
        assert packed.batch_sizes.dtype == np.int64
        if name == "lesson_packed":
            assert packed.sorted_indices is None and packed.unsorted_indices is None
        else:
            assert np.array_equal(packed.sorted_indices, arrays["sorted_indices"])
            assert np.array_equal(packed.unsorted_indices, arrays["unsorted_indices"])
        output, h_n = gru(packed, arrays.get("h_0"))
        assert isinstance(output, PackedSequence)
        padded, found = pad_packed_sequence(output, gru.batch_first, -7.5)
        near(padded, arrays["output"])
        near(h_n, arrays["h_n"])
        assert np.array_equal(found, lengths) and found.dtype == np.int64


@test
def other_golden_files_on_every_kernel_variant(_folder):
    for name in ("one_sequence", "no_bias", "sixteen", "double"):
        _, arrays, _ = golden(name)
        path = GOLDEN / f"{name}.safetensors"
        for kernels in grus.kernels():
            gru = nn.GRU.from_file(
                path, "gru.", batch_first=name in ("sixteen", "double"), kernels=kernels)
            limit = 1e-12 if name == "double" else 1e-6
            output, h_n = gru(arrays["input"], arrays.get("h_0"))
            near(output, arrays["output"], limit)
            near(h_n, arrays["h_n"], limit)


@test
def defaults_and_attributes_are_those_of_pytorch(_folder):
    gru = nn.GRU(3, 5)
    assert (gru.input_size, gru.hidden_size, gru.num_layers) == (3, 5, 1)
    assert gru.bias is True and gru.batch_first is False and gru.bidirectional is False
    assert gru.dropout == 0 and gru.training is True and gru.dtype == np.float32
    assert gru.mode == "GRU" and gru.proj_size == 0
    assert gru.eval() is gru and not gru.training and gru.train().training
    gru = nn.GRU(3, 5, 2, False, True, 0.5, True, dtype=np.float64)
    assert repr(gru) == ("GRU(3, 5, num_layers=2, bias=False, batch_first=True, dropout=0.5, "
                         "bidirectional=True)")
    assert list(gru.state_dict()) == [
        f"weight_{part}_l{layer}{end}"
        for layer in (0, 1) for end in ("", "_reverse") for part in ("ih", "hh")]
    assert gru.weight_ih_l1.shape == (15, 10) and gru.weight_ih_l1.dtype == np.float64
    assert sum(weight.size for weight in gru.parameters()) == 2 * 15 * (3 + 5 + 10 + 5)
    fails("no attribute", getattr, gru, "bias_ih_l0", error=AttributeError)


@test
def weights_are_drawn_in_range_and_seeded(_folder):
    grus.manual_seed(1)
    first, second = nn.GRU(20, 25), nn.GRU(20, 25)
    grus.manual_seed(1)
    again = nn.GRU(20, 25)
    k = 1 / 5
    for name, weight in first.state_dict().items():
        assert np.array_equal(weight, getattr(again, name))
        assert not np.array_equal(weight, getattr(second, name))
        assert np.abs(weight).max() <= k * 1.0000001
        assert np.abs(weight).max() > 0.9 * k and abs(weight.mean()) < 0.25 * k


@test
def code_written_for_pytorch_finds_its_methods(_folder):
    gru, arrays, _ = golden("lesson_two_layers")
    wanted, _ = gru(arrays["input"])
    assert gru.flatten_parameters() is None
    for same in (gru.to("cpu"), gru.cpu(), gru.float(), gru.to(dtype=np.float32),
                 gru.requires_grad_(False), gru.to("cpu", non_blocking=True)):
        assert same is gru and gru.dtype == np.float32 and not gru.training

    assert gru.double() is gru and gru.dtype == np.float64 and not gru.training
    assert gru.kernels == "double"
    output, _ = gru(arrays["input"].astype(np.float64))
    assert output.dtype == np.float64
    near(output.astype(np.float32), wanted)
    fails("expected input of float64", gru, arrays["input"])
    assert (gru.to("cpu", np.float32)(arrays["input"])[0] == wanted).all()

    fails("device must be None or cpu", gru.to, "cuda")
    fails("dtype must be float32 or float64", gru.to, np.float16)
    fails("train in PyTorch", gru.requires_grad_)
    fails("to() knows no speed", gru.to, speed=1, error=TypeError)


@test
def unpacking_and_unpadding_give_the_sequences_back(_folder):
    sequences = [np.arange(6.0).reshape(2, 3), np.ones((4, 3)), np.zeros((1, 3))]
    for there, back in zip(sequences, unpack_sequence(pack_sequence(sequences, False))):
        assert there.shape == back.shape and (there == back).all()
    for first in (False, True):
        padded = pad_sequence(sequences, batch_first=first)
        for there, back in zip(sequences, unpad_sequence(padded, [2, 4, 1], first)):
            assert there.shape == back.shape and (there == back).all()
    fails("expected 3 lengths, got 2", unpad_sequence, padded, [2, 4], True)
    fails("lengths must be from 0 to 4", unpad_sequence, padded, [2, 5, 1], True)


@test
def dropout_acts_in_training_only(_folder):
    grus.manual_seed(2)
    gru = nn.GRU(2, 30, num_layers=2, dropout=0.5)
    x = np.ones((9, 2, 2), np.float32)
    one, two = gru(x)[0], gru(x)[0]
    assert not np.array_equal(one, two)
    gru.eval()
    assert np.array_equal(gru(x)[0], gru(x)[0])
    grus.manual_seed(3)
    gru.train()
    one = gru(x)[0]
    grus.manual_seed(3)
    assert np.array_equal(one, gru(x)[0])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        nn.GRU(2, 3, dropout=0.5)
    assert "num_layers=1" in str(caught[0].message)


@test
def state_dict_makes_the_round_trip(folder):
    one = nn.GRU(4, 6, 2, bidirectional=True)
    two = nn.GRU(4, 6, 2, bidirectional=True)
    x = np.random.default_rng(1).standard_normal((5, 4)).astype(np.float32)
    path = folder / "gru.safetensors"
    grus.safetensors.save(path, {f"rnn.{k}": v for k, v in one.state_dict().items()})
    copies = [nn.GRU.from_file(path, "rnn."), copy.deepcopy(one), copy.copy(one),
              pickle.loads(pickle.dumps(one)), two]
    assert two.load_state_dict(one.state_dict()) == ([], [])
    for gru in copies:
        assert np.array_equal(gru(x)[0], one(x)[0])
    assert not copies[0].training and copies[1].training
    two.load_state_dict(path, prefix="rnn.")
    two.weight_hh_l1 = np.zeros((18, 6))
    assert not two.weight_hh_l1.any() and one.weight_hh_l1.any()


@test
def wrong_state_dicts_change_nothing(folder):
    gru = nn.GRU(2, 3)
    good = gru.state_dict()
    bad_shape = {**nn.GRU(2, 3).state_dict(), "bias_hh_l0": np.zeros(8)}
    missing = {k: v for k, v in good.items() if k != "bias_ih_l0"}
    unknown = {**good, "weight_hr_l0": np.zeros(3)}
    fails("expected bias_hh_l0 of shape (9,), got (8,)", gru.load_state_dict, bad_shape)
    fails("missing weights ['bias_ih_l0']", gru.load_state_dict, missing)
    fails("unknown weights ['weight_hr_l0']", gru.load_state_dict, unknown)
    assert gru.load_state_dict(unknown, strict=False) == ([], ["weight_hr_l0"])
    path = folder / "gru.safetensors"
    for tensors, says in ((bad_shape, "(9,)"), (missing, "bias_ih_l0"), (unknown, "hr_l0")):
        grus.safetensors.save(path, {k: np.asarray(v, np.float32) for k, v in tensors.items()})
        fails(says, gru.load_state_dict, path)
    path.write_bytes(b"nothing of the kind")
    fails("safetensors", gru.load_state_dict, path)
    fails("safetensors", gru.load_state_dict, path, strict=False)
    fails("No such file", gru.load_state_dict, folder / "none", error=FileNotFoundError)
    for name, weight in good.items():
        assert np.array_equal(weight, getattr(gru, name))


@test
def wrong_arguments_are_told(_folder):
    fails("input_size", nn.GRU, 0, 3)
    fails("input_size", nn.GRU, -1, 3)
    fails("hidden_size", nn.GRU, 3, 0)
    fails("hidden_size", nn.GRU, 3, 2**32)
    fails("hidden_size", nn.GRU, 3, 2.5, error=TypeError)
    fails("num_layers", nn.GRU, 3, 3, 0)
    fails("dropout", nn.GRU, 3, 3, dropout=1.1)
    fails("dropout", nn.GRU, 3, 3, dropout=-0.1)
    fails("dropout", nn.GRU, 3, 3, dropout=float("nan"))
    fails("dropout", nn.GRU, 3, 3, dropout="much")
    fails("dtype", nn.GRU, 3, 3, dtype=np.int32)
    fails("device", nn.GRU, 3, 3, device="cuda")
    fails("abacus", nn.GRU, 3, 3, kernels="abacus")
    fails("no memory", nn.GRU, 2**31, 2**31, error=MemoryError)


@test
def wrong_inputs_are_told(_folder):
    gru = nn.GRU(8, 4, num_layers=2)
    x = np.zeros((3, 2, 8), np.float32)
    fails("expected 8 features in the input's last dimension, got 5", gru, x[..., :5])
    fails("expected h_0 of shape (2, 2, 4), got (1, 2, 4)", gru, x, x[:1, :, :4])
    fails("expected h_0 of shape (2, 2, 4), got (2, 3, 4)", gru, x, np.zeros((2, 3, 4), "f4"))
    fails("expected h_0 of shape (2, 4)", gru, x[:, 0], np.zeros((2, 1, 4), "f4"))
    fails("float32", gru, x.astype(np.float64))
    fails("float32", gru, x, np.zeros((2, 2, 4)))
    fails("2 or 3", gru, x[0, 0])
    fails("2 or 3", gru, x[None, None])
    fails("1 step", gru, x[:0])
    packed = pack_padded_sequence(x, [3, 2])
    fails("add up", gru, packed._replace(data=x[0]))
    fails("expected h_0", gru, packed, np.zeros((2, 1, 4), "f4"))
    fails("permutations", gru, PackedSequence(packed.data, [2, 2, 1], [0, 0], [0, 0]))
    fails("expected 2 sorted_indices", PackedSequence, packed.data, [2, 2, 1], [0])


@test
def wrong_lengths_are_told(_folder):
    x = np.zeros((3, 2, 8))
    fails("not sorted", pack_padded_sequence, x, [2, 3])
    fails("at least 1", pack_padded_sequence, x, [3, 0])
    fails("longer than the 3 steps", pack_padded_sequence, x, [4, 1])
    fails("expected 2 lengths", pack_padded_sequence, x, [3, 2, 1])
    fails("integers", pack_padded_sequence, x, [3.0, 2.5])
    fails("empty", pack_padded_sequence, x[:, :, :0], [3, 2])
    fails("2 or more dimensions", pack_padded_sequence, x[0, 0], [3])
    fails("objects", pack_padded_sequence, x.astype(object), [3, 2], error=TypeError)
    fails("total_length", pad_packed_sequence, pack_padded_sequence(x, [3, 2]), total_length=2)
    fails("total_length", pad_packed_sequence, pack_padded_sequence(x, [3, 2]), total_length=0)
    fails("not sorted", pack_sequence, [x[:1], x])
    fails("at least 1 sequence", pack_sequence, [])
    fails("sequence 1", pack_sequence, [x, x[:, :1]])
    fails("empty", pack_sequence, [x, x[:0]])


@test
def sequences_are_packed_and_padded(_folder):
    a, b = np.array([1, 2]), np.array([3, 4, 5])
    packed = pack_sequence([a, b], enforce_sorted=False)
    assert packed.data.tolist() == [3, 1, 4, 2, 5]
    assert packed.batch_sizes.tolist() == [2, 2, 1]
    assert packed.sorted_indices.tolist() == [1, 0]
    padded, lengths = pad_packed_sequence(packed, True, -1, total_length=4)
    assert padded.tolist() == [[1, 2, -1, -1], [3, 4, 5, -1]] and lengths.tolist() == [2, 3]
    assert pad_sequence([a, b], True, 9).tolist() == [[1, 2, 9], [3, 4, 5]]
    assert pad_sequence([a, b]).tolist() == [[1, 3], [2, 4], [0, 5]]
    images = np.arange(2 * 3 * 4 * 5).reshape(3, 2, 4, 5)
    packed = pack_padded_sequence(images, [3, 1])
    assert packed.data.shape == (4, 4, 5)
    assert np.array_equal(pad_packed_sequence(packed)[0][:, 0], images[:, 0])


@test
def arrays_may_lie_in_any_way(_folder):
    gru = nn.GRU(3, 4).eval()
    x = np.random.default_rng(2).standard_normal((5, 2, 3)).astype(np.float32)
    expected = gru(x)[0]
    assert np.array_equal(gru(np.asfortranarray(x))[0], expected)
    assert np.array_equal(gru(x[::-1][::-1])[0], expected)
    assert np.array_equal(gru(x.astype(">f4"))[0], expected)
    odd = np.frombuffer(b"x" + x.tobytes(), np.uint8)[1:].view(np.float32).reshape(x.shape)
    assert not odd.flags.aligned and np.array_equal(gru(odd)[0], expected)


@test
def numbers_that_are_not_finite_do_no_harm(_folder):
    gru = nn.GRU(1, 3, bidirectional=True)
    x = np.array([[np.nan], [np.inf], [-np.inf], [3e38]], np.float32)
    assert gru(x)[0].shape == (4, 6)
    packed = pack_padded_sequence(np.array([[np.nan, 1.0], [2.0, np.inf]]), [2, 1])
    assert np.array_equal(packed.data, [np.nan, 1.0, 2.0], equal_nan=True)


class Part:
    """What export sees of a torch.nn.Module without parts."""

    def children(self):
        return iter(())


class Linear(Part):
    """What export sees of a torch.nn.Linear."""

    bias = True

    def __init__(self, size_in, size_out):
        self.in_features, self.out_features = size_in, size_out

    def state_dict(self):
        return {"weight": np.full((self.out_features, self.in_features), 0.1, np.float32),
                "bias": np.full(self.out_features, 0.2, np.float32)}


class Softmax(Part):
    """What cannot be exported."""


class Whole:
    """What export sees of a torch.nn.Module with parts."""

    def __init__(self, **parts):
        self.parts = parts

    def named_modules(self):
        return [("", self), *self.parts.items()]

    def children(self):
        return iter(self.parts.values())


class GRU(Part):
    """What export sees of a torch.nn.GRU: our own, with children()."""

    def __init__(self, gru):
        self.gru = gru

    def __getattr__(self, name):
        return getattr(self.gru, name)


def checkpoint(path, *extra, **tensors):
    """Write a file of (dtype, shape, bytes) as nobody's writer would, then add entries."""
    header, data = [], b""
    for name, (dtype, shape, numbers) in tensors.items():
        span = [len(data), len(data) + len(numbers)]
        header.append((name, {"dtype": dtype, "shape": shape, "data_offsets": span}))
        data += numbers
    text = ",".join(f"{json.dumps(k)}:{json.dumps(v)}" for k, v in [*header, *extra])
    path.write_bytes(struct.pack("<Q", len(text) + 2) + b"{" + text.encode() + b"}" + data)


@test
def files_of_any_numbers_are_read_or_named(folder):
    path = folder / "checkpoint.safetensors"
    kinds = {"net.half": ("BF16", [2], b"\x80\x3f\x00\xc0"), "step": ("I64", [], bytes([7] + [0] * 7)),
             "mask": ("BOOL", [1, 2], b"\1\0"), "none": ("F32", [0, 3], b""),
             "eight": ("F8_E4M3", [1], b"\0")}
    checkpoint(path, **kinds)
    tensors, metadata = grus.safetensors.load(path, "net.")
    assert list(tensors) == ["net.half"] and metadata == {}
    assert tensors["net.half"].dtype == np.float32 and tensors["net.half"].tolist() == [1, -2]
    fails('tensor "eight" has dtype "F8_E4M3"', grus.safetensors.load, path)
    del kinds["eight"]
    checkpoint(path, **kinds)
    tensors = grus.safetensors.load(path)[0]
    assert tensors["step"] == 7 and tensors["mask"].tolist() == [[True, False]]
    assert tensors["none"].shape == (0, 3)
    checkpoint(path, ("mask", 7), **kinds)
    fails('has the key "mask" twice', grus.safetensors.load, path)
    checkpoint(path, a=("F32", [2], bytes(4)))
    fails("do not fit its shape", grus.safetensors.load, path)


@test
def damaged_tensors_are_refused(folder):
    path = folder / "gru.safetensors"
    grus.safetensors.save(path, nn.GRU(2, 3).state_dict(), {"of": "a test"})
    good = path.read_bytes()
    assert nn.GRU.from_file(path).hidden_size == 3
    path.write_bytes(good[:-3] + bytes([good[-3] ^ 1]) + good[-2:])
    fails("damaged", grus.safetensors.load, path)
    fails("damaged", nn.GRU.from_file, path)


@test
def a_module_becomes_a_model_file(folder):
    path = folder / "model.safetensors"
    gru = nn.GRU(1, 8, num_layers=2)
    whole = Whole(rnn=GRU(gru), out=Linear(8, 1))
    x = np.random.default_rng(3).uniform(-0.5, 0.5, 1000).astype(np.float32)
    y = gru(x[:, None])[0].sum(1) * np.float32(0.1) + np.float32(0.2)
    about = {"name": "Test", "sample_rate": 48000}
    export_model(whole, path, **about, test_input=x, test_output=y)
    assert "rnn.weight_hh_l1" in grus.safetensors.load(path)[0]
    before = path.read_bytes()
    fails("self-test", export_model, whole, path, **about, test_input=x, test_output=y + 1)
    fails("belong together", export_model, whole, path, **about, test_input=x)
    fails("Softmax", export_model, Whole(act=Softmax()), path, **about)
    fails("column", export_model, Whole(out=Linear(2, 1)), path, **about)
    fails("column", export_model, nn.GRU(1, 2), path, **about)
    fails("future", export_model, nn.GRU(1, 1, bidirectional=True), path, **about)
    assert path.read_bytes() == before and list(folder.iterdir()) == [path]


if __name__ == "__main__":
    tap.main()
