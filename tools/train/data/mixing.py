# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Noisy speech, mixed on the fly from the caches that prepare.py makes.

All samples are float32 mono; `rate` is that of the cache. Every random choice comes from one
numpy generator, so that a seed gives the same mixtures again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.signal import fftconvolve, lfilter

from data.clips import Clip
from data.sources import NOISE, SPEECH

QUIET = 1e-4
CEILING = 0.99
# Of the loudest frame's power: what counts in a level.
ACTIVE_SPEECH, ACTIVE_NOISE = 1e-4, 1e-3
EVENT_SECONDS = 3.0  # shorter noises are events


class Mixture(NamedTuple):
    """What the network hears and what it should give."""

    noisy: np.ndarray  # [n]
    clean: np.ndarray  # [n]
    dry: np.ndarray  # [n] the clean speech without its room: what voice activity is judged by
    bandwidth: float  # Hz: above it the clean speech is unknown, not silent


@dataclass(frozen=True)
class Recipe:
    """Probabilities of what happens to a mixture."""

    babble: float = 0.15
    synthetic: float = 0.15
    events: float = 0.25  # short sounds one by one, before another noise or not
    second_noise: float = 0.20
    slowest: float = 0.6  # of recorded noise
    fastest: float = 1.6
    filtered: float = 0.70
    reverberant: float = 0.25
    band_limited: float = 0.10
    telephone: float = 0.50  # of the band-limited: cut from below, too
    cut: float = 0.20  # begins anywhere in a recording, inside a word say
    far_level: float = 0.20  # speech fainter or louder than people set it
    sudden: float = 0.20  # noise begins within the mixture, as when a fan is switched on
    muted: float = 0.15  # digital silence at the start or in between, as of a muted microphone
    noise_only: float = 0.05
    clean_only: float = 0.06
    high_snr: float = 0.15
    lowest_cutoff: float = 3300.0  # Hz
    highest_cutoff: float = 7000.0  # Hz


class Cache:
    """The clips of one kind at one rate, read through a memory map."""

    def __init__(self, folder: Path, name: str, rate: int) -> None:
        self.samples = np.load(folder / f"{name}_{rate}.npy", mmap_mode="r")
        index = json.loads((folder / f"{name}_{rate}.json").read_text())
        self.rate = rate
        self.clips = [Clip(**entry) for entry in index]

    def read(self, clip: Clip, start: int, count: int) -> np.ndarray:
        first = clip.first + start
        return self.samples[first : first + count] * np.float32(1 / 32768)


class SpeechCache(Cache):
    """Clips by source and speaker: a source has its share however many files it has."""

    def __init__(self, folder: Path, rate: int) -> None:
        super().__init__(folder, "speech", rate)
        self.by_source: dict[str, list[list[Clip]]] = {}
        for source in SPEECH:
            speakers: dict[str, list[Clip]] = {}
            for clip in self.clips:
                if clip.source == source.name:
                    speakers.setdefault(clip.speaker, []).append(clip)
            if speakers:
                self.by_source[source.name] = list(speakers.values())
        self.names = list(self.by_source)
        weights = np.array(
            [
                source.fullband_weight or source.weight if rate > 32000 else source.weight
                for source in SPEECH
                if source.name in self.names
            ]
        )
        self.weights = weights / weights.sum()

    def pick_speaker(self, random: np.random.Generator) -> list[Clip]:
        """All clips of a random speaker of a random source."""
        speakers = self.by_source[self.names[random.choice(len(self.names), p=self.weights)]]
        return speakers[random.integers(len(speakers))]


class NoiseCache(Cache):
    """Clips by file: what a network has not heard costs it most, so that every file counts."""

    def __init__(self, folder: Path, rate: int) -> None:
        super().__init__(folder, "noise", rate)
        factors = {source.name: source.weight for source in NOISE}
        # A longer recording has more in it that differs, but not in proportion.
        shares = [factors[clip.source] * (clip.count / rate) ** 0.5 for clip in self.clips]
        self.steps = np.cumsum(shares)
        pairs = list(zip(self.clips, shares))
        short = [pair for pair in pairs if pair[0].count < EVENT_SECONDS * rate] or pairs
        self.short = [clip for clip, _ in short]
        self.short_steps = np.cumsum([share for _, share in short])

    def pick(self, random: np.random.Generator) -> Clip:
        return draw_by_share(self.clips, self.steps, random)

    def pick_event(self, random: np.random.Generator) -> Clip:
        return draw_by_share(self.short, self.short_steps, random)


def draw_by_share(clips: list[Clip], steps: np.ndarray, random: np.random.Generator) -> Clip:
    """One of the clips; `steps` [clips] are the running sums of their shares."""
    return clips[np.searchsorted(steps, random.random() * steps[-1], side="right")]


class Mixer:
    """Draws mixtures of `count` samples."""

    def __init__(
        self, folder: Path, rate: int, count: int, seed: int, recipe: Recipe = Recipe()
    ) -> None:
        self.speech_cache = SpeechCache(folder, rate)
        self.noise_cache = NoiseCache(folder, rate)
        self.rate = rate
        self.count = count
        self.recipe = recipe
        self.random = np.random.default_rng(seed)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def seconds(self, low: float, high: float) -> int:
        """A random length in samples."""
        return int(self.random.uniform(low, high) * self.rate)

    def speech(self) -> tuple[np.ndarray, float]:
        """One speaker's clips with pauses between -> (samples [n], bandwidth in Hz)."""
        clips = self.speech_cache.pick_speaker(self.random)
        samples = np.zeros(self.count, np.float32)
        position = self.seconds(0, 0.5) if self.chance(0.7) else 0
        width = self.rate / 2
        cut = self.chance(self.recipe.cut)
        while position < self.count:
            clip = clips[self.random.integers(len(clips))]
            spare = clip.count - self.count
            start = int(self.random.integers(spare)) if spare > 0.2 * self.count else 0
            if cut:
                position, cut = 0, False
                start = int(self.random.integers(clip.count))
            length = min(self.count - position, clip.count - start)
            samples[position : position + length] = self.speech_cache.read(clip, start, length)
            position += length + self.seconds(0.05, 0.6)
            width = min(width, clip.bandwidth)
            if self.chance(0.06):
                break
        return samples, width

    def babble(self) -> np.ndarray:
        """Three to eight speakers at once."""
        total = np.zeros(self.count, np.float32)
        for _ in range(self.random.integers(3, 9)):
            voice, _ = self.speech()
            total += voice * (self.random.uniform(0.3, 1) / (voice.std() + QUIET))
        return total

    def at_speed(self, clip: Clip, most: int) -> np.ndarray:
        """At most `most` samples of a noise from anywhere in it, faster or slower than recorded."""
        speed = np.exp(self.random.uniform(*np.log((self.recipe.slowest, self.recipe.fastest))))
        spare = clip.count - int(most * speed) - 1
        start = int(self.random.integers(spare)) if spare > 0 else 0
        samples = self.noise_cache.read(clip, start, min(clip.count - start, int(most * speed) + 1))
        places = np.arange(0, len(samples) - 1, speed)[:most]
        return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)

    def recorded_noise(self) -> np.ndarray:
        """One recording, again and again with pauses if it is short."""
        clip = self.noise_cache.pick(self.random)
        samples = np.zeros(self.count, np.float32)
        position = 0
        while position < self.count:
            part = self.at_speed(clip, self.count - position)
            samples[position : position + len(part)] = part
            position += len(part)
            if clip.count < self.rate:
                position += self.seconds(0.05, 0.6)
        return samples

    def event_noise(self) -> np.ndarray:
        """Short sounds of any kind, now and then."""
        samples = np.zeros(self.count, np.float32)
        for _ in range(self.random.integers(1, 7)):
            event = self.at_speed(self.noise_cache.pick_event(self.random), self.count)
            # Some began before the mixture does.
            start = int(self.random.integers(-len(event) // 2, self.count))
            event = event[max(0, -start) : self.count - start]
            gain = self.random.uniform(0.1, 1) / (np.abs(event).max(initial=0) + QUIET)
            samples[max(0, start) : max(0, start) + len(event)] += gain * event
        return samples

    def coloured_noise(self) -> np.ndarray:
        """Noise of a random smooth spectrum, sometimes swelling."""
        spectrum = np.fft.rfft(self.random.standard_normal(self.count).astype(np.float32))
        frequency = np.linspace(0, 1, len(spectrum))
        knots = np.concatenate([[0], np.sort(self.random.random(6)), [1]])
        levels = self.random.uniform(-25, 5, 8) + np.linspace(0, self.random.uniform(-25, 3), 8)
        spectrum *= 10 ** (np.interp(frequency, knots, levels) / 20)
        samples = np.fft.irfft(spectrum, self.count).astype(np.float32)
        if self.chance(0.4):
            time = np.arange(self.count) / self.rate
            phase = 2 * np.pi * (self.random.uniform(0.1, 4) * time + self.random.random())
            samples *= (1 + 0.8 * np.sin(phase)).astype(np.float32)
        return samples

    def hum(self) -> np.ndarray:
        """A tone with harmonics over a little noise."""
        time = np.arange(self.count) / self.rate
        fundamental = self.random.choice([50, 60, 100, 120, self.random.uniform(80, 1200)])
        samples = np.zeros(self.count)
        for harmonic in range(1, self.random.integers(2, 14)):
            if fundamental * harmonic < 0.49 * self.rate:
                share = self.random.uniform(0.1, 1) / harmonic ** self.random.uniform(0.3, 1.5)
                phase = 2 * np.pi * (fundamental * harmonic * time + self.random.random())
                samples += share * np.sin(phase)
        samples += 0.05 * samples.std() * self.random.standard_normal(self.count)
        return samples.astype(np.float32)

    def clicks(self) -> np.ndarray:
        """Short decaying bursts over faint noise."""
        samples = 1e-3 * self.random.standard_normal(self.count).astype(np.float32)
        for _ in range(self.random.integers(3, 30)):
            length = self.seconds(0.0025, 0.16)
            start = int(self.random.integers(self.count - length))
            decay = np.exp(-6 * np.arange(length) / length) * self.random.uniform(0.1, 1)
            samples[start : start + length] += decay * self.random.standard_normal(length)
        return samples

    def synthetic_noise(self) -> np.ndarray:
        kinds = (self.coloured_noise, self.hum, self.clicks)
        return kinds[self.random.choice(3, p=(0.65, 0.15, 0.20))]()

    def noise(self) -> np.ndarray:
        recipe = self.recipe
        draw = self.random.random()
        if draw < recipe.babble:
            return self.babble()
        if draw < recipe.babble + recipe.synthetic:
            samples = self.synthetic_noise()
        elif draw < recipe.babble + recipe.synthetic + recipe.events:
            samples = self.event_noise()
        else:
            samples = self.recorded_noise()
        if self.chance(self.recipe.second_noise):
            other = self.recorded_noise() if self.chance(0.7) else self.synthetic_noise()
            other *= self.random.uniform(0.2, 1) / (other.std() + QUIET)
            samples = samples / (samples.std() + QUIET) + other
        return samples

    def tilt(self, samples: np.ndarray) -> np.ndarray:
        """A random gentle filter of two poles and two zeros."""
        zeros = self.random.uniform(-0.375, 0.375, 2)
        poles = self.random.uniform(-0.375, 0.375, 2)
        return lfilter([1, *zeros], [1, *poles], samples).astype(np.float32)

    def reverberate(self, samples: np.ndarray) -> np.ndarray:
        """Exponentially decaying noise as a room; the target keeps the room."""
        length = self.seconds(0.1, 0.6)
        response = self.random.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
        response *= self.random.uniform(0.05, 0.5) / np.sqrt((response**2).sum())
        response[0] = 1
        return fftconvolve(samples, response)[: self.count].astype(np.float32)

    def switched_on(self, noise: np.ndarray) -> np.ndarray:
        """Noise that is faint until some time, then rises within half a second at most."""
        faint = 10 ** (self.random.uniform(-80, -10) / 20)
        begin, rise = self.random.integers(self.count), max(1, self.seconds(0, 0.5))
        risen = np.clip((np.arange(self.count) - begin) / rise, 0, 1)
        return noise * (faint + (1 - faint) * risen).astype(np.float32)

    def silence(self) -> slice:
        """Where a microphone is muted: from the start every other time."""
        start = 0 if self.chance(0.5) else int(self.random.integers(self.count))
        return slice(start, start + self.seconds(0.02, 1.5))

    def draw(self) -> Mixture:
        """One mixture."""
        recipe = self.recipe
        clean, width = self.speech()
        noise = self.noise()
        if self.chance(recipe.filtered):
            clean = self.tilt(clean)
        if self.chance(recipe.filtered):
            noise = self.tilt(noise)
        if self.chance(recipe.sudden):
            noise = self.switched_on(noise)
        dry = clean
        if self.chance(recipe.reverberant):
            clean = self.reverberate(clean)
        snr = self.random.uniform(*((15, 35) if self.chance(recipe.high_snr) else (-5, 20)))
        levels = (-60, -8) if self.chance(recipe.far_level) else (-38, -16)
        target = 10 ** (self.random.uniform(*levels) / 20)
        gain = target / (level(clean, self.rate, ACTIVE_SPEECH) + 1e-9)
        clean, dry = clean * gain, dry * gain
        noise_target = target * 10 ** (-snr / 20)
        noise = noise * (noise_target / (level(noise, self.rate, ACTIVE_NOISE) + QUIET))
        kind = self.random.random()
        if kind < recipe.noise_only:
            clean = dry = np.zeros_like(clean)
        elif kind < recipe.noise_only + recipe.clean_only:
            noise = noise * QUIET
        noisy = clean + noise
        if self.chance(recipe.band_limited):
            cutoff = self.random.uniform(recipe.lowest_cutoff, recipe.highest_cutoff)
            lowest = self.random.uniform(100, 400) if self.chance(recipe.telephone) else 0.0
            noisy = limit_band(noisy, lowest, cutoff, self.rate)
            clean = limit_band(clean, lowest, cutoff, self.rate)
        if self.chance(recipe.muted):
            silence = self.silence()
            noisy[silence] = clean[silence] = dry[silence] = 0
        gain = min(1.0, CEILING / (np.abs(noisy).max() + QUIET))
        parts = ((part * gain).astype(np.float32) for part in (noisy, clean, dry))
        return Mixture(*parts, width)


def level(samples: np.ndarray, rate: int, below_peak: float) -> float:
    """RMS over the 20 ms frames that are louder than the loudest by the factor given."""
    size = rate // 50
    power = (samples[: len(samples) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    return float(np.sqrt(power[power >= power.max() * below_peak].mean()))


def limit_band(samples: np.ndarray, lowest: float, highest: float, rate: int) -> np.ndarray:
    """Remove what is outside, Hz, with slopes: 5 % wide above, as a resampler does, half below."""
    spectrum = np.fft.rfft(samples)
    frequency = np.fft.rfftfreq(len(samples), 1 / rate)
    slope = np.clip((highest - frequency) / (0.05 * highest), 0, 1)
    if lowest > 0:
        slope *= np.clip((frequency - 0.5 * lowest) / (0.5 * lowest), 0, 1)
    return np.fft.irfft(spectrum * slope, len(samples)).astype(np.float32)
