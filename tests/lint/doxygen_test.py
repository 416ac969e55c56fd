#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Doxygen makes pages of the public headers without a warning.

    doxygen_test.py [folder for the pages]
"""

import shutil
import subprocess
import sys

import tap
from sources import ROOT
from tap import need, test

SETTINGS = """
PROJECT_NAME           = Grus
INPUT                  = engine/include
RECURSIVE              = YES
OUTPUT_DIRECTORY       = {folder}
GENERATE_LATEX         = NO
OPTIMIZE_OUTPUT_FOR_C  = YES
EXTRACT_ALL            = YES
WARN_IF_INCOMPLETE_DOC = NO
WARN_NO_PARAMDOC       = NO
WARN_AS_ERROR          = FAIL_ON_WARNINGS
HAVE_DOT               = NO
QUIET                  = YES
MACRO_EXPANSION        = YES
EXPAND_ONLY_PREDEF     = YES
PREDEFINED             = GRUS_API= GRUS_NODISCARD= GRUS_REALTIME=
"""


@test
def headers_become_pages_without_a_warning(folder):
    need("doxygen")
    done = subprocess.run(["doxygen", "-"], input=SETTINGS.format(folder=folder), cwd=ROOT,
                          capture_output=True, check=False, text=True)
    assert done.returncode == 0 and not done.stderr, done.stderr[:4000]
    pages = {p.name for p in (folder / "html").iterdir()}
    assert "grus_8h.html" in pages and "slot_8h.html" in pages, pages
    if len(sys.argv) > 1:
        shutil.copytree(folder / "html", sys.argv[1])


if __name__ == "__main__":
    tap.main()
