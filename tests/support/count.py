#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Count the tests in a JUnit file, and say `N passed, N failed` at the end.

Tests that report parts of their own (TAP) count part by part.  Skipped ones
are told only if there are any.  Fails if a test failed or none ran.
"""

import sys
import xml.etree.ElementTree as ElementTree


def main(path):
    """Print the count of the tests in the file at `path`."""
    failed = skipped = passed = 0
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        print(f"count.py: {error}", file=sys.stderr)
        cases = []

    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1

    text = f"{passed} passed, {failed} failed"
    print(text + (f", {skipped} skipped" if skipped else ""))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
