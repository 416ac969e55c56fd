#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Make plugin/window.png: the window while the plugin plays the demo recording.

    PYTHONPATH=tests/support window_picture.py build/tools/grus build/plugin build/tests
"""

import pathlib
import tempfile

from bundle import BUNDLE, MONO, ROOT, check, demo
from screen import Screen


def main():
    """Play, and take the picture at the end."""
    with tempfile.TemporaryDirectory() as name, Screen() as screen:
        folder = pathlib.Path(name)
        source = folder / "in.raw"
        source.write_bytes(demo(folder).tobytes())
        check("picture", BUNDLE / "voice_window.so", MONO, source, ROOT / "plugin/window.png",
              folder=folder, program="window_check", DISPLAY=screen.name)


if __name__ == "__main__":
    main()
