#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Mix noisy and clean pairs from listed recordings, for evaluate.py and for train.py --development.

Every list of noises becomes a folder of OUTPUT with noisy/ and clean/, 16 kHz, mono. Lists hold
paths relative to SOURCES, a whole folder ends in /. Signal to noise ratio: -5, 0, 5, 10, 15 dB in
turn. A seed gives the same pairs again.

Examples:
    ./development.py --sources ~/sound --voices held_out/development_voices.txt \\
        --noises held_out/development_events.txt --noises held_out/development_loops.txt dev
    ./development.py --sources ~/sound --voices held_out/test_voices.txt \\
        --noises held_out/test_events.txt --noises held_out/test_loops.txt --other test
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import soundfile

from data.clips import decode
from data.mixing import ACTIVE_NOISE, ACTIVE_SPEECH, CEILING, level

RATE = 16000
RATIOS = (-5, 0, 5, 10, 15)  # dB
SPEECH_LEVEL = 10 ** (-26 / 20)
SUFFIXES = {".wav", ".flac", ".ogg", ".mp3", ".g722"}
# Samples of digital silence: networks that know none take the noise that follows for speech.
MUTED = RATE // 2
FAINT = 1e-3
TALKERS = 5


def listed(path: Path, sources: Path) -> list[Path]:
    """The recordings that a list names."""
    lines = [line for line in path.read_text().splitlines() if line and line[0] != "#"]
    files: list[Path] = []
    for line in lines:
        found = sorted((sources / line).rglob("*")) if line.endswith("/") else [sources / line]
        files += [file for file in found if file.suffix.lower() in SUFFIXES and file.exists()]
    if not files:
        raise SystemExit(f"{path}: none of its recordings is in {sources}")
    return files


class Pairs:
    """Makes pairs of `count` samples."""

    def __init__(self, voices: list[Path], seconds: float, seed: int) -> None:
        self.count = int(seconds * RATE)
        self.random = np.random.default_rng(seed)
        by_speaker: dict[Path, list[Path]] = {}
        for file in voices:
            # A folder of single files has a speaker in each, as LibriSpeech's here.
            alone = "librispeech" in str(file)
            by_speaker.setdefault(file if alone else file.parent, []).append(file)
        self.speakers = list(by_speaker.values())
        self.random.shuffle(self.speakers)

    def fill(self, files: list[Path], pause: tuple[float, float], lead: float = 0) -> np.ndarray:
        """Files one after the other with pauses in between, from a random place of a long one.

        Before the first at most `lead` seconds of silence.
        """
        samples = np.zeros(self.count, np.float32)
        position = int(self.random.uniform(0, lead) * RATE)
        while position < self.count:
            file = files[self.random.integers(len(files))]
            part, _ = decode(file, 120.0, RATE)
            if len(part) == 0 or np.abs(part).max() < FAINT:
                raise SystemExit(f"{file}: is empty or silent")
            spare = max(0, len(part) - self.count)
            part = part[int(self.random.integers(spare + 1)) :][: self.count - position]
            samples[position : position + len(part)] = part
            position += len(part) + int(self.random.uniform(*pause) * RATE)
        return samples

    def voice(self, index: int) -> np.ndarray:
        clean = self.fill(self.speakers[index % len(self.speakers)], (0.1, 0.4), 0.4)
        return clean * (SPEECH_LEVEL / level(clean, RATE, ACTIVE_SPEECH))

    def noise(self, file: Path) -> np.ndarray:
        return self.fill([file], (0.2, 1.0))

    def babble(self) -> np.ndarray:
        chosen = self.random.choice(len(self.speakers), TALKERS, replace=False)
        return sum(self.voice(index) for index in chosen)


def at_ratio(clean: np.ndarray, noise: np.ndarray, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """(noisy, clean) with the ratio given in dB, turned down together where they would clip."""
    speech = level(clean, RATE, ACTIVE_SPEECH)
    noise = noise * (speech * 10 ** (-ratio / 20) / level(noise, RATE, ACTIVE_NOISE))
    gain = min(1.0, CEILING / np.abs(clean + noise).max())
    return gain * (clean + noise), gain * clean


def write(folder: Path, index: int, noisy: np.ndarray, clean: np.ndarray, label: str) -> None:
    for kind, samples in (("noisy", noisy), ("clean", clean)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        soundfile.write(folder / kind / f"{index:03d}_{label}.wav", samples, RATE, "PCM_16")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("output", type=Path, help="folder to write")
    parser.add_argument("--sources", type=Path, required=True, help="folder with the sources")
    parser.add_argument("--voices", type=Path, required=True, help="list of clean speech")
    parser.add_argument(
        "--noises", type=Path, action="append", default=[], help="list of noises; repeatable"
    )
    parser.add_argument(
        "--other",
        action="store_true",
        help="also babble of the voices, clean speech, noise alone, noise after digital silence",
    )
    parser.add_argument("--count", type=int, default=48, help="pairs of every kind")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of a pair")
    parser.add_argument("--seed", type=int, default=11)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    pairs = Pairs(listed(options.voices, options.sources), options.seconds, options.seed)
    noises = {path.stem.split("_")[-1]: listed(path, options.sources) for path in options.noises}
    silence = np.zeros(pairs.count, np.float32)
    for kind, files in noises.items():
        order = pairs.random.permutation(len(files))
        for index in range(options.count):
            noise, ratio = pairs.noise(files[order[index % len(files)]]), RATIOS[index % 5]
            mixed = at_ratio(pairs.voice(index), noise, ratio)
            write(options.output / kind, index, *mixed, f"{ratio}dB")
            if options.other:
                alone = noise * (SPEECH_LEVEL / level(noise, RATE, ACTIVE_NOISE))
                gain = min(1.0, CEILING / np.abs(alone).max())
                write(options.output / f"{kind}_alone", index, gain * alone, silence, kind)
                alone[:MUTED] = 0
                write(options.output / f"{kind}_muted", index, gain * alone, silence, kind)
    for index in range(options.count if options.other else 0):
        clean, ratio = pairs.voice(index), RATIOS[index % 5]
        mixed = at_ratio(clean, pairs.babble(), ratio)
        write(options.output / "babble", index, *mixed, f"{ratio}dB")
        write(options.output / "clean", index, clean, clean, "clean")


if __name__ == "__main__":
    main()
