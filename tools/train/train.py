#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Train the trunk and the voice activity at 16 kHz on mixtures made on the fly.

On a CPU several worker processes update the same weights without locks (Hogwild), each with an
optimizer of its own, through the kernels of lanes.c. With CUDA one process runs plain torch.
The trunk sees the same bins, bands and levels at 16 kHz as at 48 kHz: only the head needs 48 kHz.

Examples:
    ./train.py --cache ~/cache --output run/trunk.pt --steps 45000 --rate 5e-3 --seconds 2 --flat
    ./train.py --cache ~/cache --start run/trunk.pt --output run/final.pt --steps 12000
    ./train.py --cache ~/cache --resume run/final.pt --output run/final.pt --steps 12000
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import time
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

import lanes
import network
from mixing import Mixer
from model_file import load_weights
from network import LOW_BINS, POWER, SIZES, VoiceNetwork, analyse, compress, expand, synthesise
from perceptual import Disturbance
from run import COMPLEX_WEIGHT, MAGNITUDE_WEIGHT
from run import Average, Journal, cosine, save_whole, set_rate, take_step
from voice_activity import voiced

SAMPLE_RATE = 16000
SHORTER = network.SAMPLE_RATE // SAMPLE_RATE  # window and hop than at 48 kHz
WINDOW = network.WINDOW // SHORTER
# A higher one than the network's keeps gradients of faint bins small.
RESYNTHESIS_FLOOR = 1e-7
BATCH = 16
SNR_WEIGHT = 0.001
DISTURBANCE_WEIGHT = 0.005
ACTIVITY_WEIGHT = 0.05
VALIDATION_BATCHES = 4
VALIDATION_SEED = 123


def resynthesised(low: Tensor, clean: Tensor, hop: int) -> tuple[Tensor, Tensor]:
    """Compressed estimate [batch, time, 256] and clean samples [batch, n] -> what is to be alike.

    Both compressed [batch, time, 256]. With frames that overlap by half the estimate is heard as it
    is. With shorter hops only the end of each frame is: then the sound is made and analysed anew.
    """
    if 2 * hop == WINDOW:
        target, _ = compress(analyse(clean, hop, WINDOW)[..., :LOW_BINS])
        return low, target
    samples = synthesise(torch.nn.functional.pad(expand(low), (0, 1)), hop)[:, hop:-hop]
    clean = clean[:, WINDOW - hop :][:, : samples.shape[1]]
    spectra = (analyse(sound, WINDOW // 2, WINDOW)[..., :LOW_BINS] for sound in (samples, clean))
    estimate, target = (compress(spectrum, RESYNTHESIS_FLOOR)[0] for spectrum in spectra)
    return estimate, target


def spectral_loss(estimate: Tensor, clean: Tensor) -> Tensor:
    """0.7 (|Y|-|S|)^2 + 0.3 |Y-S|^2 of compressed spectra, plus a little of the SNR in dB.

    Both complex [batch, time, 256].
    """
    small = 1e-6
    real, imaginary = estimate.real, estimate.imag
    power = real**2 + imaginary**2 + small
    clean_power = clean.real**2 + clean.imag**2 + small
    magnitude = (power.sqrt() - clean_power.sqrt()) ** 2
    difference = (real - clean.real) ** 2 + (imaginary - clean.imag) ** 2
    loss = (MAGNITUDE_WEIGHT * magnitude + COMPLEX_WEIGHT * difference).mean()
    # Back to amplitudes, where the loud parts rule, as they do in SI-SDR.
    exponent = 0.5 / POWER - 0.5
    gain, clean_gain = power**exponent, clean_power**exponent
    target_real, target_imaginary = clean.real * clean_gain, clean.imag * clean_gain
    error = (real * gain - target_real) ** 2 + (imaginary * gain - target_imaginary) ** 2
    error, target = error.sum((1, 2)), (target_real**2 + target_imaginary**2).sum((1, 2))
    decibels = 10 * torch.log10((error + 0.01 * target + 1) / (target + 1))
    return loss + SNR_WEIGHT * decibels.clamp(max=15).mean()


def amplitude_power(compressed: Tensor) -> Tensor:
    """Compressed spectrum -> power before compression."""
    return (compressed.real**2 + compressed.imag**2 + 1e-8) ** (1 / POWER)


class Losses(NamedTuple):
    """What a batch was missed by."""

    spectrum: Tensor  # loss of the trunk's estimate
    disturbance: Tensor  # what is heard of it, about how far from the best PESQ
    activity: Tensor  # cross entropy of the voice activity
    wrong_activity: Tensor  # share of frames

    def total(self) -> Tensor:
        heard = DISTURBANCE_WEIGHT * self.disturbance
        return self.spectrum + heard + ACTIVITY_WEIGHT * self.activity


def batch_losses(model: VoiceNetwork, noisy: Tensor, clean: Tensor, dry: Tensor) -> Losses:
    """Samples [16, n] at 16 kHz -> losses."""
    with torch.no_grad():
        hop = model.sizes.hop // SHORTER
        voice = voiced(dry, hop, WINDOW)
        compressed, log_power = compress(analyse(noisy, hop, WINDOW)[..., :LOW_BINS])
    if noisy.is_cuda:
        encoded = model.encode(compressed, log_power)
        trunk = model.trunk(encoded)
        low, logits = compressed * model.mask(trunk, encoded), model.activity(trunk)
    else:
        low, logits = lanes.estimate(model, compressed, log_power)
    estimate, target = resynthesised(low, clean, hop)
    binary = torch.nn.functional.binary_cross_entropy_with_logits
    wrong = ((logits > 0) != (voice > 0)).float().mean()
    disturbance = Disturbance(LOW_BINS, SAMPLE_RATE / WINDOW, noisy.device)
    heard = disturbance(amplitude_power(estimate), amplitude_power(target)).mean()
    spectrum = spectral_loss(estimate, target)
    return Losses(spectrum, heard, binary(logits, voice), wrong)


def draw_batch(mixer: Mixer) -> tuple[np.ndarray, ...]:
    """Noisy, clean and dry samples, each [16, n]."""
    mixtures = (mixer.draw()[:3] for _ in range(BATCH))
    return tuple(np.stack(part) for part in zip(*mixtures))


def load_batches(options: argparse.Namespace, seed: int, queue: multiprocessing.Queue) -> None:
    """Process: mix for ever."""
    torch.set_num_threads(1)
    mixer = Mixer(options.cache, SAMPLE_RATE, int(options.seconds * SAMPLE_RATE), seed)
    while True:
        queue.put(draw_batch(mixer))


class Trainer:
    """One process's share of the training: its optimizer and its queue of batches."""

    def __init__(
        self, model: VoiceNetwork, options: argparse.Namespace, queue: multiprocessing.Queue
    ) -> None:
        self.model = model
        self.options = options
        self.queue = queue
        self.device = next(model.parameters()).device
        part = model.activity.parameters() if options.only_activity else model.trunk_parameters()
        self.parameters = list(part)
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=options.rate, betas=(0.9, 0.99), weight_decay=0.01
        )
        self.steps = 0

    def step(self, done: int) -> float:
        """One batch; `done` counts the steps of all processes. Gives the spectrum's loss."""
        rate = self.options.rate
        if not self.options.flat:
            rate = cosine(done, self.options.steps, rate, warm_up=1)
        set_rate(self.optimizer, rate * min(1.0, (self.steps + 1) / self.options.warm_up))
        batch = (torch.from_numpy(part).to(self.device) for part in self.queue.get())
        losses = batch_losses(self.model, *batch)
        take_step(losses.total(), self.optimizer, self.parameters)
        self.steps += 1
        return losses.spectrum.item()


def work(trainer: Trainer, done: Synchronized) -> None:
    """Process: train beside the main process until all steps are done."""
    torch.set_num_threads(1)
    while done.value < trainer.options.steps:
        trainer.step(done.value)
        with done.get_lock():
            done.value += 1


def validate(model: VoiceNetwork, average: Average, batches: list[tuple]) -> dict[str, float]:
    """Mean losses of the averaged weights over fixed mixtures."""
    judged = VoiceNetwork(model.sizes).to(next(model.parameters()).device)
    judged.load_state_dict(average.weights)
    device = next(judged.parameters()).device
    with torch.no_grad():
        losses = [
            batch_losses(judged, *(torch.from_numpy(part).to(device) for part in batch))
            for batch in batches
        ]
    spectrum, heard, activity, wrong = (float(np.mean(part)) for part in zip(*losses))
    return {
        "validation": spectrum,
        "disturbance": heard,
        "activity": activity,
        "wrong_activity": wrong,
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder of prepare.py's caches")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--start", type=Path, help="checkpoint or model file to start from")
    parser.add_argument("--resume", type=Path, help="checkpoint to go on from, optimizer and all")
    parser.add_argument(
        "--network", choices=SIZES, help="what to train; else the checkpoint's, or voice"
    )
    parser.add_argument(
        "--only-activity", action="store_true", help="leave all but the voice activity as it is"
    )
    parser.add_argument("--steps", type=int, default=12000, help="batches of 16, all workers")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a mixture")
    parser.add_argument("--rate", type=float, default=4e-3, help="highest learning rate")
    parser.add_argument("--flat", action="store_true", help="keep the learning rate, no cosine")
    parser.add_argument("--warm-up", type=int, default=150, help="steps of a worker")
    parser.add_argument("--decay", type=float, default=0.998, help="of the average of weights")
    parser.add_argument("--workers", type=int, default=2, help="training processes (CPU)")
    parser.add_argument("--every", type=float, default=120, help="seconds between validations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda"
    )
    return parser.parse_args()


def main() -> None:
    options = arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    multiprocessing.set_start_method("spawn" if options.device == "cuda" else "fork")
    workers = 1 if options.device == "cuda" else options.workers
    options.output.parent.mkdir(parents=True, exist_ok=True)

    name, weights = options.network or "voice", None
    if options.resume or options.start:
        found, weights = load_weights(options.resume or options.start)
        name = options.network or found
    model = VoiceNetwork(SIZES[name]).to(options.device)
    if options.start:
        model.load_state_dict(weights)
    if options.only_activity:
        # What takes no part needs no gradients either, which is three times as fast.
        model.requires_grad_(False).activity.requires_grad_(True)
    average = Average(model, options.decay)
    first = 0
    if options.resume:
        checkpoint = torch.load(options.resume, map_location="cpu")
        model.load_state_dict(checkpoint["model"])
        first = checkpoint["step"]
        average.updates = checkpoint["updates"]
        average.weights = {k: v.to(options.device) for k, v in weights.items()}
    if options.device == "cpu":
        lanes.load()
        model.share_memory()

    queues = [multiprocessing.Queue(4) for _ in range(workers)]
    for index, queue in enumerate(queues):
        # Another seed after resuming: the mixtures seen before are not seen again.
        seed = options.seed + 1000 * first + index
        loader = (options, seed, queue)
        multiprocessing.Process(target=load_batches, args=loader, daemon=True).start()
    done = multiprocessing.Value("l", first)
    trainers = [Trainer(model, options, queue) for queue in queues]
    trainer = trainers[0]
    if options.resume:
        trainer.optimizer.load_state_dict(checkpoint["optimizer"])
    for other in trainers[1:]:
        multiprocessing.Process(target=work, args=(other, done), daemon=True).start()

    held_back = Mixer(options.cache, SAMPLE_RATE, 4 * SAMPLE_RATE, VALIDATION_SEED)
    batches = [draw_batch(held_back) for _ in range(VALIDATION_BATCHES)]
    journal = Journal(options.output.with_suffix(".jsonl"), resumed=options.resume is not None)
    settings = {name: str(value) for name, value in vars(options).items()}
    options.output.with_suffix(".json").write_text(json.dumps(settings, indent=2))

    def report(recent: list[float]) -> None:
        hours = done.value * BATCH * options.seconds / 3600
        held_out = validate(model, average, batches)
        journal.add(hours, training=float(np.mean(recent)), **held_out)
        content = {
            "model": model.state_dict(),
            "average": average.weights,
            "updates": average.updates,
            "optimizer": trainer.optimizer.state_dict(),
            "step": done.value,
            "network": name,
        }
        save_whole(options.output, content)

    recent: list[float] = []
    next_report = time.monotonic() + options.every
    while done.value < options.steps:
        recent.append(trainer.step(done.value))
        average.update(model)
        with done.get_lock():
            done.value += 1
        if time.monotonic() >= next_report:
            report(recent)
            recent = []
            next_report = time.monotonic() + options.every
    if recent:
        report(recent)


if __name__ == "__main__":
    main()
