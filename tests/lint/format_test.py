#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""C files look as clang-format writes them by .clang-format."""

import tap
from sources import c_files, complaints
from tap import need, test


@test
def files_are_as_clang_format_writes_them(_folder):
    need("clang-format")
    said = complaints("clang-format", "--dry-run", "--Werror", *c_files())
    assert not said, said[:4000]


if __name__ == "__main__":
    tap.main()
