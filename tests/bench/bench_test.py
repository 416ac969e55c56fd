#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus bench` as a user runs it: what it tells, never how fast it was.

Times depend on what else the machine does, so only their presence is tested;
errors do not, so they are.  Prints TAP.

    bench_test.py build/tools/grus
"""

import json
import os
import subprocess
import sys
import tempfile
import traceback

GRUS = os.path.abspath(sys.argv[1])
TESTS = []


def test(function):
    """Add a function to the tests."""
    TESTS.append(function)
    return function


def bench(*args, code=0):
    """Run `grus bench`, check its exit status, return what it did."""
    done = subprocess.run([GRUS, "bench", *args], capture_output=True,
                          timeout=300, check=False, text=True)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def bench_json(*args):
    """Run `grus bench` for a moment, return its report."""
    return json.loads(bench("--json", "--quick", "--no-peer", *args).stdout)


def fake_rtneural(folder, name, nanoseconds):
    """Write a program that answers as one with RTNeural does, for 1x8 only."""
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#!{sys.executable}\n"
                   "import sys\n"
                   f"print('RTNeural {name}', flush=True)\n"
                   "for line in sys.stdin:\n"
                   "  size = line.split()\n"
                   "  assert len(size) == 6, line\n"
                   f"  print({nanoseconds} if size[:2] == ['1', '8'] else 0,\n"
                   "        flush=True)\n")
    os.chmod(path, 0o755)
    return path


def variants():
    """Return the kernel variants of this processor."""
    done = subprocess.run([GRUS, "info", "--json"], capture_output=True,
                          timeout=120, check=True)
    return json.loads(done.stdout)["kernels"]


@test
def tells_every_variant_of_the_size_that_is_named():
    report = bench_json("--gru", "1x20", "--gru", "3x5x2")
    rows = [(row["variant"], row["storage"], row["input"], row["hidden"],
             row["layers"]) for row in report["gru"]]
    assert sorted(rows) == sorted(
        (variant, storage, *size) for variant in variants()
        for storage in ("f32", "bf16") for size in ((1, 20, 1), (3, 5, 2)))
    assert not report["models"]
    for row in report["gru"]:
        assert row["ns_per_step"] > 0, row
        assert row["streams"] == 1, row
    large = bench_json("--gru", "1x70")["gru"]
    assert {row["storage"] for row in large} == {"f32", "bf16", "int8"}, large
    pair = bench_json("--gru", "1x20", "--streams", "2")["gru"]
    assert {row["streams"] for row in pair} == {2}, pair


@test
def is_as_exact_as_single_precision_allows():
    for row in bench_json("--gru", "1x33", "--gru", "2x17", "--gru", "64x65")["gru"]:
        limit = 5e-7 if row["storage"] == "f32" else 1e-2
        assert 0 < row["max_abs_error"] < limit, row


@test
def measures_what_limits_each_variant():
    report = bench_json("--gru", "1x8")
    assert [limit["variant"] for limit in report["limits"]] == variants()
    for limit in report["limits"]:
        assert all(limit[key] > 0 for key in limit if key != "variant"), limit


@test
def measures_a_model_with_one_and_two_channels():
    model = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                         "..", "..", "presets", "models", "voice.safetensors")
    report = bench_json("--kernels", variants()[0], model)
    assert not report["gru"]
    assert {run["channels"] for run in report["models"]} == {1, 2}
    for run in report["models"]:
        assert run["real_time_factor"] > 0, run
        assert set(run["worst_callback_us"]) == {"32", "64", "480"}, run
        peaks = run["worst_over_mean"]
        assert peaks["even_load_off"] > peaks["even_load_on"] >= 1, run


@test
def measures_whole_arrays():
    report = bench_json("--arrays")
    assert not report["gru"] and not report["models"], report
    rows = [(row["hidden"], row["batch"]) for row in report["arrays"]]
    assert rows == [(16, 1), (16, 32), (64, 1), (64, 32)], rows
    for row in report["arrays"]:
        assert row["variant"] == variants()[0] and row["steps"] == 1000, row
        assert row["ns_per_step"] > 0 and row["gflops"] > 0, row
    assert not bench_json("--gru", "1x8")["arrays"]
    text = bench("--quick", "--no-peer", "--arrays").stdout
    assert "arrays" in text and "64x64" in text, text


@test
def compares_with_the_best_program_that_has_rtneural():
    with tempfile.TemporaryDirectory() as folder:
        slow = fake_rtneural(folder, "STL", 1e12)
        fast = fake_rtneural(folder, "Eigen", 1)
        programs = ("--rtneural", slow, "--rtneural", fast)
        sizes = ("--gru", "1x8", "--gru", "1x9", "--gru", "1x8x2")
        report = bench_json(*programs, *sizes)
        text = bench("--quick", "--no-peer", *programs, "--gru", "1x8").stdout
    assert report["peers"] == ["RTNeural STL", "RTNeural Eigen"], report["peers"]
    for row in report["gru"]:
        known = (row["hidden"], row["layers"], row["storage"]) == (8, 1, "f32")
        assert ("times_rtneural" in row) == known, row
        # No machine takes a step in a nanosecond, nor in a thousand seconds
        assert not known or 0 < row["times_rtneural"] < 1, row
    assert "/rtneural" in text and "RTNeural STL, RTNeural Eigen" in text, text
    assert "times_rtneural" not in bench_json("--gru", "1x8")["gru"][0]


@test
def says_which_program_with_rtneural_does_not_answer():
    for path in ("/nonexistent/rtneural", "/bin/false"):
        stderr = bench("--quick", "--no-peer", "--gru", "1x8", "--rtneural", path,
                       code=1).stderr
        assert path in stderr and "does not answer" in stderr, stderr
    many = ["--rtneural", "/bin/false"] * 5
    assert "more than 4" in bench(*many, code=2).stderr


@test
def prints_a_table_and_help():
    text = bench("--quick", "--no-peer", "--gru", "1x8").stdout
    assert "1x8" in text and "GFLOP/s" in text, text
    assert "Examples:" in bench("--help").stdout


@test
def refuses_what_it_cannot_do():
    for args, says in ((["--gru", "1x"], "INxH"), (["--gru", "x8"], "INxH"),
                       (["--gru", "1x8x17"], "INxH"), (["--gru", "-1x8"], "INxH"),
                       (["--gru", "1x8x1x1"], "INxH"),
                       (["--kernels", "abacus"], "abacus"), (["--streams", "3"], "3"),
                       (["--fast"], "try")):
        stderr = bench(*args, code=2).stderr
        assert says in stderr, (args, stderr)
    assert "nothing.safetensors" in bench("nothing.safetensors", code=1).stderr


def main():
    """Run all tests, printing TAP."""
    print(f"1..{len(TESTS)}")
    failed = 0
    for number, function in enumerate(TESTS, 1):
        try:
            function()
            print(f"ok {number} {function.__name__}")
        except Exception:  # pylint: disable=broad-except
            failed += 1
            print(f"not ok {number} {function.__name__}")
            print(traceback.format_exc(), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
