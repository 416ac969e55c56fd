# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sound given to `grus live`, and what it has recorded."""

import array
import math
import struct

from live_program import DEMO, GRUS, RATE, run
from wav import write_wav  # noqa: F401


def floats(data):
    """Return the floats in bytes."""
    sound = array.array("f")
    sound.frombytes(data[:len(data) // 4 * 4])
    return sound


def demo(folder, first=0.0, seconds=2.0):
    """Return a part of the demo recording, as bytes of floats."""
    raw = folder / "demo.raw"
    run(GRUS, "render", "--quiet", "--reduction", "0", "--bits", "float",
        "--format", "raw", DEMO, raw)
    return raw.read_bytes()[int(first * RATE) * 4:][:int(seconds * RATE) * 4]


def endless_demo(folder, minutes=2):
    """Return the demo recording over and over, a little softer every time so
    that no two parts are the same.  Nothing that a test tells a program then
    comes too late, however slow the machine is."""
    once = floats(demo(folder, 0, 12))
    return b"".join(array.array("f", (0.97**k * x for x in once)).tobytes()
                    for k in range(5 * minutes))


def render(data, folder, *options):
    """Return what `grus render` makes of floats."""
    (folder / "render-in.raw").write_bytes(data)
    run(GRUS, "render", "--quiet", "--raw-rate", RATE, "--bits", "float",
        "--format", "raw", *options, folder / "render-in.raw",
        folder / "render-out.raw")
    return (folder / "render-out.raw").read_bytes()


def wave_floats(path):
    """Return the samples of a WAV file of floats, as bytes."""
    data = path.read_bytes()
    place = 12
    while data[place:place + 4] != b"data":
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    return data[place + 8:]


def quiet_level(data):
    """Return the level of the quietest moment of a sound, dBFS."""
    part = 4 * RATE // 20
    return 10 * math.log10(1e-12 + min(
        level(data[i:i + part]) for i in range(0, len(data) - part, part)))


def recording(path):
    """Return the dry and the clean channel of a recording, as bytes."""
    frames = floats(wave_floats(path))
    frames = frames[:len(frames) // 2 * 2]
    return frames[0::2].tobytes(), frames[1::2].tobytes()


def level(data):
    """Return the power of floats."""
    sound = floats(data)
    return sum(x * x for x in sound) / max(1, len(sound))
