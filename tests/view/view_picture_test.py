#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The view is drawn as the stored pictures have it.

They are a quarter as wide and high as a picture at scale 1, so that the
anti-aliasing of one cairo or another does not count; text is drawn as boxes, so
that fonts do not.  With "store" as its last word this makes them anew:

    view_picture_test.py build/tests/view/view_picture [store]
"""

import itertools
import pathlib
import subprocess
import sys

import tap
from tap import test

PROGRAM = sys.argv[1]
PICTURES = pathlib.Path(__file__).resolve().parent / "pictures"
WIDTH, HEIGHT = 820, 560
# Out of 255: of all pixels on average, and of the one that differs most
MEAN, MOST = 0.5, 24
STATES = ("plain", "menu", "tip", "edit", "error", "mono")
THEMES = ("dark", "light")
ALL = [*itertools.product((1,), THEMES, STATES), *itertools.product((1.5, 2), THEMES, ("plain",))]


def picture(mode, path, scale, theme, state, font="boxes"):
    """Run the program that draws."""
    done = subprocess.run(
        [PROGRAM, mode, path, str(int(scale * WIDTH)), str(int(scale * HEIGHT)), theme, state,
         font], capture_output=True, check=False, text=True)
    assert not done.returncode, done.stderr
    return done.stdout


def stored(scale, theme, state):
    """Return where a picture is stored."""
    return PICTURES / f"{state}-{theme}-{scale}.png"


def is_like(scale, theme, state):
    """Check a picture against the one that is stored."""
    mean, most = map(float, picture("like", stored(scale, theme, state), scale, theme,
                                    state).split())
    print(f"# {state}, {theme}, scale {scale}: {mean:.3f} on average, {most:.0f} at most")
    assert mean <= MEAN and most <= MOST, (state, theme, scale, mean, most)


@test
def every_state_is_drawn_as_stored(_folder):
    for scale, theme, state in ALL:
        is_like(scale, theme, state)


@test
def one_state_is_not_like_another(folder):
    picture("small", folder / "menu.png", 1, "dark", "menu")
    _, most = map(float, picture("like", folder / "menu.png", 1, "dark", "plain").split())
    assert most > MOST, most


if __name__ == "__main__":
    if sys.argv[-1] == "store":
        PICTURES.mkdir(exist_ok=True)
        for one in ALL:
            picture("small", stored(*one), *one)
    else:
        tap.main()
