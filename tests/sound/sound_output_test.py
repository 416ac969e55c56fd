#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Where sound goes, as a user says it: links, descriptors, files that are
there.

Whoever names a place relies on this: the sound gets there, whatever leads
there stays what it was, and nothing that was there is lost unasked.  Prints
TAP.

    sound_output_test.py build/tools/grus
"""

import array
import errno
import json
import math
import os
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import threading
import time

import rights
import tap
from tap import Skip, need, test

GRUS = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parents[2]
RATE = 48000


def grus(*args, code=0, **options):
    """Run the program, check its exit status, return what it did."""
    options.setdefault("stdout", subprocess.PIPE)
    done = subprocess.run([GRUS, *map(str, args)], stderr=subprocess.PIPE,
                          timeout=120, check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def render(*args, **options):
    """Run `grus render` without a word."""
    return grus("render", "--quiet", *args, **options)


def fails(*args, code=1, says="", command="render", **options):
    """Run the program, which must fail with one line on stderr."""
    text = grus(command, *args, code=code, **options).stderr.decode()
    assert text.count("\n") == 1, text
    assert text.startswith(f"grus {command}: ") and says in text, text
    return text


def noise(n_frames, n_channels=1):
    """Noise as whole numbers of 16 bits."""
    rand = random.Random(n_frames)
    return array.array("h", [rand.randint(-9000, 9000)
                             for _ in range(n_frames * n_channels)])


def wav(path, data, n_channels=1, rate=RATE, kind=(1, 16)):
    """Write a WAV file of bytes; `kind` is its format tag and bits."""
    size = n_channels * kind[1] // 8
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE",
                       b"fmt ", 16, kind[0], n_channels, rate, rate * size,
                       size, kind[1], b"data", len(data))
    path.write_bytes(head + data)
    return path


def source_file(folder, n_frames=4800):
    """Write a sound file to clean."""
    return wav(folder / "in.wav", noise(n_frames).tobytes())


def wanted(folder, *options):
    """Return the bytes that an ordinary output gets."""
    render(*options, folder / "in.wav", folder / "wanted.wav")
    data = (folder / "wanted.wav").read_bytes()
    (folder / "wanted.wav").unlink()
    return data


def data_of(data):
    """Return the data chunk of a RIFF file's bytes."""
    place = 12
    while data[place:place + 4] != b"data":
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    size = struct.unpack_from("<I", data, place + 4)[0]
    return data[place + 8:place + 8 + size]


@test
def links_stay_and_lead_to_the_sound(folder):
    source = source_file(folder)
    sound = wanted(folder)
    (folder / "deep").mkdir()
    (folder / "deep" / "target.wav").write_bytes(b"old")
    (folder / "first.wav").symlink_to("deep/second.wav")
    (folder / "deep" / "second.wav").symlink_to("target.wav")
    (folder / "dangling.wav").symlink_to("deep/new.wav")
    (folder / "whole.wav").symlink_to(folder / "deep" / "whole.wav")
    for link, target in (("first.wav", "target.wav"),
                         ("dangling.wav", "new.wav"),
                         ("whole.wav", "whole.wav")):
        before = os.readlink(folder / link)
        render(source, folder / link)
        assert os.readlink(folder / link) == before, link
        assert (folder / "deep" / target).read_bytes() == sound, link
    assert os.readlink(folder / "deep" / "second.wav") == "target.wav"
    (folder / "loop.wav").symlink_to("loop.wav")
    fails(source, folder / "loop.wav", says=os.strerror(errno.ELOOP))
    (folder / "lost.wav").symlink_to("missing/new.wav")
    fails(source, folder / "lost.wav", says="No such file")
    assert not list(folder.glob("**/*.part-*"))


@test
def a_path_to_a_descriptor_is_that_descriptor(folder):
    source = source_file(folder)
    sound = wanted(folder)
    link = folder / "stdout"
    link.symlink_to("/dev/stdout")
    for path in (link, "/dev/fd/1", "/proc/self/fd/1",
                 "/proc/thread-self/fd/1"):
        name = folder / "redirected.wav"
        with open(name, "wb") as out:
            done = grus("render", "--format", "wav", source, path, stdout=out)
        assert name.read_bytes() == sound, path  # And no text between
        assert b"dBFS" in done.stderr, done.stderr
        assert os.readlink(link) == "/dev/stdout"
        piped = render("--format", "wav", source, path).stdout
        assert data_of(piped) == data_of(sound), path
    with open(folder / "third.wav", "wb") as out:
        render("--format", "wav", source, f"/dev/fd/{out.fileno()}",
               pass_fds=[out.fileno()])
    assert (folder / "third.wav").read_bytes() == sound
    fails("--format", "wav", source, "/dev/fd/77", says="Bad file descriptor")


@test
def what_a_descriptor_held_is_not_overwritten(folder):
    source = source_file(folder)
    for mode, path in (("ab", "-"), ("ab", "/dev/stdout"), ("r+b", "-")):
        name = folder / "all.bin"
        name.write_bytes(b"before" * 99)
        with open(name, mode) as out:
            out.seek(0, os.SEEK_END)
            render("--format", "wav", source, path, stdout=out)
        data = name.read_bytes()
        assert data[:594] == b"before" * 99, path
        assert data_of(data[594:]) == data_of(wanted(folder)), path


@test
def a_fifo_is_written_straight(folder):
    source = source_file(folder)
    sound = wanted(folder)
    os.mkfifo(folder / "fifo.wav")
    got = []
    reader = threading.Thread(
        target=lambda: got.append((folder / "fifo.wav").read_bytes()))
    reader.start()
    render(source, folder / "fifo.wav")
    reader.join(60)
    assert data_of(got[0]) == data_of(sound)
    assert (folder / "fifo.wav").is_fifo()


@test
def names_may_be_as_long_as_names_are(folder):
    source = source_file(folder)
    sound = wanted(folder)
    for stem in ("x" * 251, "ü" * 125 + "x"):
        out = folder / f"{stem}.wav"
        for _ in range(2):
            render(source, out)
            assert out.read_bytes() == sound
        out.unlink()
    fails(source, folder / f"{'x' * 252}.wav", says="File name too long")
    assert os.listdir(folder) == ["in.wav"]


@test
def a_file_that_is_there_keeps_its_mode(folder):
    source = source_file(folder)
    out = folder / "out.wav"
    for mode in (0o600, 0o640, 0o666, 0o755):
        out.write_bytes(b"old")
        out.chmod(mode)
        (folder / "link.wav").unlink(missing_ok=True)
        (folder / "link.wav").symlink_to("out.wav")
        for path in (out, folder / "link.wav"):
            render(source, path)
            assert out.stat().st_mode & 0o777 == mode, oct(mode)
        out.unlink()


@test
def a_file_that_is_there_keeps_its_owner_and_attributes(folder):
    source = source_file(folder)
    out = folder / "out.wav"
    out.write_bytes(b"old")
    try:
        os.setxattr(out, "user.note", b"mine")
    except OSError as error:
        raise Skip("no extended attributes here") from error
    if os.geteuid() == 0:
        os.chown(out, 12345, 23456)
    before = out.stat()
    render(source, out)
    after = out.stat()
    assert os.getxattr(out, "user.note") == b"mine"
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino


@test
def hard_links_keep_what_they_were(folder):
    source = source_file(folder)
    (folder / "out.wav").write_bytes(b"old")
    os.link(folder / "out.wav", folder / "other.wav")
    render(source, folder / "out.wav")
    assert (folder / "other.wav").read_bytes() == b"old"


@test
def read_only_places_are_refused(folder):
    source = source_file(folder)
    place = folder / "place"
    place.mkdir()
    out = place / "out.wav"
    out.write_bytes(b"old")
    out.chmod(0o444)
    place.chmod(0o777)
    fails(source, out, says="read-only", preexec_fn=rights.obey_modes)
    render("--force", source, out, preexec_fn=rights.obey_modes)
    assert out.read_bytes() == wanted(folder)
    out.chmod(0o666)
    out.write_bytes(b"old")
    place.chmod(0o555)
    for name in ("out.wav", "new.wav"):
        fails(source, place / name, says="folder is read-only",
              preexec_fn=rights.obey_modes)
    assert out.read_bytes() == b"old"
    assert os.listdir(place) == ["out.wav"]


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
            sounds.append(data_of((folder / "as-floats.wav").read_bytes()))
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
        assert len(data_of((folder / "back.wav").read_bytes())) == 2 * 4801, name


@test
def no_clobber_replaces_nothing(folder):
    source = source_file(folder)
    for option in ("-n", "--no-clobber"):
        for name in ("out.wav", "link.wav"):
            (folder / "out.wav").write_bytes(b"old")
            (folder / "link.wav").unlink(missing_ok=True)
            (folder / "link.wav").symlink_to("out.wav")
            fails(option, source, folder / name, says="exists")
            assert (folder / "out.wav").read_bytes() == b"old"
        for side in ("--picture", "--activity"):
            fails(option, side, folder / "out.wav", source, folder / "new.wav",
                  says="exists")
            assert not (folder / "new.wav").exists()
        render(option, source, folder / "new.wav")
        assert (folder / "new.wav").read_bytes() == wanted(folder)
        (folder / "new.wav").unlink()
    fails("-n", "--force", source, folder / "new.wav", code=2)


@test
def a_file_that_comes_meanwhile_is_not_clobbered(folder):
    source = source_file(folder)
    out = folder / "out.wav"
    with subprocess.Popen([GRUS, "render", "--quiet", "-n", "-", out],
                          stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        data = source.read_bytes()
        process.stdin.write(data[:4000])
        process.stdin.flush()
        end = time.monotonic() + 20
        while not list(folder.glob("out.wav.part-*")):
            assert time.monotonic() < end
            time.sleep(0.01)
        out.write_bytes(b"mine")
        said = process.communicate(data[4000:], timeout=60)[1]
        assert process.returncode == 1 and b"exists" in said, said
    assert out.read_bytes() == b"mine"
    assert sorted(os.listdir(folder)) == ["in.wav", "out.wav"]


@test
def the_input_is_replaced_only_on_purpose(folder):
    source = source_file(folder)
    before, sound = source.read_bytes(), wanted(folder)
    (folder / "link.wav").symlink_to("in.wav")
    os.link(source, folder / "hard.wav")
    for name in ("in.wav", "link.wav", "hard.wav", "../" + folder.name
                 + "/in.wav"):
        fails(source, folder / name, code=2, says="one file")
        assert source.read_bytes() == before, name
    with open(source, "rb") as file:
        fails("-", source, code=2, says="one file", stdin=file)
    render("--force", source, folder / "link.wav")
    assert source.read_bytes() == sound
    assert (folder / "link.wav").is_symlink()


@test
def no_two_names_are_one_file(folder):
    source = source_file(folder)
    before = source.read_bytes()
    out, other = folder / "out.wav", folder / "other"
    model = folder / "my.safetensors"
    shutil.copy(ROOT / "presets" / "models" / "voice.safetensors", model)
    (folder / "link").symlink_to("other")
    for args in (("--picture", source, source, out),
                 ("--activity", source, source, out),
                 ("--picture", out, source, out),
                 ("--activity", out, source, out),
                 ("--activity", other, "--picture", other, source, out),
                 ("--activity", other, "--picture", folder / "link", source,
                  out),
                 ("--activity", "-", source, "-"),
                 ("--activity", "/dev/stdout", source, "-"),
                 ("--model", model, "--picture", model, source, out),
                 ("--model", model, source, model)):
        for force in ((), ("--force",)):
            fails(*force, *args, code=2, says="one file")
    assert source.read_bytes() == before
    assert sorted(os.listdir(folder)) == ["in.wav", "link", "my.safetensors"]
    fails("--file", source, "--record", source, code=2, says="one file",
          command="live")
    render("--activity", "/dev/null", "--picture", "/dev/null", source, out)


@test
def side_files_take_their_places_when_they_are_whole(folder):
    source = source_file(folder)
    (folder / "deep").mkdir()
    for option, name, start in (("--picture", "a.png", b"\x89PNG"),
                                ("--activity", "a.csv", b"seconds,")):
        target = folder / "deep" / name
        target.write_bytes(b"old")
        target.chmod(0o600)
        (folder / name).symlink_to(f"deep/{name}")
        fails(option, folder / name, folder / "missing.wav", folder / "o.wav")
        assert target.read_bytes() == b"old"
        render(option, folder / name, source, folder / "out.wav")
        assert (folder / name).is_symlink()
        assert target.read_bytes().startswith(start), name
        assert target.stat().st_mode & 0o777 == 0o600
        if os.path.exists("/dev/full"):
            (folder / "out.wav").write_bytes(b"old")
            fails("--quiet", option, "/dev/full", source, folder / "out.wav",
                  says="No space left")
            assert (folder / "out.wav").read_bytes() == b"old"
    table = grus("render", "--activity", "-", source, folder / "out.wav")
    assert table.stdout == (folder / "a.csv").read_bytes()
    assert b"dBFS" in table.stderr


@test
def what_is_not_touched_is_the_same_to_the_bit(folder):
    rand = random.Random(5)
    for kind, size in (((1, 8), 1), ((1, 16), 2), ((1, 24), 3), ((3, 32), 4)):
        data = (struct.pack("<9600f", *(rand.uniform(-1, 1)
                                        for _ in range(9600)))
                if kind[0] == 3 else rand.randbytes(9600 * size))
        source = wav(folder / "in.wav", data, 2, kind=kind)
        for option in (("--enabled", "0"), ("--reduction", "0")):
            for rate in (RATE, 44100):
                wav(source, data, 2, rate, kind)
                render(*option, source, folder / "out.wav")
                out = data_of((folder / "out.wav").read_bytes())
                assert out[:len(data)] == data, (kind, option, rate)


@test
def endings_that_cannot_be_written_are_refused(folder):
    source = source_file(folder)
    for ending in ("docx", "txt", "amr", "wma", "M4A", "mp4", "png", "sd2"):
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
    source = wav(folder / "in.wav", struct.pack(
        "<48000h", *(round(32767 * x) for x in chirp(RATE, 1))))
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
    data = data_of(path.read_bytes())
    out = struct.unpack(f"<{len(data) // 4}f", data)
    wanted_tone = chirp(rate, seconds)
    assert len(out) == len(wanted_tone), (len(out), len(wanted_tone))
    return max(abs(a - b) for a, b in zip(out, wanted_tone))


@test
def rates_can_be_chosen_and_sound_stays_where_it_was(folder):
    tone = struct.pack("<44100f", *chirp(44100, 1.0))
    source = wav(folder / "in.wav", tone, rate=44100, kind=(3, 32))
    for rate in (44100, 48000, 96000, 22050, 8000):
        for block in ((), ("--block", "77"), ("--block", "44100")):
            render("--enabled", "0", "--rate", rate, *block, source,
                   folder / "out.wav")
            worst = worst_shift(folder / "out.wav", 1.0, rate)
            assert worst < 1e-4, (rate, block, worst)
    for n, rate, n_wanted in ((100, 48000, 109), (1, 48000, 1),
                              (12345, 8000, 2239), (5, 8000, 1)):
        wav(source, bytes(4 * n), rate=44100, kind=(3, 32))
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
        source = wav(folder / "in.wav", sound, rate=rate, kind=(3, 32))
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
    wav(folder / "in.wav", struct.pack("<4800f", *chirp(4800, 1)),
        kind=(3, 32))
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
    assert "for f in" in text, text


if __name__ == "__main__":
    tap.main_of_program()
