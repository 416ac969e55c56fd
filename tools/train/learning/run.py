# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What both training programs share: the loss, the average of weights, checkpoints, the curve."""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path

import matplotlib
import torch
from torch import Tensor, nn

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402 (the backend must be chosen first)

MAGNITUDE_WEIGHT = 0.7
COMPLEX_WEIGHT = 0.3


class Average:
    """An exponential moving average of a network's weights, quicker at the start."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.weights = {name: value.clone() for name, value in model.state_dict().items()}

    def update(self, model: nn.Module) -> None:
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        for name, value in model.state_dict().items():
            self.weights[name].lerp_(value, 1 - decay)
        self.updates += 1


def cosine(step: int, steps: int, peak: float, warm_up: int, end: float = 0.01) -> float:
    """Learning rate: a linear warm-up, then half a cosine from `peak` to `end` of it."""
    fraction = min(1.0, step / steps)
    shape = end + (1 - end) * 0.5 * (1 + math.cos(math.pi * fraction))
    return peak * shape * min(1.0, (step + 1) / warm_up)


def late_decay(step: int, steps: int, peak: float, final: float, end: float = 0.01) -> float:
    """Learning rate: `peak`, in the last part `final` of the steps down a line to `end` of it."""
    left = (steps - step) / max(1.0, final * steps)
    return peak * (end + (1 - end) * min(1.0, left))


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def take_step(
    loss: Tensor, optimizers: list[torch.optim.Optimizer], parameters: list[nn.Parameter]
) -> None:
    """Gradients of norm 1 at most; a step that is not finite is left out."""
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    norm = nn.utils.clip_grad_norm_(parameters, 1.0)
    if torch.isfinite(norm):
        for optimizer in optimizers:
            optimizer.step()


def save_whole(path: Path, content: dict) -> None:
    """Write beside and rename, so that a checkpoint is never half written."""
    fresh = path.with_suffix(".new")
    torch.save(content, fresh)
    os.replace(fresh, path)


class Journal:
    """Lines of JSON with the losses over time, and their curve as a picture."""

    def __init__(self, path: Path, resumed: bool) -> None:
        self.path = path
        self.start = time.monotonic()
        self.rows: list[dict] = []
        if resumed and path.exists():
            self.rows = [json.loads(line) for line in path.read_text().splitlines()]
        else:
            path.write_text("")

    def add(self, hours: float, scores: dict[str, dict] | None = None, **losses: float) -> None:
        """`hours` of sound seen so far, any losses, and scores of sets of sounds by name."""
        row: dict = {"hours": round(hours, 3), "seconds": round(time.monotonic() - self.start)}
        row.update({name: round(value, 6) for name, value in losses.items()})
        print("  ".join(f"{name} {value:g}" for name, value in row.items()), flush=True)
        for kind, values in (scores or {}).items():
            row[kind] = {name: round(value, 5) for name, value in values.items()}
        self.rows.append(row)
        with self.path.open("a") as file:
            file.write(json.dumps(row) + "\n")
        self.draw(list(losses))

    def draw(self, names: list[str]) -> None:
        figure, axes = pyplot.subplots(figsize=(7, 4))
        hours = [row["hours"] for row in self.rows]
        for name in names:
            axes.plot(hours, [row.get(name, math.nan) for row in self.rows], label=name)
        axes.set_xlabel("hours of mixtures seen")
        axes.set_ylabel("loss")
        axes.grid(alpha=0.3)
        axes.legend()
        figure.tight_layout()
        figure.savefig(self.path.with_suffix(".png"), dpi=110)
        pyplot.close(figure)
