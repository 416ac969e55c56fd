#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a cleaned sound is: on the input to the sample, and always the same.

    render_sound_test.py build/tools/grus
"""

import array
import json
import math

import tap
from render_program import (
    DEMO, RATE, data_of, energy, fails, floats, grus, noise, render, report, samples,
    write_16, write_float,
)
from tap import test


@test
def weights_can_be_stored_otherwise(folder):
    render(DEMO, folder / "f32.wav")
    for storage in ("bf16", "int8"):
        outs = [folder / "f32.wav"]
        for args in ([], ["--block", "77"]):
            outs.append(folder / f"{storage}{len(args)}.wav")
            render("--weights", storage, *args, DEMO, outs[-1])
        exact, whole, blocks = (out.read_bytes() for out in outs)
        assert exact != whole
        assert whole == blocks
        info = json.loads(grus("info", "--json", "--weights", storage).stdout)
        assert info["weights"] == storage
        assert info["self_test"]["error"] < info["weights_error"] < 1e-2, info
    fails("--weights", "f8", DEMO, folder / "no.wav", code=2, says="f8")
    fails("--weights", "f8", code=2, says="f8", command="info")


@test
def no_reduction_gives_the_input_to_the_sample(folder):
    sound = noise(20000)
    source = write_float(folder / "in.wav", sound)
    render("--reduction", "0", source, folder / "out.wav")
    out = samples(folder / "out.wav")
    assert len(out) == len(sound)
    worst = max(abs(a - b) for a, b in zip(sound, out))
    assert worst < 1e-6, worst


@test
def clean_and_removed_add_up_to_the_input(folder):
    sound = noise(30000)
    source = write_float(folder / "in.wav", sound)
    render(source, folder / "clean.wav")
    render("--listen", "removed", source, folder / "removed.wav")
    clean, removed = (samples(folder / name)
                      for name in ("clean.wav", "removed.wav"))
    worst = max(abs(a - b - c) for a, b, c in zip(sound, clean, removed))
    assert worst < 1e-6, worst
    assert energy(removed) > 0.1 * energy(sound)


@test
def speech_stays_where_it_was(folder):
    demo, out = floats(DEMO, folder), folder / "out.wav"
    render("--bits", "float", "--format", "wav", DEMO, out)
    cleaned = samples(out)
    start, n = RATE, RATE // 2
    best = max(range(-200, 201), key=lambda shift: sum(
        demo[i] * cleaned[i + shift] for i in range(start, start + n, 7)))
    assert best == 0, best


def assert_louder_side_is_as_alone(folder, gain, *options):
    right = floats(DEMO, folder)[RATE // 2:5 * RATE // 2]
    left = array.array("f", [gain * x for x in right])
    sides = array.array("f", [0]) * (2 * len(right))
    sides[::2], sides[1::2] = left, right
    write_float(folder / "two.wav", sides, 2)
    render("--force", *options, folder / "two.wav", folder / "two-out.wav")
    both = samples(folder / "two-out.wav")
    # The models hear sound that is too loud by its polarity as well
    write_float(folder / "one.wav", left if abs(gain) >= 1 else right)
    render("--force", *options, folder / "one.wav", folder / "one-out.wav")
    alone = energy(samples(folder / "one-out.wav"))
    heard = energy(both[::2] if abs(gain) >= 1 else both[1::2])
    change = 10 * math.log10(heard / alone)
    assert abs(change) < 0.3, (options, gain, change)
    # The image stays
    worst = max(abs(a - gain * b) for a, b in zip(both[::2], both[1::2]))
    assert worst < 1e-5 * max(abs(gain), 1), (options, gain, worst)


@test
def opposite_sides_are_heard(folder):
    for gain in (0, 0.1, 0.3, 0.5, 0.7, 1, 1.5, 3, 10):
        for sign in (1, -1):
            assert_louder_side_is_as_alone(folder, sign * gain)


@test
def opposite_sides_are_heard_by_small_models(folder):
    for model in ("voice-light", "voice-low-latency"):
        for gain in (-4, -3, -1, 3, 4):
            assert_louder_side_is_as_alone(folder, gain, "--model", model)


@test
def block_size_does_not_change_a_bit(folder):
    for rate in (RATE, 44100):
        source = write_16(folder / "in.wav", noise(12345, 2, rate), 2, rate)
        files = []
        for block in (1, 64, 480, 4800, 100000):
            out = folder / f"{block}.wav"
            render("--block", block, source, out)
            files.append(out.read_bytes())
        assert all(file == files[0] for file in files), rate


@test
def warming_up_hears_the_beginning_twice(folder):
    sound = noise(RATE, 2)
    for milliseconds, n_frames in ((100, 4800), (9999, RATE)):
        write_float(folder / "in.wav", sound, 2)
        write_float(folder / "twice.wav", sound[:2 * n_frames] + sound, 2)
        render("--bits", "float", folder / "twice.wav", folder / "wanted.wav")
        wanted = floats(folder / "wanted.wav", folder)[2 * n_frames:]
        for block in (1, 333, 480, 100000):
            render("--bits", "float", "--block", block, "--warm-up",
                   milliseconds, folder / "in.wav", folder / "out.wav")
            assert floats(folder / "out.wav", folder) == wanted
        assert wanted != floats(folder / "wanted.wav", folder)[:2 * RATE]
    data = (folder / "in.wav").read_bytes()
    piped = render("--bits", "float", "--warm-up", 9999, "-", "-", input=data)
    (folder / "piped.wav").write_bytes(piped.stdout)
    assert floats(folder / "piped.wav", folder) == wanted
    fails("--warm-up", "10001", "in.wav", "out.wav", code=2, says="warm-up")


@test
def same_input_gives_the_same_file(folder):
    source = write_16(folder / "in.wav", noise(12000))
    render(source, folder / "one.flac")
    render(source, folder / "two.flac")
    assert (folder / "one.flac").read_bytes() == (
        folder / "two.flac").read_bytes()


@test
def kernel_variants_agree(folder):
    source = write_float(folder / "in.wav", noise(20000))
    names = json.loads(grus("info", "--json").stdout)["kernels"]
    assert "scalar" in names
    sounds = []
    for name in names:
        told = report("--kernels", name, source, folder / "out.wav")
        assert told["kernels"] == name, told
        sounds.append(samples(folder / "out.wav"))
    for sound in sounds:
        worst = max(abs(a - b) for a, b in zip(sounds[0], sound))
        assert worst < 1e-5, worst


@test
def less_reduction_leaves_more(folder):
    source = write_float(folder / "in.wav", noise(24000))
    left = []
    for reduction in (0, 6, 12, 100):
        render("--reduction", reduction, source, folder / "out.wav")
        left.append(energy(samples(folder / "out.wav")))
    assert left == sorted(left, reverse=True), left
    assert left[3] < 0.8 * left[0], left


@test
def rounding_is_dithered_by_one_bit_from_where_it_begins(folder):
    source = write_float(folder / "in.wav", array.array(
        "f", [0.0] * 4800 + [2.0 ** -20] + [0.0] * 9599))
    render("--enabled", "0", "--bits", "16", source, folder / "out.wav")
    out = array.array("h")
    out.frombytes(data_of(folder / "out.wav"))
    assert not any(out[:4800])  # Nothing was rounded there
    out = out[4800:]
    assert max(map(abs, out)) == 1, max(map(abs, out))
    assert abs(out.count(1) / len(out) - 1 / 8) < 0.02, out.count(1)
    assert abs(out.count(-1) / len(out) - 1 / 8) < 0.02, out.count(-1)
    render("--enabled", "0", "--bits", "24", source, folder / "out.wav")
    out = data_of(folder / "out.wav")
    assert out[3 * 4800:3 * 4801] == b"\x08\0\0"
    assert not any(out[:3 * 4800]) and not any(out[3 * 4801:])


@test
def clipping_is_counted(folder):
    sound = array.array("f", [2.0 * math.sin(i / 20) for i in range(9600)])
    source = write_float(folder / "in.wav", sound)
    out = folder / "out.wav"
    told = report("--reduction", 0, "--bits", 16, source, out)
    assert told["clipped_samples"] == sum(abs(x) > 1 for x in sound), told
    ints = array.array("h")
    ints.frombytes(data_of(out))
    assert max(ints) == 32767 and min(ints) == -32768
    told = report("--reduction", 0, source, out)
    assert told["clipped_samples"] == 0, told


@test
def nan_is_silenced_and_counted(folder):
    sound = noise(9600)
    sound[5000] = math.nan
    source = write_float(folder / "in.wav", sound)
    told = report(source, folder / "out.wav")
    assert told["faults"] == 1, told
    assert all(map(math.isfinite, samples(folder / "out.wav")))


if __name__ == "__main__":
    tap.main_of_program()
