# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A terminal to press keys in and look at."""

from live_program import run, wait_for
from tap import need


class Terminal:
    """A program on a terminal of 80 columns and 24 lines, in tmux."""

    def __init__(self, folder, *args, env, errors=None):
        need("tmux")
        self.socket = folder / "tmux"
        self.env = env
        command = " ".join(f"'{arg}'" for arg in args)
        if errors:
            command += f" 2>'{errors.name}'"
        self.tmux("new-session", "-d", "-x", 80, "-y", 24,
                  f"{command}; echo ended with $?; sleep 1000")

    def tmux(self, *args):
        """Run a tmux command, return what it prints."""
        return run("tmux", "-S", self.socket, "-f", "/dev/null", *args,
                   env=self.env).stdout

    def screen(self):
        """Return what is shown."""
        return self.tmux("capture-pane", "-p")

    def press(self, *keys):
        """Press keys, by the names that tmux has for them."""
        self.tmux("send-keys", *keys)

    def wait_for(self, text):
        """Wait until a text is shown, whatever the space within it."""
        wait_for(lambda: text in " ".join(self.screen().split()), self.screen)

    def wait_until_ended(self):
        """Wait for the end of the program, which must be a good one."""
        self.wait_for("ended with")
        assert "ended with 0" in self.screen(), self.screen()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")
