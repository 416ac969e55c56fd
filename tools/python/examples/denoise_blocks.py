# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Clean a voice, one block after the other:

    python3 denoise_blocks.py < noisy.f32 > clean.f32

Sound is raw: 32-bit floats, one channel, 48 kHz.
"""

import sys

import numpy as np

import grus

BLOCK = 480  # Any number of frames gives the same sound

stream = grus.Stream(rate=48000)
print(f"{stream.latency} frames late", file=sys.stderr)
while data := sys.stdin.buffer.read(4 * BLOCK):
    block = np.frombuffer(data, np.float32)
    sys.stdout.buffer.write(stream.process(block).tobytes())
