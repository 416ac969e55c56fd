#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What is installed is hardened as Debian hardens what it builds.

    hardening_test.py [FLAG of the compiler]... FILE...
"""

import re
import subprocess
import sys

import tap
from tap import test

FLAGS = [arg for arg in sys.argv[1:] if arg.startswith("-")]
FILES = sys.argv[1 + len(FLAGS):]


def read(option, file):
    """Return what readelf tells of a file."""
    done = subprocess.run(["readelf", "--wide", option, file], check=True,
                          capture_output=True, env={"LC_ALL": "C"})
    return done.stdout.decode()


def calls(file):
    """Return the names of functions that a file has from elsewhere."""
    return re.findall(r" UND (\w+)", read("--dyn-syms", file))


@test
def addresses_are_fixed_and_read_only_before_anything_runs(_folder):
    for file in FILES:
        assert "GNU_RELRO" in read("--program-headers", file), file
        assert re.search("BIND_NOW|FLAGS_1.*NOW", read("--dynamic", file)), file


@test
def no_memory_is_both_written_and_run(_folder):
    for file in FILES:
        segments = read("--program-headers", file)
        assert re.search(r"GNU_STACK .* RW +0x", segments), file
        assert not re.search(r"LOAD .* RWE ", segments), file


@test
def stacks_are_protected(_folder):
    if "-fstack-protector-strong" not in FLAGS:
        raise tap.Skip("this build has none")
    for file in FILES:
        assert "__stack_chk_fail" in calls(file), file


@test
def writing_to_buffers_is_fortified(_folder):
    if not any("FORTIFY" in flag for flag in FLAGS):
        raise tap.Skip("code that is not optimised cannot be, or who builds asks for it")
    for file in FILES:
        assert "__vsnprintf_chk" in calls(file), (file, calls(file))


if __name__ == "__main__":
    tap.main()
