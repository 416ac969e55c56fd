#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus gru` as a user runs it: PyTorch's numbers on .npy files, and errors.

Numbers are those of the golden files.  Whatever goes wrong is told in one line
and leaves no file.  Prints TAP.

    gru_command_test.py build/tools/grus
"""

import array
import json
import os
import pathlib
import random
import struct
import subprocess
import sys

import tap
from tap import test

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tools" / "python" / "grus"))
try:
    import tensor_file
except ImportError as error:  # Without numpy
    print(f"1..0 # SKIP {error}")
    sys.exit(0)

GRUS = os.path.abspath(sys.argv[1])
GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden"
LIMITS = {"f": 1e-6, "d": 1e-12}
SEED = 20261123


def grus(*args, code=0, **options):
    """Run `grus gru`, check its exit status, return what it did."""
    done = subprocess.run([GRUS, "gru", *map(str, args)], capture_output=True,
                          timeout=60, check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def fails(*args, says, code=1):
    """Run `grus gru`, which must fail with one line on stderr."""
    text = grus(*args, code=code).stderr.decode()
    assert text.count("\n") == 1 and text.startswith("grus gru: "), text
    assert says in text, text


def read_golden(name):
    """A golden file -> (arrays and shapes by name, metadata)."""
    arrays, metadata = tensor_file.read(GOLDEN / f"{name}.safetensors")
    return {key: (array.array({"f4": "f", "f8": "d"}[numbers.dtype.str[1:]], numbers.tobytes()),
                  numbers.shape) for key, numbers in arrays.items()}, metadata


def npy(numbers, shape, version=1, order=False):
    """The bytes of a .npy file."""
    descr = {"f": "<f4", "d": "<f8", "q": "<i8"}[numbers.typecode]
    text = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    size = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + numbers.tobytes()


def read_npy(path):
    """A .npy file as numpy writes it -> (numbers, shape)."""
    content = path.read_bytes()
    assert content[:8] == b"\x93NUMPY\x01\x00", content[:8]
    (size,) = struct.unpack_from("<H", content, 8)
    assert (10 + size) % 64 == 0 and content[9 + size:10 + size] == b"\n"
    header = eval(content[10:10 + size], {})  # pylint: disable=eval-used
    assert header["fortran_order"] is False
    numbers = array.array({"<f4": "f", "<f8": "d"}[header["descr"]])
    numbers.frombytes(content[10 + size:])
    return numbers, header["shape"]


def near(result, expected):
    assert result[0].typecode == expected[0].typecode
    assert result[1] == expected[1], (result[1], expected[1])
    worst = max(abs(a - b) for a, b in zip(result[0], expected[0]))
    assert worst <= LIMITS[result[0].typecode], worst


def prepare(folder, name):
    """Write a golden file's arrays -> (arrays, arguments before the files)."""
    tensors, metadata = read_golden(name)
    arguments = ["--prefix", "gru."]
    if metadata["batch_first"] == "True":
        arguments.append("--batch-first")
    (folder / "x.npy").write_bytes(npy(*tensors["input"]))
    if "h_0" in tensors:
        (folder / "h_0.npy").write_bytes(npy(*tensors["h_0"]))
        arguments += ["--h-0", folder / "h_0.npy"]
    return tensors, arguments


def files(folder, name):
    return GOLDEN / f"{name}.safetensors", folder / "x.npy", folder / "y.npy"


@test
def golden_files_give_pytorchs_numbers(folder):
    for path in sorted(GOLDEN.glob("*.safetensors")):
        tensors, arguments = prepare(folder, path.stem)
        if "lengths" in tensors:
            continue
        grus(*arguments, "--h-n", folder / "h_n.npy", *files(folder, path.stem))
        near(read_npy(folder / "y.npy"), tensors["output"])
        near(read_npy(folder / "h_n.npy"), tensors["h_n"])


@test
def lengths_leave_the_padding_out(folder):
    tensors, arguments = prepare(folder, "lesson_packed")
    lengths = [int(n) for n in tensors["lengths"][0]]
    expected = [0.0 if x == -7.5 else x for x in tensors["output"][0]]
    grus(*arguments, "--lengths", ",".join(map(str, lengths)), *files(folder, "lesson_packed"))
    near(read_npy(folder / "y.npy"), (array.array("f", expected), tensors["output"][1]))
    for text, says, code in (("5,3", "expected 3 lengths", 1), ("5,3,0", "at least 1", 1),
                             ("6,3,2", "longer than the 5 steps", 1), ("5,3,", "whole numbers", 2),
                             ("", "whole numbers", 2), ("5,3,x", "whole numbers", 2),
                             ("9" * 30 + ",1,1", "whole numbers", 2)):
        fails(*arguments, "--lengths", text, *files(folder, "lesson_packed"), says=says, code=code)


@test
def a_sequence_goes_on_where_the_last_one_ended(folder):
    tensors, arguments = prepare(folder, "sixteen")
    weights, whole, out = files(folder, "sixteen")
    grus(*arguments, weights, whole, out)
    bits = read_npy(out)[0]
    numbers = tensors["input"][0]
    got = array.array("f")
    state = []
    for first, end in ((0, 7), (7, 8), (8, 40)):
        whole.write_bytes(npy(numbers[2 * first:2 * end], (1, end - first, 2)))
        grus(*arguments, *state, "--h-n", folder / "h.npy", weights, whole, out)
        got += read_npy(out)[0]
        state = ["--h-0", folder / "h.npy"]
    assert got == bits


@test
def describe_tells_what_pytorch_tells(folder):
    weights, x, _ = files(folder, "lesson_two_layers")
    prepare(folder, "lesson_two_layers")
    text = grus("--describe", "-b", "-p", "gru.", weights).stdout.decode()
    assert text.startswith("GRU(5, 15, num_layers=2, batch_first=True)\n"), text
    assert "(batch, seq, 5)" in text and "(batch, seq, 15)" in text, text
    assert "weight_ih_l1" in text and "(45, 15)" in text, text
    assert "\n2430 parameters\n" in text, text
    text = grus("-dbp", "gru.", weights, x).stdout.decode()
    for line in ("input    (3, 6, 5)", "output   (3, 6, 15)", "h_n      (2, 3, 15)"):
        assert line in text.splitlines(), text
    text = grus("-d", "-p", "gru.", GOLDEN / "no_bias.safetensors").stdout.decode()
    assert text.startswith("GRU(6, 17, bias=False, bidirectional=True)\n"), text


@test
def every_kernel_variant_can_be_chosen(folder):
    tensors, arguments = prepare(folder, "lesson_default")
    names = json.loads(subprocess.run([GRUS, "info", "--json"], capture_output=True,
                                      check=True).stdout)["kernels"]
    for name in names:
        grus(*arguments, "--kernels", name, *files(folder, "lesson_default"))
        near(read_npy(folder / "y.npy"), tensors["output"])
    fails(*arguments, "--kernels", "abacus", *files(folder, "lesson_default"), says="abacus")


@test
def wrong_usage_is_told(folder):
    weights, x, y = files(folder, "lesson_default")
    assert b"Examples:" in grus("--help").stdout
    fails(says="WEIGHTS, INPUT and OUTPUT", code=2)
    fails(weights, x, says="WEIGHTS, INPUT and OUTPUT", code=2)
    fails("--describe", weights, x, y, says="WEIGHTS and perhaps INPUT", code=2)
    done = grus("--frobnicate", code=2)
    assert b"try grus gru --help" in done.stderr


@test
def pipes_and_devices_are_not_waited_for(folder):
    prepare(folder, "lesson_default")
    weights, x, y = files(folder, "lesson_default")
    os.mkfifo(folder / "pipe")  # Nobody writes to it
    fails(folder / "pipe", x, y, says="not a file")
    fails("/dev/zero", x, y, says="not a file")
    fails(weights, folder / "pipe", y, says="pipe")
    assert not y.exists()


@test
def wrong_shapes_are_told_and_leave_no_file(folder):
    _, arguments = prepare(folder, "lesson_default")
    weights, x, y = files(folder, "lesson_default")
    good = npy(array.array("f", [0.0] * 150), (5, 3, 10))
    bad = folder / "bad.npy"
    for shape, says in (((5, 6, 5), "expected 10 features in the input's last dimension, got 5"),
                        ((150,), "2 or 3 dimensions"), ((), "2 or 3")):
        count = 1
        for size in shape:
            count *= size
        x.write_bytes(npy(array.array("f", [0.0] * count), shape))
        fails(*arguments, weights, x, y, says=says)
    x.write_bytes(good)
    bad.write_bytes(npy(array.array("f", [0.0] * 40), (1, 2, 20)))
    fails("-p", "gru.", "--h-0", bad, weights, x, y, says="expected h_0 of shape (1, 3, 20)")
    bad.write_bytes(npy(array.array("d", [0.0] * 60), (1, 3, 20)))
    fails("-p", "gru.", "--h-0", bad, weights, x, y, says="float64")
    fails(weights, x, y, says="weight_ih_l0")
    fails("-p", "gru.", x, x, y, says="safetensors")
    fails("-p", "gru.", folder / "none", x, y, says="No such file")
    fails("-p", "gru.", weights, x, folder / "none" / "y.npy", says="cannot write")
    fails("-p", "gru.", "--h-n", folder / "none" / "h.npy", weights, x, y, says="cannot write")
    fails("-p", "gru.", "--h-n", "/dev/full", weights, x, y, says="No space left")
    fails("-p", "gru.", "--h-n", folder / "h.npy", weights, x, "/dev/full", says="cannot finish")
    assert sorted(p.name for p in folder.iterdir()) == ["bad.npy", "h_0.npy", "x.npy"]


@test
def other_headers_are_read_or_refused(folder):
    tensors, arguments = prepare(folder, "lesson_default")
    weights, x, y = files(folder, "lesson_default")
    numbers, shape = tensors["input"]
    for version in (1, 2, 3):
        x.write_bytes(npy(numbers, shape, version))
        grus(*arguments, weights, x, y)
        near(read_npy(y), tensors["output"])
    y.unlink()
    good = npy(numbers, shape)
    many = good.replace(b"(5, 3, 10)", b"(4294967296, 4294967296, 4294967296)")
    for content, says in (
            (npy(numbers, shape, order=True), "Fortran"),
            (npy(array.array("q", range(150)), shape), "float32 or float64 numbers"),
            (npy(numbers, (5, 3, 5, 2)), "at most 3"),
            (npy(numbers, (5, 3, -10)), "at most 3"),
            (npy(numbers, (5, 3, 10**30)), "at most 3"),
            (good.replace(b"'shape'", b"'shake'"), "float32"),
            (good.replace(b"(5, 3, 10)", b"(5, 3 10)"), "float32"),
            (many[:8] + struct.pack("<H", good[8] + len(many) - len(good)) + many[10:], "size"),
            (good[:-1], "size"), (good + b"x", "size"), (b"", "not a .npy"), (good[:9], ".npy"),
            (good[:40], ".npy"), (b"PK" + good, ".npy"), (good[:6] + b"\x04" + good[7:], ".npy")):
        x.write_bytes(content)
        fails(*arguments, weights, x, y, says=says)
    assert not y.exists()


@test
def half_precision_is_widened(folder):
    tensors, arguments = prepare(folder, "lesson_default")
    weights, x, y = files(folder, "lesson_default")
    numbers, shape = tensors["input"]
    halves = struct.pack(f"<{len(numbers)}e", *numbers)
    # The smallest, the largest and a subnormal one, in the place of the first
    halves = struct.pack("<4e", 2.0**-24, 65504.0, -1.5 * 2.0**-20, -0.0) + halves[8:]
    wide = array.array("f", struct.unpack(f"<{len(numbers)}e", halves))
    header = npy(wide, shape)[:-4 * len(wide)]
    x.write_bytes(npy(wide, shape))
    grus(*arguments, weights, x, y)
    expected = read_npy(y)
    x.write_bytes(header.replace(b"<f4", b"<f2") + halves)
    grus(*arguments, weights, x, y)
    assert read_npy(y) == expected
    x.write_bytes(header.replace(b"<f4", b"<f2") + halves[:-1])
    fails(*arguments, weights, x, y, says="size")


@test
def input_comes_through_a_pipe(folder):
    tensors, arguments = prepare(folder, "lesson_default")
    weights, x, y = files(folder, "lesson_default")
    good = x.read_bytes()
    done = grus(*arguments, weights, "-", "-", input=good)
    y.write_bytes(done.stdout)
    near(read_npy(y), tensors["output"])
    claims = good.replace(b"(5, 3, 10)", b"(5000000, 3, 10)")
    claims = claims[:8] + struct.pack("<H", good[8] + len(claims) - len(good)) + claims[10:]
    for content, says in ((good[:-1], "cut short"), (good + b"x", "size"), (claims, "cut short"),
                          (b"", "not a .npy")):
        done = grus(*arguments, weights, "-", folder / "none.npy", input=content, code=1)
        assert says in done.stderr.decode() and done.stderr.count(b"\n") == 1, done.stderr
    assert not (folder / "none.npy").exists()


@test
def damaged_files_never_crash(folder):
    _, arguments = prepare(folder, "lesson_batch_first")
    weights, x, y = files(folder, "lesson_batch_first")
    rand = random.Random(SEED)
    damaged = folder / "w.safetensors"
    for source, target in ((weights, damaged), (x, x)):
        good = source.read_bytes()
        for number in range(60):
            content = bytearray(good)
            for _ in range(rand.randint(1, 4)):
                content[rand.randrange(min(len(content), 400))] = rand.randrange(256)
            if rand.random() < 0.2:
                del content[rand.randrange(len(content)):]
            target.write_bytes(content)
            done = subprocess.run([GRUS, "gru", *map(str, arguments), damaged if target != x
                                   else weights, x, y], capture_output=True, check=False)
            assert done.returncode in (0, 1), (SEED, number, done.stderr)
        target.write_bytes(good)


if __name__ == "__main__":
    tap.main()
