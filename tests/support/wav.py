# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""WAV files of any plain numbers, which Python's own module does not know."""

import struct

FLOAT = (3, 32)
INT16 = (1, 16)


def write_wav(path, data, n_channels=1, rate=48000, kind=FLOAT):
    """Write interleaved numbers, as bytes; `kind` is their format tag and bits."""
    size = n_channels * kind[1] // 8
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE",
                       b"fmt ", 16, kind[0], n_channels, rate, rate * size,
                       size, kind[1], b"data", len(data))
    path.write_bytes(head + data)
    return path


def data_of(wav):
    """Return the data chunk of a file or of its bytes, as much as is there."""
    data = wav if isinstance(wav, bytes) else wav.read_bytes()
    place = 12
    while data[place:place + 4] != b"data":
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    size = struct.unpack_from("<I", data, place + 4)[0]
    return data[place + 8:place + 8 + size]
