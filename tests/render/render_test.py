#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The program as a user runs it: formats, pipes, alignment, errors.

Whoever cleans a file relies on this: the output has the input's length, lies
on the input to the sample, does not depend on how it was cut into blocks, and
a failure leaves one line and no file.  Prints TAP.

    render_test.py build/tools/grus
"""

import array
import json
import math
import os
import pathlib
import random
import signal
import struct
import subprocess
import sys
import time
import wave

import tap
from tap import test

GRUS = os.path.abspath(sys.argv[1])
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
RATE = 48000
SEED = 20261123


def grus(*args, code=0, **options):
    """Run the program, check its exit status, return what it did."""
    done = subprocess.run([GRUS, *map(str, args)], capture_output=True,
                          timeout=120, check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def render(*args, **options):
    """Run `grus render` without a word."""
    return grus("render", "--quiet", *args, **options)


def fails(*args, code=1, says=None, command="render", **options):
    """Run the program, which must fail with one line on stderr."""
    done = grus(command, *args, code=code, **options)
    text = done.stderr.decode()
    assert text.count("\n") == 1, text
    assert text.startswith(f"grus {command}: "), text
    assert says is None or says in text, text
    return text


def noise(n_frames, n_channels=1, rate=RATE, seed=SEED):
    """Noise, with a sine that comes and goes, as floats, interleaved."""
    rand = random.Random(seed)
    sound = array.array("f")
    for i in range(n_frames):
        tone = 0.3 * math.sin(2 * math.pi * 220 * i / rate)
        tone *= math.sin(2 * math.pi * i / rate) > 0
        for _ in range(n_channels):
            sound.append(tone + rand.uniform(-0.1, 0.1))
    return sound


def write_float(path, sound, n_channels=1, rate=RATE):
    """Write a WAV file of floats, which Python's wave does not do."""
    data = sound.tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE",
                       b"fmt ", 16, 3, n_channels, rate,
                       rate * n_channels * 4, n_channels * 4, 32, b"data",
                       len(data))
    path.write_bytes(head + data)
    return path


def write_16(path, sound, n_channels=1, rate=RATE):
    """Write a WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(n_channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(array.array(
            "h", [round(32767 * x) for x in sound]).tobytes())
    return path


def floats(path, folder):
    """Return the samples of any sound file, by way of the program itself."""
    raw = folder / "as-floats.raw"
    subprocess.run([GRUS, "render", "--quiet", "--reduction", "0", "--bits",
                    "float", "--format", "raw", path, raw], check=True)
    sound = array.array("f")
    sound.frombytes(raw.read_bytes())
    return sound


def data_of(path):
    """Return the bytes of the data chunk of a RIFF file."""
    data = path.read_bytes()
    place = 12
    while data[place:place + 4] != b"data":
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    size = struct.unpack_from("<I", data, place + 4)[0]
    return data[place + 8:place + 8 + size]


def samples(path):
    """Return the samples of a WAV file of floats."""
    sound = array.array("f")
    sound.frombytes(data_of(path))
    return sound


def report(*args, **options):
    """Run `grus render --json` and return the report."""
    return json.loads(grus("render", "--json", *args, **options).stdout)


def energy(sound):
    """Return the sum of squares."""
    return sum(x * x for x in sound)


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


@test
def opposite_sides_are_heard(folder):
    demo = floats(DEMO, folder)[RATE // 2:5 * RATE // 2]
    alone = {}
    for gain in (0, 0.1, 0.3, 0.5, 0.7, 1, 1.5, 3, 10):
        for sign in (1, -1):
            left = [sign * gain * x for x in demo]
            louder = left if gain > 1 else demo
            sides = array.array("f", [0]) * (2 * len(demo))
            sides[::2], sides[1::2] = array.array("f", left), demo
            write_float(folder / "two.wav", sides, 2)
            render(folder / "two.wav", folder / "two-out.wav")
            if gain not in alone:
                write_float(folder / "one.wav", array.array("f", louder))
                render(folder / "one.wav", folder / "one-out.wav")
                alone[gain] = energy(samples(folder / "one-out.wav"))
            both = samples(folder / "two-out.wav")
            heard = energy(both[::2] if gain > 1 else both[1::2])
            change = 10 * math.log10(heard / alone[gain])
            assert abs(change) < 1, (sign * gain, change)
            # The image stays
            worst = max(abs(a - sign * gain * b)
                        for a, b in zip(both[::2], both[1::2]))
            assert worst < 1e-5 * max(gain, 1), (sign * gain, worst)


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
def truncated_file_gives_what_is_there(folder):
    source = write_16(folder / "in.wav", noise(20000))
    source.write_bytes(source.read_bytes()[:44 + 2 * 7000])
    assert report(source, folder / "out.wav")["frames"] == 7000


@test
def bad_inputs_are_refused(folder):
    out = folder / "out.wav"
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_bytes(b"This is not a sound file.\n" * 99)
    (folder / "header.wav").write_bytes(
        write_16(folder / "in.wav", noise(480)).read_bytes()[:30])
    for name, says in (("empty.wav", "empty"), ("text.wav", "cannot read"),
                       ("header.wav", "header.wav"),
                       ("missing.wav", "No such file")):
        fails(folder / name, out, says=says)
        assert not out.exists(), name
    fails(folder, out, says="folder")
    fails(write_16(folder / "none.wav", []), out, says="no sound")
    fails("-", out, input=b"")
    assert not list(folder.glob("*.part-*")) and not out.exists()


@test
def truncated_flac_leaves_nothing_wrong(folder):
    data = DEMO.read_bytes()
    (folder / "cut.flac").write_bytes(data[:len(data) // 2])
    done = subprocess.run([GRUS, "render", "--quiet", folder / "cut.flac",
                           folder / "out.wav"], capture_output=True,
                          timeout=120, check=False)
    assert done.returncode in (0, 1), done
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert (folder / "out.wav").exists() == (done.returncode == 0)
    assert not list(folder.glob("*.part-*"))


@test
def bad_outputs_are_refused(folder):
    source = write_16(folder / "in.wav", noise(480))
    fails(source, folder / "missing" / "out.wav", says="No such file")
    fails(source, folder, says="director")
    if os.path.exists("/dev/full"):
        fails("--format", "wav", source, "/dev/full", says="No space left")
    assert sorted(os.listdir(folder)) == ["in.wav"]


@test
def full_pipe_end_is_an_error(folder):
    if not os.path.exists("/dev/full"):
        return
    source = write_16(folder / "in.wav", noise(48000))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([GRUS, "render", "--quiet", source, "-"],
                              stdout=full, stderr=subprocess.PIPE, timeout=60,
                              check=False)
    assert done.returncode == 1, done
    assert done.stderr.count(b"\n") == 1, done.stderr


@test
def full_disk_leaves_no_file(folder):
    source = write_16(folder / "in.wav", noise(48000))

    def limit():
        """Let no file grow beyond 10 kB, which looks like a full disk."""
        import resource
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))

    for ending in ("wav", "flac"):
        fails("--quiet", source, folder / f"out.{ending}", preexec_fn=limit)
        assert os.listdir(folder) == ["in.wav"], os.listdir(folder)


@test
def failure_keeps_the_old_output(folder):
    out = folder / "out.wav"
    out.write_bytes(b"old")
    fails(folder / "missing.wav", out)
    (folder / "text.wav").write_bytes(b"no sound" * 99)
    fails(folder / "text.wav", out)
    assert out.read_bytes() == b"old"


@test
def interrupting_leaves_nothing(folder):
    for number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen([GRUS, "render", "--quiet", "-",
                               folder / "out.wav"], stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            write_16(folder / "in.wav", noise(9600))
            process.stdin.write((folder / "in.wav").read_bytes()[:15000])
            process.stdin.flush()
            deadline = time.monotonic() + 20
            while not list(folder.glob("out.wav.part-*")):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(number)
            assert process.wait(20) == -number
            process.stdin.close()
        os.unlink(folder / "in.wav")
        assert not os.listdir(folder), os.listdir(folder)


@test
def wrong_usage_is_told_in_one_line(folder):
    source = write_16(folder / "in.wav", noise(480))
    out = folder / "out.wav"
    for args in ((), (source,), (source, out, out),
                 ("--block", "0", source, out),
                 ("--block", "x", source, out),
                 ("--reduction", "-1", source, out),
                 ("--reduction", "nan", source, out),
                 ("--listen", "both", source, out),
                 ("--format", "doc", source, out),
                 ("--bits", "12", source, out)):
        fails(*args, code=2)
        assert not out.exists()
    fails("--kernels", "none", source, out)
    assert grus("render", "--wrong", source, out, code=2).stderr
    assert grus("nonsense", code=2).stderr
    assert sorted(os.listdir(folder)) == ["in.wav"]


@test
def help_and_version_are_there(_folder):
    assert grus("--version").stdout.startswith(b"grus ")
    for args in (("--help",), ("render", "--help"), ("info", "--help")):
        assert b"Usage: grus" in grus(*args).stdout, args


@test
def bad_models_are_refused(folder):
    source = write_16(folder / "in.wav", noise(480))
    bad = folder / "bad.safetensors"
    bad.write_bytes(b"\x10" + bytes(99))
    (folder / "empty").write_bytes(b"")
    os.mkfifo(folder / "pipe")  # Nobody writes to it
    for model in (bad, folder / "empty", folder / "missing", folder,
                  folder / "pipe", "/dev/zero"):
        fails("--model", model, source, folder / "out.wav", says="model")
        fails(model, command="info", says="model")
        environment = {**os.environ, "GRUS_MODEL": str(model)}
        fails(source, folder / "out.wav", says="model", env=environment)
    assert not (folder / "out.wav").exists()


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
