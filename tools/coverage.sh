#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Tell which lines the tests run: build in build-coverage/ what the tests named
# need (all of unit and plain without a name), run them, and print the sums.
#
#   tools/coverage.sh [test]...

set -eu

cd "$(dirname "$0")/.."
command -v gcovr >/dev/null || {
  echo "coverage.sh: gcovr is missing: install it (tools/setup.sh --hosts)" >&2
  exit 1
}

build=build-coverage
[ -f "$build/build.ninja" ] ||
  meson setup --buildtype debugoptimized -Db_coverage=true "$build"
find "$build" -name '*.gcda' -exec rm -f {} +
[ $# -gt 0 ] || set -- --suite unit --suite plain
meson test -C "$build" "$@"
gcovr --root . --object-directory "$build" --exclude tests --exclude-unreachable-branches \
  --html-details "$build/coverage.html" --print-summary --sort-uncovered
