# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Go on in another process where this one stopped, as if it had never stopped:

    python3 save_state.py state < first.f32 > first_clean.f32
    python3 save_state.py state < second.f32 > second_clean.f32

Sound is raw: 32-bit floats, one channel, 48 kHz.
"""

import pathlib
import sys

import numpy as np

import grus

saved = pathlib.Path(sys.argv[1])
stream = grus.Stream(rate=48000, reduction=18)  # The state knows the parameters too
if saved.exists():
    stream.state = saved.read_bytes()
sound = np.frombuffer(sys.stdin.buffer.read(), np.float32)
sys.stdout.buffer.write(stream.process(sound).tobytes())
saved.write_bytes(stream.state)
