# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Hosts that play silence before the sound, and what `grus render` makes of that."""

import array

from bundle import RATE, render


def differs(out, reference):
    """Return the largest difference between the beginnings of two sounds."""
    return max(map(abs, map(float.__sub__, out, reference)))


def with_silence_before(sound, n_frames, folder, n_channels):
    """Return what `grus render` makes of a sound after silence."""
    lead = array.array("f", bytes(4 * n_frames * n_channels))
    return render(lead + sound, folder,
                  n_channels=n_channels)[n_frames * n_channels:]


def silence_before(sound, out, block, folder, n_channels=1):
    """Find how long a host has played silence before the sound.

    A network that has heard silence hums along another path than a fresh one,
    and its frames lie elsewhere, so that a host which runs before the sound
    begins can only be compared if this is known.  The nearer the guess, the
    smaller the difference.
    """
    hop = 768
    part = sound[:RATE * n_channels]
    wanted = out[:(RATE - 4000) * n_channels]

    def miss(n_frames):
        return differs(with_silence_before(part, n_frames, folder, n_channels),
                       wanted)

    starts = range(0, hop, block) if block < hop else (0, 256, 512)
    coarse = [n for start in starts
              for n in range(start, 12 * RATE, 24 * hop)]
    best = min(coarse, key=miss)
    near = range(max(best % hop, best - 24 * hop), best + 25 * hop, hop)
    return min(near, key=miss)
