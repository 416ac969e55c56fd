# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` started as a user does, what it shows and says, and what `grus ctl`
tells it."""

import itertools
import json
import os
import pathlib
import shlex
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import tap

GRUS = os.path.abspath(sys.argv[1])
BUNDLE = pathlib.Path(sys.argv[2]).resolve()
CHECKS = pathlib.Path(sys.argv[3]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
MODEL = ROOT / "presets" / "models" / "voice.safetensors"
RATE = 48000
PATIENCE = 40  # Seconds that a busy machine may take for anything
NUMBERS = itertools.count()
LOSSES = []  # What `grus live` told of sound that was late, since it was cleared


def check_program(name):
    """Return the path of a program of ours that is built if it can be."""
    if not (CHECKS / name).exists():
        raise tap.Skip(f"{name} is not built: its libraries are missing")
    return CHECKS / name


def environment(folder, devices="", **more):
    """Return an environment with no sound servers, and no devices but those
    that an ALSA configuration tells of."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    config = folder / "asound.conf"
    config.write_text(f"</usr/share/alsa/alsa.conf>\n{devices}\n")
    result = dict(os.environ, ALSA_CONFIG_PATH=str(config), HOME=str(folder),
                  JACK_DEFAULT_SERVER="grus-none", JACK_NO_START_SERVER="1",
                  JACK_NO_AUDIO_RESERVATION="1", LC_ALL="C.UTF-8",
                  XDG_CONFIG_HOME=str(folder / "config"),
                  XDG_RUNTIME_DIR=str(runtime),
                  XDG_STATE_HOME=str(folder / "state"))
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "GRUS_MODEL",
                 "PULSE_SERVER", "TMUX"):
        result.pop(name, None)
    result.update(more)
    return result


def run(*args, env=None, status=0):
    """Run a program, return what it printed."""
    done = subprocess.run([*map(str, args)], capture_output=True, check=False,
                          env=env, text=True, timeout=120)
    assert done.returncode == status, (args, done)
    return done


def wait_for(condition, told=lambda: ""):
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited too long: {told()}"
        time.sleep(0.05)


def start(*args, env, log=subprocess.DEVNULL):
    """Start a program in a process group of its own."""
    return subprocess.Popen([*map(str, args)], env=env, stdout=log, stderr=log,
                            stdin=subprocess.DEVNULL, start_new_session=True)


def end_group(process, number=signal.SIGKILL):
    """End a program and what it has started; what does not end is killed."""
    for signal_number, patience in ((number, 5), (signal.SIGKILL, PATIENCE)):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(patience)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
    process.wait(PATIENCE)


def note_losses(status):
    """Note what a status tells of sound that the machine was too late for."""
    lost = {name: status[name] for name in
            ("xruns", "rests", "dropped_frames", "missing_frames")
            if status.get(name)}
    if status.get("state") == "lost":
        lost["state"] = "lost"
    if lost:
        LOSSES.append(lost)


def may_be_real_time():
    """Whether the system lets us have threads with a real-time policy."""
    return not subprocess.run(
        [sys.executable, "-c", "import os; os.sched_setscheduler("
         "0, os.SCHED_FIFO, os.sched_param(1))"],
        check=False, stderr=subprocess.DEVNULL).returncode


class Live:
    """`grus live`, what it shows and what it says."""

    def __init__(self, *args, env, program=GRUS, **options):
        self.lines = []
        self.errors = []
        self.process = subprocess.Popen(
            [program, "live", "--json", *map(str, args)], env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True, text=True,
            **options)
        self.threads = [
            threading.Thread(target=self.read_lines),
            threading.Thread(target=self.read_errors)]
        for thread in self.threads:
            thread.start()

    def read_lines(self):
        """Read a line a second."""
        for line in self.process.stdout:
            self.lines.append(json.loads(line))
            note_losses(self.lines[-1])

    def read_errors(self):
        """Read what it says, but for a hint that depends on who tests."""
        for line in self.process.stderr:
            if "hint: real-time priority" not in line:
                self.errors.append(line.rstrip("\n"))

    def told(self):
        """Return all that it told."""
        return f"{self.lines[-3:]} {self.errors[-5:]} {self.process.poll()}"

    def wait_for(self, condition):
        """Wait for a condition while it runs."""
        wait_for(lambda: condition() or self.process.poll() is not None,
                 self.told)
        assert condition(), self.told()

    def wait_for_seconds(self, seconds):
        """Wait until it has played for so long."""
        n_before = len(self.lines)
        self.wait_for(lambda: any(
            line.get("seconds", 0) > seconds for line in self.lines[n_before:]))

    def wait_to_say(self, text):
        """Wait until it says something."""
        self.wait_for(lambda: any(text in line for line in self.errors))

    def join(self):
        """Wait until it ends, return the exit status."""
        status = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join()
        return status

    def stop(self, number=signal.SIGINT):
        """End it as a user does, return the exit status."""
        self.process.send_signal(number)
        return self.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end_group(self.process)
        for thread in self.threads:
            thread.join()


class Control:
    """A socket of a `grus live` that plays, and what was told through it."""

    def __init__(self, path):
        self.path = path

    def shell(self, command, status=0):
        """Have a shell tell it something; return what it printed."""
        line = f"{shlex.quote(GRUS)} ctl {shlex.quote(str(self.path))} {command}"
        done = subprocess.run(["sh", "-c", line], capture_output=True,
                              check=False, text=True, timeout=60)
        assert done.returncode == status, (command, done)
        assert done.stderr.count("\n") == (status > 0), done
        return done.stdout if not status else done.stderr

    def begin(self, command):
        """Begin to tell it something; return the process that waits for the
        answer."""
        return subprocess.Popen(
            [GRUS, "ctl", self.path, *command.split()], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def status(self):
        """Return how it goes."""
        status = json.loads(self.shell("status --json"))
        note_losses(status)
        return status

    def seconds(self):
        """Return the seconds that it has played."""
        return self.status()["seconds"]

    def play(self, *commands, settle=0.3):
        """Tell it something and let that be heard; return when, in frames of
        the recording."""
        for command in commands:
            self.shell(command)
        began = self.seconds()
        wait_for(lambda: self.seconds() > began + settle + 0.7)
        # Behind the fade, and before the next command; 48 ms are the latency
        return (int((began + settle) * RATE),
                int((began + settle + 0.6) * RATE))

    def connect(self):
        """Return a connection that nobody reads."""
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(self.path))  # Waits where too many do
        client.settimeout(30)
        return client


def start_controlled(folder, jack, *options, **env):
    """Return a `grus live` that plays, and who controls it."""
    live = Live("--control", folder / "socket", "--channels", 1, *options,
                env=dict(jack.env, **env))
    live.wait_for_seconds(0)
    return live, Control(folder / "socket")


def engine_latency(live):
    """Return the latency that was announced, in frames."""
    return round(live.lines[-1]["engine_latency_ms"] * RATE / 1000)


def guard_report(folder):
    """Return what the guard saw: callbacks, violations, losses, frames."""
    return struct.unpack("4Q", (folder / "guard").read_bytes())
