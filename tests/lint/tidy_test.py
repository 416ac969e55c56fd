#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""clang-tidy finds nothing of what .clang-tidy has it look for.

    tidy_test.py build
"""

import concurrent.futures
import os
import pathlib
import re
import sys

import tap
from sources import compiled_files, complaints
from tap import need, test

BUILD = pathlib.Path(sys.argv[1]).resolve()


def look_at(file):
    """Return what clang-tidy says of a file."""
    said = complaints("clang-tidy", "--quiet", "-p", BUILD, file)
    return re.sub(r"^\d+ warnings? generated.*\n", "", said, flags=re.M)


@test
def clang_tidy_finds_nothing(_folder):
    need("clang-tidy")
    files = compiled_files(BUILD, ("engine", "plugin", "tools"))
    assert len(files) > 100, files
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        said = "".join(pool.map(look_at, files))
    print(f"# {len(files)} files")
    assert not said, said[:4000]


if __name__ == "__main__":
    tap.main()
