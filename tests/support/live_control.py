# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus ctl`, which tells a `grus live` that plays what to do."""

import json
import shlex
import socket
import subprocess

from live_program import GRUS, RATE, Live, note_losses, wait_for


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
