# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What the trunk and the voice activity are trained by, at 16 kHz."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from data.voice_activity import voiced
from learning.perceptual import Disturbance
from learning.run import COMPLEX_WEIGHT, MAGNITUDE_WEIGHT
from net import lanes
from net import network
from net.network import LOW_BINS, POWER, VoiceNetwork, analyse, compress, expand, synthesise

SAMPLE_RATE = 16000
SHORTER = network.SAMPLE_RATE // SAMPLE_RATE  # window and hop than at 48 kHz
WINDOW = network.WINDOW // SHORTER
# A higher one than the network's keeps gradients of faint bins small.
RESYNTHESIS_FLOOR = 1e-7
SNR_WEIGHT = 0.001
DISTURBANCE_WEIGHT = 0.02
ACTIVITY_WEIGHT = 0.05
# A magnitude that comes out too small is speech taken away: it counts more than noise left over.
MISSING_WEIGHT = 4.0


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
    """0.7 w (|Y|-|S|)^2 + 0.3 |Y-S|^2 of compressed spectra, plus a little of the SNR in dB.

    w is MISSING_WEIGHT where |Y| < |S|, else 1. Both complex [batch, time, 256].
    """
    small = 1e-6
    real, imaginary = estimate.real, estimate.imag
    power = real**2 + imaginary**2 + small
    clean_power = clean.real**2 + clean.imag**2 + small
    excess = power.sqrt() - clean_power.sqrt()
    magnitude = excess**2 * torch.where(excess < 0, MISSING_WEIGHT, 1.0)
    difference = (real - clean.real) ** 2 + (imaginary - clean.imag) ** 2
    loss = (MAGNITUDE_WEIGHT * magnitude + COMPLEX_WEIGHT * difference).mean()
    # Back to amplitudes, where the loud parts rule, as they do in SI-SDR.
    exponent = 0.5 / POWER - 0.5
    gain, clean_gain = positive_power(power, exponent), positive_power(clean_power, exponent)
    target_real, target_imaginary = clean.real * clean_gain, clean.imag * clean_gain
    error = (real * gain - target_real) ** 2 + (imaginary * gain - target_imaginary) ** 2
    error, target = error.sum((1, 2)), (target_real**2 + target_imaginary**2).sum((1, 2))
    decibels = 10 * torch.log10((error + 0.01 * target + 1) / (target + 1))
    return loss + SNR_WEIGHT * decibels.clamp(max=15).mean()


def amplitude_power(compressed: Tensor) -> Tensor:
    """Compressed spectrum -> power before compression."""
    return positive_power(compressed.real**2 + compressed.imag**2 + 1e-8, 1 / POWER)


def positive_power(x: Tensor, exponent: float) -> Tensor:
    """x ** exponent for x > 0, which torch takes longer for, and for its gradient once more."""
    return torch.exp(exponent * torch.log(x))


class Losses(NamedTuple):
    """What a batch was missed by."""

    spectrum: Tensor  # loss of the trunk's estimate
    disturbance: Tensor  # what is heard of it, about how far from the best PESQ
    activity: Tensor  # cross entropy of the voice activity
    wrong_activity: Tensor  # share of frames

    def total(self) -> Tensor:
        heard = DISTURBANCE_WEIGHT * self.disturbance
        return self.spectrum + heard + ACTIVITY_WEIGHT * self.activity


class Heard(NamedTuple):
    """What the network makes of a batch, and what it should make of it."""

    estimate: Tensor  # complex [batch, time, 256], compressed
    target: Tensor
    logits: Tensor  # of the voice activity [batch, frames]
    voice: Tensor  # 1.0 or 0.0, alike


def listen(model: VoiceNetwork, noisy: Tensor, clean: Tensor, dry: Tensor) -> Heard:
    """Samples [batch, n] at 16 kHz through the network; on a CPU batch is a multiple of LANES."""
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
    return Heard(*resynthesised(low, clean, hop), logits, voice)


def batch_losses(heard: Heard) -> Losses:
    estimate, target, logits, voice = heard
    binary = torch.nn.functional.binary_cross_entropy_with_logits
    wrong = ((logits > 0) != (voice > 0)).float().mean()
    measure = Disturbance(LOW_BINS, SAMPLE_RATE / WINDOW, estimate.device)
    disturbance = measure(amplitude_power(estimate), amplitude_power(target)).mean()
    return Losses(spectral_loss(estimate, target), disturbance, binary(logits, voice), wrong)
