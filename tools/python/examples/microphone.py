# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Clean a microphone while it is spoken, for some seconds or until Ctrl-C:

    python3 microphone.py [SECONDS]

Needs sounddevice (https://python-sounddevice.readthedocs.io), and headphones.
"""

import sys
import threading

import sounddevice

import grus

RATE, CHANNELS, BLOCK = 48000, 1, 480

stream = grus.Stream(rate=RATE, channels=CHANNELS)


def clean(noisy, cleaned, _frames, _time, status):
    """Called by sounddevice, in a thread of its own, with arrays of frames x channels."""
    if status:
        print(status, file=sys.stderr)
    stream.process(noisy, out=cleaned)


with sounddevice.Stream(samplerate=RATE, blocksize=BLOCK, channels=CHANNELS,
                        dtype="float32", callback=clean):
    threading.Event().wait(float(sys.argv[1]) if len(sys.argv) > 1 else None)
