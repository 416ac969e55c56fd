#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The program as a user runs it: formats, pipes, reports, help.

The output has the input's length and form, in a file and in a pipe.  Prints
TAP.

    render_test.py build/tools/grus
"""

import array
import json
import math
import os
import struct

import tap
from render_program import (
    DEMO, RATE, data_of, energy, fails, floats, grus, noise, render, report, samples,
    write_16, write_float,
)
from tap import test


@test
def formats_keep_length_rate_and_channels(folder):
    source = write_float(folder / "in.wav", noise(9000, 2), 2)
    for ending in ("wav", "rf64", "w64", "aiff", "au", "caf", "flac", "ogg"):
        out = folder / f"out.{ending}"
        render(source, out)
        told = report(out, folder / "again.wav")
        assert told["frames"] == 9000, (ending, told)
        assert told["channels"] == 2, (ending, told)
        assert told["sample_rate"] == RATE, (ending, told)


@test
def format_option_beats_the_ending(folder):
    source = write_16(folder / "in.wav", noise(4800))
    for name, magic in (("rf64", b"RF64"), ("aiff", b"FORM"),
                        ("flac", b"fLaC"), ("ogg", b"OggS"), ("wav", b"RIFF"),
                        ("w64", b"riff"), ("caf", b"caff"), ("au", b".snd")):
        out = folder / "out.wav"
        render("--format", name, source, out)
        assert out.read_bytes()[:4] == magic, (name, out.read_bytes()[:4])


@test
def bits_are_kept_or_chosen(folder):
    source = write_16(folder / "in.wav", noise(4800))
    for bits, size in ((None, 2), ("16", 2), ("24", 3), ("32", 4),
                       ("float", 4)):
        out = folder / "out.wav"
        render(*(["--bits", bits] if bits else []), source, out)
        assert len(data_of(out)) == 4800 * size, (bits, len(data_of(out)))


@test
def any_rate_and_channel_count(folder):
    for rate, n_channels in ((8000, 1), (16000, 3), (22050, 1), (44100, 2),
                             (96000, 1), (192000, 1), (48000, 8)):
        n = rate // 8 + 1
        source = write_float(folder / "in.wav",
                             noise(n, n_channels, rate), n_channels, rate)
        told = report(source, folder / "out.wav")
        assert told["frames"] == n, told
        assert told["sample_rate"] == rate, told
        assert len(samples(folder / "out.wav")) == n * n_channels


@test
def thirty_two_channels_and_no_more(folder):
    source = write_float(folder / "in.wav", array.array("f", [0.1] * 3200), 32)
    render(source, folder / "out.wav")
    source = write_float(folder / "in.wav", array.array("f", [0.1] * 3300), 33)
    fails(source, folder / "more.wav", says="channels")
    assert not (folder / "more.wav").exists()


@test
def pipes_give_what_files_give(folder):
    source = write_16(folder / "in.wav", noise(10000, 2), 2)
    render(source, folder / "out.wav")
    done = render("-", "-", input=source.read_bytes())
    (folder / "piped.wav").write_bytes(done.stdout)
    assert data_of(folder / "piped.wav") == data_of(folder / "out.wav")


@test
def piped_wav_tells_its_length_if_it_is_known(folder):
    source = write_16(folder / "in.wav", noise(10000, 2), 2)
    known = render(source, "-").stdout
    sizes = struct.unpack_from("<I32xI", known, 4)
    assert sizes == (36 + 40000, 40000), sizes
    unknown = render("-", "-", input=source.read_bytes()).stdout
    sizes = struct.unpack_from("<I32xI", unknown, 4)
    assert sizes == (0xFFFFFFFF, 0xFFFFFFFF), sizes


@test
def texts_go_to_stderr_when_sound_goes_to_stdout(folder):
    source = write_16(folder / "in.wav", noise(4800))
    done = grus("render", "--json", source, "-")
    assert done.stdout[:4] == b"RIFF"
    assert json.loads(done.stderr)["frames"] == 4800


@test
def wav_of_unknown_length_comes_through(folder):
    source = write_16(folder / "in.wav", noise(10000))
    data = bytearray(source.read_bytes())
    struct.pack_into("<I", data, 4, 0xFFFFFFFF)
    struct.pack_into("<I", data, 40, 0xFFFFFFFF)
    render(source, folder / "out.wav")
    expected = data_of(folder / "out.wav")
    render("-", folder / "piped.wav", input=bytes(data))
    assert data_of(folder / "piped.wav") == expected


@test
def raw_goes_through_pipes(folder):
    sound = noise(10000)
    source = write_float(folder / "in.wav", sound)
    render(source, folder / "out.wav")
    done = render("--raw-rate", RATE, "--format", "raw", "-", "-",
                  input=sound.tobytes())
    assert done.stdout == data_of(folder / "out.wav")


@test
def output_may_be_the_input_on_purpose(folder):
    source = write_16(folder / "in.wav", noise(10000))
    render(source, folder / "out.wav")
    render("--force", source, source)
    assert source.read_bytes() == (folder / "out.wav").read_bytes()


@test
def output_has_the_permissions_of_a_new_file(folder):
    source = write_16(folder / "in.wav", noise(480))
    mask = os.umask(0o027)
    try:
        render(source, folder / "out.wav")
    finally:
        os.umask(mask)
    assert (folder / "out.wav").stat().st_mode & 0o777 == 0o640


@test
def metadata_is_kept(folder):
    source = write_16(folder / "in.wav", noise(480))
    data = bytearray(source.read_bytes())
    text = b"INFO" + b"INAM" + struct.pack("<I", 8) + b"A title\0"
    data += b"LIST" + struct.pack("<I", len(text)) + text
    struct.pack_into("<I", data, 4, len(data) - 8)
    source.write_bytes(data)
    for ending in ("wav", "flac", "aiff"):
        render(source, folder / f"out.{ending}")
        assert b"A title" in (folder / f"out.{ending}").read_bytes(), ending


@test
def report_measures_the_two_files(folder):
    out = folder / "out.flac"
    told = report(DEMO, out)
    assert told["frames"] == 620552
    assert told["model"] and told["latency_frames"] > 0
    assert told["real_time_factor"] > 1 and told["setup_ms"] > 0
    assert told["peak_memory_mb"] < 40, told["peak_memory_mb"]
    assert 0.3 < told["voice_activity"] <= 1, told["voice_activity"]
    for name, path in (("before", DEMO), ("after", out)):
        sound = floats(path, folder)
        peak = 20 * math.log10(max(map(abs, sound)))
        rms = 10 * math.log10(energy(sound) / len(sound))
        assert abs(told[name]["peak_dbfs"] - peak) < 0.02, (name, peak)
        assert abs(told[name]["rms_dbfs"] - rms) < 0.02, (name, rms)


@test
def demo_becomes_cleaner(folder):
    told = report(DEMO, folder / "out.flac")
    assert told["reduction_in_pauses_db"] > 20, told
    assert told["reduction_db"] < 6, told


@test
def picture_and_activity_are_written(folder):
    picture, activity = folder / "out.png", folder / "out.csv"
    render("--picture", picture, "--activity", activity, DEMO,
           folder / "out.wav")
    head = picture.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:]) >= (800, 600)
    rows = [line.split(",") for line in activity.read_text().split()][1:]
    times, values = zip(*[(float(a), float(b)) for a, b in rows])
    assert list(times) == sorted(times) and 12.5 < times[-1] < 13
    assert 0 <= min(values) < 0.3 and 0.7 < max(values) <= 1


@test
def picture_shows_opposite_sides(folder):
    sound = noise(RATE)
    pictures = []
    for sign in (1, -1):
        sides = array.array("f", [0]) * (2 * RATE)
        sides[::2] = sound
        sides[1::2] = array.array("f", [sign * x for x in sound])
        source = write_float(folder / "in.wav", sides, 2)
        picture = folder / f"{sign}.png"
        render("--reduction", 0, "--picture", picture, source,
               folder / "out.wav")
        pictures.append(picture.read_bytes())
    assert pictures[0] == pictures[1]


@test
def help_and_version_are_there(_folder):
    assert grus("--version").stdout.startswith(b"grus ")
    for args in (("--help",), ("render", "--help"), ("info", "--help")):
        assert b"Usage: grus" in grus(*args).stdout, args


@test
def names_of_files_do_not_drive_the_terminal(folder):
    for name, said in (("a\x1b[31m.wav", r"a\x1b[31m.wav"), ("a\nb.wav", r"a\x0ab.wav"),
                       (b"\xff.wav".decode("utf-8", "surrogateescape"), r"\xff.wav")):
        fails(folder / name, folder / "out.wav", says=said)


@test
def info_tells_what_a_model_is(_folder):
    told = json.loads(grus("info", "--json").stdout)
    for key in ("name", "license", "author", "description"):
        assert told[key], key
    assert told["sample_rate"] == RATE and told["kind"] == "frame"
    assert told["parameters"] > 10000 and told["layers"]
    assert told["self_test"]["error"] <= told["self_test"]["tolerance"]
    assert told["real_time_factor"] > 1
    assert told["name"] in grus("info").stdout.decode()


if __name__ == "__main__":
    tap.main_of_program()
