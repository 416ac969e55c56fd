#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""No room includes what stands above it, and no room is a heap.

HACKING.md shows the rooms.  A file may include what is in its own room and in
the rooms further down its list, the public headers and nothing else.
"""

import pathlib
import re
import sys

import rooms_picture
import tap
from tap import test

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/planted"))
from faults import FAULTS  # noqa: E402

# Each level may include those further down, and none beside it
ENGINE = (("slot", "load"), ("stream",), ("frames",), ("stft",), ("network", "arrays"), ("model",),
          ("format", "kernels"), ("base",))
TOOLS = (("render", "live", "info", "bench", "gru", "ctl"), ("devices",), ("metadata",), ("sound",),
         ("files", "ffmpeg"), ("cli",), ("view",), ("host",))
# The rooms of tools that the plugin may enter too
SHARED = ("host", "view")
# What looks at the engine from within, to measure it
MEASURING = ("bench",)
MOST_FILES = 16


def includes(file):
    """Return the paths that a file includes between quotation marks."""
    return re.findall(r'^\s*#\s*include "([^"]+)"', file.read_text("utf-8"), re.M)


def sources(folder):
    """Return the C files of a folder and of those in it."""
    return sorted(p for p in (ROOT / folder).rglob("*.[ch]"))


def room_of(path):
    """Return the first folder of a path, empty if it has none."""
    return path.split("/")[0] if "/" in path else ""


def levels(order):
    """Return the level of each room, 0 on top."""
    return {room: level for level, rooms in enumerate(order) for room in rooms}


def upward(folder, order):
    """Return lines for the includes that point up or sideways."""
    level = levels(order)
    found = []
    for file in sources(folder):
        own = room_of(str(file.relative_to(ROOT / folder)))
        for path in includes(file):
            room = room_of(path)
            if own in level and room in level and room != own and level[room] <= level[own]:
                found.append(f"{file.relative_to(ROOT)} includes {path}")
    return found


@test
def engine_includes_downwards(_folder):
    assert not (found := upward("engine", ENGINE)), found


@test
def tools_include_downwards_and_no_command_another(_folder):
    assert not (found := upward("tools", TOOLS)), found


@test
def only_bench_looks_into_the_engine(_folder):
    inner = [f"{file.relative_to(ROOT)} includes {path}"
             for folder in ("plugin", "tools") for file in sources(folder)
             if room_of(str(file.relative_to(ROOT / folder))) not in MEASURING
             for path in includes(file) if room_of(path) in levels(ENGINE)]
    assert not inner, inner


@test
def plugin_and_tools_are_apart(_folder):
    for folder, other in (("plugin", "tools"), ("tools", "plugin"), ("engine", "tools")):
        for file in sources(folder):
            for path in includes(file):
                shared = folder == "plugin" and room_of(path) in SHARED
                there = (ROOT / other / path).exists() and not shared
                here = (ROOT / folder / path).exists() or (file.parent / path).exists()
                assert here or not there, (file, path)


@test
def the_engine_knows_no_outside(_folder):
    outside = r"#include <(lv2/|lilv/|portaudio|sndfile|pthread|threads|locale|time|unistd|sys/)"
    for file in sources("engine"):
        assert "examples" in file.parts or not re.search(outside, file.read_text("utf-8")), file


@test
def the_picture_shows_the_rooms(_folder):
    assert rooms_picture.draw() == (ROOT / "tests/lint/rooms.svg").read_text("utf-8"), (
        "tests/lint/rooms_picture.py > tests/lint/rooms.svg")


@test
def faults_can_still_be_planted(_folder):
    for name, (file, code, _fault, _tests) in FAULTS.items():
        assert code in (ROOT / file).read_text("utf-8"), name


@test
def rooms_are_no_heaps(_folder):
    for folder in ("engine", "plugin", "tools", "tests"):
        for room in {p.parent for p in (ROOT / folder).rglob("*") if p.is_file()}:
            name = str(room.relative_to(ROOT))
            if "__pycache__" in name:
                continue
            count = sum(1 for p in room.iterdir() if p.suffix in (".c", ".h", ".py"))
            assert count <= MOST_FILES, (name, count)


if __name__ == "__main__":
    tap.main()
