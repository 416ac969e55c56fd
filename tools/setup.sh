#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Install what is missing to build Grus on Debian or Ubuntu, then build it in
# build/.  Does nothing twice, and needs no network if nothing is missing.

set -eu

packages="gcc libcairo2-dev libcriterion-dev libjansson-dev libkissfft-dev
libsndfile1-dev libspeexdsp-dev lv2-dev meson ninja-build pkg-config python3"

is_installed() {
  dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q ' installed$'
}

list_missing() {
  for package in $packages; do
    is_installed "$package" || printf ' %s' "$package"
  done
}

# Run a command as root, in one way or the other
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    return 1
  fi
}

install_missing() {
  missing=$(list_missing)
  [ -n "$missing" ] || return 0

  echo "Installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # One word for each package
  as_root apt-get -q -q update &&
    as_root apt-get -q -q -y --no-install-recommends install $missing && return

  echo "setup.sh: cannot install what is missing.  Run this as root:" >&2
  echo "  apt-get update && apt-get install$missing" >&2
  return 1
}

# What the tools are called elsewhere, where dpkg cannot tell what is missing
check_tools() {
  for tool in cc meson ninja pkg-config; do
    command -v "$tool" >/dev/null || {
      echo "setup.sh: \"$tool\" is missing.  Grus needs what Debian calls" >&2
      echo "$packages" >&2
      return 1
    }
  done
}

cd "$(dirname "$0")/.."
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
  install_missing
else
  check_tools
fi

[ -f build/build.ninja ] || meson setup --buildtype release build
ninja -C build
