#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Install what is missing to build Grus on Debian or Ubuntu, then build it in
# build/.  Does nothing twice, and needs no network if nothing is missing.
#
#   --hosts    Also install the programs that the tests run the plugin in, and
#              what other tests would skip without
#   --plugin   Also install the plugin for this user, in ~/.lv2

set -eu

packages="gcc libcairo2-dev libcriterion-dev libflac-dev libjansson-dev
libkissfft-dev libmpg123-dev libncurses-dev libogg-dev libopusfile-dev libpulse-dev
libsamplerate0-dev libsndfile1-dev libspeexdsp-dev libvorbis-dev libx11-dev lv2-dev meson ninja-build
pkg-config portaudio19-dev python3"

# What the tests use where it is there; not every distribution has all of it
hosts="ardour clang clang-format clang-tidy cppcheck dbus-daemon doxygen
ecasound ffmpeg gcovr gstreamer1.0-plugins-bad
gstreamer1.0-tools jackd2 jalv libasound2-plugins libclang-rt-19-dev
libjack-jackd2-dev liblilv-dev lilv-utils pipewire-bin pipewire-jack pulseaudio
pulseaudio-utils python3-distributed python3-fsspec python3-matplotlib python3-pip python3-scipy
python3-soundfile python3-torch
sndfile-programs sordi sox tmux wireplumber xdotool xvfb"

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

# Install the hosts that there are, one by one not to lose all for the lack of one
install_hosts() {
  missing=
  for package in $hosts; do
    is_installed "$package" || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0

  echo "Installing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  as_root apt-get -q -q update || return
  for package in $missing; do
    apt-cache show "$package" >/dev/null 2>&1 || {
      echo "setup.sh: there is no package \"$package\" here" >&2
      continue
    }
    as_root apt-get -q -q -y --no-install-recommends install "$package" || return
  done
}

install_plugin() {
  bundle=$HOME/.lv2/grus.lv2
  mkdir -p "$bundle"
  cp build/plugin/*.so build/plugin/*.ttl build/plugin/*.json build/plugin/*.safetensors "$bundle"
  echo "The plugin is in $bundle"
}

with_hosts=false
with_plugin=false
for option in "$@"; do
  case $option in
  --hosts) with_hosts=true ;;
  --plugin) with_plugin=true ;;
  *)
    echo "Usage: setup.sh [--hosts] [--plugin]" >&2
    exit 2
    ;;
  esac
done

cd "$(dirname "$0")/.."
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
  install_missing
else
  check_tools
fi

if "$with_hosts"; then
  install_hosts
fi

if [ ! -f build/build.ninja ]; then
  meson setup --buildtype release build
elif "$with_hosts"; then
  meson setup --reconfigure build # Finds the libraries that have come
fi
ninja -C build
if "$with_plugin"; then
  install_plugin
fi
