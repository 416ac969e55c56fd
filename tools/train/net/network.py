# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The voice network in plain torch: front end, trunk, head, and the offline reference.

Shapes are written as [batch, time, ...]; `time` counts analysis frames. The trunk sees bins 0..255
(0 to 8 kHz at 48 kHz) and gives a complex mask; from its output come the voice activity and, with the
energies of bins 256..767, the head's gains, one for each of 16 high bands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import torch
from torch import Tensor, nn

SAMPLE_RATE = 48000
WINDOW = 1536
# The trunk was made for a 512-sample window at 16 kHz; this keeps the same levels.
SCALE = 512 / WINDOW
POWER = 0.3
POWER_FLOOR = 1e-12
LOG_FLOOR = -18.0
LOG_SCALE = 0.12
LOG_OFFSET = 0.5

# (number of bands, bins in each), from bin 0 up.
ZONES = ((16, 4), (8, 8), (8, 16))
FINE_ZONES = ((32, 2), (16, 4), (8, 16))
LOW_BINS = sum(bands * width for bands, width in ZONES)
HIGH_BANDS = 16
HIGH_WIDTH = 32
HIGH_BINS = HIGH_BANDS * HIGH_WIDTH
NORM_EPSILON = 1e-4


class Sizes(NamedTuple):
    """What sets networks apart; all but hop, zones and the head's context in steps of 4."""

    hop: int = 768  # samples from one analysis frame to the next
    channels: int = 32  # of a band in the trunk
    blocks: int = 2
    head: int = 32  # units
    head_context: int = 2  # numbers of every band that the head gets
    activity: int = 64  # units
    activity_context: int = 8
    decoder: int = 0  # hidden units of a decoder that sees the encoder too; 0: linear, sees it not
    zones: tuple[tuple[int, int], ...] = ZONES

    @property
    def bands(self) -> int:
        return sum(bands for bands, _ in self.zones)


SIZES = {
    "voice": Sizes(),
    "voice-light": Sizes(768, 16, 2, 16, 2, 12, 4),
    "voice-low-latency": Sizes(192, 16, 2, 16, 2, 12, 4),
    # Candidates for the next voice.
    "voice-skip": Sizes(decoder=64),
    "voice-fine": Sizes(channels=24, activity_context=4, decoder=48, zones=FINE_ZONES),
}


class BandLinear(nn.Module):
    """A linear layer of its own for every band: [..., bands, size_in] -> [..., bands, size_out]."""

    def __init__(self, bands: int, size_in: int, size_out: int, spread: float = 1.0) -> None:
        super().__init__()
        bound = spread / size_in**0.5
        self.weight = nn.Parameter(torch.empty(bands, size_out, size_in).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(bands, size_out))

    def forward(self, x: Tensor) -> Tensor:
        return torch.einsum("...fi,foi->...fo", x, self.weight) + self.bias


class Block(nn.Module):
    """A GRU over the bands of each frame, then a GRU over time that all bands share."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.band_gru = nn.GRU(channels, half, batch_first=True, bidirectional=True)
        self.band_linear = nn.Linear(2 * half, channels)
        self.band_norm = nn.LayerNorm(channels, eps=NORM_EPSILON)
        self.time_gru = nn.GRU(channels, channels, batch_first=True)
        self.time_linear = nn.Linear(channels, channels)
        self.time_norm = nn.LayerNorm(channels, eps=NORM_EPSILON)
        for name, weight in self.named_parameters():
            if "weight_hh" in name:
                for gate in weight.data.chunk(3):
                    nn.init.orthogonal_(gate)
        nn.init.constant_(self.band_norm.weight, 0.5)
        nn.init.constant_(self.time_norm.weight, 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """[batch, time, bands, channels] -> the same shape."""
        batch, time, bands, channels = x.shape
        over_bands, _ = self.band_gru(x.reshape(batch * time, bands, channels))
        x = self.band_norm(self.band_linear(over_bands)).view_as(x) + x
        series = x.transpose(1, 2).reshape(batch * bands, time, channels)
        over_time, _ = self.time_gru(series)
        update = self.time_norm(self.time_linear(over_time))
        return update.view(batch, bands, time, channels).transpose(1, 2) + x


class Head(nn.Module):
    """High-band gains from the trunk's output and the high bands' energies."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.context = nn.Linear(sizes.channels, sizes.head_context)
        size_in = sizes.bands * sizes.head_context + HIGH_BANDS
        self.gru = nn.GRU(size_in, sizes.head, batch_first=True)
        self.gains = nn.Linear(sizes.head, HIGH_BANDS)

    def forward(self, trunk: Tensor, energy: Tensor) -> Tensor:
        """trunk [batch, time, bands, channels], energy [batch, time, 16] -> logits like energy."""
        context = self.context(trunk).flatten(2)
        hidden, _ = self.gru(torch.cat([context, energy], dim=2))
        return self.gains(hidden)


class Activity(nn.Module):
    """Voice activity from the trunk's output."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.context = nn.Linear(sizes.channels, sizes.activity_context)
        self.gru = nn.GRU(sizes.bands * sizes.activity_context, sizes.activity, batch_first=True)
        self.linear = nn.Linear(sizes.activity, 1)

    def forward(self, trunk: Tensor) -> Tensor:
        """[batch, time, bands, channels] -> logits [batch, time]."""
        hidden, _ = self.gru(self.context(trunk).flatten(2))
        return self.linear(hidden).squeeze(2)


class Output(NamedTuple):
    """What the network says about a spectrum, per analysis frame."""

    low: Tensor  # [batch, time, 256] complex: bins 0..255, power-compressed estimate
    gains: Tensor  # [batch, time, 16] in 0..1
    activity: Tensor  # [batch, time] in 0..1


class VoiceNetwork(nn.Module):
    """Trunk, head and activity; parameter names are the tensor names of the model file."""

    def __init__(self, sizes: Sizes = Sizes()) -> None:
        super().__init__()
        self.sizes = sizes
        size = sizes.channels
        zones = sizes.zones
        self.encoder = nn.ModuleList(BandLinear(n, 3 * width, size) for n, width in zones)
        self.blocks = nn.ModuleList(Block(size) for _ in range(sizes.blocks))
        if sizes.decoder:
            self.hidden = nn.Linear(2 * size, sizes.decoder)
            size = sizes.decoder
        self.decoder = nn.ModuleList(BandLinear(n, size, 2 * width, 0.3) for n, width in zones)
        self.head = Head(sizes)
        self.activity = Activity(sizes)
        for layer, (_, width) in zip(self.decoder, zones):
            # Start close to passing the sound through.
            layer.bias.data[:, :width] = 0.6

    def trunk_parameters(self) -> list[nn.Parameter]:
        """All but the head's: what is trained at 16 kHz."""
        return [p for name, p in self.named_parameters() if not name.startswith("head.")]

    def encode(self, compressed: Tensor, log_power: Tensor) -> Tensor:
        """Both [batch, time, 256] -> [batch, time, bands, channels]."""
        encoded = []
        first = 0
        for layer, (bands, width) in zip(self.encoder, self.sizes.zones):
            part = slice(first, first + bands * width)
            shape = (*log_power.shape[:2], bands, width)
            z = compressed[..., part].reshape(shape)
            encoded.append(layer(torch.cat([z.real, z.imag, log_power[..., part].view(shape)], 3)))
            first += bands * width
        return torch.cat(encoded, dim=2)

    def trunk(self, encoded: Tensor) -> Tensor:
        """What encode() gives -> the trunk's output, of the same shape."""
        x = encoded
        for block in self.blocks:
            x = block(x)
        return x

    def mask(self, trunk: Tensor, encoded: Tensor) -> Tensor:
        """Output of trunk() and of encode() -> complex mask [batch, time, 256]."""
        if self.sizes.decoder:
            trunk = torch.relu(self.hidden(torch.cat([trunk, encoded], dim=3)))
        masks = []
        parts = trunk.split([bands for bands, _ in self.sizes.zones], dim=2)
        for layer, part, (_, width) in zip(self.decoder, parts, self.sizes.zones):
            real, imaginary = layer(part).split(width, dim=3)
            masks.append(torch.complex(real, imaginary).flatten(2))
        return torch.cat(masks, dim=2)

    def forward(self, spectrum: Tensor) -> Output:
        """Scaled spectrum [batch, time, 769] complex -> Output."""
        compressed, log_power = compress(spectrum[..., :LOW_BINS])
        encoded = self.encode(compressed, log_power)
        trunk = self.trunk(encoded)
        gains = self.head(trunk, high_energy(spectrum))
        low = compressed * self.mask(trunk, encoded)
        return Output(low, torch.sigmoid(gains), torch.sigmoid(self.activity(trunk)))


def sizes_of(weights: Mapping[str, Tensor], hop: int) -> Sizes:
    """The sizes of the network that these weights belong to; its hop they do not tell."""
    head_context, channels = weights["head.context.weight"].shape
    activity_context = weights["activity.context.weight"].shape[0]
    encoder = [name for name in weights if re.fullmatch(r"encoder\.\d+\.weight", name)]
    shapes = [weights[name].shape for name in sorted(encoder)]
    return Sizes(
        hop,
        channels,
        1 + max(int(name.split(".")[1]) for name in weights if name.startswith("blocks.")),
        weights["head.gains.weight"].shape[1],
        head_context,
        weights["activity.linear.weight"].shape[1],
        activity_context,
        weights["hidden.weight"].shape[0] if "hidden.weight" in weights else 0,
        tuple((bands, size_in // 3) for bands, _, size_in in shapes),
    )


def compress(spectrum: Tensor, floor: float = POWER_FLOOR) -> tuple[Tensor, Tensor]:
    """Complex X -> (X |X|^-0.7, scaled and floored ln |X|^2), both of X's shape."""
    log_power = torch.log(spectrum.real**2 + spectrum.imag**2 + floor)
    compressed = spectrum * torch.exp((POWER - 1) / 2 * log_power)
    return compressed, log_power.clamp(min=LOG_FLOOR) * LOG_SCALE + LOG_OFFSET


def expand(compressed: Tensor) -> Tensor:
    """The inverse of the power law: Z |Z|^(7/3)."""
    return compressed * compressed.abs() ** (1 / POWER - 1)


def high_energy(spectrum: Tensor) -> Tensor:
    """Scaled spectrum [batch, time, 769] -> log energies of the high bands [batch, time, 16]."""
    high = spectrum[..., LOW_BINS : LOW_BINS + HIGH_BINS]
    power = (high.real**2 + high.imag**2).unflatten(-1, (HIGH_BANDS, HIGH_WIDTH)).mean(-1)
    return torch.log(power + POWER_FLOOR).clamp(min=LOG_FLOOR) * LOG_SCALE + LOG_OFFSET


def analysis_window(size: int, hop: int, device: torch.device | str = "cpu") -> Tensor:
    """[size]: rises as the root of a Hann window until the last hop, in which it falls as one.

    With a hop of half the window it is the root of a Hann window. Asymmetric windows for a short
    delay: D. Mauler and R. Martin, EUSIPCO 2007.
    """
    rise = torch.hann_window(2 * (size - hop), device=device)[: size - hop]
    fall = torch.hann_window(2 * hop, device=device)[hop:]
    return torch.cat([rise, fall]).sqrt()


def synthesis_window(size: int, hop: int, device: torch.device | str = "cpu") -> Tensor:
    """[2 * hop]: makes a Hann window of the end of the analysis window."""
    hann = torch.hann_window(2 * hop, device=device)
    return hann / analysis_window(size, hop, device)[-2 * hop :].clamp(min=1e-6)


def analyse(samples: Tensor, hop: int, size: int = WINDOW) -> Tensor:
    """Samples [batch, n] -> scaled spectrum [batch, time, size / 2 + 1]; no padding.

    A window of 512 at 16 kHz sees the same bins at the same levels as one of 1536 at 48 kHz.
    """
    frames = samples.unfold(1, size, hop) * analysis_window(size, hop, samples.device)
    return torch.fft.rfft(frames) * (512 / size)


def synthesise(spectrum: Tensor, hop: int) -> Tensor:
    """Scaled spectrum [batch, time, size / 2 + 1] -> samples [batch, (time + 1) * hop].

    Of a frame only its last two hops come into the sound, by overlap-add.
    """
    size = 2 * (spectrum.shape[2] - 1)
    frames = torch.fft.irfft(spectrum * (size / 512), n=size)[..., -2 * hop :]
    frames = frames * synthesis_window(size, hop, spectrum.device)
    early = nn.functional.pad(frames[..., :hop], (0, 0, 0, 1))
    late = nn.functional.pad(frames[..., hop:], (0, 0, 1, 0))
    return (early + late).flatten(1)


@torch.no_grad()
def enhance(model: VoiceNetwork, samples: Tensor) -> tuple[Tensor, Tensor]:
    """The offline reference: what a stream gives, with its latency taken away.

    samples [n], mono, 48 kHz -> (enhanced samples [n], voice activity [frames]). Frame t ends with
    sample (t + 1) * hop - 1; zeros stand before the start and after the end.
    """
    count = samples.numel()
    hop = model.sizes.hop
    padded = nn.functional.pad(samples[None], (WINDOW - hop, hop + -count % hop))
    spectrum = analyse(padded, hop)
    output = model(spectrum)
    high_gains = output.gains.repeat_interleave(HIGH_WIDTH, dim=2)
    cleaned = torch.zeros_like(spectrum)
    cleaned[..., :LOW_BINS] = expand(output.low)
    cleaned[..., LOW_BINS : LOW_BINS + HIGH_BINS] = high_gains * spectrum[..., LOW_BINS:-1]
    return synthesise(cleaned, hop)[0, hop : hop + count], output.activity[0]
