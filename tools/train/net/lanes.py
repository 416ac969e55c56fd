# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The trunk on a CPU, several times as fast as torch: sounds side by side in vector lanes.

Tensors are [bands, time, channels, LANES]. The C code is compiled on first use, for this machine.
`python3 -m net.lanes` compares values and gradients with torch.nn.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.autograd import Function

from net.cache_folder import cache_folder
from net.network import NORM_EPSILON, SIZES, Activity, BandLinear, Block, VoiceNetwork

SOURCES = [Path(__file__).with_name(name) for name in ("lanes.c", "matrices.h", "vectors.h")]
# No more: a compiler that may simplify sums turns the rounding in exponential() into nothing.
FLAGS = ("-O3", "-fno-math-errno", "-ffp-contract=fast", "-shared", "-fPIC")
# What a processor has (as in /proc/cpuinfo), the flags that use it, and the floats in its vectors.
MACHINES = (
    ({"avx512f", "avx512dq", "avx512vl"}, "-mavx512f -mavx512dq -mavx512vl -mfma", 16),
    ({"avx2", "fma"}, "-mavx2 -mfma", 8),
    (set(), "", 4),
)


def machine() -> tuple[list[str], int]:
    """The compiler's flags for this machine, and how many sounds fit side by side."""
    found = set(re.findall(r"\w+", Path("/proc/cpuinfo").read_text()))
    flags, lanes = next((flags, lanes) for needed, flags, lanes in MACHINES if needed <= found)
    return [*flags.split(), f"-DLANES={lanes}"], lanes


LANES = machine()[1]


@lru_cache(maxsize=None)
def load() -> ctypes.CDLL:
    """Compile lanes.c unless this version of it was compiled before, and load it."""
    flags = [*FLAGS, *machine()[0]]
    code = b"".join(source.read_bytes() for source in SOURCES)
    digest = hashlib.sha256(code + " ".join(flags).encode()).hexdigest()[:16]
    target = cache_folder() / f"lanes-{digest}.so"
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}")
        subprocess.run(["cc", *flags, str(SOURCES[0]), "-o", str(fresh), "-lm"], check=True)
        fresh.rename(target)
    return ctypes.CDLL(str(target))


def call(name: str, *arguments: Tensor | int | float | ctypes.Structure | None) -> None:
    """Call a C function: tensors go as pointers, integers as int64_t."""
    converted = []
    for argument in arguments:
        if isinstance(argument, Tensor):
            converted.append(ctypes.c_void_p(argument.data_ptr()))
        elif isinstance(argument, ctypes.Structure):
            converted.append(ctypes.byref(argument))
        elif isinstance(argument, float):
            converted.append(ctypes.c_float(argument))
        elif argument is None:
            converted.append(ctypes.c_void_p(None))
        else:
            converted.append(ctypes.c_int64(argument))
    getattr(load(), name)(*converted)


class Walk(ctypes.Structure):
    """struct walk of lanes.c."""

    _fields_ = [
        (name, ctypes.c_int64)
        for name in (
            "sequences",
            "steps",
            "sequence_stride",
            "step_stride",
            "input",
            "hidden",
            "output_width",
            "reverse",
        )
    ]


class LaneGru(Function):
    """nn.GRU over bands or time: x [bands, time, input, LANES] -> [.., directions*h, LANES]."""

    @staticmethod
    def forward(ctx, x: Tensor, over_bands: bool, *weights: Tensor) -> Tensor:
        bands, time, size_in, _ = x.shape
        hidden = weights[1].shape[1]
        directions = len(weights) // 4
        y = torch.empty(bands, time, directions * hidden, LANES)
        ctx.walks, ctx.kept = [], []
        for direction in range(directions):
            grid = (time, bands, 1, time) if over_bands else (bands, time, time, 1)
            walk = Walk(*grid, size_in, hidden, directions * hidden, direction)
            kept = torch.empty(bands, time, 4 * hidden, LANES)
            own = weights[4 * direction : 4 * direction + 4]
            call("gru_forward", walk, x, *own, y[:, :, direction * hidden :], kept)
            ctx.walks.append(walk)
            ctx.kept.append(kept)
        ctx.save_for_backward(x, y, *weights)
        return y

    @staticmethod
    def backward(ctx, y_gradient: Tensor):
        x, y, *weights = ctx.saved_tensors
        y_gradient = y_gradient.contiguous()
        x_gradient = torch.empty_like(x)
        gradients = [torch.zeros_like(weight) for weight in weights]
        for direction, (walk, kept) in enumerate(zip(ctx.walks, ctx.kept)):
            part = slice(4 * direction, 4 * direction + 4)
            first = direction * walk.hidden
            call(
                "gru_backward",
                walk,
                x,
                *weights[part][:2],
                y[:, :, first:],
                kept,
                y_gradient[:, :, first:],
                x_gradient,
                direction,
                *gradients[part],
            )
        del ctx.kept
        return x_gradient, None, *gradients


class LaneLinear(Function):
    """x [bands, time, input, LANES]; weight [output, input], or [bands, output, input]."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        bands, time, size_in, _ = x.shape
        groups = bands if weight.dim() == 3 else 1
        ctx.shape = (groups, bands * time // groups, size_in, weight.shape[-2])
        y = torch.empty(bands, time, weight.shape[-2], LANES)
        call("linear_forward", *ctx.shape, x, weight, bias, y)
        ctx.save_for_backward(x, weight, bias)
        return y

    @staticmethod
    def backward(ctx, y_gradient: Tensor):
        x, weight, bias = ctx.saved_tensors
        x_gradient = torch.empty_like(x) if ctx.needs_input_grad[0] else None
        gradients = torch.zeros_like(weight), torch.zeros_like(bias)
        y_gradient = y_gradient.contiguous()
        call("linear_backward", *ctx.shape, x, weight, y_gradient, x_gradient, *gradients)
        return x_gradient, *gradients


class LaneNorm(Function):
    """LayerNorm over the channels of x [bands, time, channels, LANES], plus a residual."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, bias: Tensor, residual: Tensor) -> Tensor:
        bands, time, channels, _ = x.shape
        y = torch.empty_like(x)
        kept = torch.empty(bands, time, 2, LANES)
        shape = (bands * time, channels)
        call("norm_forward", *shape, NORM_EPSILON, x, weight, bias, residual, y, kept)
        ctx.save_for_backward(x, weight, bias, kept)
        return y

    @staticmethod
    def backward(ctx, y_gradient: Tensor):
        x, weight, bias, kept = ctx.saved_tensors
        y_gradient = y_gradient.contiguous()
        x_gradient = torch.empty_like(x)
        gradients = torch.zeros_like(weight), torch.zeros_like(bias)
        shape = (x.shape[0] * x.shape[1], x.shape[2])
        call("norm_backward", *shape, x, weight, kept, y_gradient, x_gradient, *gradients)
        return x_gradient, *gradients, y_gradient


def gru(layer: nn.GRU, x: Tensor, over_bands: bool) -> Tensor:
    weights = (weight for direction in layer.all_weights for weight in direction)
    return LaneGru.apply(x, over_bands, *weights)


def linear(layer: nn.Linear | BandLinear, x: Tensor) -> Tensor:
    return LaneLinear.apply(x, layer.weight, layer.bias)


def block(layer: Block, x: Tensor) -> Tensor:
    """Block.forward in lanes: x [bands, time, channels, LANES]."""
    over_bands = linear(layer.band_linear, gru(layer.band_gru, x, True))
    x = LaneNorm.apply(over_bands, layer.band_norm.weight, layer.band_norm.bias, x)
    over_time = linear(layer.time_linear, gru(layer.time_gru, x, False))
    return LaneNorm.apply(over_time, layer.time_norm.weight, layer.time_norm.bias, x)


def by_zones(values: Tensor, zones: tuple[tuple[int, int], ...]) -> list[Tensor]:
    """[LANES, time, 256] -> for each zone [bands, time, width, LANES]."""
    parts = []
    first = 0
    for bands, width in zones:
        part = values[..., first : first + bands * width].unflatten(2, (bands, width))
        parts.append(part.permute(2, 1, 3, 0))
        first += bands * width
    return parts


def encode(model: VoiceNetwork, compressed: Tensor, log_power: Tensor) -> Tensor:
    """VoiceNetwork.encode: both [LANES, time, 256] -> [bands, time, channels, LANES]."""
    values = (compressed.real, compressed.imag, log_power)
    features = zip(*(by_zones(value, model.sizes.zones) for value in values))
    encoded = [
        linear(layer, torch.cat(feature, dim=2).contiguous())
        for layer, feature in zip(model.encoder, features)
    ]
    return torch.cat(encoded)


def trunk(model: VoiceNetwork, encoded: Tensor) -> Tensor:
    """VoiceNetwork.trunk: what encode() gives -> the same shape."""
    x = encoded
    for layer in model.blocks:
        x = block(layer, x)
    return x


def mask(model: VoiceNetwork, x: Tensor, encoded: Tensor) -> Tensor:
    """VoiceNetwork.mask: what trunk() and encode() give -> complex [LANES, time, 256]."""
    if model.sizes.decoder:
        both = torch.cat([x, encoded], dim=2).contiguous()
        x = torch.relu(linear(model.hidden, both))
    parts = x.split([bands for bands, _ in model.sizes.zones])
    masks = [linear(layer, part.contiguous()) for layer, part in zip(model.decoder, parts)]
    halves = zip(*(part.chunk(2, dim=2) for part in masks))
    real, imaginary = (
        torch.cat([part.permute(3, 1, 0, 2).flatten(2) for part in half], dim=2) for half in halves
    )
    return torch.complex(real, imaginary)


def activity(layer: Activity, x: Tensor) -> Tensor:
    """Activity.forward in lanes: x [bands, time, channels, LANES] -> logits [LANES, time]."""
    context = linear(layer.context, x).transpose(0, 1).flatten(1, 2)[None]
    hidden = gru(layer.gru, context.contiguous(), False)[0].permute(2, 0, 1)
    return layer.linear(hidden).squeeze(2)


def estimate(
    model: VoiceNetwork, compressed: Tensor, log_power: Tensor
) -> tuple[Tensor, Tensor]:
    """Any number of times LANES sounds: the masked compressed spectrum, complex [batch, time, 256],
    and the activity's logits [batch, time]."""
    groups = zip(compressed.split(LANES), log_power.split(LANES))
    low, logits = zip(*(estimate_group(model, *group) for group in groups))
    return torch.cat(low), torch.cat(logits)


def estimate_group(
    model: VoiceNetwork, compressed: Tensor, log_power: Tensor
) -> tuple[Tensor, Tensor]:
    """estimate() for LANES sounds."""
    encoded = encode(model, compressed, log_power)
    x = trunk(model, encoded)
    return compressed * mask(model, x, encoded), activity(model.activity, x)


def check(name: str) -> tuple[float, float]:
    """A network's whole trunk against plain torch: largest difference of values and gradients."""
    torch.manual_seed(1)
    model = VoiceNetwork(SIZES[name])
    compressed = torch.randn(16, 9, 256, dtype=torch.complex64)
    log_power = torch.randn(16, 9, 256)
    weight = torch.randn(2, 16, 9, 256)
    activity_weight = torch.randn(16, 9)

    def gradients(low: Tensor, logits: Tensor) -> list[Tensor]:
        model.zero_grad()
        total = (weight[0] * low.real + weight[1] * low.imag).sum()
        (total + (activity_weight * logits).sum()).backward()
        return [parameter.grad.clone() for parameter in model.trunk_parameters()]

    encoded = model.encode(compressed, log_power)
    x = model.trunk(encoded)
    plain = compressed * model.mask(x, encoded), model.activity(x)
    fast = estimate(model, compressed, log_power)
    worst_value = max((a - b).abs().max().item() for a, b in zip(plain, fast))
    pairs = zip(gradients(*plain), gradients(*fast))
    worst_gradient = max(((a - b).abs().max() / a.abs().max()).item() for a, b in pairs)
    return worst_value, worst_gradient


def main() -> int:
    differences = {name: check(name) for name in SIZES}
    for name, (value, gradient) in differences.items():
        print(f"{name}: largest difference: values {value:.1e}, gradients {gradient:.1e}")
    right = (value < 1e-4 and gradient < 1e-3 for value, gradient in differences.values())
    return 0 if all(right) else 1


if __name__ == "__main__":
    sys.exit(main())
