#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The structs that the Python package declares lie as the compiler lays them out.

The package has no cffi, so that numpy is all it needs; this is the price.

    layouts_test.py build/tools/python build/tests/python/layouts
"""

import ctypes
import json
import subprocess
import sys

import tap
from package import grus
from tap import test


@test
def structs_lie_as_in_c(_folder):
    told = subprocess.run(sys.argv[2], capture_output=True, text=True, check=True).stdout
    ours = {}
    for name, struct in vars(grus._engine).items():
        if isinstance(struct, type) and issubclass(struct, ctypes.Structure):
            fields = {field[0]: getattr(struct, field[0]) for field in struct._fields_}
            ours[name] = {"size": ctypes.sizeof(struct),
                          "fields": {k: [f.offset, f.size] for k, f in fields.items()}}
    assert ours == json.loads(told)
    assert len(ours) == 13


if __name__ == "__main__":
    tap.main()
