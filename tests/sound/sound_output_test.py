#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What sound is written as: numbers, rates, quality, presets, reports.

    sound_output_test.py build/tools/grus
"""

import json
import math
import os
import random
import struct
import subprocess
import time

import tap
from output_program import GRUS, RATE, ROOT, fails, grus, render, source_file, wanted
from tap import need, test
from wav import INT16, data_of, write_wav


@test
def what_needs_no_going_back_can_be_piped(folder):
    source = source_file(folder)
    for name in ("flac", "ogg", "opus", "mp3", "wav", "raw"):
        options = ["--format", name]
        render(*options, source, folder / f"out.{name}")
        piped = folder / f"piped.{name}"
        with subprocess.Popen([GRUS, "render", "--quiet", *options, source,
                               "-"], stdout=subprocess.PIPE) as process:
            piped.write_bytes(process.stdout.read())
            assert process.wait(60) == 0
        sounds = []
        for file in (folder / f"out.{name}", piped):
            raw = (("--raw-rate", RATE, "--raw-format", "s16")
                   if name == "raw" else ())
            render("--reduction", "0", "--bits", "float", *raw, file,
                   folder / "as-floats.wav")
            sounds.append(data_of(folder / "as-floats.wav"))
        if name == "mp3":  # The frame that tells its length comes last
            sounds[1] = sounds[1][:len(sounds[0])]
            assert len(sounds[1]) == len(sounds[0])
        else:
            assert sounds[0] == sounds[1], name
    for name in ("aiff", "w64", "caf", "au", "rf64"):
        fails("--format", name, source, "-", says="to a pipe")


@test
def an_odd_number_of_bytes_is_no_frame_more(folder):
    """libsndfile counts the byte behind them in AIFF."""
    source = folder / "in.wav"
    source.write_bytes(struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + 4801 + 1, b"WAVE", b"fmt ",
                                   16, 1, 1, RATE, RATE, 1, 8, b"data", 4801)
                       + bytes(i % 200 + 28 for i in range(4801)) + b"\0")
    for name in ("wav", "w64", "aiff", "au", "caf", "flac"):
        out = folder / f"out.{name}"
        render("--reduction", "0", source, out)
        render("--reduction", "0", "--bits", "16", out, folder / "back.wav")
        assert len(data_of(folder / "back.wav")) == 2 * 4801, name


@test
def what_is_not_touched_is_the_same_to_the_bit(folder):
    rand = random.Random(5)
    for kind, size in (((1, 8), 1), ((1, 16), 2), ((1, 24), 3), ((3, 32), 4)):
        data = (struct.pack("<9600f", *(rand.uniform(-1, 1)
                                        for _ in range(9600)))
                if kind[0] == 3 else rand.randbytes(9600 * size))
        source = write_wav(folder / "in.wav", data, 2, kind=kind)
        for option in (("--enabled", "0"), ("--reduction", "0")):
            for rate in (RATE, 44100):
                write_wav(source, data, 2, rate, kind)
                render(*option, source, folder / "out.wav")
                out = data_of(folder / "out.wav")
                assert out[:len(data)] == data, (kind, option, rate)


@test
def endings_that_cannot_be_written_are_refused(folder):
    source = source_file(folder)
    for ending in ("M4A", "mp4"):
        fails("--record", folder / f"out.{ending}", code=2, command="live")
    for ending in ("docx", "txt", "amr", "wma", "png", "sd2"):
        out = folder / f"out.{ending}"
        fails(source, out, code=2)
        fails("--record", out, code=2, command="live")
        assert not out.exists(), ending
    text = fails(source, folder / "out.docx", code=2)
    assert "flac" in text and "--format" in text, text
    fails(folder / "missing.wav", folder / "out.docx", code=2)
    render("--format", "flac", source, folder / "out.docx")
    assert (folder / "out.docx").read_bytes()[:4] == b"fLaC"
    for name in ("out", "out.2026", "v1.by Ann", ".hidden", "a.b/out"):
        (folder / "a.b").mkdir(exist_ok=True)
        render(source, folder / name)
        assert (folder / name).read_bytes()[:4] == b"RIFF", name


def described(path):
    """Return what the program says of a file's numbers, rate and length."""
    done = grus("render", "--reduction", "0", "--format", "wav", "--bits",
                "float", "--json", path, "/dev/null")
    told = json.loads(done.stdout)
    return told["sample_rate"], told["frames"]


@test
def numbers_become_the_nearest_that_there_are(folder):
    need("ffmpeg")
    source = write_wav(folder / "in.wav", struct.pack(
        "<48000h", *(round(32767 * x) for x in chirp(RATE, 1))), kind=INT16)
    kinds = {"pcm_u8": "wav", "pcm_s16le": "wav", "pcm_s24le": "wav",
             "pcm_s32le": "wav", "pcm_f32le": "wav", "pcm_f64le": "wav",
             "pcm_alaw": "wav", "pcm_mulaw": "wav", "adpcm_ima_wav": "wav",
             "adpcm_ms": "wav", "libmp3lame": "mp3", "mp2": "mp2",
             "flac": "flac", "libvorbis": "ogg", "libopus": "opus"}
    wanted_numbers = {
        "wav": {"pcm_u8": (1, 8), "pcm_s16le": (1, 16), "pcm_s24le": (1, 24),
                "pcm_s32le": (1, 32), "pcm_f64le": (3, 64),
                "pcm_alaw": (6, 8), "pcm_mulaw": (7, 8),
                "adpcm_ima_wav": (17, 4), "adpcm_ms": (2, 4),
                "flac": (1, 16)},
        "-": {"pcm_u8": (1, 8), "pcm_s16le": (1, 16), "pcm_s24le": (1, 24),
              "pcm_s32le": (1, 32), "pcm_f64le": (3, 64), "pcm_alaw": (6, 8),
              "pcm_mulaw": (7, 8), "adpcm_ima_wav": (1, 16),
              "adpcm_ms": (1, 16), "flac": (1, 16)}}
    for codec, ending in kinds.items():
        name = folder / f"{codec}.{ending}"
        subprocess.run(["ffmpeg", "-v", "error", "-i", source, "-c:a", codec,
                        "-fflags", "+bitexact", "-flags:a", "+bitexact", name],
                       check=True)
        rate, frames = described(name)
        for out in ("wav", "-", "w64", "aiff", "au", "caf", "flac", "ogg",
                    "opus", "mp3", "rf64", "raw"):
            if out == "-":
                data = render(name, "-").stdout
            else:
                render(name, folder / f"out.{out}")
                data = (folder / f"out.{out}").read_bytes()
            if out not in ("-", "raw"):
                if out == "w64" and ending in ("ogg", "opus"):
                    continue  # libsndfile plays the texts behind the sound
                told = described(folder / f"out.{out}")
                # The last block of ADPCM may be filled up
                more = told[1] - frames if codec.startswith("adpcm") else 0
                assert told == (rate, frames + more), (codec, out, told)
                assert 0 <= more < 4096, (codec, out, told)
            if out in wanted_numbers:
                place = data.index(b"fmt ") + 8
                tag, bits = struct.unpack_from("<H12xH", data, place)
                if tag == 0xFFFE:
                    tag = struct.unpack_from("<H", data, place + 24)[0]
                assert (tag, bits) == wanted_numbers[out].get(
                    codec, (3, 32)), (codec, out, tag, bits)


def chirp(rate, seconds):
    """Return a tone that comes and goes, and is silent at its end."""
    n = int(rate * seconds)
    return [0.4 * math.sin(2 * math.pi * 440 * i / rate)
            * math.sin(math.pi * i / n) ** 2 for i in range(n)]


def worst_shift(path, seconds, rate):
    """Return how far a file is off the tone at a rate."""
    data = data_of(path)
    out = struct.unpack(f"<{len(data) // 4}f", data)
    wanted_tone = chirp(rate, seconds)
    assert len(out) == len(wanted_tone), (len(out), len(wanted_tone))
    return max(abs(a - b) for a, b in zip(out, wanted_tone))


@test
def rates_can_be_chosen_and_sound_stays_where_it_was(folder):
    tone = struct.pack("<44100f", *chirp(44100, 1.0))
    source = write_wav(folder / "in.wav", tone, rate=44100)
    for rate in (44100, 48000, 96000, 22050, 8000):
        for block in ((), ("--block", "77"), ("--block", "44100")):
            render("--enabled", "0", "--rate", rate, *block, source,
                   folder / "out.wav")
            worst = worst_shift(folder / "out.wav", 1.0, rate)
            assert worst < 1e-4, (rate, block, worst)
    for n, rate, n_wanted in ((100, 48000, 109), (1, 48000, 1),
                              (12345, 8000, 2239), (5, 8000, 1)):
        write_wav(source, bytes(4 * n), rate=44100)
        render("--rate", rate, source, folder / "out.wav")
        assert described(folder / "out.wav") == (rate, n_wanted), (n, rate)
    for bad in ("0", "x", "1000000"):
        fails("--rate", bad, source, folder / "no.wav", code=2)
    fails("--rate", 44100, source, folder / "no.opus", code=2, says="44100")
    assert not (folder / "no.wav").exists()


@test
def rates_that_a_format_lacks_are_the_nearest_that_it_has(folder):
    for ending, rate, becomes in (
            ("opus", 44100, 48000), ("opus", 96000, 48000),
            ("mp3", 96000, 48000),
            ("mp3", 88200, 44100), ("mp3", 44100, 44100)):
        sound = struct.pack(f"<{rate}f", *chirp(rate, 1.0))
        source = write_wav(folder / "in.wav", sound, rate=rate)
        out = folder / f"out.{ending}"
        said = grus("render", "--enabled", "0", source, out).stderr.decode()
        assert (f"from {rate} to {becomes} Hz" in said) == (
            rate != becomes), said
        assert described(out) == (becomes, becomes), (ending, rate)
        render("--enabled", "0", "--bits", "float", out, folder / "back.wav")
        worst = worst_shift(folder / "back.wav", 1.0, becomes)
        assert worst < 0.05, (ending, rate, worst)


@test
def quality_is_chosen(folder):
    source = source_file(folder, 96000)
    for ending in ("ogg", "opus", "mp3", "flac"):
        sizes = []
        for quality in ("0", "0.5", "1"):
            out = folder / f"out.{ending}"
            render("--quality", quality, source, out)
            sizes.append(out.stat().st_size)
        assert sorted(sizes, reverse=ending == "flac") == sizes, sizes
        assert sizes[0] != sizes[2], (ending, sizes)
    for bad in ("-1", "1.1", "x", "nan"):
        fails("--quality", bad, source, folder / "no.ogg", code=2)


@test
def the_same_sound_gives_the_same_bytes_at_any_time(folder):
    write_wav(folder / "in.wav", struct.pack("<4800f", *chirp(4800, 1)))
    endings = ("wav", "rf64", "w64", "aiff", "au", "caf", "flac", "ogg",
               "opus", "mp3")
    for name in ("one", "two"):
        for ending in endings:
            render(folder / "in.wav", folder / f"{name}.{ending}")
        time.sleep(1.1)  # Dates count seconds
    for ending in endings:
        one, two = (folder / f"{name}.{ending}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes(), ending
        assert described(one)[1] > 0, ending


@test
def presets_are_those_of_the_live_host(folder):
    source = source_file(folder, 48000)
    preset = json.loads((ROOT / "presets" / "presets.json").read_text())["call"]
    options = [word for name, value in preset.items()
               if isinstance(value, (int, float))
               for word in (f"--{name.replace('_', '-')}", value)]
    for more in ((), ("--reduction", "6")):
        assert wanted(folder, "--preset", "call", *more) == wanted(
            folder, *options, *more)
    assert wanted(folder, "--preset", "call") != wanted(folder)
    fails("--preset", "none", source, folder / "no.wav", code=2, says="gentle")


@test
def json_is_valid_for_any_path(folder):
    out = os.fsencode(folder) + b"/\xff-\xc3\xa9.wav"
    done = subprocess.run([GRUS, "render", "--json", source_file(folder), out],
                          capture_output=True, check=True)
    assert json.loads(done.stdout)["output"].endswith("/\ufffd-é.wav")


@test
def several_inputs_are_told_how(folder):
    source = source_file(folder)
    text = fails(source, source, folder / "out.wav", code=2)
    assert "grus render --output-dir DIR INPUT..." in text, text


if __name__ == "__main__":
    tap.main_of_program()
