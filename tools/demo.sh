#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Set up and build Grus, then clean the demo recording

set -eu

cd "$(dirname "$0")/.."
tools/setup.sh

echo
mkdir -p build/demo
build/tools/grus render --picture build/demo/clean.png \
  presets/demo/noisy.flac build/demo/clean.flac

echo
echo "Hear:  presets/demo/noisy.flac, then build/demo/clean.flac"
echo "See:   build/demo/clean.png"
