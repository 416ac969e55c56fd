#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Measure what `grus render` makes of recordings that were treated badly.

PAIRS holds noisy/ and clean/, as for evaluate.py. Every condition changes both files of a pair, so
that what is left to differ is the noise: the clean file of a clipped pair alone is not clipped. The
table shows means before and after; PESQ needs the Python package pesq.

Examples:
    ./robustness.py --pairs dev/wide
    ./robustness.py --pairs dev/wide --model voice.safetensors --table out.md
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, resample_poly, sosfiltfilt

from evaluate import PESQ_RATE, pesq, si_sdr

GRUS = Path(__file__).resolve().parents[2] / "build" / "tools" / "grus"
SPEECH_LEVEL = -26.0  # dBFS, where nothing else is said
Pair = tuple[np.ndarray, np.ndarray, int]  # noisy, clean, rate


def at_level(noisy: np.ndarray, clean: np.ndarray, rate: int, level: float) -> Pair:
    """Clean speech of this mean level in dBFS."""
    gain = 10 ** (level / 20) / np.sqrt(np.mean(clean**2))
    return noisy * gain, clean * gain, rate


def at_rate(noisy: np.ndarray, clean: np.ndarray, rate: int, wanted: int) -> Pair:
    shared = np.gcd(rate, wanted)
    up, down = wanted // shared, rate // shared
    return resample_poly(noisy, up, down), resample_poly(clean, up, down), wanted


def clipped(noisy: np.ndarray, clean: np.ndarray, rate: int, share: float) -> Pair:
    """The loudest samples of the noisy sound, this share of all, meet the ceiling."""
    gain = 1 / np.quantile(np.abs(noisy), 1 - share)
    return np.clip(noisy * gain, -1, 1), clean * gain, rate


def telephone(noisy: np.ndarray, clean: np.ndarray, rate: int) -> Pair:
    band = butter(6, (300, 3400), "bandpass", fs=rate, output="sos")
    return sosfiltfilt(band, noisy), sosfiltfilt(band, clean), rate


def reverberant(noisy: np.ndarray, clean: np.ndarray, rate: int, seconds: float) -> Pair:
    """A room that takes this long to fall by 60 dB, direct sound and room equally loud."""
    count = int(seconds * rate)
    random = np.random.default_rng(1)
    room = random.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    room /= np.sqrt(np.sum(room**2))
    room[0] += 1
    heard = fftconvolve(clean, room)[: len(clean)]
    return noisy - clean + heard, heard, rate


def as_it_is(noisy: np.ndarray, clean: np.ndarray, rate: int) -> Pair:
    return noisy, clean, rate


CONDITIONS: dict[str, Callable[[np.ndarray, np.ndarray, int], Pair]] = {
    "as it is": as_it_is,
    **{
        f"{rate / 1000:g} kHz": partial(at_rate, wanted=rate)
        for rate in (8000, 11025, 22050, 32000, 44100, 48000, 96000)
    },
    **{f"{level} dBFS": partial(at_level, level=level) for level in (-50, -40, -30, -20, -10)},
    "1 % clipped": partial(clipped, share=0.01),
    "10 % clipped": partial(clipped, share=0.10),
    "telephone band": telephone,
    "room of 0.3 s": partial(reverberant, seconds=0.3),
    "room of 1 s": partial(reverberant, seconds=1.0),
}


def scores(noisy: np.ndarray, clean: np.ndarray, rate: int) -> tuple[float, float]:
    """PESQ and SI-SDR."""
    narrow, clean_narrow, _ = at_rate(noisy, clean, rate, PESQ_RATE)
    heard = pesq(PESQ_RATE, clean_narrow, narrow, "wb") if pesq else np.nan
    return heard, si_sdr(noisy, clean)


def measure(task: tuple[str, Path, Path, list[str]]) -> tuple[float, ...]:
    """One condition and pair -> PESQ and SI-SDR, before and after."""
    condition, noisy_path, clean_path, command = task
    noisy, rate = soundfile.read(noisy_path, dtype="float64")
    clean, _ = soundfile.read(clean_path, dtype="float64")
    noisy, clean, rate = at_level(noisy, clean, rate, SPEECH_LEVEL)
    noisy, clean, rate = CONDITIONS[condition](noisy, clean, rate)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "noisy.wav"), Path(folder, "cleaned.wav")
        soundfile.write(source, noisy, rate, "FLOAT")
        subprocess.run([*command, source, target], check=True)
        cleaned, _ = soundfile.read(target, dtype="float64")
    return scores(noisy, clean, rate) + scores(cleaned, clean, rate)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, required=True, help="folder with noisy/ and clean/")
    parser.add_argument("--grus", type=Path, default=GRUS, help="the program")
    parser.add_argument("--model", type=Path, help="model file, else the program's own")
    parser.add_argument("--table", type=Path, help="write the table here, too")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    command = [str(options.grus), "render", "--quiet", "--bits", "float"]
    if options.model:
        command += ["--model", str(options.model)]
    files = sorted((options.pairs / "noisy").iterdir())
    lines = ["| condition | PESQ | SI-SDR, dB |", "| --- | --- | --- |"]
    print("\n".join(lines))
    with Pool(options.workers) as pool:
        for condition in CONDITIONS:
            tasks = [
                (condition, file, options.pairs / "clean" / file.name, command) for file in files
            ]
            before_pesq, before, after_pesq, after = np.mean(pool.map(measure, tasks, 1), axis=0)
            lines.append(
                f"| {condition} | {before_pesq:.2f} to {after_pesq:.2f} "
                f"| {before:.1f} to {after:.1f} |"
            )
            print(lines[-1], flush=True)
    if options.table:
        options.table.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
