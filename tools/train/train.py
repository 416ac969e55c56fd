#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Train the trunk and the voice activity at 16 kHz on mixtures made on the fly.

On a CPU several worker processes update the same weights without locks (Hogwild), each with an
optimizer of its own, through the kernels of lanes.c; one worker mixes in the same process and takes
one core in all. With CUDA one process runs plain torch and the workers mix.
The trunk sees the same bins, bands and levels at 16 kHz as at 48 kHz: only the head needs 48 kHz.

If OUTPUT exists the training goes on from there, optimizer and all; else from the weights kept in
--weights, else from --start, else from nothing. The rate is constant after the warm-up and goes
down at the very end only, so that --steps may be changed at any time before.

Examples:
    ./train.py --cache ~/cache --output run/trunk.pt --steps 3000
    ./train.py --cache ~/cache --output run/trunk.pt --steps 12000 --workers 4
    ./train.py --cache ~/cache --start run/trunk.pt --output run/final.pt --rate 3e-3
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import signal
import time
from collections.abc import Iterator
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import numpy as np
import torch

from data.mixing import Mixer
from learning import progress
from learning.losses import SAMPLE_RATE, batch_losses, listen
from learning.run import Average, Journal, late_decay, save_whole, set_rate, take_step
from learning.soap import Soap
from net import lanes
from net.model_file import load_step, load_weights, save_weights
from net.network import SIZES, VoiceNetwork

BATCH = 16
VALIDATION_BATCHES = 4
VALIDATION_SEED = 123
RATES = {"soap": 1e-2, "adamw": 4e-3}
VECTOR_SHARE = 0.4  # of SOAP's rate: for what is left to AdamW beside it


def draw_batch(mixer: Mixer) -> tuple[np.ndarray, ...]:
    """Noisy, clean and dry samples, each [16, n]."""
    mixtures = (mixer.draw()[:3] for _ in range(BATCH))
    return tuple(np.stack(part) for part in zip(*mixtures))


def batches(options: argparse.Namespace, seed: int) -> Iterator[tuple[np.ndarray, ...]]:
    """Mix for ever."""
    mixer = Mixer(options.cache, SAMPLE_RATE, int(options.seconds * SAMPLE_RATE), seed)
    while True:
        yield draw_batch(mixer)


def load_batches(options: argparse.Namespace, seed: int, queue: multiprocessing.Queue) -> None:
    """Process: mix for ever."""
    torch.set_num_threads(1)
    for batch in batches(options, seed):
        queue.put(batch)


def start_mixing(options: argparse.Namespace, seed: int) -> list[Iterator]:
    """What each trainer takes its batches from."""
    if options.device == "cpu" and options.workers == 1:
        return [batches(options, seed)]
    queues = [multiprocessing.Queue(4) for _ in range(options.workers)]
    if options.device != "cpu":
        queues = queues[:1] * options.workers
    for index, queue in enumerate(queues):
        loader = (options, seed + index, queue)
        multiprocessing.Process(target=load_batches, args=loader, daemon=True).start()
    sources = [iter(queue.get, None) for queue in queues]
    return sources if options.device == "cpu" else sources[:1]


def make_optimizers(model: VoiceNetwork, options: argparse.Namespace) -> list:
    """SOAP for matrices and AdamW for the rest, or AdamW for all."""
    part = "activity." if options.only_activity else ""
    named = [
        (name, parameter)
        for name, parameter in model.named_parameters()
        if name.startswith(part) and not name.startswith("head.")
    ]
    soap = options.optimizer == "soap"
    turned = [(n, p) for n, p in named if soap and p.dim() > 1 and min(p.shape[-2:]) > 1]
    names = {name for name, _ in turned}
    rest = [parameter for name, parameter in named if name not in names]
    adamw = torch.optim.AdamW(rest, lr=options.rate, betas=(0.9, 0.99), weight_decay=0.01)
    return [Soap(turned, options.rate), adamw] if turned else [adamw]


class Trainer:
    """One process's share of the training: its optimizers and where its batches come from."""

    def __init__(self, model: VoiceNetwork, options: argparse.Namespace, source: Iterator) -> None:
        self.model = model
        self.options = options
        self.source = source
        self.device = next(model.parameters()).device
        self.optimizers = make_optimizers(model, options)
        groups = (group for optimizer in self.optimizers for group in optimizer.param_groups)
        self.parameters = [parameter for group in groups for parameter in group["params"]]
        self.steps = 0

    def step(self, done: int) -> float:
        """One batch; `done` counts the steps of all processes. Gives the spectrum's loss."""
        options = self.options
        rate = late_decay(done, options.steps, options.rate, options.final)
        rate *= min(1.0, (self.steps + 1) / options.warm_up)
        for optimizer in self.optimizers:
            beside = len(self.optimizers) > 1 and not isinstance(optimizer, Soap)
            set_rate(optimizer, VECTOR_SHARE * rate if beside else rate)
        batch = (torch.from_numpy(part).to(self.device) for part in next(self.source))
        losses = batch_losses(listen(self.model, *batch))
        take_step(losses.total(), self.optimizers, self.parameters)
        self.steps += 1
        return losses.spectrum.item()


def work(trainer: Trainer, done: Synchronized) -> None:
    """Process: train beside the main process until all steps are done."""
    torch.set_num_threads(1)
    while done.value < trainer.options.steps:
        trainer.step(done.value)
        with done.get_lock():
            done.value += 1


class Validation:
    """Losses over fixed mixtures, and scores over the pairs of --development."""

    def __init__(self, options: argparse.Namespace) -> None:
        held_back = Mixer(options.cache, SAMPLE_RATE, 4 * SAMPLE_RATE, VALIDATION_SEED)
        self.batches = [draw_batch(held_back) for _ in range(VALIDATION_BATCHES)]
        folders = sorted(options.development.iterdir()) if options.development else []
        self.pairs = {folder.name: progress.read_pairs(folder) for folder in folders}

    @torch.no_grad()
    def measure(self, model: VoiceNetwork, average: Average) -> tuple[dict, dict]:
        """The averaged weights' (losses, scores of each folder)."""
        judged = VoiceNetwork(model.sizes).to(next(model.parameters()).device)
        judged.load_state_dict(average.weights)
        device = next(judged.parameters()).device
        losses = [
            batch_losses(listen(judged, *(torch.from_numpy(part).to(device) for part in batch)))
            for batch in self.batches
        ]
        names = ("validation", "disturbance", "activity", "wrong_activity")
        means = {name: float(np.mean(part)) for name, part in zip(names, zip(*losses))}
        scores = {name: progress.score(judged, pairs) for name, pairs in self.pairs.items()}
        return means, scores


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder of prepare.py's caches")
    parser.add_argument(
        "--output", type=Path, required=True, help="checkpoint to write and go on from"
    )
    parser.add_argument("--start", type=Path, help="checkpoint or model file to start from")
    parser.add_argument(
        "--weights", type=Path, help="file to keep the averaged weights alone in: .safetensors"
    )
    parser.add_argument(
        "--weights-every", type=float, default=1800, help="seconds between writings of --weights"
    )
    parser.add_argument(
        "--development", type=Path, help="folder of development.py: scores go into the journal"
    )
    parser.add_argument(
        "--network", choices=SIZES, help="what to train; else the checkpoint's, or voice"
    )
    parser.add_argument(
        "--only-activity", action="store_true", help="leave all but the voice activity as it is"
    )
    parser.add_argument("--steps", type=int, default=12000, help="batches of 16, all workers")
    parser.add_argument("--seconds", type=float, default=3.0, help="length of a mixture")
    parser.add_argument("--optimizer", choices=RATES, default="soap")
    parser.add_argument(
        "--rate", type=float, help="learning rate (default: 1e-2 with soap, 4e-3 with adamw)"
    )
    parser.add_argument(
        "--final", type=float, default=0.15, help="last part of the steps: the rate goes down"
    )
    parser.add_argument("--warm-up", type=int, default=100, help="steps of a worker")
    parser.add_argument("--decay", type=float, default=0.998, help="of the average of weights")
    parser.add_argument(
        "--workers", type=int, default=2, help="training or (CUDA) mixing processes"
    )
    parser.add_argument("--every", type=float, default=120, help="seconds between validations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--device", default="cuda" if torch.cuda.is_available() else "cpu", help="cpu or cuda"
    )
    options = parser.parse_args()
    options.rate = options.rate or RATES[options.optimizer]
    return options


def origin(options: argparse.Namespace) -> Path | None:
    """What the training goes on from, if anything."""
    kept = [path for path in (options.output, options.weights) if path and path.exists()]
    return kept[0] if kept else options.start


def main() -> None:
    options = arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    multiprocessing.set_start_method("spawn" if options.device == "cuda" else "fork")
    options.output.parent.mkdir(parents=True, exist_ok=True)

    begin = origin(options)
    name, weights = load_weights(begin) if begin else (options.network or "voice", None)
    if options.network and options.network != name:
        raise SystemExit(f"{begin}: holds the network {name}, not {options.network}")
    model = VoiceNetwork(SIZES[name]).to(options.device)
    if weights:
        model.load_state_dict(weights)
    if options.only_activity:
        # What takes no part needs no gradients either, which is three times as fast.
        model.requires_grad_(False).activity.requires_grad_(True)
    average = Average(model, options.decay)
    first = load_step(begin) if begin and begin != options.start else 0
    checkpoint = torch.load(begin, map_location="cpu") if begin == options.output else None
    if checkpoint:
        model.load_state_dict(checkpoint["model"])
        average.updates = checkpoint["updates"]
    if options.device == "cpu":
        lanes.load()
        model.share_memory()

    # Another seed after resuming: the mixtures seen before are not seen again.
    sources = start_mixing(options, options.seed + 1000 * first)
    trainers = [Trainer(model, options, source) for source in sources]
    trainer = trainers[0]
    if checkpoint:
        for optimizer, state in zip(trainer.optimizers, checkpoint["optimizers"]):
            optimizer.load_state_dict(state)
        trainer.steps = options.warm_up
    done = multiprocessing.Value("l", first)
    for other in trainers[1:]:
        multiprocessing.Process(target=work, args=(other, done), daemon=True).start()

    validation = Validation(options)
    journal = Journal(options.output.with_suffix(".jsonl"), resumed=first > 0)
    settings = {name: str(value) for name, value in vars(options).items()}
    options.output.with_suffix(".json").write_text(json.dumps(settings, indent=2))

    def report(recent: list[float]) -> None:
        hours = done.value * BATCH * options.seconds / 3600
        losses, scores = validation.measure(model, average)
        journal.add(hours, scores, training=float(np.mean(recent)), **losses)
        content = {
            "model": model.state_dict(),
            "average": average.weights,
            "updates": average.updates,
            "optimizers": [optimizer.state_dict() for optimizer in trainer.optimizers],
            "step": done.value,
            "network": name,
        }
        save_whole(options.output, content)

    # Whoever stops the training gets what it has come to.
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    recent: list[float] = []
    next_report = time.monotonic() + options.every
    next_weights = time.monotonic() + options.weights_every
    finished = done.value >= options.steps
    while not finished:
        recent.append(trainer.step(done.value))
        average.update(model)
        with done.get_lock():
            done.value += 1
        finished = done.value >= options.steps or bool(stopping)
        if finished or time.monotonic() >= next_report:
            report(recent)
            recent = []
            next_report = time.monotonic() + options.every
        if options.weights and (finished or time.monotonic() >= next_weights):
            save_weights(options.weights, name, average.weights, done.value)
            next_weights = time.monotonic() + options.weights_every


if __name__ == "__main__":
    main()
