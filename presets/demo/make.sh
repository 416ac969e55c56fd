#!/bin/sh
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC

# Make noisy.flac again from two Debian packages.  Needs apt-get with a network,
# dpkg-deb, sox and libsox-fmt-all.

set -eu

cd "$(dirname "$0")"
output=$PWD/noisy.flac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

apt-get download fillets-ng-data-cs sonic-pi-samples
for package in ./*.deb; do
  dpkg-deb -x "$package" .
done
voices=usr/share/games/fillets-ng/sound/hanoi/cs
printer=usr/share/sonic-pi/samples/loop_3d_printer.flac

# Print the RMS level of a file as a fraction of full scale
level() {
  sox "$1" -n stat 2>&1 | awk '/^RMS +amplitude/ {print $3}'
}

# Two speakers, one after the other, with pauses around them
for name in m-restartuj v-looser; do
  sox $voices/$name.ogg -e floating-point -b 32 $name.wav \
    gain -6 rate -v 48000 channels 1 norm -12 pad 0.7 0.2
done
sox m-restartuj.wav v-looser.wav speech.wav

# Eight seconds of the printer, crossfaded into themselves
sox $printer -e floating-point -b 32 once.wav \
  gain -6 rate -v 48000 channels 1
length=$(soxi -D once.wav)
sox once.wav once.wav twice.wav splice -q "$length,0.1"
sox twice.wav noise.wav trim 0 "$(soxi -D speech.wav)"

# The speech, pauses included, is 5 dB above the noise
gain=$(echo "$(level speech.wav) $(level noise.wav)" |
  awk '{print $1 / $2 / 10 ^ (5 / 20)}')
sox -R -m -v 1 speech.wav -v "$gain" noise.wav -b 16 \
  --comment "Speech: Fish Fillets NG, GPL-2; noise: Sonic Pi samples, CC0" \
  noisy.flac norm -3
mv noisy.flac "$output"
