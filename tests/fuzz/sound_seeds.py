#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Write small sound files of all kinds, with metadata, for a fuzzer to start
from:  sound_seeds.py FOLDER  (those that ffmpeg and sox make, where they are)
"""

import pathlib
import shutil
import subprocess
import sys

SINE = ("-f", "lavfi", "-i", "sine=d=0.03:r=32000")
TAGS = ("-metadata", "title=A", "-metadata", "comment=B", "-metadata", "artist=C")
CODECS = {
    "wav": ("pcm_s16le", "pcm_u8", "pcm_s24le", "pcm_f32le", "pcm_alaw", "adpcm_ms",
            "adpcm_ima_wav", "libmp3lame"),
    "aiff": ("pcm_s16be", "pcm_s16le", "pcm_f32be", "pcm_alaw"),
    "caf": ("pcm_s16be", "pcm_f32le", "alac"), "w64": ("pcm_s16le", "pcm_f32le"),
    "au": ("pcm_s16be", "pcm_mulaw"), "flac": ("flac",), "oga": ("flac",), "ogg": ("libvorbis",),
    "opus": ("libopus",), "mp3": ("libmp3lame",), "mp2": ("mp2",), "voc": ("pcm_u8",)}
SOX = ("8svx", "aifc", "avr", "gsm.wav", "htk", "ircam", "mat4", "mat5", "nist", "paf", "pvf", "sds",
       "sf", "wve")


def run(*args):
    if shutil.which(args[0]):
        subprocess.run([str(a) for a in args], check=False, stdin=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for ending, codecs in CODECS.items():
        for codec in codecs:
            more = ("-write_id3v2", "1") if ending == "aiff" else ()
            run("ffmpeg", "-v", "quiet", "-y", *SINE, *TAGS, *more, "-ac", "2", "-c:a", codec,
                folder / f"{codec}.{ending}")
    wav = folder / "pcm_s16le.wav"
    run("ffmpeg", "-v", "quiet", "-y", "-i", wav, "-write_bext", "1", "-metadata", "description=d",
        "-metadata", "originator=o", folder / "bext.wav")
    run("ffmpeg", "-v", "quiet", "-y", "-i", wav, "-rf64", "always", folder / "rf64.wav")
    for ending in SOX:
        kind = () if "." in ending else ("-t", ending)
        run("sox", wav, "-c", "1", *kind, folder / f"sox.{ending}")
    for ending in ("ogg", "opus", "flac", "mp3"):
        for file in sorted(folder.glob(f"*.{ending}")):
            if not file.name.startswith("two"):
                (folder / f"two.{ending}").write_bytes(file.read_bytes() * 2)


if __name__ == "__main__":
    main()
