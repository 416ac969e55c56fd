# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The Python package of the build whose folder is the test's first argument."""

import sys

try:
    import numpy as np  # noqa: F401
except ImportError as error:
    print(f"1..0 # SKIP {error}")
    sys.exit(0)

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import grus  # noqa: E402


def fails(says, function, *args, error=grus.GrusError, **options):
    """Call a function, which must raise an error that says something."""
    try:
        function(*args, **options)
    except error as raised:
        assert says in str(raised), raised
        return
    raise AssertionError(f"no error says {says!r}")
