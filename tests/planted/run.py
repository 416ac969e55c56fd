#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Plant the faults of faults.py in a copy, one by one, and tell which test sees each.

Ends with 1 if a fault was seen by none of the tests meant to see it.  Words
choose faults that have them in their names.

    tests/planted/run.py [--keep folder] [word]...
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from faults import FAULTS, HEADERS, TARGETS

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = {"": [], "program": [], "thread": ["-Db_sanitize=thread", "-Db_lundef=false"]}


def run(*command, folder):
    """Run a command, return how it ended and what it said."""
    done = subprocess.run([*map(str, command)], capture_output=True, check=False, cwd=folder,
                          text=True)
    return done.returncode, done.stdout + done.stderr


def must(*command, folder):
    """Run a command that must end well."""
    status, said = run(*command, folder=folder)
    if status:
        sys.exit(f"{command}: {said[-3000:]}")


def copy_to(folder):
    """Copy what git knows of, as it is in the working tree."""
    names = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"],
                           capture_output=True, check=True, cwd=ROOT, text=True).stdout
    for name in names.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            # Not newer than what is built where nothing has changed
            if not (folder / name).exists() or \
                    (folder / name).read_bytes() != (ROOT / name).read_bytes():
                shutil.copyfile(ROOT / name, folder / name)


def sees(copy, test):
    """Whether a test fails in a copy."""
    kind, _, name = test.rpartition(":")
    program = kind == "program"
    build = copy / f"build-{'plain' if program else kind or 'plain'}"
    if not (build / "build.ninja").exists():
        shutil.rmtree(build, ignore_errors=True)  # What was interrupted
        must("meson", "setup", "--buildtype", "debugoptimized", *KINDS[kind], build, folder=copy)
    target = TARGETS.get(
        name, [f"tests/{name if name.endswith('_check') else name + '_test'}"])
    must("ninja", "-C", build, *([] if program and name not in TARGETS else target),
         folder=copy)
    status, _ = run("meson", "test", "-C", build, "--no-rebuild", "--timeout-multiplier", 4,
                    name, folder=copy)
    return status != 0


def plant(copy, fault):
    """Plant a fault, and return which of its tests see it."""
    path, before, after, tests = FAULTS[fault]
    file = copy / path
    text = file.read_text()
    if text.count(before) != 1:
        sys.exit(f"{path} does not have what is to be replaced once: {before}")
    first = "#include <"
    text_at_fault = text.replace(before, after)
    if path in HEADERS:
        text_at_fault = text_at_fault.replace(first, HEADERS[path] + first, 1)
    file.write_text(text_at_fault)
    found = [test for test in tests if sees(copy, test)]
    file.write_text(text)
    return found


def main():
    """Plant the faults that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--keep", type=pathlib.Path, help="build here, and leave it for next time")
    parser.add_argument("words", nargs="*")
    args = parser.parse_args()
    os.environ.setdefault("GRUS_CHECK_BLOCKS", "300")  # Enough to see a race
    missed = 0
    with tempfile.TemporaryDirectory() as scratch:
        copy = args.keep or pathlib.Path(scratch)
        copy.mkdir(exist_ok=True)
        copy_to(copy)
        chosen = [fault for fault in FAULTS if all(word in fault for word in args.words)]
        for test in sorted({test for fault in chosen for test in FAULTS[fault][-1]}):
            if sees(copy, test):
                sys.exit(f"{test} fails where no fault is planted")
        for fault in chosen:
            found = plant(copy, fault)
            print(f"{fault}: {', '.join(found) or 'SEEN BY NONE'}", flush=True)
            missed += not found
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
