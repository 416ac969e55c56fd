#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Measure a model, or files that any program enhanced, against clean recordings.

PAIRS holds two folders, noisy/ and clean/, with files of the same names, mono, one rate a pair.
PESQ (wide band) and ESTOI need the Python packages pesq and pystoi; without them their columns
are empty. A clean file of silence makes the pair a measure of how far noise goes down.

Examples:
    ./evaluate.py --pairs dev/wide --model ../../presets/models/voice.safetensors
    ./evaluate.py --pairs dev/wide --enhanced out/wide --json wide.json
"""

from __future__ import annotations

import argparse
import json
import math
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import soundfile
import torch
from scipy.signal import butter, resample_poly, sosfilt

from enhance import enhance_array
from model_file import load_network
from network import HOP, SAMPLE_RATE, enhance
from voice_activity import voiced

try:
    from pesq import pesq
except ImportError:
    pesq = None
try:
    from pystoi import stoi
except ImportError:
    stoi = None

PESQ_RATE = 16000
TINY = 1e-10
HIGH_BAND = (8000, 16000)  # Hz
COLUMNS = (
    "pesq",
    "estoi",
    "si_sdr",
    "si_sdr_gain",
    "reduction",
    "activity_right",
    "high_kept",
    "high_pause_reduction",
)


def decibels(power: float) -> float:
    return 10 * math.log10(power + TINY)


def si_sdr(estimate: np.ndarray, clean: np.ndarray) -> float:
    """Scale-invariant signal to distortion ratio, dB."""
    estimate, clean = estimate - estimate.mean(), clean - clean.mean()
    target = clean * (estimate @ clean / (clean @ clean + TINY))
    error = estimate - target
    return 10 * math.log10((target @ target + TINY) / (error @ error + TINY))


def frame_power(samples: np.ndarray, rate: int) -> np.ndarray:
    """Mean power of every 20 ms in 8 to 16 kHz."""
    band = butter(8, HIGH_BAND, "bandpass", fs=rate, output="sos")
    high = sosfilt(band, samples)
    size = rate // 50
    return (high[: len(high) // size * size].reshape(-1, size) ** 2).mean(axis=1)


def high_band_scores(
    noisy: np.ndarray, clean: np.ndarray, cleaned: np.ndarray, rate: int
) -> dict[str, float]:
    """What happens between 8 and 16 kHz, dB.

    high_kept: median change of speech, over frames where the clean highs are within 20 dB of
    their loudest and 6 dB above the noise. high_pause_reduction: how far the noise goes down in
    frames whose clean highs are 50 dB below the loudest.
    """
    speech = frame_power(clean, rate)
    noise = frame_power(noisy - clean, rate)
    before, after = frame_power(noisy, rate), frame_power(cleaned, rate)
    loud = (speech > speech.max() * 1e-2) & (speech > 4 * noise)
    pauses = speech < speech.max() * 1e-5
    scores = {}
    if loud.sum() >= 3:
        scores["high_kept"] = decibels(float(np.median(after[loud] / speech[loud])))
    if pauses.sum() >= 5 and before[pauses].mean() > 1e-9:
        change = after[pauses].mean() / before[pauses].mean()
        scores["high_pause_reduction"] = -decibels(float(change))
    return scores


def activity_score(model: Path, noisy: np.ndarray, clean: np.ndarray, rate: int) -> float:
    """Share of analysis frames whose voice activity is right (voice_activity.py has the rule)."""
    at_48k = [resample_poly(part, SAMPLE_RATE // rate, 1) for part in (noisy, clean)]
    noisy_48k, clean_48k = (torch.from_numpy(part.astype(np.float32)) for part in at_48k)
    _, activity = enhance(load_network(model), noisy_48k)
    # The activity's frame 0 begins a hop before the sound, that of voiced() with it.
    truth = voiced(clean_48k[None], HOP)[0]
    return ((activity[1 : 1 + len(truth)] > 0.5) == (truth > 0)).float().mean().item()


def measure(task: tuple[Path, Path, Path | None, Path | None]) -> dict[str, float | str]:
    """One pair -> its name and scores."""
    noisy_path, clean_path, model, enhanced = task
    torch.set_num_threads(1)
    noisy, rate = soundfile.read(noisy_path, dtype="float32")
    clean, clean_rate = soundfile.read(clean_path, dtype="float32")
    if rate != clean_rate or noisy.shape != clean.shape or noisy.ndim != 1:
        raise ValueError(f"{noisy_path.name}: noisy and clean differ, or are not mono")
    if model:
        cleaned = enhance_array(load_network(model), noisy, rate)
    else:
        cleaned, _ = soundfile.read(enhanced / noisy_path.name, dtype="float32")
        cleaned = np.pad(cleaned, (0, max(0, len(noisy) - len(cleaned))))[: len(noisy)]
    scores: dict[str, float | str] = {"name": noisy_path.name}
    if np.abs(clean).max() < 1e-6:
        change = np.mean(cleaned[rate:] ** 2) / (np.mean(noisy[rate:] ** 2) + TINY)
        scores["reduction"] = -10 * math.log10(change + 1e-12)
    else:
        scores["si_sdr"] = si_sdr(cleaned, clean)
        scores["si_sdr_gain"] = scores["si_sdr"] - si_sdr(noisy, clean)
        narrow = [resample_poly(part, PESQ_RATE, rate) for part in (clean, cleaned)]
        if pesq:
            scores["pesq"] = pesq(PESQ_RATE, *narrow, "wb")
        if stoi:
            scores["estoi"] = stoi(*narrow, PESQ_RATE, extended=True)
        if rate > 2 * HIGH_BAND[1]:
            scores.update(high_band_scores(noisy, clean, cleaned, rate))
    if model and SAMPLE_RATE % rate == 0:
        scores["activity_right"] = activity_score(model, noisy, clean, rate)
    return scores


def summarise(rows: list[dict]) -> dict[str, float]:
    """Means over the pairs that have a score, and worst cases where they matter."""
    summary: dict[str, float] = {"pairs": len(rows)}
    for column in COLUMNS:
        values = [row[column] for row in rows if column in row]
        if values:
            summary[column] = float(np.mean(values))
            if column in ("reduction", "activity_right"):
                summary[f"{column}_least"] = float(np.min(values))
    return summary


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, required=True, help="folder with noisy/ and clean/")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--model", type=Path, help="exported model file to run")
    what.add_argument("--enhanced", type=Path, help="folder of enhanced files, named as in noisy/")
    parser.add_argument("--json", type=Path, help="write all scores here")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--each", action="store_true", help="print a line for every pair")
    options = parser.parse_args()
    files = sorted((options.pairs / "noisy").iterdir())
    tasks = [
        (file, options.pairs / "clean" / file.name, options.model, options.enhanced)
        for file in files
    ]
    with Pool(options.workers) as pool:
        rows = pool.map(measure, tasks, chunksize=1)
    if options.each:
        for row in rows:
            scores = (f"{name} {row[name]:.3f}" for name in COLUMNS if name in row)
            print(f"{row['name']}: {'  '.join(scores)}")
    summary = summarise(rows)
    for name, value in summary.items():
        print(f"{name:24} {value:9.3f}")
    if options.json:
        options.json.write_text(json.dumps({"summary": summary, "pairs": rows}, indent=2))


if __name__ == "__main__":
    main()
