#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Every channel stays on its speaker, whatever format it goes through.

Each channel has a tone of its own, and ffmpeg tells which speaker plays it.
Prints TAP.

    sound_layout_test.py build/tools/grus
"""

import array
import math
import os
import struct
import subprocess
import sys

import tap
from tap import test

GRUS = os.path.abspath(sys.argv[1])
RATE = 48000
N_FRAMES = 9600
PERIOD = 960  # Of all tones, in frames
TONES = [50, 300, 400, 500, 600, 700, 800, 900, 1000, 1100]
WAVES = {tone: [math.sin(2 * math.pi * tone * i / RATE)
                for i in range(PERIOD)] for tone in TONES}
GUID_END = bytes.fromhex("000000001000800000aa00389b71")

LAYOUTS = {"stereo": (2, 0x3), "2.1": (3, 0xB), "3.0": (3, 0x7),
           "quad": (4, 0x33), "4.0": (4, 0x107), "5.0": (5, 0x37),
           "5.0(side)": (5, 0x607), "5.1": (6, 0x3F), "5.1(side)": (6, 0x60F),
           "6.1": (7, 0x70F), "7.1": (8, 0x63F), "7.1(wide)": (8, 0xFF),
           "BL+BR": (2, 0x30), "FL": (1, 0x1)}


def run(*args, **options):
    """Run another program, return what it writes."""
    return subprocess.run([*map(str, args)], stdout=subprocess.PIPE, check=True,
                          timeout=60, **options).stdout


def render(*args, code=0, **options):
    """Change no sample, check the exit status, return what was said."""
    done = subprocess.run([GRUS, "render", "--quiet", "--reduction", "0",
                           *map(str, args)], capture_output=True, timeout=60,
                          check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done.stderr.decode()


def says_nothing(*args, **options):
    """Change no sample, without a word."""
    text = render(*args, **options)
    assert not text, (args, text)


def tones(mask, n_channels):
    """Return frames whose LFE plays the lowest tone, the others theirs."""
    speakers = [bit for bit in range(18) if mask >> bit & 1]
    names = [0 if bit == 3 else 1 + c for c, bit in enumerate(speakers)]
    names += range(1 + len(names), 1 + n_channels)
    return [TONES[name] for name in names]


def wav(path, n_channels, mask, bits=16, extensible=True):
    """Write a WAV file of one tone a channel; return the tones."""
    own = tones(mask, n_channels)
    data = array.array("h", [round(9000 * WAVES[tone][i])
                             for i in range(PERIOD) for tone in own]).tobytes()
    data *= N_FRAMES // PERIOD
    if bits == 24:
        data = b"".join(b"\0" + data[i:i + 2] for i in range(0, len(data), 2))
    size = n_channels * bits // 8
    head = struct.pack("<HHIIHH", 0xFFFE if extensible else 1, n_channels,
                       RATE, RATE * size, size, bits)
    if extensible:
        head += struct.pack("<HHIH", 22, bits, mask, 1) + GUID_END
    body = (b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" +
            struct.pack("<I", len(data)) + data)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return own


def mask_of(data):
    """Return the format, channels and mask of a WAV header, mask None."""
    place = data.index(b"fmt ")
    kind, channels = struct.unpack_from("<HH", data, place + 8)
    mask = struct.unpack_from("<I", data, place + 28)[0]
    return kind, channels, mask if kind == 0xFFFE else None


def name_of(path):
    """Return ffprobe's name of a layout."""
    return run("ffprobe", "-v", "error", "-show_entries",
               "stream=channel_layout", "-of", "csv=p=0", path).decode().strip()


def loudest(path, n_channels):
    """Return the loudest tone of each channel as ffmpeg decodes a file."""
    sound = array.array("f")
    sound.frombytes(run("ffmpeg", "-v", "error", "-i", path, "-f", "f32le",
                        "-"))
    sound = sound[4 * PERIOD * n_channels:5 * PERIOD * n_channels]
    assert len(sound) == PERIOD * n_channels, len(sound)
    return [loudest_tone(sound[c::n_channels]) for c in range(n_channels)]


def loudest_tone(sound):
    """Return which tone is the loudest in a period of all of them."""
    def power(tone):
        wave, cos = WAVES[tone], PERIOD - RATE // (4 * tone)
        return (sum(map(float.__mul__, sound, wave))**2 +
                sum(map(float.__mul__, sound, wave[cos:] + wave[:cos]))**2)
    return max(TONES, key=power)


@test
def usual_layouts_stay_in_all_formats(folder):
    tap.need("ffmpeg")
    source = folder / "in.wav"
    for name in ("3.0", "quad", "5.0", "5.1", "6.1", "7.1"):
        n, mask = LAYOUTS[name]
        own = wav(source, n, mask)
        endings = ["ogg", "opus"]
        if name == "5.1":
            endings += ["flac", "caf", "aiff", "au", "w64", "rf64", "wav"]
        for ending in endings:
            out = folder / f"out.{ending}"
            says_nothing(source, out)
            assert loudest(out, n) == own, (name, ending, loudest(out, n), own)
            says_nothing(out, folder / "back.wav")
            assert loudest(folder / "back.wav", n) == own, (name, ending)


@test
def ogg_of_others_is_read_in_its_order(folder):
    tap.need("ffmpeg")
    source = folder / "in.wav"
    for name in ("3.0", "quad", "5.0", "5.1", "6.1", "7.1"):
        n, mask = LAYOUTS[name]
        wav(source, n, mask)
        for codec, ending in (("libvorbis", "ogg"), ("libopus", "opus")):
            made = folder / f"in.{ending}"
            run("ffmpeg", "-v", "error", "-y", "-i", source, "-c:a", codec,
                made)
            says_nothing(made, folder / "out.wav")
            assert mask_of((folder / "out.wav").read_bytes()) == (
                0xFFFE, n, mask), (name, ending)
            played = loudest(made, n)  # ffmpeg 5.1 writes Opus of 5.0 wrongly
            assert loudest(folder / "out.wav", n) == played, (name, ending)


@test
def layouts_keep_their_names(folder):
    tap.need("ffprobe")
    source = folder / "in.wav"
    for name, (n, mask) in LAYOUTS.items():
        wav(source, n, mask, 24 if n % 2 else 16)
        told = name_of(source)
        for ending in ("wav", "rf64", "w64", "caf", "aiff", "flac"):
            out = folder / f"out.{ending}"
            says_nothing(source, out)
            if mask != 3:  # Which nobody has to be told
                assert name_of(out) == told, (name, ending, name_of(out))
            says_nothing(out, folder / "back.wav")
            back = mask_of((folder / "back.wav").read_bytes())
            wanted = (0xFFFE, n, mask) if mask != 3 else (1, 2, None)
            assert back == wanted, (name, ending, back)


@test
def masks_with_fewer_bits_than_channels_stay(folder):
    source = folder / "in.wav"
    wav(source, 8, 0x3F)
    for ending in ("wav", "rf64", "w64", "caf", "aiff", "flac"):
        says_nothing(source, folder / f"out.{ending}")
        says_nothing(folder / f"out.{ending}", folder / "back.wav")
        back = mask_of((folder / "back.wav").read_bytes())
        assert back == (0xFFFE, 8, 0x3F), (ending, back)


@test
def floats_in_w64_are_floats_for_everybody(folder):
    """libsndfile, which sox reads W64 with, takes extensible floats there for
    whole numbers; so the speakers are the usual ones, or are named as lost."""
    tap.need("ffmpeg", "sox")
    options = "--bits", "float", "--reduction", "0"
    for n, mask, lost in ((1, 4, None), (2, 3, None), (6, 0x3F, None), (8, 0x63F, None),
                          (6, 0x60F, "5.1(side)"), (2, 0x30, "BL+BR")):
        wav(folder / "in.wav", n, mask)
        out = folder / "out.w64"
        said = render(*options, folder / "in.wav", out)
        assert said == ("" if lost is None else f'grus render: warning: the format of "{out}" '
                        f"cannot name the speakers {lost}: the channels keep their order\n"), said
        says_nothing(*options, folder / "in.wav", folder / "float.raw")
        wanted = (folder / "float.raw").read_bytes()
        assert run("ffmpeg", "-v", "error", "-i", out, "-f", "f32le", "-") == wanted, (n, mask)
        theirs = array.array("f", run("sox", out, "-t", "f32", "-"))
        ours = array.array("f", wanted)
        scale = max(theirs) / max(ours)  # sox has libsndfile make floats as loud as can be
        assert len(theirs) == len(ours) and max(
            abs(x * scale - y) for x, y in zip(ours, theirs)) < 1e-4, (n, mask)
        says_nothing(*options, out, folder / "back.raw")
        assert (folder / "back.raw").read_bytes() == wanted, (n, mask)


@test
def nothing_is_made_up(folder):
    source = folder / "in.wav"
    for n in range(1, 9):
        wav(source, n, 0, extensible=False)
        says_nothing(source, folder / "out.wav")
        assert mask_of((folder / "out.wav").read_bytes()) == (1, n, None), n


@test
def pipes_get_the_header_that_the_standard_asks_for(folder):
    source = folder / "in.wav"
    for n, mask, bits, extensible, wanted in (
            (1, 4, 16, False, (1, 1, None)), (2, 3, 16, True, (1, 2, None)),
            (1, 4, 24, False, (0xFFFE, 1, 4)),
            (2, 3, 24, False, (0xFFFE, 2, 3)),
            (2, 0x30, 16, True, (0xFFFE, 2, 0x30)),
            (6, 0x60F, 16, True, (0xFFFE, 6, 0x60F)),
            (4, 0, 16, False, (0xFFFE, 4, 0))):
        wav(source, n, mask, bits, extensible)
        piped = run(GRUS, "render", "--quiet", source, "-")
        assert mask_of(piped) == wanted, (wanted, mask_of(piped))
        size = 8 + piped.index(b"data")
        assert len(piped) - size == N_FRAMES * n * bits // 8, len(piped)
        assert piped[4:8] == struct.pack("<I", len(piped) - 8)


@test
def what_a_format_cannot_hold_is_told(folder):
    source = folder / "in.wav"
    for name, ending, says in (
            ("5.1(side)", "ogg", "cannot hold the speakers 5.1(side): they "
             "become 5.1"), ("4.0", "opus", "4.0: they become quad"),
            ("2.1", "ogg", "2.1: they become 3.0"),
            ("BL+BR", "ogg", "BL+BR: they become stereo"),
            ("4.0", "au", "cannot name the speakers 4.0"),
            ("FL", "mp3", "cannot name the speakers FL")):
        n, mask = LAYOUTS[name]
        wav(source, n, mask)
        text = render(source, folder / f"out.{ending}")
        assert text.count("\n") == 1 and says in text, (name, ending, text)
    wav(source, 6, 0, extensible=False)
    text = render(source, folder / "out.opus")
    assert text.count("\n") == 1 and "does not name the speakers" in text, text
    says_nothing(folder / "out.opus", folder / "out.wav")


@test
def no_voice_becomes_low_frequency_effects(folder):
    source = folder / "in.wav"
    wav(source, 6, 0x137)
    for ending in ("ogg", "opus"):
        text = render(source, folder / f"out.{ending}", code=2)
        assert text.count("\n") == 1, text
        assert "cannot hold the speakers hexagonal, only 5.1" in text, text
    assert os.listdir(folder) == ["in.wav"]


def caf(path, layout, n_channels, frames):
    """Write a CAF file of 16 bits with a chunk that tells the layout."""
    desc = struct.pack(">d4s5I", RATE, b"lpcm", 0, 2 * n_channels, 1,
                       n_channels, 16)
    data = struct.pack(">I", 0) + frames
    chunks = ((b"desc", desc), (b"chan", layout), (b"data", data))
    path.write_bytes(b"caff" + struct.pack(">HH", 1, 0) + b"".join(
        name + struct.pack(">q", len(body)) + body for name, body in chunks))


@test
def apple_layouts_are_read(folder):
    def labels(*numbers):
        return struct.pack(">3I", 0, 0, len(numbers)) + b"".join(
            struct.pack(">5I", number, 0, 0, 0, 0) for number in numbers)

    def tag(number, n):
        return struct.pack(">3I", number << 16 | n, 0, 0)

    # Channels of the file in the order of Grus, and their speakers
    for layout, order, mask in (
            (tag(124, 6), (1, 2, 0, 5, 3, 4), 0x3F),   # C L R Ls Rs LFE
            (tag(123, 6), (0, 2, 1, 5, 3, 4), 0x3F),   # L C R Ls Rs LFE
            (tag(121, 6), (0, 1, 2, 3, 4, 5), 0x3F),   # L R C LFE Ls Rs
            (tag(128, 8), (0, 1, 2, 3, 6, 7, 4, 5), 0x63F),
            (tag(116, 4), (1, 2, 0, 3), 0x107),        # C L R Cs
            (tag(100, 1), (0,), 0x4),
            (labels(3, 1, 2), (1, 2, 0), 0x7),
            (labels(6, 5), (1, 0), 0x30),
            (labels(1, 1, 2), (0, 1, 2), None),        # Two on one speaker
            (labels(1, 2, 0xFFFFFFFF, 4), (0, 1, 3, 2), 0xB),
            (tag(999, 3), (0, 1, 2), None),
            (b"\0\0", (0, 1), None)):
        n = len(order)
        source = folder / "in.caf"
        values = [1000 * (c + 1) for c in range(n)]
        caf(source, layout, n, struct.pack(f">{n}h", *values) * 480)
        says_nothing(source, folder / "out.wav")
        data = (folder / "out.wav").read_bytes()
        wanted = (1, n, None) if mask in (None, 4) else (0xFFFE, n, mask)
        assert mask_of(data) == wanted, (wanted, mask_of(data))
        place = data.index(b"data") + 8
        first = struct.unpack_from(f"<{n}h", data, place + 200 * n)
        for c, value in zip(order, first):
            assert abs(value - values[c]) <= 2, (layout, first)


if __name__ == "__main__":
    tap.main_of_program()
