#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Renders and recordings that end before their time: killed at a random
moment, on a full disk, in a folder that may not be written to.

Whoever has one copy of a recording relies on this: it is never damaged nor
gone, neither is a result of before, and what exits with 0 has left whole
files.  Prints TAP, and the seed that repeats it.

    interruption_test.py build/tools/grus [RUNS [SEED]]
"""

import collections
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import time

import rights
import tap
from tap import Skip, need, test

GRUS = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 40
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(10**6)
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
OLD = b"what somebody else wanted to keep" * 1000
RANDOM = random.Random(SEED)


def source_file(folder):
    """Return the demo recording as a WAV file in a folder."""
    path = folder / "in.wav"
    subprocess.run([GRUS, "render", "--quiet", "--reduction", "0", DEMO, path],
                   check=True)
    return path


class Case:
    """A render in a folder, and the result that it has if it is let be."""

    def __init__(self, folder, out="out.wav", force=False):
        self.folder = folder
        self.source = folder / "in.wav"
        self.out = folder / out
        self.args = [GRUS, "render", *["--force"] * force, self.source, self.out]
        self.sound = self.source.read_bytes()
        began = time.monotonic()
        subprocess.run(self.args, capture_output=True, check=True)
        self.seconds = time.monotonic() - began
        self.wanted = self.out.read_bytes()
        self.set_up(None)

    def set_up(self, old):
        """Put the input and an old result there, or none."""
        self.source.write_bytes(self.sound)
        if self.out != self.source:
            self.out.unlink(missing_ok=True)
            if old is not None:
                self.out.write_bytes(old)
        else:
            old = self.sound
        return old

    def start(self, **options):
        """Start it."""
        return subprocess.Popen(self.args, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, **options)

    def check(self, status, old):
        """Fail unless all is as it was or as it should be; return which."""
        now = self.out.read_bytes() if self.out.exists() else None
        if self.out != self.source:
            assert self.source.read_bytes() == self.sound, "the input changed"
        assert now in (old, self.wanted), "neither the old nor the new result"
        assert status or now == self.wanted, "no result, yet exit status 0"
        assert status <= 0 or now == old, "a result, yet an error"
        return "new" if now == self.wanted else "old"


def leftovers(folder, *names):
    """Remove all temporary files of results; there must be no other files."""
    files = set(os.listdir(folder)) - set(names)
    for name in files:
        assert re.fullmatch(r".+\.(wav|flac)\.part-\w{6}", name), name
        (folder / name).unlink()
    return len(files)


def kill_after(process, seconds):
    """Kill a process after a while; return its exit status."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode


def moment(seconds):
    """Return a moment of something that takes so long, often near its end."""
    return seconds * RANDOM.choice([RANDOM.uniform(0, 1.6),
                                    RANDOM.uniform(0.9, 1.6)])


@test
def killed_renders_leave_the_old_result_or_the_new(folder):
    source_file(folder)
    cases = [Case(folder), Case(folder, "out.flac"),
             Case(folder, "in.wav", force=True)]
    ends = collections.Counter()
    for _ in range(RUNS * 3 // 4):
        case = RANDOM.choice(cases)
        old = case.set_up(RANDOM.choice([OLD, None]))
        status = kill_after(case.start(), moment(case.seconds))
        assert status in (0, -signal.SIGKILL), status
        ends[f"{case.check(status, old)} result"] += 1
        case.out.unlink(missing_ok=True)
        ends["temporary files"] += leftovers(folder, "in.wav")
    print(f"# seed {SEED}: {dict(ends)}")


class Recorder:
    """Recordings from a file to ALSA's null device, which has no clock."""

    def __init__(self, folder):
        if not pathlib.Path("/usr/share/alsa/alsa.conf").exists():
            raise Skip("ALSA is not installed")
        (folder / "home").mkdir()
        config = folder / "home" / "asound.conf"
        config.write_text("</usr/share/alsa/alsa.conf>\n"
                          "pcm.grus { type null hint.show on }\n")
        self.takes = folder / "takes"
        self.takes.mkdir()
        self.source = source_file(folder)
        self.sound = self.source.read_bytes()
        self.first = self.takes / "take.wav"
        self.second = self.takes / "take-2.wav"
        self.first.write_bytes(OLD)
        self.env = dict(os.environ, ALSA_CONFIG_PATH=str(config),
                        HOME=str(folder / "home"), JACK_NO_START_SERVER="1",
                        JACK_DEFAULT_SERVER="grus-none")

    def start(self, **options):
        """Start a recording; an earlier take is there."""
        return subprocess.Popen(
            [GRUS, "live", "--json", "--file", self.source, "--output", "grus",
             "--record", self.first], env=self.env, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)

    def check(self, status):
        """Fail unless what was there is there, and a recording whole whose end
        was good; return whether there is one."""
        assert self.source.read_bytes() == self.sound, "the input changed"
        assert self.first.read_bytes() == OLD, "the earlier take changed"
        is_there = self.second.exists()
        if status == 0:
            data = self.second.read_bytes()
            assert struct.unpack_from("<I", data, 4)[0] == len(data) - 8
            assert len(data) > len(self.sound), len(data)
        self.second.unlink(missing_ok=True)
        leftovers(self.takes, "take.wav")
        return is_there


@test
def killed_recordings_leave_the_takes_before(folder):
    recorder = Recorder(folder)
    began = time.monotonic()
    process = recorder.start()
    process.communicate()
    assert recorder.check(process.returncode)
    seconds = time.monotonic() - began
    n_takes = 0
    for _ in range(RUNS // 4):
        status = kill_after(recorder.start(), moment(seconds))
        assert status in (0, -signal.SIGKILL), status
        n_takes += recorder.check(status)
    print(f"# seed {SEED}: {n_takes} takes of {RUNS // 4}")


def limit_files(n_bytes):
    """Return what lets no file grow beyond a size, as on a full disk."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))
    return limit


def one_line(process):
    """Return what a process says at its end, which must be one line."""
    text = process.communicate()[1].decode().replace("\r", "\n")
    line = text.rstrip("\n").rpartition("\n")[2]
    assert line.startswith("grus "), text
    return line


@test
def where_files_cannot_grow_the_old_result_stays(folder):
    source_file(folder)
    for case in (Case(folder), Case(folder, "out.flac")):
        for _ in range(max(2, RUNS // 10)):
            old = case.set_up(RANDOM.choice([OLD, None]))
            size = RANDOM.randrange(len(case.wanted))
            process = case.start(preexec_fn=limit_files(size))
            assert "File too large" in one_line(process)
            assert case.check(process.returncode, old) == "old"
            assert process.returncode == 1
            case.out.unlink(missing_ok=True)
            assert leftovers(folder, "in.wav") == 0, size


@test
def where_files_cannot_grow_the_takes_before_stay(folder):
    recorder = Recorder(folder)
    for _ in range(max(2, RUNS // 20)):
        process = recorder.start(preexec_fn=limit_files(
            RANDOM.randrange(len(recorder.sound))))
        assert "take-2.wav" in one_line(process)
        recorder.check(process.returncode)
        assert process.returncode == 1


@test
def on_a_full_disk_the_old_result_stays(folder):
    need("unshare")
    disk, script = folder / "disk", (
        'mount -t tmpfs -o size="$1" none "$2" && cp "$3" "$4" || exit 77\n'
        'status=0; "$5" render --quiet "$6" "$4" || status=$?\n'
        'cp -r "$2"/. "$7" && exit $status')
    disk.mkdir()
    source_file(folder)
    case = Case(folder)
    for _ in range(max(2, RUNS // 10)):
        old = case.set_up(OLD)
        size = len(OLD) + RANDOM.randrange(len(case.wanted) - 8192)
        left = folder / "left"
        left.mkdir()
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script, "sh", str(size), disk,
             case.out, disk / "out.wav", GRUS, case.source, left],
            capture_output=True, check=False, text=True)
        if done.returncode == 77 or "unshare" in done.stderr:
            raise Skip("no disk may be mounted here")
        assert done.returncode == 1 and done.stderr.count("\n") == 1, done
        assert "No space left on device" in done.stderr, done
        assert os.listdir(left) == ["out.wav"], os.listdir(left)
        assert (left / "out.wav").read_bytes() == OLD
        assert case.check(1, old) == "old"
        shutil.rmtree(left)


@test
def a_folder_that_becomes_read_only_keeps_what_it_has(folder):
    source = source_file(folder)
    place = folder / "place"
    place.mkdir()
    shutil.move(source, place)
    case = Case(place)
    ends = collections.Counter()
    for number in range(max(4, RUNS // 4)):
        old = case.set_up(RANDOM.choice([OLD, None]))
        seconds = moment(case.seconds) if number else 0.0
        if not seconds:
            place.chmod(0o555)
        process = case.start(preexec_fn=rights.obey_modes)
        time.sleep(seconds)
        place.chmod(0o555)
        said = process.communicate()[1].decode()
        place.chmod(0o755)
        status = process.returncode
        assert status in (0, 1), (status, said)
        assert not status or "read-only" in said or "Permission" in said, said
        end = case.check(status, old)
        assert number or end == "old"
        ends[f"{end} result"] += 1
        case.out.unlink(missing_ok=True)
        ends["temporary files"] += leftovers(place, "in.wav")
    print(f"# seed {SEED}: {dict(ends)}")


@test
def a_read_only_folder_keeps_its_takes(folder):
    recorder = Recorder(folder)
    recorder.takes.chmod(0o555)
    process = recorder.start(preexec_fn=rights.obey_modes)
    line = one_line(process)
    recorder.takes.chmod(0o755)
    assert process.returncode == 1 and "take" in line, line
    assert not recorder.check(process.returncode)


if __name__ == "__main__":
    tap.main()
