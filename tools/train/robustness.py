#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Measure what `grus render` makes of recordings that were treated badly, and of unusual sounds.

PAIRS holds noisy/ and clean/, as for evaluate.py. Every condition changes both files of a pair, so
that what is left to differ is the noise: only the clean file of a clipped pair is not clipped. Then
every file is cut in the middle of a word, and the first 100 ms are compared with the same 100 ms
where the network had heard what came before.

SOUNDS holds voices/KIND/ and noises/KIND/ (sound_kinds.py says more). Every kind is measured in
mixtures at 5 dB and alone: how far that takes it down, which is good for noises, bad for voices.

Tables show means, before and after. Needs the Python package pesq.

Examples:
    ./robustness.py --pairs dev/wide
    ./robustness.py --sounds dev/kinds --model voice.safetensors --table out.md
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path

import numpy as np
import soundfile
import torch
from pesq import NoUtterancesError, pesq
from scipy.signal import butter, fftconvolve, sosfiltfilt

from evaluate import PESQ_RATE, TINY, decibels, si_sdr
from data.voice_activity import voiced
from measure.sound_kinds import RATE, kinds, resample, voice_and_noise
from net.network import SAMPLE_RATE, WINDOW

GRUS = Path(__file__).resolve().parents[2] / "build" / "tools" / "grus"
SPEECH_LEVEL = -26.0  # dBFS, where nothing else is said
MIXTURES = 18  # of each kind of sound
HOP = WINDOW // 2  # of voice activity here, whatever the model's own
Pair = tuple[np.ndarray, np.ndarray, int]  # noisy, clean, rate
Lines = Iterator[str]


def at_level(noisy: np.ndarray, clean: np.ndarray, rate: int, level: float) -> Pair:
    """Clean speech of this mean level in dBFS."""
    gain = 10 ** (level / 20) / np.sqrt(np.mean(clean**2))
    return noisy * gain, clean * gain, rate


def at_rate(noisy: np.ndarray, clean: np.ndarray, rate: int, wanted: int) -> Pair:
    return resample(noisy, rate, wanted), resample(clean, rate, wanted), wanted


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


def scores(
    noisy: np.ndarray, cleaned: np.ndarray, clean: np.ndarray, rate: int
) -> tuple[float, float, float, float]:
    """PESQ before and after, not a number where it finds no words, and SI-SDR before and after."""
    clean_narrow, *heard = (resample(x, rate, PESQ_RATE) for x in (clean, noisy, cleaned))
    try:
        before, after = (pesq(PESQ_RATE, clean_narrow, part, "wb") for part in heard)
    except NoUtterancesError:
        before, after = np.nan, np.nan
    return before, after, si_sdr(noisy, clean), si_sdr(cleaned, clean)


def render(command: list[str], noisy: np.ndarray, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Noisy samples -> what the program makes of them, and the voice activity of every hop."""
    hop = round(rate * HOP / SAMPLE_RATE)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "noisy.wav"), Path(folder, "cleaned.wav")
        activity = Path(folder, "activity.csv")
        soundfile.write(source, noisy, rate, "FLOAT")
        subprocess.run(
            [*command, "--block", str(hop), "--activity", activity, source, target], check=True
        )
        cleaned, _ = soundfile.read(target, dtype="float64")
        return cleaned, np.loadtxt(activity, delimiter=",", skiprows=1)[:, 1]


def read_pair(noisy_path: Path, clean_path: Path) -> Pair:
    noisy, rate = soundfile.read(noisy_path, dtype="float64")
    clean, _ = soundfile.read(clean_path, dtype="float64")
    return at_level(noisy, clean, rate, SPEECH_LEVEL)


def measure_condition(task: tuple[str, Path, Path, list[str]]) -> tuple[float, ...]:
    """One condition and pair -> PESQ and SI-SDR, before and after."""
    condition, noisy_path, clean_path, command = task
    noisy, clean, rate = CONDITIONS[condition](*read_pair(noisy_path, clean_path))
    cleaned, _ = render(command, noisy, rate)
    return scores(noisy, cleaned, clean, rate)


def measure_start(task: tuple[Path, Path, list[str]]) -> tuple[float, ...]:
    """The loudest 100 ms of a pair -> SNR in dB as it came, warm, and as the first of a file."""
    noisy_path, clean_path, command = task
    noisy, clean, rate = read_pair(noisy_path, clean_path)
    size = rate // 10
    power = np.convolve(clean**2, np.ones(size), "valid")
    start = rate + int(np.argmax(power[rate : -rate // 2]))  # warm: after at least a second
    warm, _ = render(command, noisy, rate)
    cold, _ = render(command, noisy[start:], rate)
    wanted = clean[start : start + size]
    return tuple(
        decibels(np.sum(wanted**2) / (np.sum((heard[:size] - wanted) ** 2) + TINY))
        for heard in (noisy[start:], warm[start:], cold)
    )


def activity_right(activity: np.ndarray, clean: np.ndarray) -> float:
    """Share of the hops whose voice activity is right (voice_activity.py has the rule)."""
    truth = voiced(torch.from_numpy(clean)[None], HOP, WINDOW)[0].numpy()
    return float(np.mean((activity[: len(truth)] > 0.5) == (truth > 0)))


def measure_kind(task: tuple[Path, str, str, int, list[str]]) -> tuple[float, ...]:
    """One mixture -> PESQ, SI-SDR before and after, activity; of the kind alone: dB, activity."""
    sounds, side, kind, number, command = task
    torch.set_num_threads(1)
    voice, noise = voice_and_noise(sounds, side, kind, number)
    noisy, clean, rate = at_level(voice + noise, voice, RATE, SPEECH_LEVEL)
    cleaned, activity = render(command, noisy, rate)
    alone, wanted = (clean, clean) if side == "voices" else (noisy - clean, np.zeros_like(clean))
    left, activity_alone = render(command, alone, rate)
    return (
        *scores(noisy, cleaned, clean, rate),
        activity_right(activity, clean),
        decibels(np.sum(alone[rate:] ** 2)) - decibels(np.sum(left[rate:] ** 2)),
        activity_right(activity_alone, wanted),
    )


def means(pool: Pool, measure: Callable, tasks: list[tuple]) -> np.ndarray:
    return np.nanmean(pool.map(measure, tasks, 1), axis=0)


def condition_table(pool: Pool, pairs: list[tuple[Path, Path]], command: list[str]) -> Lines:
    yield "| condition | PESQ | SI-SDR, dB |"
    yield "| --- | --- | --- |"
    for condition in CONDITIONS:
        tasks = [(condition, *pair, command) for pair in pairs]
        before_pesq, after_pesq, before, after = means(pool, measure_condition, tasks)
        yield (
            f"| {condition} | {before_pesq:.2f} to {after_pesq:.2f} "
            f"| {before:.1f} to {after:.1f} |"
        )


def start_table(pool: Pool, pairs: list[tuple[Path, Path]], command: list[str]) -> Lines:
    noisy, warm, cold = means(pool, measure_start, [(*pair, command) for pair in pairs])
    yield "| 100 ms of a word | SNR, dB |"
    yield "| --- | --- |"
    yield f"| as they came | {noisy:.1f} |"
    yield f"| within a file | {warm:.1f} |"
    yield f"| at the start of a file | {cold:.1f} |"


def kind_table(pool: Pool, sounds: Path, side: str, command: list[str]) -> Lines:
    yield (
        f"| {side[:-1]} | PESQ | SI-SDR, dB | activity right "
        "| alone: down by, dB | alone: activity right |"
    )
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind in kinds(sounds / side):
        tasks = [(sounds, side, kind, number, command) for number in range(MIXTURES)]
        row = means(pool, measure_kind, tasks)
        yield (
            f"| {kind} | {row[0]:.2f} to {row[1]:.2f} | {row[2]:.1f} to {row[3]:.1f} "
            f"| {100 * row[4]:.0f} % | {row[5]:.1f} | {100 * row[6]:.0f} % |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=Path, help="folder with noisy/ and clean/")
    parser.add_argument("--sounds", type=Path, help="folder with voices/ and noises/")
    parser.add_argument("--grus", type=Path, default=GRUS, help="the program")
    parser.add_argument("--model", type=Path, help="model file, else the program's own")
    parser.add_argument("--table", type=Path, help="write the tables here, too")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if not (options.pairs or options.sounds):
        parser.error("nothing to measure: neither --pairs nor --sounds")
    command = [str(options.grus), "render", "--quiet", "--bits", "float"]
    if options.model:
        command += ["--model", str(options.model)]
    lines = []
    with Pool(options.workers) as pool:
        tables = []
        if options.pairs:
            files = sorted((options.pairs / "noisy").iterdir())
            pairs = [(file, options.pairs / "clean" / file.name) for file in files]
            tables += [condition_table(pool, pairs, command), start_table(pool, pairs, command)]
        if options.sounds:
            tables += [
                kind_table(pool, options.sounds, side, command) for side in ("voices", "noises")
            ]
        for table in tables:
            for line in itertools.chain(table, [""]):
                lines.append(line)
                print(line, flush=True)
    if options.table:
        options.table.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
