#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""cppcheck finds nothing but what cppcheck.supp has a reason for."""

import os
import pathlib

import tap
from sources import complaints
from tap import need, test

KNOWN = pathlib.Path(__file__).resolve().parent / "cppcheck.supp"


@test
def cppcheck_finds_nothing(_folder):
    need("cppcheck")
    said = complaints(
        "cppcheck", "--std=c11", "--enable=warning,portability,performance", "--quiet",
        "--error-exitcode=1", "--template={file}:{line}: {id}: {message}", "-j", os.cpu_count(),
        f"--suppressions-list={KNOWN}", "-I", "engine", "-I", "engine/include", "-I", "tools",
        "-I", "plugin", "engine", "plugin", "tools")
    assert not said, said[:4000]


if __name__ == "__main__":
    tap.main()
