#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Train the head at 48 kHz on top of a trained trunk, which stays as it is.

A pool of mixtures is made once and kept; the trunk runs over it once; then the head, which is
small, sees it many times. Above a recording's own bandwidth its speech is unknown: there the
target in voiced frames is that of the highest known band, or nothing if none above 8 kHz is known.

Examples:
    ./train_head.py --cache ~/cache --pool run/pool --trunk run/final.pt --output run/voice.pt
    ./train_head.py --cache ~/cache --pool run/pool --resume run/voice.pt --output run/voice.pt
"""

from __future__ import annotations

import argparse
import json
from multiprocessing import Pool
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from data.mixing import Mixer, Mixture, Recipe
from data.voice_activity import voiced
from learning.run import Average, Journal, cosine, save_whole, set_rate, take_step
from learning.run import COMPLEX_WEIGHT, MAGNITUDE_WEIGHT
from net import lanes
from net.model_file import load_weights
from net.network import HIGH_BANDS, HIGH_BINS, LOW_BINS, POWER, SAMPLE_RATE, SIZES, WINDOW
from net.network import VoiceNetwork, analyse, compress, high_energy

GROUP = 16
SOUNDS = Mixture._fields[:3]
CLIP_SECONDS = 4
COUNT = CLIP_SECONDS * SAMPLE_RATE
RECIPE = Recipe(
    noise_only=0.10,
    clean_only=0.08,
    band_limited=0.30,
    highest_cutoff=16000.0,
)
BAND_WIDTH = 1000.0  # Hz, of a high band
FIRST_EDGE = 8000.0  # Hz
TINY = 1e-9  # keeps digital silence from being divided by
QUIET_POWER = 1e-3  # of compressed spectra: below any noise that is heard
# Cutting speech is heard more than leaving noise.
CUT_WEIGHT = 4.0
HELD_BACK_GROUPS = 6
BATCH = 32


class Examples(NamedTuple):
    """What the head learns from; the first dimension counts clips, the second frames."""

    trunk: Tensor  # [clips, time, 32 bands, channels] half floats
    energy: Tensor  # [clips, time, 16]
    power: Tensor  # [clips, time, 16] mean |X|^0.6 of the noisy sound
    match: Tensor  # [clips, time, 16] power times the best gain^0.3
    known: Tensor  # [clips, time, 16] 1 where the target is known


def mix_group(task: tuple[Path, int]) -> tuple[list[np.ndarray], list[float]]:
    """16 mixtures -> noisy, clean and dry samples, each [16, n], bandwidths in Hz."""
    cache, seed = task
    mixer = Mixer(cache, SAMPLE_RATE, COUNT, seed, RECIPE)
    mixtures = [mixer.draw() for _ in range(GROUP)]
    sounds = [np.stack(part) for part in zip(*(mix[:3] for mix in mixtures))]
    return sounds, [mix.bandwidth for mix in mixtures]


def make_pool(folder: Path, cache: Path, groups: int, seed: int, workers: int) -> None:
    """Mix `groups` x 16 clips into arrays and, as a sign of being whole, bandwidth.json."""
    folder.mkdir(parents=True)
    shape = (groups, GROUP, COUNT)
    files = [
        np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float32, shape)
        for name in SOUNDS
    ]
    bandwidths = []
    with Pool(workers) as pool:
        tasks = ((cache, seed + index) for index in range(groups))
        for index, (sounds, widths) in enumerate(pool.imap(mix_group, tasks)):
            for file, sound in zip(files, sounds):
                file[index] = sound
            bandwidths.append(widths)
    (folder / "bandwidth.json").write_text(json.dumps(bandwidths))


def high_targets(
    noisy: Tensor, clean: Tensor, voice: Tensor, bandwidths: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Spectra [clips, time, 769] -> power, match, known [clips, time, 16].

    With u = gain^0.3 the loss of the trunk becomes power u^2 - 2 match u + a constant. Both are
    divided by the clip's 95th percentile of power: quiet clips count as much as loud ones.
    """
    bands = (HIGH_BANDS, HIGH_BINS // HIGH_BANDS)
    high = slice(LOW_BINS, LOW_BINS + HIGH_BINS)
    (x, _), (s, _) = (compress(part[..., high].unflatten(2, bands)) for part in (noisy, clean))
    power = (x.real**2 + x.imag**2).mean(3)
    magnitudes = (x.abs() * s.abs()).mean(3)
    products = (x.real * s.real + x.imag * s.imag).mean(3)
    match = MAGNITUDE_WEIGHT * magnitudes + COMPLEX_WEIGHT * products
    edges = FIRST_EDGE + BAND_WIDTH * torch.arange(1, HIGH_BANDS + 1)
    heard = edges <= bandwidths[:, None]
    last = (heard.sum(1) - 1).clamp(min=0)[:, None, None].expand(-1, x.shape[1], 1)
    ratio = (match / (power + TINY)).gather(2, last)
    spoken = voice[..., None] > 0
    unheard = ~heard[:, None, :]
    match = torch.where(unheard & spoken, ratio * power, match)
    match = torch.where(unheard & ~spoken, torch.zeros(()), match)
    known = heard.any(1)[:, None, None] | ~spoken
    scale = torch.quantile(power.flatten(1), 0.95, dim=1)[:, None, None] + QUIET_POWER
    return power / scale, match / scale, known.expand_as(power).float()


@torch.no_grad()
def make_examples(model: VoiceNetwork, pool: Path) -> Examples:
    """Run front end and trunk over the whole pool."""
    hop = model.sizes.hop
    files = [np.load(pool / f"{name}.npy", mmap_mode="r") for name in SOUNDS]
    bandwidths = torch.tensor(json.loads((pool / "bandwidth.json").read_text()))
    parts = []
    for *sounds, widths in zip(*files, bandwidths):
        noisy, clean, dry = (torch.from_numpy(sound.copy()) for sound in sounds)
        spectrum = analyse(noisy, hop)
        compressed, log_power = compress(spectrum[..., :LOW_BINS])
        lane_groups = zip(compressed.split(lanes.LANES), log_power.split(lanes.LANES))
        outputs = [lanes.trunk(model, lanes.encode(model, *group)) for group in lane_groups]
        trunk = torch.cat([output.permute(3, 1, 0, 2) for output in outputs])
        voice = voiced(dry, hop, WINDOW)
        targets = high_targets(spectrum, analyse(clean, hop), voice, widths)
        parts.append(Examples(trunk.half(), high_energy(spectrum), *targets))
    return Examples(*(torch.cat(tensors) for tensors in zip(*parts)))


def head_loss(model: VoiceNetwork, examples: Examples) -> Tensor:
    """The loss of the high gains."""
    gains = model.head(examples.trunk.float(), examples.energy)
    compressed_gain = torch.exp(POWER * torch.nn.functional.logsigmoid(gains))
    error = compressed_gain - examples.match / (examples.power + TINY)
    weight = examples.power * examples.known * torch.where(error < 0, CUT_WEIGHT, 1.0)
    return (weight * error**2).mean()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, required=True, help="folder of 48 kHz caches")
    parser.add_argument("--pool", type=Path, required=True, help="mixtures, made if absent")
    parser.add_argument("--trunk", type=Path, help="what train.py saved, or a model file")
    parser.add_argument("--resume", type=Path, help="what this program saved, to go on from")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--groups", type=int, default=150, help="pool size, in 16 clips of 4 s")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--rate", type=float, default=4e-3, help="highest learning rate")
    parser.add_argument("--decay", type=float, default=0.99, help="of the average of weights")
    parser.add_argument("--workers", type=int, default=2, help="mixing processes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not options.trunk and not options.resume:
        parser.error("give --trunk or --resume")
    return options


def main() -> None:
    options = arguments()
    torch.manual_seed(options.seed)
    if not (options.pool / "bandwidth.json").exists():
        make_pool(options.pool, options.cache, options.groups, options.seed, options.workers)
    network, weights = load_weights(options.resume or options.trunk)
    model = VoiceNetwork(SIZES[network])
    if options.resume:
        checkpoint = torch.load(options.resume, map_location="cpu")
        model.load_state_dict(checkpoint["model"])
    else:
        fresh_head = {f"head.{name}": value for name, value in model.head.state_dict().items()}
        model.load_state_dict({**weights, **fresh_head})
    average = Average(model, options.decay)
    optimizer = torch.optim.AdamW(model.head.parameters(), lr=options.rate, weight_decay=0.01)
    first_epoch = 0
    if options.resume:
        average.weights, average.updates = checkpoint["average"], checkpoint["updates"]
        optimizer.load_state_dict(checkpoint["optimizer"])
        first_epoch = checkpoint["epoch"]

    examples = make_examples(model, options.pool)
    held_back = HELD_BACK_GROUPS * GROUP
    validation = Examples(*(tensor[:held_back] for tensor in examples))
    training = Examples(*(tensor[held_back:] for tensor in examples))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device)
    judged = VoiceNetwork(model.sizes)
    journal = Journal(options.output.with_suffix(".jsonl"), resumed=options.resume is not None)
    clips = len(training.known)
    steps_an_epoch = clips // BATCH
    parameters = list(model.head.parameters())
    average.weights = {name: value.to(device) for name, value in average.weights.items()}
    for epoch in range(first_epoch, options.epochs):
        order = torch.randperm(clips)
        losses = []
        for index in range(steps_an_epoch):
            step = epoch * steps_an_epoch + index
            set_rate(optimizer, cosine(step, options.epochs * steps_an_epoch, options.rate, 50))
            chosen = order[index * BATCH : (index + 1) * BATCH]
            batch = Examples(*(tensor[chosen].to(device) for tensor in training))
            loss = head_loss(model, batch)
            take_step(loss, [optimizer], parameters)
            average.update(model)
            losses.append(loss.item())
        judged.load_state_dict({name: value.cpu() for name, value in average.weights.items()})
        with torch.no_grad():
            held_out = head_loss(judged, validation).item()
        journal.add(
            (epoch + 1) * clips * CLIP_SECONDS / 3600,
            training=float(np.mean(losses)),
            validation=held_out,
        )
        content = {
            "model": model.state_dict(),
            "average": average.weights,
            "updates": average.updates,
            "optimizer": optimizer.state_dict(),
            "epoch": epoch + 1,
            "network": network,
        }
        save_whole(options.output, content)


if __name__ == "__main__":
    main()
