# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A screen of X that nobody sees."""

import os
import subprocess

from tap import need


class Screen:
    """Xvfb, on the first number that is free."""

    def __enter__(self):
        need("Xvfb")
        read, write = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp",
             "-noreset"],
            pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        assert number, "Xvfb does not start"
        self.name = f":{number}"
        return self

    def __exit__(self, *_error):
        self.server.terminate()
        self.server.wait()
