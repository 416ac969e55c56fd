# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""SOAP: Adam in the eigenbasis of Shampoo's preconditioner.

N. Vyas and others, "SOAP: Improving and Stabilizing Shampoo using Adam", arXiv:2409.11321. Of every
matrix's gradients G two running means are kept, of G G' and of G' G. Their eigenvectors turn G to
where its entries hardly depend on each other, and Adam works best there. The eigenvectors are
followed by one step of orthogonal iteration now and then, not computed anew.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

SMALL = 1e-8
EARLY = 20  # steps in which the basis is followed at every step


def matrices(name: str, gradient: Tensor) -> Tensor:
    """A parameter's gradient -> [count, m, n]: each gate of a GRU and each band by itself."""
    if "gru.weight" in name:
        return gradient.unflatten(0, (3, -1))
    return gradient if gradient.dim() == 3 else gradient[None]


class Soap(torch.optim.Optimizer):
    """For matrices only; vectors gain nothing by it and go to AdamW.

    Updates that are not alike make weights of about sqrt(lr / (2 weight_decay)) in the long run.
    `named` are (name, parameter) as nn.Module.named_parameters() gives them.
    """

    def __init__(
        self,
        named: Iterable[tuple[str, nn.Parameter]],
        lr: float,
        betas: tuple[float, float] = (0.9, 0.99),
        basis_decay: float = 0.95,
        every: int = 10,
        weight_decay: float = 0.05,
    ) -> None:
        groups = [{"params": [parameter], "name": name} for name, parameter in named]
        settings = {"lr": lr, "betas": betas, "basis_decay": basis_decay, "every": every}
        super().__init__(groups, {**settings, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self.step_matrices(parameter, matrices(group["name"], parameter.grad), group)

    def step_matrices(self, parameter: Tensor, gradient: Tensor, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            start(state, gradient)
            return  # the first gradient has only given the basis
        state["step"] += 1
        step, (decay, square_decay) = state["step"], group["betas"]
        state["mean"].lerp_(gradient, 1 - decay)
        turned = turn(state, gradient)
        state["square"].lerp_(turned**2, 1 - square_decay)
        mean = turn(state, state["mean"]) / (1 - decay**step)
        deviation = (state["square"] / (1 - square_decay**step)).sqrt()
        update = turn_back(state, mean / (deviation + SMALL)).reshape(parameter.shape)
        parameter.mul_(1 - group["lr"] * group["weight_decay"]).sub_(update, alpha=group["lr"])
        follow(state, gradient, 1 - group["basis_decay"])
        if step < EARLY or step % group["every"] == 0:
            turn_basis(state)


def start(state: dict, gradient: Tensor) -> None:
    """The state after the first gradient [count, m, n]."""
    state["step"] = 0
    state["mean"], state["square"] = torch.zeros_like(gradient), torch.zeros_like(gradient)
    state["left"], state["right"] = gradient @ gradient.mT, gradient.mT @ gradient
    for side in ("left", "right"):
        state[f"{side}_basis"] = torch.linalg.eigh(state[side])[1]


def turn(state: dict, matrix: Tensor) -> Tensor:
    return state["left_basis"].mT @ matrix @ state["right_basis"]


def turn_back(state: dict, matrix: Tensor) -> Tensor:
    return state["left_basis"] @ matrix @ state["right_basis"].mT


def follow(state: dict, gradient: Tensor, share: float) -> None:
    state["left"].lerp_(gradient @ gradient.mT, share)
    state["right"].lerp_(gradient.mT @ gradient, share)


def turn_basis(state: dict) -> None:
    """One step of orthogonal iteration, the strongest directions first; squares move along."""
    for side, axis in (("left", 1), ("right", 2)):
        basis, mean = state[f"{side}_basis"], state[side]
        strength = (basis * (mean @ basis)).sum(1)
        order = strength.argsort(dim=1, descending=True)
        sorted_basis = basis.gather(2, order[:, None].expand_as(basis))
        state[f"{side}_basis"] = torch.linalg.qr(mean @ sorted_basis)[0]
        places = order.unsqueeze(3 - axis).expand_as(state["square"])
        state["square"] = state["square"].gather(axis, places)
