#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The plugin's window before a screen that nobody sees.

GRUS_CHECK_WINDOWS tells how often it is opened and closed.

    plugin_window_test.py build/tools/grus build/plugin build/tests
"""

import os

import tap
from bundle import BUNDLE, MONO, STEREO, check, demo
from screen import Screen
from tap import test

WINDOW = BUNDLE / "voice_window.so"
N_WINDOWS = int(os.environ.get("GRUS_CHECK_WINDOWS", 100))


def look(name, uri, *args, folder):
    """Run a check before a screen."""
    if not WINDOW.exists():
        raise tap.Skip("the plugin is built without its window")
    with Screen() as screen:
        check(name, WINDOW, uri, *args, folder=folder, program="window_check",
              DISPLAY=screen.name)


@test
def controls_turn_the_picture_and_the_picture_turns_the_ports(folder):
    for uri in (MONO, STEREO):
        look("turn", uri, folder=folder)


@test
def an_open_window_changes_no_sample_and_breaks_no_rule(folder):
    source = folder / "in.raw"
    source.write_bytes(demo(folder).tobytes())
    for uri in (MONO, STEREO):
        look("sound", uri, source, folder=folder)


@test
def it_opens_and_closes_again_and_again(folder):
    look("open", STEREO, N_WINDOWS, folder=folder)


@test
def damaged_messages_do_it_no_harm(folder):
    look("damaged", MONO, 20000, folder=folder)


if __name__ == "__main__":
    tap.main()
