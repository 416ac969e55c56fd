#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""All of a sound file is read, and what is wrong with it is told in one line.

Lengths and samples are those that ffmpeg decodes.  Prints TAP.

    sound_input_test.py build/tools/grus
"""

import array
import os
import pathlib
import random
import struct
import subprocess
import sys

import tap
from tap import need, test

GRUS = os.path.abspath(sys.argv[1])
RATE = 48000
N_FRAMES = 96000


def samples(n=N_FRAMES):
    """Return noise of 16 bits."""
    rand = random.Random(1)
    return array.array("h", [rand.randrange(-9000, 9000) for _ in range(n)])


def chunk(name, data, size=None):
    size = len(data) if size is None else size
    return name + struct.pack("<I", size) + data


def wav(data, size=None, riff=None, behind=b"", bits=16):
    """Return a mono WAV file whose header may tell wrong sizes."""
    body = b"WAVE" + chunk(b"fmt ", struct.pack(
        "<HHIIHH", 1, 1, RATE, RATE * bits // 8, bits // 8, bits))
    body += chunk(b"data", data, size) + behind
    return chunk(b"RIFF", body, riff)


def write(path, data):
    path.write_bytes(data)
    return path


def source(folder):
    return write(folder / "in.wav", wav(samples().tobytes()))


def ffmpeg(*args):
    need("ffmpeg")
    done = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *args],
                          capture_output=True, check=False)
    if done.returncode:
        raise tap.Skip(f"ffmpeg cannot do {args[-1]}")
    return args[-1]


def decoded(path):
    """Return the floats that ffmpeg decodes."""
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "quiet", "-i", path, "-f", "f32le", "-"],
        capture_output=True, check=False)
    return array.array("f", done.stdout)


def render(path, *options, data=None):
    """Return status, floats and what was said, with nothing taken away."""
    done = subprocess.run(
        [GRUS, "render", "-q", "-m", "voice-light", "-r", "0", "-b", "float",
         "-f", "raw", *options, path, "-"],
        input=data, capture_output=True, check=False)
    floats = array.array("f")
    floats.frombytes(done.stdout[:len(done.stdout) // 4 * 4])
    said = done.stderr.decode(errors="replace").splitlines()
    return done.returncode, floats, [
        line for line in said if "not kept in" not in line]


def is_near(a, b, tolerance=1e-4):
    return len(a) == len(b) and all(
        abs(x - y) <= tolerance for x, y in zip(a, b))


def reads(path, wanted, *says):
    """Check that all is read, from a file and from a pipe."""
    code, found, said = render(path)
    assert code == 0, said
    assert len(found) == len(wanted), (path, len(found), len(wanted))
    assert is_near(found, wanted), path
    told = [f'grus render: warning: "{path}" {text}' for text in says]
    assert said == told, said
    code, piped, said = render("-", data=path.read_bytes())
    assert code == 0 and piped == found, (path, said, len(piped))


def refuses(path, says, *options):
    code, _, said = render(path, *options)
    assert code == 1 and len(said) == 1 and says in said[0], (code, said)


@test
def mp3_is_read_to_its_end(folder):
    path = source(folder)
    for name, options in (
            ("cbr.mp3", ("-b:a", "128k")),
            ("vbr.mp3", ("-q:a", "4")),
            ("cbr-untagged.mp3", ("-b:a", "128k", "-write_xing", "0")),
            ("vbr-untagged.mp3", ("-q:a", "4", "-write_xing", "0")),
            ("half-rate.mp3", ("-ar", "22050", "-b:a", "48k"))):
        out = ffmpeg("-i", path, "-c:a", "libmp3lame", *options, folder / name)
        reads(out, decoded(out))
    for name, codec in (("a.mp2", "mp2"), ("mp3.wav", "libmp3lame")):
        out = ffmpeg("-i", path, "-c:a", codec, folder / name)
        reads(out, decoded(out))


@test
def mp3_of_variable_rate_is_whole_where_libsndfile_estimates(folder):
    quiet = array.array("h", [0] * (20 * RATE)).tobytes()
    path = write(folder / "in.wav", wav(quiet + samples().tobytes()))
    out = ffmpeg("-i", path, "-c:a", "libmp3lame", "-q:a", "2", "-write_xing",
                 "0", folder / "out.mp3")
    _, found, said = render(out)
    assert len(found) == len(decoded(out)) and not said, (len(found), said)


@test
def damaged_mp3_goes_on_and_says_so(folder):
    out = ffmpeg("-i", source(folder), "-c:a", "libmp3lame", "-b:a", "128k",
                 folder / "out.mp3")
    data = bytearray(out.read_bytes())
    data[16000:17000] = b"\x55" * 1000
    damaged = write(folder / "damaged.mp3", data)
    code, found, said = render(damaged)
    assert code == 0 and 85000 < len(found) < N_FRAMES, len(found)
    assert len(said) == 1 and '" is damaged at 1.0 s; all' in said[0], said
    cut = write(folder / "cut.mp3", out.read_bytes()[:16000])
    _, found, said = render(cut)
    assert len(said) == 1 and (
        f"is cut short after {len(found)} of {N_FRAMES} frames" in said[0]), said


@test
def mp3_of_nothing_but_damage_is_told_in_one_line(folder):
    path = write(folder / "in.mp3", b"ID3\x03\0\0\0\0\0\x0a" + bytes(10) +
                 b"\xff\xfb\x90\xc4" + bytes(200))
    refuses(path, "damaged")


@test
def flac_of_unknown_length_and_put_together_is_read(folder):
    path = source(folder)
    wanted = array.array("f", [x / 32768 for x in samples()])
    out = ffmpeg("-i", path, folder / "out.flac")
    data = bytearray(out.read_bytes())
    reads(out, wanted)
    reads(write(folder / "two.flac", bytes(data + data)), wanted + wanted)
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    unknown = write(folder / "unknown.flac", data)
    reads(unknown, wanted)
    done = subprocess.run([GRUS, "render", "-q", unknown, folder / "out.wav"],
                          capture_output=True, check=True)
    assert not done.stderr, done
    assert (folder / "out.wav").read_bytes()[:4] == b"RIFF"


@test
def flac_that_tells_a_false_length_tells_pipes_none(folder):
    """What a pipe's header says cannot be taken back."""
    out = ffmpeg("-i", source(folder), folder / "out.flac")
    data = out.read_bytes()
    more = bytearray(data)
    more[22:26] = struct.pack(">I", 2 * N_FRAMES)
    files = {"right": (data, N_FRAMES, N_FRAMES), "more": (bytes(more), None, N_FRAMES),
             "two": (data + data, None, 2 * N_FRAMES), "cut": (data[:-9000], None, None)}
    for name, (file, told, there) in files.items():
        path = write(folder / f"{name}.flac", file)
        done = subprocess.run([GRUS, "render", "-q", "-m", "voice-light", "-b", "16", path, "-"],
                              capture_output=True, check=True)
        size = struct.unpack_from("<I", done.stdout, 40)[0]
        assert size == (0xFFFFFFFF if told is None else 2 * told), (name, size)
        assert there is None or len(done.stdout) == 44 + 2 * there, (name, len(done.stdout))


@test
def damaged_flac_keeps_its_time(folder):
    out = ffmpeg("-i", source(folder), folder / "out.flac")
    data = bytearray(out.read_bytes())
    half = len(data) // 2
    data[half:half + 100] = b"\x55" * 100
    code, found, said = render(write(folder / "damaged.flac", data))
    wanted = array.array("f", [x / 32768 for x in samples()])
    assert code == 0 and len(found) == N_FRAMES, len(found)
    assert is_near(found[:40000], wanted[:40000])
    assert is_near(found[-30000:], wanted[-30000:])
    assert len(said) == 1 and "is damaged" in said[0], said


@test
def chained_ogg_is_read_to_its_end(folder):
    """Also where links are alike down to their serial number, and from pipes.

    A link of Vorbis lasts as long as its last page tells, 96000 frames;
    ffmpeg leaves 128 of them out.
    """
    path = source(folder)
    for ending, codec in (("ogg", "libvorbis"), ("opus", "libopus"), ("oga", "flac")):
        one = ffmpeg("-i", path, "-c:a", codec, folder / f"one.{ending}")
        two = ffmpeg("-i", path, "-c:a", codec, "-serial_offset", "9", folder / f"two.{ending}")
        _, first, said = render(one)
        wanted = N_FRAMES if ending == "ogg" else len(decoded(one))
        assert not said and len(first) == wanted, (ending, len(first), said)
        chain = one.read_bytes() * 2 + two.read_bytes() + one.read_bytes()
        for where, data in ((write(folder / f"all.{ending}", chain), None), ("-", chain)):
            code, found, said = render(where, data=data)
            assert (code, said) == (0, []), (ending, said)
            assert len(found) == 4 * wanted and is_near(found, first * 4), (ending, len(found))
        cut = write(folder / f"cut.{ending}", one.read_bytes()[:-3000])
        _, found, said = render(cut)
        assert len(said) == 1 and "is cut short" in said[0], (ending, said)


@test
def mp3_put_together_keeps_no_delay_of_the_encoder(folder):
    path = source(folder)
    for tags in ("3", "0"):  # Of ID3v2; without them the frames touch
        options = ("-c:a", "libmp3lame", "-id3v2_version", tags)
        one = ffmpeg("-i", path, *options, folder / "one.mp3")
        other = ffmpeg("-i", path, *options, "-q:a", "5", "-t", "0.7", folder / "b.mp3")
        both = one.read_bytes() + other.read_bytes()
        wanted = render(one)[1] + render(other)[1]
        for where, data in ((write(folder / "both.mp3", both), None), ("-", both)):
            code, found, said = render(where, data=data)
            assert (code, said) == (0, []), said
            assert len(found) == len(wanted) == N_FRAMES + 33600, (len(found), len(wanted))
            assert is_near(found, wanted)


@test
def parts_of_another_rate_are_converted(folder):
    sound = samples(24000).tobytes()
    slow = bytearray(wav(sound))
    struct.pack_into("<II", slow, 24, RATE // 2, RATE)
    code, found, said = render(write(folder / "in.wav", wav(sound) + slow))
    assert (code, said) == (0, []), said
    assert abs(len(found) - 72000) <= 1, len(found)


@test
def sizes_that_lie_lose_no_samples(folder):
    data = samples().tobytes()
    wanted = array.array("f", [x / 32768 for x in samples()])
    untold = ("was never finished: its header does not tell the length, all "
              "that is there is read",)
    for size, riff in ((0, 0), (0, None), (0xFFFFFFFF, 0xFFFFFFFF),
                       (0x7FFFF000, 0x7FFFF024), (0, 36)):
        reads(write(folder / "in.wav", wav(data, size, riff)), wanted, *untold)
    cut = write(folder / "cut.wav", wav(data)[:44 + 50001])
    reads(cut, wanted[:25000], f"is cut short after 25000 of {N_FRAMES} frames")
    tags = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"Name\0\0"))
    reads(write(folder / "tags.wav", wav(data, behind=tags)), wanted)
    junk = write(folder / "junk.wav", wav(data) + b"\3" * 9999)
    _, found, said = render(junk)
    assert is_near(found, wanted)
    assert said == [f'grus render: warning: "{junk}" has 9999 bytes behind its '
                    "sound that are left out"], said
    reads(write(folder / "two.wav", wav(data) * 2), wanted + wanted)
    rf64 = b"RF64" + wav(data, 0xFFFFFFFF, 0xFFFFFFFF)[4:]
    reads(write(folder / "no-ds64.wav", rf64), wanted, *untold)


@test
def odd_number_of_bytes_is_no_frame_more(folder):
    data = bytes(128 + (i % 50) for i in range(4801))
    tags = b"\0" + chunk(b"LIST", b"INFO" + chunk(b"INAM", b"Name\0\0"))
    path = write(folder / "in.wav", wav(data, behind=tags, bits=8))
    reads(path, array.array("f", [(x - 128) / 128 for x in data]))


@test
def sizes_of_other_containers_may_lie_too(folder):
    path = source(folder)
    wanted = array.array("f", [x / 32768 for x in samples()])
    for ending, name, size in (("aiff", b"SSND", 4), ("caf", b"data", 8),
                               ("au", b".snd", 4), ("w64", b"data", 8)):
        out = ffmpeg("-i", path, "-c:a",
                     "pcm_s16le" if ending == "w64" else "pcm_s16be",
                     folder / f"out.{ending}")
        reads(out, wanted)
        data = bytearray(out.read_bytes())
        at = data.index(name) + {"au": 8, "w64": 16}.get(ending, 4)
        for byte in (b"\0", b"\xff"):
            data[at:at + size] = byte * size
            _, found, said = render(write(folder / f"lies.{ending}", data))
            assert is_near(found, wanted), (ending, byte, len(found), said)


@test
def what_is_no_sound_is_told_in_one_line(folder):
    for name, data in (("empty.wav", b""), ("none.wav", wav(b"")),
                       ("text.wav", b"no sound" * 99),
                       ("page.html", b"<html><body>x</body></html>"),
                       ("cut.flac", b"fLaC\0\0\0\x22"),
                       ("cut.ogg", b"OggS" + bytes(99))):
        refuses(write(folder / name, data), str(folder / name))
    refuses(folder, "is a folder")
    refuses(folder / "none", "No such file")
    code, _, said = render("/dev/null")
    assert code == 1 and len(said) == 1, said


@test
def raw_numbers_are_what_is_said(folder):
    sound = samples(9600)
    swapped = array.array("h", sound)
    swapped.byteswap()
    wanted = array.array("f", [x / 32768 for x in sound])
    for name, data in (
            ("s16", sound.tobytes()), ("s16le", sound.tobytes()),
            ("s16be", swapped.tobytes()), ("f32", wanted.tobytes()),
            ("f64", array.array("d", wanted).tobytes()),
            ("s24be", b"".join(struct.pack(">i", x << 16)[:3] for x in sound)),
            ("s32", array.array("i", [x << 16 for x in sound]).tobytes())):
        path = write(folder / "in.raw", data)
        for where, bytes_in in ((path, None), ("-", data)):
            code, found, said = render(where, "--raw-rate", "48000",
                                       "--raw-format", name, data=bytes_in)
            assert code == 0 and not said, said
            assert is_near(found, wanted), name
    done = subprocess.run(
        [GRUS, "render", "-q", "-r", "0", "--raw-rate", "48000",
         "--raw-format", "s24be", "-f", "raw", "-", "-"],
        input=b"".join(struct.pack(">i", x << 16)[:3] for x in sound),
        capture_output=True, check=True)
    assert len(done.stdout) == 3 * 9600


def law_words(code, law):
    """Return the 16 bits that a byte of G.711 stands for."""
    bits = code ^ (0xFF if law == "ulaw" else 0x55)
    step, place = bits & 15, bits >> 4 & 7
    if law == "ulaw":
        value = ((2 * step + 33 << place) - 33) * 4
        return -value if bits & 128 else value
    value = (2 * step + 33 << place - 1) * 8 if place else (2 * step + 1) * 8
    return value if bits & 128 else -value


@test
def raw_bytes_are_what_is_said_and_stay(folder):
    sound = bytes(range(256)) * 40
    for names, wanted in (
            (("ulaw", "u-law", "mulaw"), [law_words(x, "ulaw") for x in sound]),
            (("alaw", "a-law"), [law_words(x, "alaw") for x in sound]),
            (("u8",), [(x - 128) * 256 for x in sound]),
            (("s8",), [(x ^ 128) * 256 - 32768 for x in sound])):
        wanted = array.array("f", [x / 32768 for x in wanted])
        path = write(folder / f"in.{names[0]}", sound)
        for name in names:
            for where, data in ((path, None), ("-", sound)):
                code, found, said = render(where, "--raw-rate", "48000",
                                           "--raw-format", name, data=data)
                assert code == 0 and not said and is_near(found, wanted), (name, said)
            done = subprocess.run(
                [GRUS, "render", "-q", "-r", "0", "-m", "voice-light", "--raw-rate",
                 "48000", "--raw-format", name, "-f", "raw", path, "-"],
                capture_output=True, check=True)
            # Both zeros of u-law are one; it has no word for the other
            assert done.stdout.replace(b"\x7f", b"\xff") == sound.replace(
                b"\x7f", b"\xff"), name


@test
def raw_sound_whose_rate_nobody_tells_is_refused(folder):
    for ending in ("ul", "al", "sb", "ub"):
        refuses(write(folder / f"in.{ending}", bytes(range(256)) * 40),
                "--raw-rate 8000 --raw-format ulaw (or alaw)")
    data = array.array("d", [x / 32768 for x in samples(9600)]).tobytes()
    for ending in ("raw", "PCM"):
        refuses(write(folder / f"in.{ending}", data),
                "is raw sound, which tells no rate; give it, like --raw-rate 48000")


@test
def mp3_in_free_format_is_named(folder):
    need("ffmpeg")
    path = folder / "in.mp3"
    subprocess.run(["ffmpeg", "-v", "error", "-i", source(folder), "-ar", "48000", "-b:a",
                    "160k", "-write_xing", "0", "-id3v2_version", "0", path], check=True)
    data = bytearray(path.read_bytes())
    assert len(data) % 480 == 0 and all(data[at:at + 2] == b"\xff\xfb"
                                        for at in range(0, len(data), 480))
    for at in range(0, len(data), 480):
        data[at + 2] &= 0x0F  # No bit rate
    refuses(write(folder / "free.mp3", data), "free format, which Grus does not read; "
            "first make it WAV: lame --decode")


@test
def raw_numbers_that_cannot_be_are_refused(folder):
    path = write(folder / "in.raw", samples(4801).tobytes()[:9601])
    refuses(path, "like --raw-format s16", "--raw-rate", "48000")
    code, found, said = render(path, "--raw-rate", "48000", "--raw-format",
                               "s16", "--raw-channels", "2")
    assert code == 0 and len(found) == 4800, (len(found), said)
    assert said == [f'grus render: warning: "{path}" ends 1 bytes into a frame '
                    "of 4: are --raw-format and --raw-channels right?"], said
    done = subprocess.run([GRUS, "render", "--raw-format", "s17", path, "-"],
                          capture_output=True, check=False)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1, done


@test
def ffmpeg_reads_what_nothing_else_does(folder):
    path = source(folder)
    wanted = array.array("f", [x / 32768 for x in samples()])
    for name in ("a.m4a", "-a:b%d.m4a", "a.mkv", "a.webm", "a.aac", "a.ac3"):
        out = pathlib.Path(ffmpeg("-i", path, f"file:{folder / name}")[5:])
        reads(out, decoded(f"file:{out}"))
    for ending in ("m4a", "caf"):
        out = ffmpeg("-i", path, "-c:a", "alac", folder / f"alac.{ending}")
        reads(out, wanted)
        done = subprocess.run([GRUS, "render", "-q", out, folder / "a.wav"],
                              capture_output=True, check=True)
        bits = struct.unpack_from("<H", (folder / "a.wav").read_bytes(), 34)
        assert bits == (16,), (bits, done.stderr)


@test
def ffmpeg_that_finds_less_is_told(folder):
    out = ffmpeg("-i", source(folder), "-movflags", "faststart",
                 folder / "in.m4a")
    cut = write(folder / "cut.m4a", out.read_bytes()[:9000])
    code, found, said = render(cut)
    assert code == 0 and 0 < len(found) < N_FRAMES, len(found)
    assert said == [f'grus render: warning: "{cut}" is damaged or cut short; '
                    "all that ffmpeg can read is there"], said
    done = subprocess.run([GRUS, "render", "-q", out, folder / "out.wav"],
                          env={"PATH": str(folder)}, capture_output=True,
                          check=False)
    assert done.returncode == 1 and done.stderr.count(b"\n") == 1, done
    assert b"is not installed" in done.stderr, done
    assert not (folder / "out.wav").exists()


if __name__ == "__main__":
    tap.main_of_program()
