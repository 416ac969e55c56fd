# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sound files with metadata, byte for byte: to write them and to take them apart."""

import json
import os
import random
import struct
import subprocess
import sys
import zlib

from tap import need

GRUS = os.path.abspath(sys.argv[1])
RATE = 8000
PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + kind + data +
    struct.pack(">I", zlib.crc32(kind + data)) for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\0")), (b"IEND", b"")))
UMID = bytes(range(64))
XML = b"<?xml version=\"1.0\"?><BWFXML><TAKE>3</TAKE></BWFXML>"


def render(*args, says=""):
    """Run `grus render`, which must say nothing but `says`, return that."""
    done = subprocess.run([GRUS, "render", "--quiet", *map(str, args)],
                          capture_output=True, timeout=120, check=False)
    text = done.stderr.decode()
    assert not done.returncode, (args, text)
    assert says in text if says else not text, (args, text)
    assert text.count("\n") == (1 if says else 0), text
    return text


def sound(n=480):
    """Samples of 16 bits."""
    rand = random.Random(n)
    return struct.pack(f"<{n}h", *(rand.randrange(-99, 99) for _ in range(n)))


def chunk(name, data):
    """A chunk of a RIFF file."""
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def wav(path, *chunks, before=(), pcm=None, rate=RATE):
    """Write a WAV file of 16 bits with more chunks."""
    data = b"".join(chunk(*c) for c in [
        (b"fmt ", struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)),
        *before, (b"data", sound() if pcm is None else pcm), *chunks])
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(data)) + b"WAVE" +
                     data)
    return path


def riff(path):
    """Return [(name, content)] of a RIFF or RF64 file, which must be whole."""
    data = path.read_bytes()
    end = struct.unpack_from("<I", data, 4)[0]
    if data[:4] == b"RF64":
        end = struct.unpack_from("<Q", data, 20)[0]
    assert end + 8 == len(data), (end, len(data))
    place, chunks = 12, []
    while place < len(data):
        name, n = struct.unpack_from("<4sI", data, place)
        if data[:4] == b"RF64" and name == b"data":
            n = struct.unpack_from("<Q", data, 28)[0]
        assert place + 8 + n <= len(data), (name, n)
        chunks.append((name, data[place + 8:place + 8 + n]))
        place += 8 + n + n % 2
    return chunks


def aiff(path):
    """Return [(name, content)] of an AIFF file, which must be whole."""
    data = path.read_bytes()
    assert struct.unpack_from(">I", data, 4)[0] + 8 == len(data)
    place, chunks = 12, []
    while place < len(data):
        name, n = struct.unpack_from(">4sI", data, place)
        chunks.append((name, data[place + 8:place + 8 + n]))
        place += 8 + n + n % 2
    assert place == len(data), (place, len(data))
    return chunks


def flac_blocks(path):
    """Return [(type, content)] of a FLAC file."""
    data = path.read_bytes()
    assert data[:4] == b"fLaC"
    place, blocks, last = 4, [], 0
    while not last:
        last, kind = data[place] & 128, data[place] & 127
        n = int.from_bytes(data[place + 1:place + 4], "big")
        blocks.append((kind, data[place + 4:place + 4 + n]))
        place += 4 + n
    assert data[place] == 0xFF, "no frame follows"
    return blocks


def comments_of(block):
    """Return the comments of a block of Vorbis comments."""
    place = 4 + struct.unpack_from("<I", block)[0]
    count = struct.unpack_from("<I", block, place)[0]
    place, texts = place + 4, []
    for _ in range(count):
        n = struct.unpack_from("<I", block, place)[0]
        texts.append(block[place + 4:place + 4 + n])
        assert len(texts[-1]) == n
        place += 4 + n
    assert len(block) - place <= 1, "something follows"
    return texts


def flac_comments(path):
    """Return the comments of a FLAC file."""
    return comments_of(dict(flac_blocks(path))[4])


def ogg_packets(path, n):
    """Return the first packets of an Ogg file, whose pages must be in order."""
    data, place, packets, number = path.read_bytes(), 0, [b""], 0
    while place < len(data):
        assert data[place:place + 4] == b"OggS", place
        assert struct.unpack_from("<I", data, place + 18)[0] == number
        page_sum = struct.unpack_from("<I", data, place + 22)[0]
        sizes = data[place + 27:place + 27 + data[place + 26]]
        start = place + 27 + len(sizes)
        end = start + sum(sizes)
        page = data[place:place + 22] + bytes(4) + data[place + 26:end]
        if number < 4 or end == len(data):  # Python is slow
            assert page_sum == crc(page), number
        for size in sizes:
            if len(packets) <= n:
                packets[-1] += data[start:start + size]
                packets += [b""] if size < 255 else []
            start += size
        place, number = end, number + 1
    return packets[:n]


def crc(page):
    """Return the sum that Ogg has of a page."""
    table = []
    for i in range(256):
        r = i << 24
        for _ in range(8):
            r = ((r << 1) ^ (0x04C11DB7 if r & 0x80000000 else 0)) & 0xFFFFFFFF
        table.append(r)
    total = 0
    for byte in page:
        total = ((total << 8) & 0xFFFFFFFF) ^ table[(total >> 24) ^ byte]
    return total


def ogg_comments(path):
    """Return the comments of an Ogg file of Vorbis or Opus."""
    packet = ogg_packets(path, 2)[1]
    start = 8 if packet[:8] == b"OpusTags" else 7
    return comments_of(packet[start:])


def picture(data=PNG, kind=3, text=b"Cover"):
    """A picture as FLAC keeps it."""
    return struct.pack(">II9sI", kind, 9, b"image/png", len(text)) + text + \
        struct.pack(">5I", 64, 64, 24, 0, len(data)) + data


def comment_block(*texts):
    """A block of Vorbis comments."""
    return struct.pack("<I4sI", 4, b"test", len(texts)) + b"".join(
        struct.pack("<I", len(t)) + t for t in texts)


def flac(path, folder, *blocks):
    """Write a FLAC file with other metadata than its STREAMINFO."""
    source = wav(folder / "plain.wav")
    render(source, folder / "plain.flac")
    data = (folder / "plain.flac").read_bytes()
    place = 4
    while not data[place] & 128:
        place += 4 + int.from_bytes(data[place + 1:place + 4], "big")
    place += 4 + int.from_bytes(data[place + 1:place + 4], "big")
    head = b"".join(
        struct.pack(">I", (kind << 24) | len(block)) + block
        for kind, block in blocks)
    head += struct.pack(">I", (0x81 << 24) | 10) + bytes(10)
    path.write_bytes(b"fLaC" + b"\0" + data[5:42] + head + data[place:])
    return path


def cue(*positions):
    """The content of a chunk of cue points, numbered from 1."""
    return struct.pack("<I", len(positions)) + b"".join(
        struct.pack("<II4sIII", i, at, b"data", 0, 0, at)
        for i, at in enumerate(positions, 1))


def adtl(*parts):
    """The content of a list of labels."""
    return b"adtl" + b"".join(chunk(*part) for part in parts)


def label(number, text):
    """A label of a cue point."""
    return b"labl", struct.pack("<I", number) + text + b"\0"


def region(number, length):
    """The length of a cue point."""
    return b"ltxt", struct.pack("<II4sHHHH", number, length, b"rgn ", 0, 0, 0,
                                0)


def info(*items):
    """The content of a list of texts."""
    return b"INFO" + b"".join(chunk(n, t + b"\0") for n, t in items)


def bext(history=b"A=PCM\r\n", version=2):
    """The content of a broadcast chunk."""
    return struct.pack("<256s32s32s10s8sQH64s5h180x", b"A description",
                       b"Grus", b"Reference", b"2026-11-26", b"12:00:00",
                       RATE * 3600, version, UMID, -2300, 500, -100, -150,
                       -180) + history


SAMPLER = struct.pack("<9I", 0, 0, 125000, 60, 0, 0, 0, 20, 0) + b"".join(
    struct.pack("<6I", i, 0, i * 10, i * 10 + 5, 0, 0) for i in range(20))
EVERYTHING = [
    (b"bext", bext(b"A=PCM,F=8000,W=16,M=mono,T=Grus\r\n" * 1800)),
    (b"iXML", XML), (b"axml", b"<ebuCoreMain/>"), (b"_PMX", b"<x:xmpmeta/>"),
    (b"cart", bytes(2048)), (b"inst", bytes(7)), (b"smpl", SAMPLER),
    (b"cue ", cue(*range(0, 10000, 10))),
    (b"LIST", adtl(label(1, b"Start"), label(2, b"Question"), region(2, 24),
                   (b"note", struct.pack("<I", 1) + b"A note\0"))),
    (b"LIST", info((b"INAM", b"T"), (b"IENG", b"Engineer"),
                   (b"ZZZZ", b"any"), (b"ICMT", b"x" * 100000),
                   (b"IART", b"caf\xe9"))),
    (b"id3 ", b"ID3\3\0\0\0\0\0\0"), (b"odd ", b"123"), (b"LIST", b"exif1234"),
]


def id3(*frames, version=4, flags=0):
    """An ID3v2 tag."""
    body = b""
    for name, data in frames:
        size = len(data).to_bytes(3, "big") if version == 2 else \
            seven(len(data)) if version == 4 else \
            len(data).to_bytes(4, "big")
        body += name + size + (b"" if version == 2 else b"\0\0") + data
    if flags & 0x80:
        body = body.replace(b"\xff\0", b"\xff\0\0").replace(
            b"\xff\xfe", b"\xff\0\xfe")
    return b"ID3" + bytes((version, 0, flags)) + seven(len(body)) + body


def seven(n):
    """A number in four bytes of seven bits."""
    return bytes((n >> shift) & 127 for shift in (21, 14, 7, 0))


def frames_of(tag):
    """Return [(name, content)] of an ID3v2.4 tag."""
    assert tag[:4] == b"ID3\4", tag[:4]
    place, frames = 10, []
    end = 10 + sum((b & 127) << s for b, s in zip(tag[6:10], (21, 14, 7, 0)))
    while place < end:
        n = sum((b & 127) << s
                for b, s in zip(tag[place + 4:place + 8], (21, 14, 7, 0)))
        frames.append((tag[place:place + 4], tag[place + 10:place + 10 + n]))
        place += 10 + n
    assert place == end
    return frames


def mp3(path, folder, front=b"", back=b""):
    """Write an MP3 file between tags."""
    render(wav(folder / "plain.wav", pcm=sound(8000)), folder / "plain.mp3")
    path.write_bytes(front + (folder / "plain.mp3").read_bytes() + back)
    return path


def probe(path):
    """Return what ffprobe finds: tags, chapters and the number of pictures."""
    need("ffprobe")
    done = subprocess.run(
        ["ffprobe", "-v", "error", "-of", "json", "-show_format",
         "-show_streams", "-show_chapters", str(path)],
        capture_output=True, check=True)
    assert not done.stderr, done.stderr
    found = json.loads(done.stdout)
    tags = dict(found["format"].get("tags", {}))
    for stream in found["streams"]:
        if stream["codec_type"] == "audio":
            tags.update(stream.get("tags", {}))
    chapters = [(float(c["start_time"]), c.get("tags", {}).get("title", ""))
                for c in found["chapters"]]
    n_pictures = sum(s["codec_type"] == "video" for s in found["streams"])
    return {k.lower(): v for k, v in tags.items()}, chapters, n_pictures


PICTURE = b"\3image/png\0\3Cover\0" + PNG
TAG = [(b"TIT2", b"\3Ein T\xc3\xb6n"), (b"TPE1", b"\3A\0B"),
       (b"TXXX", b"\1\xff\xfeO\0w\0n\0\0\0\xff\xfex\0"),
       (b"COMM", b"\0eng\0Two\nlines"), (b"APIC", PICTURE),
       (b"PRIV", b"me\0\1\2"), (b"CHAP", b"a\0" + struct.pack(
           ">4I", 250, 500, 2 ** 32 - 1, 2 ** 32 - 1) +
        b"TIT2" + seven(4) + b"\0\0\3One")]


def sampler(period, note, fraction, *loops):
    """The content of a "smpl" chunk; loops are (type, first frame, last frame)."""
    return struct.pack("<9I", 0, 0, period, note, fraction, 0, 0, len(loops), 0) + b"".join(
        struct.pack("<6I", 0, kind, start, end, 0, 0) for kind, start, end in loops)


def cue_sheet(*tracks):
    """The content of a block of FLAC; tracks are (first frame, places from there)."""
    return bytes(128 + 8 + 1 + 258) + bytes([len(tracks)]) + b"".join(
        struct.pack(">QB12sB13xB", at, i, b"", 0, len(places)) + b"".join(
            struct.pack(">QB3x", place, j) for j, place in enumerate(places))
        for i, (at, places) in enumerate(tracks, 1))


def parts_of(content):
    """Return the chunks in a list, headers and all."""
    place = 4
    while place < len(content):
        n = 8 + struct.unpack_from("<I", content, place + 4)[0]
        yield content[place:place + n]
        place += n + n % 2
