# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The source files of the project, for the tests that read them."""

import json
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("engine", "plugin", "tests", "tools")


def c_files(rooms=ROOMS):
    """Return the C files and headers of rooms."""
    return sorted(p for room in rooms for p in (ROOT / room).rglob("*.[ch]"))


def compiled_files(build, rooms):
    """Return the C files that a build compiles, each once."""
    commands = json.loads((build / "compile_commands.json").read_text())
    files = {(pathlib.Path(c["directory"]) / c["file"]).resolve() for c in commands}
    return sorted(f for f in files if f.suffix == ".c" and f.exists()
                  and f.relative_to(ROOT).parts[0] in rooms if f.is_relative_to(ROOT))


def complaints(*command, **options):
    """Run a tool that says nothing where it finds nothing; return what it says."""
    done = subprocess.run([*map(str, command)], capture_output=True, check=False,
                          cwd=ROOT, text=True, **options)
    return done.stdout + done.stderr if done.returncode else ""
