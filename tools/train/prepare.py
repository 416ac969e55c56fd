#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Decode the sources into two caches of 16-bit samples, speech and noise, at one sample rate.

A cache is NAME_RATE.npy (all clips end to end) and NAME_RATE.json (where each clip lies).
Speech that is not clean enough to be a target is dropped.

Examples:
    ./prepare.py --sources ~/sound --held-out held_out.txt --rate 16000 --output ~/cache
    ./prepare.py --sources ~/sound --held-out held_out.txt --rate 48000 --hours 0.7 --output ~/cache
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile

from data.clips import Clip, decode
from data.sources import NOISE, SPEECH, Source

PEAK = 0.7
FAINTEST_PEAK = 1e-3
SHORTEST_SPEECH = 0.5  # seconds
SHORTEST_NOISE = 0.1  # seconds


@dataclass(frozen=True)
class Job:
    """One file to decode."""

    source: Source
    speaker: str
    path: str
    root: Path
    rate: int


class HeldOut:
    """Paths never to train on: one a line, a trailing / holds out a whole folder."""

    def __init__(self, lists: list[Path]) -> None:
        lines = [line.strip() for file in lists for line in file.read_text().splitlines()]
        paths = [line for line in lines if line and not line.startswith("#")]
        self.files = {path for path in paths if not path.endswith("/")}
        self.folders = tuple(path for path in paths if path.endswith("/"))

    def __contains__(self, path: str) -> bool:
        return path in self.files or path.startswith(self.folders)


def loudness_range(samples: np.ndarray, rate: int) -> float:
    """dB between the 92nd and the 8th percentile of the 20 ms frames' energy."""
    size = rate // 50
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    levels = 10 * np.log10((frames**2).mean(axis=1) + 1e-10)
    return float(np.percentile(levels, 92) - np.percentile(levels, 8))


def bandwidth(samples: np.ndarray, rate: int) -> float:
    """Hz above which the recording has nothing: 70 dB below its loudest 250 Hz band."""
    size = rate // 50
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = (np.abs(np.fft.rfft(frames * np.hanning(size), axis=1)) ** 2).mean(axis=0)
    bands = power[1:].reshape(-1, 5).mean(axis=1)
    present = np.flatnonzero(bands > bands.max() * 1e-7)
    return float((present[-1] + 1) * 250)


def clean_enough(samples: np.ndarray, job: Job) -> bool:
    """Whether speech can be a target: wide in level and not of telephone bandwidth."""
    enough = loudness_range(samples, job.rate) >= job.source.least_range
    return enough and bandwidth(samples, job.rate) > 4000


def load(job: Job) -> tuple[Job, np.ndarray, float]:
    """Decode, judge and level one file; no samples if it cannot be used."""
    nothing = job, np.zeros(0, np.int16), 0.0
    try:
        samples, found = decode(job.root / job.path, job.source.longest, job.rate)
    except (soundfile.LibsndfileError, subprocess.CalledProcessError):
        return nothing
    speech = job.source in SPEECH
    shortest = SHORTEST_SPEECH if speech else SHORTEST_NOISE
    if len(samples) < shortest * job.rate or np.abs(samples).max() < FAINTEST_PEAK:
        return nothing
    if speech and not clean_enough(samples, job):
        return nothing
    samples = samples - samples.mean()
    samples *= PEAK / np.abs(samples).max()
    # Resampling leaves faint images above the file's own limit.
    width = min(bandwidth(samples, job.rate), found / 2)
    return job, np.round(samples * 32767).astype(np.int16), width


def list_jobs(
    sources: tuple[Source, ...], root: Path, held_out: HeldOut, rate: int, seed: int
) -> Iterator[Job]:
    """Every usable file of the sources, in an order that depends on nothing but the seed."""
    paths = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    for source in sources:
        matches = [match for path in paths if (match := re.search(source.pattern, path))]
        matches = [match for match in matches if match.string not in held_out]
        if source.limit and len(matches) > source.limit:
            chosen = np.random.default_rng(seed).choice(len(matches), source.limit, replace=False)
            matches = [matches[index] for index in sorted(chosen)]
        for match in matches:
            speaker = match.group(1) if match.re.groups else ""
            yield Job(source, f"{source.name}/{speaker}", match.string, root, rate)


def build(name: str, jobs: list[Job], hours: float, workers: int, output: Path) -> None:
    """Decode the jobs into one cache, at most `hours` of each source."""
    clips: list[Clip] = []
    taken: dict[str, int] = {}
    rate = jobs[0].rate
    position = 0
    samples_path = output / f"{name}_{rate}.raw"
    with samples_path.open("wb") as file, Pool(workers) as pool:
        for job, samples, width in pool.imap(load, jobs, chunksize=16):
            key = job.source.name
            if not len(samples) or taken.get(key, 0) > hours * 3600 * rate:
                continue
            clips.append(Clip(key, job.speaker, job.path, position, len(samples), width))
            taken[key] = taken.get(key, 0) + len(samples)
            position += len(samples)
            file.write(samples.tobytes())
    np.save(output / f"{name}_{rate}.npy", np.fromfile(samples_path, np.int16))
    samples_path.unlink()
    index = json.dumps([asdict(clip) for clip in clips], ensure_ascii=False)
    (output / f"{name}_{rate}.json").write_text(index)
    for key, count in taken.items():
        print(f"{name}: {key}: {count / rate / 3600:.2f} h")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sources", type=Path, required=True, help="folder with the sources")
    parser.add_argument("--output", type=Path, required=True, help="folder for the caches")
    parser.add_argument(
        "--held-out", type=Path, action="append", default=[], help="list of paths to leave out"
    )
    parser.add_argument("--rate", type=int, default=16000, help="sample rate, Hz")
    parser.add_argument("--hours", type=float, default=1e9, help="most hours of one source")
    parser.add_argument("--workers", type=int, default=2, help="decoding processes")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    held_out = HeldOut(options.held_out)
    for name, sources in (("speech", SPEECH), ("noise", NOISE)):
        jobs = list(list_jobs(sources, options.sources, held_out, options.rate, options.seed))
        if not jobs:
            raise SystemExit(f"{options.sources}: no {name} found")
        np.random.default_rng(options.seed).shuffle(jobs)
        build(name, jobs, options.hours, options.workers, options.output)


if __name__ == "__main__":
    main()
