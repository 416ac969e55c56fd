#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Set up and build Grus, then run all tests.  The last line counts them.

set -eu

cd "$(dirname "$0")/.."
tools/setup.sh

log=build/meson-logs/testlog.junit.xml
rm -f "$log"
status=0
meson test -C build --no-rebuild --print-errorlogs "$@" || status=$?

python3 tests/support/count.py "$log" || status=1
exit "$status"
