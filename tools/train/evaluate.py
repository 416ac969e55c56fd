#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Measure models, and files that other programs enhanced, against clean recordings.

PAIRS holds two folders, noisy/ and clean/, with files of the same names, mono, one rate a pair.
PESQ (wide band), STOI and ESTOI need the Python packages pesq and pystoi; without them there are no
such columns. A clean file of silence makes the pair a measure of how far noise goes down. The noisy
files are measured beside the systems; a system is called by the name of its file or folder. RNNoise
is measured, too, where its rnnoise_demo is installed. In brackets behind a mean: where 95 % of the
means of as many pairs drawn anew lie (bootstrap).

Examples:
    ./evaluate.py --pairs dev/wide --model ../../presets/models/voice.safetensors
    ./evaluate.py --pairs dev/wide --model voice.safetensors --enhanced out/other \\
        --json scores.json --table scores.md --picture scores.svg
    ./evaluate.py --pairs dev/wide --model voice.safetensors --peers out
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import tempfile
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import matplotlib
import numpy as np
import soundfile
import torch
from scipy.signal import butter, resample_poly, sosfilt

from enhance import enhance_array
from data.voice_activity import voiced
from measure.frames import input_ratio, lost_speech, pause_reduction
from net.model_file import load_network
from net.network import SAMPLE_RATE, WINDOW, enhance

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402 (the backend must be chosen first)

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
UNPROCESSED = "unprocessed"
RNNOISE_RATE = 48000
RNNOISE_FRAME = 480
# How a score is headed, and its digits after the point.
COLUMNS = {
    "pesq": ("PESQ", 2),
    "stoi": ("STOI", 3),
    "estoi": ("ESTOI", 3),
    "si_sdr": ("SI-SDR, dB", 1),
    "lost": ("speech frames 10 dB down", 3),
    "lost_below_0": ("below 0 dB", 3),
    "lost_0_to_10": ("0 to 10 dB", 3),
    "lost_above_10": ("above 10 dB", 3),
    "pause_reduction": ("down in pauses, dB", 1),
    "reduction": ("reduction of noise alone, dB", 1),
    "activity_right": ("voice activity right", 3),
    "high_kept": ("8 to 16 kHz kept, dB", 1),
    "high_pause_reduction": ("8 to 16 kHz down in pauses, dB", 1),
}
PICTURED = ("pesq", "estoi", "si_sdr")
# dB of the recording that a share of lost frames is told of.
RATIOS = {"lost_below_0": (-math.inf, 0), "lost_0_to_10": (0, 10), "lost_above_10": (10, 1e3)}
RESAMPLINGS = 2000
INTERVAL = (2.5, 97.5)  # percentiles


class System(NamedTuple):
    """What made sounds cleaner, or did nothing."""

    name: str
    model: Path | None = None  # a model file to run
    enhanced: Path | None = None  # a folder of files
    rnnoise: str | None = None  # its program rnnoise_demo


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


def frame_scores(
    noisy: np.ndarray, clean: np.ndarray, cleaned: np.ndarray, rate: int
) -> dict[str, float]:
    """Speech taken away, also under the range of ratios that the pair belongs to, and pauses."""
    scores = {"lost": lost_speech(clean, cleaned, rate)}
    ratio = input_ratio(noisy, clean)
    for name, (low, high) in RATIOS.items():
        if low <= ratio < high:
            scores[name] = scores["lost"]
    reduction = pause_reduction(noisy, clean, cleaned, rate)
    return scores if reduction is None else {**scores, "pause_reduction": reduction}


def activity_score(model: Path, noisy: np.ndarray, clean: np.ndarray, rate: int) -> float:
    """Share of analysis frames whose voice activity is right (voice_activity.py has the rule)."""
    at_48k = [resample_poly(part, SAMPLE_RATE // rate, 1) for part in (noisy, clean)]
    noisy_48k, clean_48k = (torch.from_numpy(part.astype(np.float32)) for part in at_48k)
    network = load_network(model)
    _, activity = enhance(network, noisy_48k)
    hop = network.sizes.hop
    truth = voiced(clean_48k[None], hop, WINDOW)[0]
    # The activity's frame 0 ends a hop into the sound, that of voiced() a window into it.
    first = WINDOW // hop - 1
    right = (activity[first : first + len(truth)] > 0.5) == (truth > 0)
    return right.float().mean().item()


def run_rnnoise(program: str, noisy: np.ndarray, rate: int) -> np.ndarray:
    """Noisy samples -> what rnnoise_demo makes of them (raw 16-bit samples at 48 kHz)."""
    common = math.gcd(rate, RNNOISE_RATE)
    up, down = RNNOISE_RATE // common, rate // common
    samples = np.clip(resample_poly(noisy, up, down), -1, 32767 / 32768) * 32768
    # Whole frames only come back, the first of them does not, and versions differ in their delay.
    latest = 4 * RNNOISE_FRAME
    padded = np.pad(samples.round().astype("<i2"), (0, latest + -len(samples) % RNNOISE_FRAME))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "noisy.raw"), Path(folder, "cleaned.raw")
        padded.tofile(source)
        subprocess.run([program, source, target], check=True)
        cleaned = np.fromfile(target, "<i2") / 32768
    delay = max(
        range(0, latest - RNNOISE_FRAME, RNNOISE_FRAME),
        key=lambda late: cleaned[late : late + len(samples)] @ samples,
    )
    return resample_poly(cleaned[delay : delay + len(samples)], down, up)[: len(noisy)]


def process(system: System, noisy: np.ndarray, rate: int, name: str) -> np.ndarray:
    """Noisy samples -> what the system makes of the file of this name."""
    if system.model:
        return enhance_array(load_network(system.model), noisy, rate)
    if system.enhanced:
        cleaned, _ = soundfile.read(system.enhanced / name, dtype="float32")
        return np.pad(cleaned, (0, max(0, len(noisy) - len(cleaned))))[: len(noisy)]
    if system.rnnoise:
        return run_rnnoise(system.rnnoise, noisy, rate)
    return noisy


def measure(task: tuple[System, Path, Path]) -> dict[str, float | str]:
    """One system and pair -> the pair's name and its scores."""
    system, noisy_path, clean_path = task
    torch.set_num_threads(1)
    noisy, rate = soundfile.read(noisy_path, dtype="float32")
    clean, clean_rate = soundfile.read(clean_path, dtype="float32")
    if rate != clean_rate or noisy.shape != clean.shape or noisy.ndim != 1:
        raise ValueError(f"{noisy_path.name}: noisy and clean differ, or are not mono")
    cleaned = process(system, noisy, rate, noisy_path.name)
    scores: dict[str, float | str] = {"name": noisy_path.name}
    if np.abs(clean).max() < 1e-6:
        change = np.mean(cleaned[rate:] ** 2) / (np.mean(noisy[rate:] ** 2) + TINY)
        scores["reduction"] = -10 * math.log10(change + 1e-12)
    else:
        scores["si_sdr"] = si_sdr(cleaned, clean)
        scores.update(frame_scores(noisy, clean, cleaned, rate))
        narrow = [resample_poly(part, PESQ_RATE, rate) for part in (clean, cleaned)]
        if pesq:
            scores["pesq"] = pesq(PESQ_RATE, *narrow, "wb")
        if stoi:
            scores["stoi"] = stoi(*narrow, PESQ_RATE)
            scores["estoi"] = stoi(*narrow, PESQ_RATE, extended=True)
        if rate > 2 * HIGH_BAND[1]:
            scores.update(high_band_scores(noisy, clean, cleaned, rate))
    if system.model and SAMPLE_RATE % rate == 0:
        scores["activity_right"] = activity_score(system.model, noisy, clean, rate)
    return scores


def interval(values: list[float]) -> list[float]:
    """Where 95 % of the means of pairs drawn anew lie, from a fixed seed: the same for systems."""
    random = np.random.default_rng(1)
    drawn = random.integers(len(values), size=(RESAMPLINGS, len(values)))
    return np.percentile(np.array(values)[drawn].mean(axis=1), INTERVAL).tolist()


def summarise(rows: list[dict]) -> dict[str, list[float]]:
    """[mean, low, high] over the pairs that have a score, and worst cases where they matter."""
    summary: dict[str, list[float]] = {}
    for column in COLUMNS:
        values = [row[column] for row in rows if column in row]
        if values:
            summary[column] = [float(np.mean(values)), *interval(values)]
            if column in ("reduction", "activity_right"):
                summary[f"{column}_least"] = [float(np.min(values))]
    return summary


def cell(values: list[float] | None, digits: int) -> str:
    """A mean and its interval in a table."""
    if values is None:
        return ""
    mean, low, high = (f"{value:.{digits}f}" for value in values)
    return f"{mean} ({low} to {high})"


def table(summaries: dict[str, dict[str, list[float]]]) -> str:
    """Means of the systems with their intervals in Markdown."""
    columns = [name for name in COLUMNS if any(name in row for row in summaries.values())]
    lines = [
        ["system", *(COLUMNS[name][0] for name in columns)],
        ["---"] * (1 + len(columns)),
    ]
    for system, row in summaries.items():
        lines.append([system, *(cell(row.get(name), COLUMNS[name][1]) for name in columns)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def draw(results: dict[str, list[dict]], path: Path) -> None:
    """Every pair's scores over the SI-SDR that it came with, and a line through them."""
    came_with = {row["name"]: row["si_sdr"] for row in results[UNPROCESSED] if "si_sdr" in row}
    scores = [name for name in PICTURED if any(name in row for row in results[UNPROCESSED])]
    if not scores:
        raise SystemExit(f"{path}: all pairs are noise alone: there is nothing to draw")
    figure, plots = pyplot.subplots(
        1, len(scores), figsize=(4 * len(scores), 3.6), squeeze=False, layout="constrained"
    )
    for plot, score in zip(plots[0], scores):
        for colour, (system, rows) in enumerate(results.items()):
            known = [row for row in rows if score in row]
            x = np.array([came_with[row["name"]] for row in known])
            y = np.array([row[score] for row in known])
            plot.plot(x, y, ".", markersize=4, color=f"C{colour}", alpha=0.5)
            ends = np.array([x.min(), x.max()])
            line = np.polyval(np.polyfit(x, y, 1), ends) if np.ptp(ends) else ends * 0 + y.mean()
            plot.plot(ends, line, color=f"C{colour}", label=system)
        plot.set_xlabel("SI-SDR of the noisy recording, dB")
        plot.set_ylabel(COLUMNS[score][0])
        plot.grid(alpha=0.3)
    plots[0][0].legend()
    figure.savefig(path, dpi=110)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, required=True, help="folder with noisy/ and clean/")
    parser.add_argument(
        "--model", type=Path, action="append", default=[], help="model file to run; repeatable"
    )
    parser.add_argument(
        "--enhanced",
        type=Path,
        action="append",
        default=[],
        help="folder of enhanced files, named as in noisy/; repeatable",
    )
    parser.add_argument(
        "--peers", type=Path, help="folder whose folders are each as one of --enhanced"
    )
    parser.add_argument(
        "--rnnoise",
        default=shutil.which("rnnoise_demo"),
        metavar="PROGRAM",
        help="RNNoise's example program (default: rnnoise_demo, if there is one)",
    )
    parser.add_argument("--json", type=Path, help="write all scores here")
    parser.add_argument("--table", type=Path, help="write the means here, as Markdown")
    parser.add_argument("--picture", type=Path, help="draw the scores of all pairs: .svg or .png")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--each", action="store_true", help="print a line for every pair")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    systems = [System(UNPROCESSED)]
    systems += [System(model.stem, model=model) for model in options.model]
    peers = sorted(options.peers.iterdir()) if options.peers else []
    systems += [System(folder.name, enhanced=folder) for folder in options.enhanced + peers]
    if options.rnnoise:
        systems.append(System("RNNoise", rnnoise=options.rnnoise))
    files = sorted((options.pairs / "noisy").iterdir())
    results: dict[str, list[dict]] = {}
    summaries: dict[str, dict[str, list[float]]] = {}
    with Pool(options.workers) as pool:
        for system in systems:
            tasks = [(system, file, options.pairs / "clean" / file.name) for file in files]
            rows = pool.map(measure, tasks, chunksize=1)
            results[system.name] = rows
            summaries[system.name] = summarise(rows)
            print(f"{system.name}, {len(rows)} pairs")
            for row in rows if options.each else ():
                scores = (f"{name} {row[name]:.3f}" for name in COLUMNS if name in row)
                print(f"    {row['name']}: {'  '.join(scores)}")
            for name, values in summaries[system.name].items():
                print(f"    {name:24} {'  '.join(f'{v:9.3f}' for v in values)}", flush=True)
    if options.json:
        content = {
            name: {"summary": summaries[name], "pairs": rows} for name, rows in results.items()
        }
        options.json.write_text(json.dumps(content, indent=2))
    if options.table:
        options.table.write_text(table(summaries))
    if options.picture:
        draw(results, options.picture)


if __name__ == "__main__":
    main()
