# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Tests that are functions, told in TAP; each gets an empty folder."""

import os
import pathlib
import shutil
import sys
import tempfile
import traceback

TESTS = []
BEFORE_EACH = []  # Functions


class Skip(Exception):
    """What a test needs is not here."""


def test(function):
    """Add a function to the tests."""
    TESTS.append(function)
    return function


def need(*programs):
    """Skip the test if one of the programs is not installed."""
    for program in programs:
        if not shutil.which(program):
            raise Skip(f"{program} is not installed")


def run():
    """Run all tests, say how they went, return the exit status."""
    print(f"1..{len(TESTS)}", flush=True)
    n_failed = 0
    for number, function in enumerate(TESTS, 1):
        name = function.__name__.replace("_", " ")
        with tempfile.TemporaryDirectory() as folder:
            for prepare in BEFORE_EACH:
                prepare()
            try:
                function(pathlib.Path(folder))
                line = f"ok {number} - {name}"
            except Skip as reason:
                line = f"ok {number} - {name} # SKIP {reason}"
            except Exception:  # pylint: disable=broad-except
                n_failed += 1
                line = f"not ok {number} - {name}"
                # Meson shows what a failed test said here, and no TAP
                print(f"{name}:\n{traceback.format_exc()}", file=sys.stderr)
        print(line, flush=True)
    return 1 if n_failed else 0


def main():
    """Run all tests and end the program."""
    sys.exit(run())


def main_of_program():
    """As main(), for tests of the program: the default model plays, and what
    libraries keep to the end is no leak of ours."""
    os.environ.pop("GRUS_MODEL", None)
    known = pathlib.Path(__file__).resolve().parent / "leaks.supp"
    os.environ.setdefault("LSAN_OPTIONS", f"suppressions={known}:print_suppressions=0")
    main()
