#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The first page of sound of an Ogg stream is not lost without a word.

Prints TAP.

    sound_pages_test.py build/tools/grus
"""

import subprocess

import tap
from output_program import render, source_file
from tap import need, test
from wav import data_of

RATE = 48000
FIRST = {"opus": ("libopus", 2), "ogg": ("libvorbis", 3)}  # and packets before the sound


def encoded(folder, ending):
    """Return the bytes of 3 s of sound."""
    need("ffmpeg")
    path = folder / f"whole.{ending}"
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-y", "-i", source_file(folder, 3 * RATE),
         "-c:a", FIRST[ending][0], path], capture_output=True, check=False)
    if done.returncode:
        raise tap.Skip(f"ffmpeg has no {FIRST[ending][0]}")
    return path.read_bytes()


def first_page(data, n_headers):
    """Return where the first page of sound is, and its end."""
    at, n_packets = 0, 0
    while True:
        sizes = data[at + 27:at + 27 + data[at + 26]]
        end = at + 27 + len(sizes) + sum(sizes)
        if n_packets >= n_headers:
            return at, end
        n_packets += sum(size < 255 for size in sizes)
        at = end


def changed(data, at):
    """Return bytes of which one is another."""
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1:]


def read(folder, name, data):
    """Return the number of frames, and what is said of a file and of a pipe."""
    path, out = folder / name, folder / "out.wav"
    path.write_bytes(data)
    options = ("--model", "voice-light", "--bits", "16")
    file = render("--force", *options, path, out)
    pipe = render("--format", "wav", *options, "-", "-", input=data)
    assert data_of(pipe.stdout) == data_of(out), name
    said = [done.stderr.decode().replace(str(path), "-") for done in (file, pipe)]
    return len(data_of(out)) // 2, ["".join(
        line for line in text.splitlines() if "not kept" not in line) for text in said]


def check(ending, folder):
    whole = encoded(folder, ending)
    n_frames, said = read(folder, f"in.{ending}", whole)
    assert n_frames == 3 * RATE and said == ["", ""], (n_frames, said)
    at, end = first_page(whole, FIRST[ending][1])
    middle = (at + end) // 2
    for data in (changed(whole, middle), changed(whole, at),
                 whole[:middle] + whole[middle + 90:]):
        for before, seconds in ((b"", "0.0"), (whole, "3.0")):
            n_frames, said = read(folder, f"in.{ending}", before + data)
            wanted = (f'grus render: warning: "-" is damaged at {seconds} s; '
                      "all that can be read is there")
            assert said == [wanted] * 2, (ending, seconds, said)
            assert RATE < n_frames - (3 * RATE if before else 0) < 3 * RATE, n_frames


@test
def opus_without_its_first_page_is_damaged(folder):
    check("opus", folder)


@test
def vorbis_without_its_first_page_is_damaged(folder):
    check("ogg", folder)


if __name__ == "__main__":
    tap.main()
