#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The man page names the options that the commands have, and no others.

    manual_test.py build/tools/grus
"""

import pathlib
import re
import subprocess
import sys

import tap
from tap import test

GRUS = sys.argv[1]
MANUAL = pathlib.Path(__file__).resolve().parents[2] / "tools/grus.1"
COMMANDS = ("render", "info", "live", "devices", "gru", "bench")

HELP_ROW = re.compile(r"^(?:  -(\w), | {6})--([\w-]+)( [A-Za-z]+)?(?: |$)", re.M)


def options_of_help(command):
    """Return the parts above and below "Parameters", {name: (letter, takes a value)} each."""
    text = subprocess.run([GRUS, command, "--help"], capture_output=True, text=True,
                          check=True).stdout
    parts = (text.split("\nParameters, ") + [""])[:2]
    own, params = ({name: (letter, bool(value)) for letter, name, value in
                    HELP_ROW.findall(part)} for part in parts)
    return own, {name: row for name, row in params.items() if name not in own}


def options_of_manual(text):
    """Return {name: (letter, takes a value)} of the lists of options in `text`."""
    options = {}
    for line in re.findall(r"^\.It Fl (.*)", text, re.M):
        # A line has one option or several: "i , Fl -input Ar device , Fl o , Fl -output ..."
        for letter, name, value in re.findall(r"(?:(\w) , Fl )?-([\w-]+)((?: Ar \w+)?)", line):
            options[name] = (letter, bool(value))
    return options


def part_of_manual(command):
    """Return what stands under the heading of a command."""
    text = MANUAL.read_text()
    start = text.index(f".Ss grus {command}\n")
    return text[start:re.compile(r"^\.S[sh] ", re.M).search(text, start + 4).start()]


def synopsis(command):
    """Return the letters and the names that the synopsis of a command has."""
    text = MANUAL.read_text()
    text = text[text.index(".Sh SYNOPSIS"):text.index(".Sh DESCRIPTION")]
    letters, names = set(), set()
    for part in text.split(".Nm grus")[1:]:
        if part.startswith(f" Cm {command}\n"):
            names |= set(re.findall(r"Fl -([\w-]+)", part))
            letters |= set("".join(re.findall(r"Fl (\w+)", part)))
    return letters, names


for _command in COMMANDS:
    def compare(_folder, command=_command):
        """The list of options and the synopsis are those of the help."""
        own, params = options_of_help(command)
        assert own, command
        told = options_of_manual(part_of_manual(command))
        wanted = {**own, **params} if command == "render" else own
        assert told == wanted, {name: (told.get(name), wanted.get(name)) for name in
                                told.keys() | wanted.keys() if told.get(name) != wanted.get(name)}

        letters, names = synopsis(command)
        assert letters == {letter for letter, _ in own.values() if letter}
        assert names == {name for name, (letter, _) in own.items() if not letter}

    compare.__name__ = f"the manual of {_command} has its options"
    test(compare)


if __name__ == "__main__":
    tap.main_of_program()
