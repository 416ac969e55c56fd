#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Headers that strangers' programs write are read, and all sound behind them.

Each file holds the same samples; what is around them is strange.  Prints TAP.

    sound_strange_test.py build/tools/grus
"""

import array
import os
import random
import struct
import subprocess
import sys

import tap
from tap import test

GRUS = os.path.abspath(sys.argv[1])
RATE = 48000
N_FRAMES = 2400
W64_END = bytes.fromhex("f3acd3118cd100c04f8edb8a")
RIFF_END = bytes.fromhex("2e91cf11a5d628db04c10000")


def samples(n=N_FRAMES, channels=1):
    """Return noise of 16 bits."""
    rand = random.Random(1)
    return array.array("h", [rand.randrange(-9000, 9000) for _ in range(n * channels)])


SOUND = samples()
DATA = SOUND.tobytes()
SWAPPED = array.array("h", SOUND)
SWAPPED.byteswap()
FLOATS = array.array("f", [x / 32768 for x in SOUND])


def chunk(name, data, size=None, order="<", pad=True):
    """Return a chunk of RIFF or AIFF."""
    size = len(data) if size is None else size
    return name + struct.pack(order + "I", size) + data + b"\0"[:len(data) % 2 * pad]


def fmt(tag=1, channels=1, bits=16, align=None, per_second=None, rate=RATE, more=b"", order="<"):
    """Return what a fmt chunk holds."""
    align = channels * bits // 8 if align is None else align
    per_second = rate * align if per_second is None else per_second
    return struct.pack(order + "HHIIHH", tag, channels, rate, per_second & 0xFFFFFFFF, align,
                       bits) + more


def wav(*chunks, magic=b"RIFF", order="<"):
    return chunk(magic, b"WAVE" + b"".join(chunks), order=order)


def extensible(bits, valid, mask, kind):
    return struct.pack("<HHIHH", 22, valid, mask, kind, 0) + bytes.fromhex(
        "00001000800000aa00389b71")


def w64_chunk(name, data):
    return name + W64_END + struct.pack("<Q", len(data) + 24) + data + bytes(-len(data) % 8)


def w64(*chunks):
    body = b"wave" + W64_END + b"".join(chunks)
    return b"riff" + RIFF_END + struct.pack("<Q", len(body) + 24) + body


def rf64(*chunks, size=len(DATA), magic=b"RF64"):
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 0, size, 0, 0))
    body = b"WAVE" + ds64 + b"".join(chunks)
    return magic + b"\xff" * 4 + body


def comm(channels=1, frames=N_FRAMES, bits=16, kind=b""):
    """Return what AIFF's COMM chunk holds, at 48 kHz."""
    name = kind and kind + b"\x05Name!"
    return struct.pack(">HIH", channels, frames, bits) + bytes.fromhex(
        "400ebb80000000000000") + name


def aiff(*chunks, kind=b"AIFF"):
    return chunk(b"FORM", kind + b"".join(chunks), order=">")


def big(name, data, size=None):
    return chunk(name, data, size, order=">")


def ssnd(data, offset=0):
    return big(b"SSND", struct.pack(">II", offset, 0) + bytes(offset) + data)


def caf(data, size=None, kind=b"lpcm", flags=2, bits=16, before=b"", behind=b""):
    """Return a CAF file of little-endian numbers."""
    size = len(data) + 4 if size is None else size
    desc = struct.pack(">d4sIIIII", RATE, kind, flags, bits // 8, 1, 1, bits)
    return (b"caff\0\1\0\0desc" + struct.pack(">q", len(desc)) + desc + before + b"data" +
            struct.pack(">q", size) + bytes(4) + data + behind)


def au(data, size=None, offset=24, encoding=3):
    size = len(data) if size is None else size
    return b".snd" + struct.pack(">IIIII", offset, size, encoding, RATE, 1) + bytes(
        offset - 24) + data


def render(path, *options, data=None):
    """Return status, floats and what was said."""
    done = subprocess.run(
        [GRUS, "render", "-q", "-m", "voice-light", "-r", "0", "-b", "float", "-f", "raw",
         *options, path, "-"], input=data, capture_output=True, check=False, timeout=60)
    floats = array.array("f")
    floats.frombytes(done.stdout[:len(done.stdout) // 4 * 4])
    said = [line for line in done.stderr.decode(errors="replace").splitlines()
            if "not kept in" not in line]
    return done.returncode, floats, said


def is_near(a, b, tolerance=1e-6):
    return len(a) == len(b) and all(abs(x - y) <= tolerance for x, y in zip(a, b))


def reads(folder, files, wanted=FLOATS, tolerance=1e-6):
    """Check that each file is read whole and in silence, from a pipe as well."""
    wrong = []
    for name, data in files.items():
        path = folder / "in"
        path.write_bytes(data)
        code, found, said = render(path)
        if code or said or not is_near(found, wanted, tolerance):
            wrong.append((name, code, len(found), said))
        code, found, said = render("-", data=data)
        if code or said or not is_near(found, wanted, tolerance):
            wrong.append((name + ", piped", code, len(found), said))
    assert not wrong, "\n".join(map(str, wrong))


@test
def wav_with_strange_chunks(folder):
    sound = chunk(b"data", DATA)
    odd = chunk(b"note", b"odd")
    info = chunk(b"LIST", b"INFO" + chunk(b"INAM", b"Name\0\0"))
    reads(folder, {
        "unpadded odd chunk": wav(chunk(b"fmt ", fmt()), chunk(b"note", b"odd", pad=False), sound),
        "odd chunks": wav(odd, chunk(b"fmt ", fmt()), odd, sound, odd),
        "a list before fmt": wav(info, chunk(b"fmt ", fmt()), sound),
        "fmt behind data": wav(sound, chunk(b"fmt ", fmt())),
        "a chunk of 100 kB": wav(chunk(b"JUNK", bytes(100000)), chunk(b"fmt ", fmt()), sound),
        "two chunks of data": wav(chunk(b"fmt ", fmt()), chunk(b"data", DATA[:2000]), odd,
                                  chunk(b"data", DATA[2000:]), info),
        "big-endian": wav(chunk(b"fmt ", fmt(order=">"), order=">"),
                          chunk(b"data", SWAPPED.tobytes(), order=">"), magic=b"RIFX", order=">"),
    })


@test
def wav_with_a_strange_format(folder):
    sound = chunk(b"data", DATA)
    padded = array.array("i", [x << 16 for x in SOUND]).tobytes()
    floats = chunk(b"data", FLOATS.tobytes())
    reads(folder, {
        "no bits": wav(chunk(b"fmt ", fmt()[:14]), sound),
        "18 bytes": wav(chunk(b"fmt ", fmt(more=b"\0\0")), sound),
        "40 bytes of PCM": wav(chunk(b"fmt ", fmt(more=bytes(24))), sound),
        "no block": wav(chunk(b"fmt ", fmt(align=0)), sound),
        "a block of 1": wav(chunk(b"fmt ", fmt(align=1)), sound),
        "nothing a second": wav(chunk(b"fmt ", fmt(per_second=0)), sound),
        "much a second": wav(chunk(b"fmt ", fmt(per_second=0xFFFFFFFF)), sound),
        "24 bits in 32": wav(chunk(b"fmt ", fmt(0xFFFE, bits=32, more=extensible(32, 24, 4, 1))),
                             chunk(b"data", padded)),
        "extensible cut short": wav(chunk(b"fmt ", fmt(0xFFFE, more=b"\0\0")), sound),
        "floats in a short chunk": wav(chunk(b"fmt ", fmt(3, bits=32)), floats),
        "floats in a false block": wav(chunk(b"fmt ", fmt(3, bits=32, align=8)), floats),
        "extensible floats": wav(
            chunk(b"fmt ", fmt(0xFFFE, bits=32, more=extensible(32, 32, 4, 3))), floats),
    })


@test
def w64_and_rf64_with_strange_chunks(folder):
    format_ = w64_chunk(b"fmt ", fmt())
    odd = w64_chunk(b"note", b"odd")
    listed = w64_chunk(b"list", b"INFO" + chunk(b"INAM", b"Name\0\0"))
    floats = w64_chunk(b"fmt ", fmt(0xFFFE, bits=32, more=extensible(32, 32, 4, 3)))
    plain = chunk(b"fmt ", fmt())
    long = chunk(b"data", DATA, 0xFFFFFFFF)
    reads(folder, {
        "behind W64": w64(format_, w64_chunk(b"data", DATA), listed, odd),
        "before W64": w64(odd, format_, listed, odd, w64_chunk(b"data", DATA)),
        "floats of W64": w64(floats, odd, w64_chunk(b"data", FLOATS.tobytes()), odd),
        "before RF64": rf64(chunk(b"note", b"odd"), plain, chunk(b"axml", b"<x/>!"), long),
        "behind RF64": rf64(plain, long, chunk(b"note", b"odd")),
        "unpadded in RF64": rf64(plain, chunk(b"note", b"odd", pad=False), long),
        "BW64": rf64(plain, chunk(b"chna", bytes(5)), long, magic=b"BW64"),
    })


@test
def aiff_with_strange_chunks(folder):
    sound = ssnd(SWAPPED.tobytes())
    text = big(b"ANNO", b"text " * 4000)
    little = ssnd(DATA)
    in24 = b"".join(struct.pack(">i", x << 16)[:3] for x in SOUND)
    swapped = array.array("f", FLOATS)
    swapped.byteswap()
    reads(folder, {
        "a long text": aiff(text, big(b"COMM", comm()), text, sound),
        "a long odd text behind": aiff(big(b"COMM", comm()), sound, big(b"ANNO", b"x" * 20001)),
        "odd chunks": aiff(big(b"note", b"odd"), big(b"COMM", comm()), big(b"note", b"odd"), sound),
        "COMM behind": aiff(sound, big(b"COMM", comm())),
        "an offset": aiff(big(b"COMM", comm()), ssnd(SWAPPED.tobytes(), 6)),
        "no frames": aiff(big(b"COMM", comm(frames=0)), sound),
        "too many frames": aiff(big(b"COMM", comm(frames=0xFFFFFFFF)), sound),
        "sowt": aiff(big(b"COMM", comm(kind=b"sowt")), little, kind=b"AIFC"),
        "twos": aiff(big(b"COMM", comm(kind=b"twos")), sound, kind=b"AIFC"),
        "in24 of 16 bits": aiff(big(b"COMM", comm(bits=16, kind=b"in24")), ssnd(in24),
                                kind=b"AIFC"),
        "fl32": aiff(big(b"COMM", comm(bits=32, kind=b"fl32")), ssnd(swapped.tobytes()),
                     kind=b"AIFC"),
    })


@test
def caf_and_au_of_strange_sizes(folder):
    free = b"free" + struct.pack(">q", 4000) + bytes(4000)
    reads(folder, {
        "CAF to its end": caf(DATA, size=-1),
        "CAF with free room": caf(DATA, before=free),
        "CAF with room behind": caf(DATA, behind=free),
        "AU of no size": au(SWAPPED.tobytes(), 0xFFFFFFFF),
        "AU with a text": au(SWAPPED.tobytes(), offset=1024),
        "AU of floats": au(array.array("I", [
            struct.unpack(">I", struct.pack("<f", x))[0] for x in FLOATS]).tobytes(),
                           encoding=6),
    })


@test
def aiff_of_no_size_is_read_from_a_pipe(folder):
    for kind, data in ((b"", SWAPPED.tobytes()), (b"sowt", DATA)):
        body = big(b"COMM", comm(frames=0, kind=kind)) + big(
            b"SSND", bytes(8) + data, 0)
        file = b"FORM" + bytes(4) + (b"AIFC" if kind else b"AIFF") + body
        (folder / "in").write_bytes(file)
        for where, stdin in ((folder / "in", None), ("-", file)):
            code, found, said = render(where, data=stdin)
            assert code == 0 and is_near(found, FLOATS), (kind, where, code, len(found), said)
            assert stdin or len(said) == 1 and "does not tell the length" in said[0], said


@test
def junk_behind_the_sound_is_told_from_a_pipe_as_well(folder):
    junk = wav(chunk(b"fmt ", fmt()), chunk(b"data", DATA)) + b"\3" * 9999
    (folder / "in.wav").write_bytes(junk)
    for where, stdin in ((folder / "in.wav", None), ("-", junk)):
        code, found, said = render(where, data=stdin)
        assert code == 0 and is_near(found, FLOATS), (code, len(found))
        assert said == [f'grus render: warning: "{where}" has 9999 bytes behind its sound that '
                        "are left out"], said


@test
def one_frame_is_a_sound(folder):
    reads(folder, {"WAV": wav(chunk(b"fmt ", fmt()), chunk(b"data", DATA[:2])),
                   "AIFF": aiff(big(b"COMM", comm(frames=1)), ssnd(SWAPPED.tobytes()[:2]))},
          FLOATS[:1])


@test
def nothing_but_sound_goes_to_the_standard_output(folder):
    """libsndfile tells it what is wrong with a sample dump."""
    header = b"\xf0\x7e\0\1\0\0\x10" + bytes([0x12, 0x74, 1, 0x20, 1, 0]) + bytes(7) + b"\xf7"
    packets = b"".join(start + b"\x7e\0\2" + bytes([i]) + b"\x40" * 120 + b"\x55\xf7"
                       for i, start in enumerate((b"\xf0", b"\x11", b"\xf0")))
    (folder / "in.sds").write_bytes(header + packets)
    done = subprocess.run([GRUS, "render", "-q", "-m", "voice-light", "-r", "0", "-f", "raw",
                           folder / "in.sds", "-"], capture_output=True, check=False, timeout=60)
    assert b"Error" not in done.stdout, done.stdout[:100]


@test
def a_byte_that_fills_up_gsm_is_no_sound(folder):
    """sox counts it as one of the samples; 13 blocks of 320 frames are there."""
    body = fmt(0x31, bits=0, align=65, per_second=1625, rate=8000,
               more=struct.pack("<HH", 2, 320))
    blocks = bytes(range(65)) * 13
    plain, filled = (wav(chunk(b"fmt ", body), chunk(b"fact", struct.pack("<I", 4160)),
                         chunk(b"data", data)) for data in (blocks, blocks + b"\0"))
    (folder / "plain.wav").write_bytes(plain)
    code, wanted, _ = render(folder / "plain.wav")
    assert code == 0 and len(wanted) == 4160, len(wanted)
    reads(folder, {"a byte more": filled}, wanted)


@test
def a_file_beside_it_is_no_resource_fork(folder):
    """libsndfile would look for one where it knows nothing, and crash."""
    (folder / "._").write_bytes(b"")
    done = subprocess.run([GRUS, "render", "-q", "-", "out.wav"], cwd=folder,
                          input=b"\1\2\3\4" * 999, capture_output=True, check=False)
    assert done.returncode == 1 and done.stderr.count(b"\n") == 1, done


if __name__ == "__main__":
    tap.main_of_program()
