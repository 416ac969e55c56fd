#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A long run of `grus live` under JACK, with another model every second.

Two programs run side by side for the time given, each on a dummy JACK server of
its own: one plays a file under a guard that counts what the callback must not
do, one plays what comes in under RealtimeSanitizer.  An empty pass-through runs
on a third server, to tell which losses are the machine's.  Prints the memory
every minute and the counts at the end.  Fails if anything but the losses is not
as it should be; those depend on what else the machine does.  Not part of the
test suite.

    live_soak.py build/tests 1800
"""

import os
import pathlib
import pty
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT / "presets" / "models" / "voice.safetensors"
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
BLOCK = 128
MOST_GROWTH = 512  # KiB, from a tenth of the time on


def start_jack(name):
    """Start a JACK server that no other one disturbs."""
    return subprocess.Popen(
        ["jackd", "-R", "-n", name, "-d", "dummy", "-r", "48000", "-p",
         str(BLOCK)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=dict(os.environ, JACK_NO_AUDIO_RESERVATION="1"))


def environment(server, **more):
    """Return the environment of a client of a server."""
    return dict(os.environ, JACK_DEFAULT_SERVER=server, TERM="xterm", **more)


class Live:
    """`grus live` on a terminal of its own, under a guard."""

    def __init__(self, program, name, folder, *options):
        self.name = name
        self.jack = start_jack(name)
        time.sleep(2.0)
        self.path = folder / f"{name}.report"
        self.path.write_bytes(bytes(32))
        self.errors = folder / f"{name}.errors"
        self.screen = b""
        self.sizes = []
        self.terminal, other = pty.openpty()
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [program, "live", "--verbose", *map(str, options)],
                stdin=other, stdout=other, stderr=errors,
                env=environment(name, GRUS_GUARD_REPORT=str(self.path)))
        os.close(other)
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        """Take what the program shows, or it would have to wait."""
        try:
            while True:
                self.screen = (self.screen + os.read(self.terminal,
                                                     65536))[-(1 << 20):]
        except OSError:
            pass

    def swap(self):
        """Ask for the next model."""
        os.write(self.terminal, b"m")

    def note_size(self):
        """Note the memory of the process that plays, KiB."""
        pid = self.process.pid
        child = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
        for line in pathlib.Path(
                f"/proc/{child.split()[0]}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                self.sizes.append(int(line.split()[1]))

    def counts(self):
        """Return callbacks, violations, losses and frames so far."""
        return struct.unpack("4Q", self.path.read_bytes())

    def end(self):
        """End it as a user does, and return the exit status."""
        os.write(self.terminal, b"q")
        status = self.process.wait(20)
        self.jack.terminate()
        self.jack.wait()
        return status


def make_models(folder):
    """Make a folder of two models that sound alike and have two names."""
    for name in ("voice", "another"):
        (folder / f"{name}.safetensors").write_bytes(MODEL.read_bytes())
    return folder / "voice.safetensors"


def make_sound(grus, folder, seconds):
    """Make a recording of that many seconds out of the demo."""
    raw = folder / "demo.raw"
    subprocess.run([grus, "render", "--quiet", "--reduction", "0", "--bits",
                    "16", "--format", "raw", DEMO, raw], check=True)
    demo = raw.read_bytes()
    size = int(seconds * 48000) * 2
    path = folder / "long.wav"
    with path.open("wb") as file:
        file.write(struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size,
                               b"WAVE", b"fmt ", 16, 1, 1, 48000, 96000, 2, 16,
                               b"data", size))
        for start in range(0, size, len(demo)):
            file.write(demo[:size - start])
    return path


def start_all(folder, checks, seconds):
    """Start the programs under test."""
    models = folder / "models"
    models.mkdir()
    options = ["--model", make_models(models)]
    guarded = checks / "live" / "grus_guarded"
    sound = make_sound(guarded, folder, seconds + 60)
    runs = [Live(guarded, f"guard-{os.getpid()}", folder, "--file", sound,
                 *options)]
    sanitized = checks / "live" / "grus_guarded_rtsan"
    if sanitized.exists():
        runs.append(Live(sanitized, f"rtsan-{os.getpid()}", folder, *options))
    return runs


def watch_over(runs, seconds):
    """Ask for another model every second, and note the memory."""
    began = time.monotonic()
    n_swaps = 0
    while time.monotonic() - began < seconds:
        time.sleep(max(0.0, began + n_swaps + 1 - time.monotonic()))
        n_swaps += 1
        for live in runs:
            live.swap()
            if n_swaps % 10 == 5:
                live.note_size()
        if n_swaps % 60 == 0:
            print(f"{n_swaps:5d} s  " + "  ".join(
                f"{live.name}: {live.sizes[-1]} KiB, callbacks, violations, "
                f"xruns, frames {live.counts()}" for live in runs), flush=True)
    return n_swaps


def judge(live, seconds, n_lost):
    """Tell how a run went; return whether it went well."""
    n_callbacks, n_violations, n_xruns, n_frames = live.counts()
    status = live.end()
    sizes = live.sizes
    early, middle = sizes[len(sizes) // 10], sizes[len(sizes) // 2]
    print(f"{live.name}: exit {status}, {n_callbacks} callbacks, "
          f"{n_violations} violations, {n_xruns} xruns (the empty "
          f"pass-through: {n_lost}), memory {early}, {middle}, {sizes[-1]} KiB "
          "at a tenth, the middle and the end")
    if b"another" not in live.screen:
        print(f"{live.name}: the other model was never shown")
        return False
    good = (status == 0 and n_violations == 0 and
            n_frames > 0.95 * seconds * 48000 and
            sizes[-1] - early < MOST_GROWTH)
    if not good:
        print(live.errors.read_text(errors="replace"))
    return good


def main(checks, seconds):
    """Run everything; return the exit status."""
    server = f"empty-{os.getpid()}"
    with tempfile.TemporaryDirectory() as name:
        runs = start_all(pathlib.Path(name), checks, seconds)
        jack = start_jack(server)
        time.sleep(2.0)
        with subprocess.Popen([checks / "live" / "pass_through", str(seconds)],
                              stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL,
                              env=environment(server)) as empty:
            n_swaps = watch_over(runs, seconds)
            told = empty.communicate()[0]
        jack.terminate()
        print(f"{n_swaps} models; pass-through: {told.strip()}")
        n_lost = int(told.split()[2])
        good = [judge(live, seconds, n_lost) for live in runs]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), float(sys.argv[2])))
