# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Folders of sound files, and what a batch made of them."""

import json
import os
import random
import wave

from render_program import render

JOURNAL = "grus-render.jsonl"
NAMES = ("0.wav", "1.flac", "2.ogg", "a/3.wav", "a/4.wav", "a/b/5.WAV",
         "a/b/6.flac")


def corpus(folder, seconds=0.5):
    """Make sound files in folders of folders; return the folder."""
    for i, name in enumerate(NAMES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wav = folder / "made.wav"
        with wave.open(str(wav), "wb") as file:
            file.setparams((1, 2, 48000, 0, "NONE", ""))
            n_frames = int(48000 * seconds * (1 + i % 3))
            file.writeframes(random.Random(i).randbytes(2 * n_frames))
        if path.suffix.lower() == ".wav":
            os.rename(wav, path)
        else:
            render("--reduction", 0, wav, path)
            wav.unlink()
    return folder


def files_below(folder):
    """Return the bytes of all files but the journal, by their names."""
    return {os.path.relpath(path, folder): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != JOURNAL}


def one_by_one(source, folder):
    """Render each file with a call of its own; return as files_below()."""
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        render(source / name, folder / name)
    return files_below(folder)


def lines(folder):
    """Return the lines of a journal that are whole."""
    found = []
    for line in (folder / JOURNAL).read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            pass
    return found
