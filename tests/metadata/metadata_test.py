#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a file says about itself stays with it when it is rendered.

Files of one family keep every byte of it; from one family to another it takes
the other's form; what has no form there is named in one line.  Prints TAP.

    metadata_test.py build/tools/grus
"""

import base64
import json
import os
import random
import struct
import subprocess
import sys
import zlib

import tap
from tap import need, test

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


@test
def riff_files_keep_every_chunk(folder):
    for before in (0, 3, len(EVERYTHING)):
        source = wav(folder / "in.wav", *EVERYTHING[before:],
                     before=EVERYTHING[:before])
        for ending, read in (("wav", riff), ("rf64", riff)):
            out = folder / f"out.{ending}"
            render(source, out)
            found = read(out)
            named = {b"fmt ", b"fact", b"data", b"ds64", b"PEAK", b"JUNK"}
            assert [c for c in found if c[0] not in named] == EVERYTHING
            names = [name for name, _ in found]
            assert ending != "wav" or names.index(b"data") > before, names
            render(out, folder / "again.wav")
            assert [c for c in riff(folder / "again.wav")
                    if c[0] not in named] == EVERYTHING


@test
def w64_has_no_room_but_for_the_sound(folder):
    """Readers play what stands behind its samples."""
    source = wav(folder / "in.wav", (b"LIST", info((b"INAM", b"T"))), (b"odd ", b"123"))
    n_frames = len(dict(riff(source))[b"data"])
    render(source, folder / "out.w64", says="not kept")
    render(folder / "out.w64", folder / "back.wav")
    assert len(dict(riff(folder / "back.wav"))[b"data"]) == n_frames
    data = (folder / "out.w64").read_bytes()
    assert struct.unpack_from("<Q", data, 16)[0] == len(data)


@test
def what_describes_the_samples_is_not_copied(folder):
    source = wav(folder / "in.wav", (b"MD5 ", bytes(16)),
                 before=[(b"JUNK", bytes(28)), (b"PEAK", bytes(16)),
                         (b"fact", struct.pack("<I", 99))])
    render(source, folder / "out.wav", says="MD5")
    assert [name for name, _ in riff(folder / "out.wav")] == [b"fmt ", b"data"]


@test
def flac_files_keep_every_block(folder):
    texts = [b"TITLE=T", b"ARTIST=A", b"artist=B", b"OWN NAME=two\nlines",
             b"CHAPTER001=00:00:00.500", b"CHAPTER001NAME=One", b"EMPTY=",
             b"without a sign", b"TITLE=T"]
    sheet = struct.pack(">128sQB258xB", b"", 0, 0, 1) + struct.pack(
        ">QB12xB13xB", 0, 170, 0, 0)[:36]
    blocks = [(4, comment_block(*texts)), (6, picture()),
              (6, picture(bytes(3000000), 4, b"Back")), (5, sheet),
              (2, b"test" + bytes(9))]
    source = flac(folder / "in.flac", folder, *blocks)
    render(source, folder / "out.flac")
    found = flac_blocks(folder / "out.flac")
    assert flac_comments(folder / "out.flac") == texts
    assert [b for b in found if b[0] in (2, 5, 6)] == [
        (6, blocks[1][1]), (6, blocks[2][1]), blocks[3], blocks[4]]


@test
def pictures_and_texts_go_from_flac_to_ogg_and_back(folder):
    texts = [b"TITLE=T", b"ARTIST=A", b"ARTIST=B", b"OWN=x" * 20000]
    pictures = [picture(bytes([i]) * 300000, 3 + i) for i in range(6)]
    source = flac(folder / "in.flac", folder, (4, comment_block(*texts)),
                  *[(6, p) for p in pictures])
    key = b"METADATA_BLOCK_PICTURE="
    for ending in ("ogg", "opus"):
        out, back = folder / f"out.{ending}", folder / "back.flac"
        render(source, out)
        found = ogg_comments(out)
        assert set(texts) <= set(found)
        assert [base64.b64decode(t[len(key):]) for t in found
                if t.startswith(key)] == pictures
        render(out, folder / f"again.{ending}")
        assert ogg_comments(folder / f"again.{ending}") == found
        render(out, back)
        assert set(texts) <= set(flac_comments(back))
        assert [b for k, b in flac_blocks(back) if k == 6] == pictures


@test
def aiff_files_keep_every_chunk(folder):
    marks = struct.pack(">HhIB5sHIB4sx", 2, 1, 100, 5, b"Start", 2, 300, 4,
                        b"Next")
    chunks = [(b"NAME", b"A title"), (b"AUTH", b"Me"), (b"(c) ", b"2026"),
              (b"ANNO", b"One"), (b"ANNO", b"Two"), (b"MARK", marks),
              (b"INST", bytes(20)), (b"COMT", struct.pack(
                  ">HIHH4s", 1, 0, 0, 4, b"Text")), (b"APPL", b"testx"),
              (b"ID3 ", b"ID3\3\0\0\0\0\0\0")]
    render(wav(folder / "in.wav"), folder / "in.aiff")
    data = (folder / "in.aiff").read_bytes() + b"".join(
        name + struct.pack(">I", len(c)) + c + bytes(len(c) % 2)
        for name, c in chunks)
    (folder / "in.aiff").write_bytes(
        data[:4] + struct.pack(">I", len(data) - 8) + data[8:])
    render(folder / "in.aiff", folder / "out.aiff")
    assert [c for c in aiff(folder / "out.aiff")
            if c[0] not in (b"COMM", b"SSND", b"PEAK")] == chunks


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


@test
def mp3_files_keep_their_tags_byte_for_byte(folder):
    ape = b"APETAGEX" + struct.pack("<4I8x", 2000, 46, 1, 0)
    ape = struct.pack("<II", 1, 0) + b"Title\0T" + ape
    ape = ape[:-16].replace(struct.pack("<I", 46), struct.pack(
        "<I", len(ape))) + ape[-16:]
    old = (b"TAG" + b"Title".ljust(30, b"\0")).ljust(128, b"\0")
    for tag in (id3(*TAG), id3(*TAG[:1], version=3, flags=0x80),
                id3((b"TT2", b"\0T"), version=2) + id3(*TAG)):
        source = mp3(folder / "in.mp3", folder, tag, ape + old)
        render(source, folder / "out.mp3")
        data = (folder / "out.mp3").read_bytes()
        assert data.startswith(tag) and data.endswith(ape + old)
        assert data[len(tag)] == 0xFF, "no frame follows"


@test
def tags_of_every_version_are_read(folder):
    old = (b"TAG" + b"Title".ljust(30) + b"Me".ljust(30) + b"".ljust(30) +
           b"2026" + b"\0" * 29 + b"\7\x11")
    wide = b"\1\xff\xfeT\0\xf6\0n\0"
    for front, back, wanted in (
            (id3((b"TT2", b"\0T"), (b"PIC", b"\0PNG\3\0" + PNG),
                 version=2), b"", [b"TITLE=T"]),
            (id3((b"TIT2", wide), version=3, flags=0x80), b"",
             ["TITLE=T\u00f6n".encode()]),
            (id3((b"TIT2", b"\0T\xf6n"), version=3), b"",
             ["TITLE=T\u00f6n".encode()]),
            (b"", old, [b"TITLE=Title", b"ARTIST=Me", b"DATE=2026",
                        b"TRACKNUMBER=7", b"GENRE=(17)"])):
        source = mp3(folder / "in.mp3", folder, front, back)
        render(source, folder / "out.flac")
        assert flac_comments(folder / "out.flac") == wanted
        assert (b"PIC" in front) == any(
            kind == 6 and block.endswith(PNG)
            for kind, block in flac_blocks(folder / "out.flac"))


@test
def mp3_tags_take_the_form_of_every_format(folder):
    source = mp3(folder / "in.mp3", folder, id3(*TAG))
    title = "Ein T\u00f6n"
    for ending, says in (("flac", "PRIV"), ("ogg", "PRIV"), ("opus", "PRIV"),
                         ("wav", ""), ("rf64", ""), ("aiff", "regions"),
                         ("caf", "regions, 1 picture, PRIV")):
        out = folder / f"out.{ending}"
        bits = [] if ending in ("ogg", "opus") else ["--bits", 16]
        told = render(*bits, source, out, says=says)
        assert "PRIV" in told or ending in ("wav", "rf64", "aiff"), told
        tags, chapters, n_pictures = probe(out)
        assert tags["title"] == title, (ending, tags)
        if ending in ("flac", "ogg", "opus"):
            assert chapters == [(0.25, "One")], (ending, chapters)
            assert n_pictures == 1, ending
            assert tags["own"] == "x" and tags["artist"] == "A;B", tags
        if ending in ("wav", "rf64", "aiff"):
            data = dict(riff(out) if ending != "aiff" else aiff(out))
            frames = dict(frames_of(data[b"id3 " if ending != "aiff"
                                         else b"ID3 "]))
            assert frames[b"APIC"] == PICTURE and frames[b"TPE1"] == b"\3A\0B"
            assert frames[b"TXXX"] == b"\3Own\0x"
            assert frames[b"PRIV"] == b"me\0\1\2"
        render(out, folder / "back.mp3", says="" if ending in (
            "flac", "ogg", "opus") else "chapter")
        tags, chapters, n_pictures = probe(folder / "back.mp3")
        assert tags["title"] == title, (ending, tags)
        assert chapters == [(0.25, "One")], (ending, chapters)
        assert n_pictures == (ending != "caf"), ending


@test
def cue_points_become_what_the_format_has(folder):
    source = wav(folder / "in.wav", (b"cue ", cue(400, 80)), (b"LIST", adtl(
        label(1, b"Two"), label(2, b"One"), region(1, 40))), pcm=sound(800))
    wanted = [(0.01, "One"), (0.05, "Two")]
    for ending in ("flac", "ogg", "opus", "mp3"):
        out = folder / f"out.{ending}"
        told = render(source, out, says="" if ending == "flac" else
                      "2 cue points became chapters")
        assert "milliseconds" not in told
        assert "regions" in told or ending in ("flac", "mp3")
        assert probe(out)[1] == wanted, ending
        render("--bits", 16, out, folder / "back.wav")
        chunks = dict(riff(folder / "back.wav"))
        rate = struct.unpack_from("<I", chunks[b"fmt "], 4)[0]
        assert chunks[b"cue "] == (
            cue(400, 80) if ending == "flac" else  # A foreign chunk
            cue(rate // 100, rate // 20)), ending
        assert ending == "opus" or b"id3 " not in dict(
            riff(folder / "back.wav")), "chapters are texts as well"
    render(source, folder / "out.aiff", says="regions")
    assert dict(aiff(folder / "out.aiff"))[b"MARK"] == struct.pack(
        ">HhIB3shIB3s", 2, 1, 80, 3, b"One", 2, 400, 3, b"Two")
    for ending in ("aiff", "caf"):
        render(source, folder / f"out.{ending}", says="regions")
        render(folder / f"out.{ending}", folder / "back.wav")
        chunks = riff(folder / "back.wav")
        assert dict(chunks)[b"cue "] == cue(80, 400), ending
        assert (b"LIST", adtl(label(1, b"One"), label(2, b"Two"))) in chunks


@test
def what_has_no_place_is_named_in_one_line(folder):
    source = wav(folder / "in.wav", *EVERYTHING)
    for ending in ("ogg", "mp3", "aiff", "caf", "au"):
        told = render(source, folder / f"out.{ending}", says="not kept in")
        for name in ("bext", "iXML", "axml", "_PMX", "cart", "inst",
                     "19 loops" if ending == "aiff" else "20 loops", "LIST exif", "odd",
                     "LIST adtl"):
            assert name in told, (ending, name, told)
        assert "1000 cue points" in told or ending in ("aiff", "caf"), told
    data = (folder / "in.wav").read_bytes()
    for args, out in ((["--format", "wav"], "-"), (["--format", "flac"], "-"),
                      (["--format", "raw"], folder / "out.raw")):
        done = subprocess.run(
            [GRUS, "render", "-q", *args, str(folder / "in.wav"), str(out)],
            capture_output=True, check=True)
        assert done.stderr.count(b"\n") == 1, done.stderr
        assert b"20 loops" in done.stderr, done.stderr
    assert (folder / "in.wav").read_bytes() == data


@test
def texts_of_info_lists_go_to_every_format_and_back(folder):
    items = info((b"INAM", b"T"), (b"IART", b"caf\xe9"), (b"IENG", b"E"),
                 (b"ICMT", b"x" * 100000), (b"ITCH", b"Tech"))
    utf8 = items.replace(chunk(b"IART", b"caf\xe9\0"),
                         chunk(b"IART", "caf\u00e9\0".encode()))
    source = wav(folder / "in.wav", (b"LIST", items))
    for ending in ("flac", "ogg", "opus", "mp3", "aiff", "caf"):
        out = folder / f"out.{ending}"
        render(source, out)
        tags = probe(out)[0]
        assert tags["title"] == "T", (ending, tags)
        if ending != "caf":
            assert tags["artist"] == "caf\u00e9", (ending, tags)
            assert tags["comment"] == "x" * 100000, ending
        render("--bits", 16, out, folder / "back.wav")
        lists = [c for n, c in riff(folder / "back.wav") if n == b"LIST"]
        parts = {bytes(p) for p in parts_of(lists[0])}
        assert {bytes(p) for p in parts_of(utf8)} <= parts, (ending, parts)


def sampler(period, note, fraction, *loops):
    """The content of a "smpl" chunk; loops are (type, first frame, last frame)."""
    return struct.pack("<9I", 0, 0, period, note, fraction, 0, 0, len(loops), 0) + b"".join(
        struct.pack("<6I", 0, kind, start, end, 0, 0) for kind, start, end in loops)


@test
def a_sampler_loop_goes_from_wav_to_aiff_and_back(folder):
    """AIFF ends a loop at the frame behind the last one, and bends by 50 cents at most."""
    quarter = 1 << 30  # A quarter of a semitone, 25 cents
    period = 10 ** 9 // RATE
    for smpl, inst, marks in (
            (sampler(period, 64, quarter, (0, 100, 199)), (64, 25, 1, 1, 2), (100, 200)),
            (sampler(period, 60, 3 * quarter, (1, 0, 479)), (61, -25, 2, 1, 2), (0, 480)),
            (sampler(period, 127, 0), (127, 0, 0, 0, 0), ())):
        source = wav(folder / "in.wav", (b"smpl", smpl))
        render(source, folder / "out.aiff")
        chunks = dict(aiff(folder / "out.aiff"))
        note, bend, _, _, _, _, _, mode, begin, end = struct.unpack(
            ">BbBBBBhhHH6x", chunks[b"INST"])
        assert (note, bend, mode, begin, end) == inst, (inst, chunks[b"INST"])
        mark = chunks.get(b"MARK", bytes(2))
        places = [struct.unpack_from(">HI", mark, 2 + 16 * i) for i in range(len(marks))]
        assert places == [(i + 1, x) for i, x in enumerate(marks)], (places, mark)
        render(folder / "out.aiff", folder / "back.wav")
        assert dict(riff(folder / "back.wav"))[b"smpl"] == smpl, smpl
    source = wav(folder / "in.wav", (b"smpl", sampler(period, 64, 0, (0, 100, 199), (0, 0, 9))))
    render("--rate", RATE // 2, source, folder / "out.aiff", says="1 loop")
    mark = dict(aiff(folder / "out.aiff"))[b"MARK"]
    assert struct.unpack_from(">HI", mark, 2) == (1, 50), mark
    assert struct.unpack_from(">HI", mark, 18) == (2, 100), mark


def cue_sheet(*tracks):
    """The content of a block of FLAC; tracks are (first frame, places from there)."""
    return bytes(128 + 8 + 1 + 258) + bytes([len(tracks)]) + b"".join(
        struct.pack(">QB12sB13xB", at, i, b"", 0, len(places)) + b"".join(
            struct.pack(">QB3x", place, j) for j, place in enumerate(places))
        for i, (at, places) in enumerate(tracks, 1))


@test
def places_move_with_the_rate(folder):
    """The last frame of a loop belongs to it; what ends between frames is rounded."""
    period = 10 ** 9 // RATE
    source = wav(folder / "in.wav", (b"bext", bext()), (b"cue ", cue(100, 201)),
                 (b"LIST", adtl(label(2, b"B"), region(2, 25))),
                 (b"smpl", sampler(period, 60, 0, (0, 100, 199), (0, 0, 479))))
    for ratio, cues, length, loops in (
            (2, (200, 402), 50, ((0, 200, 399), (0, 0, 959))),
            (0.5, (50, 101), 13, ((0, 50, 99), (0, 0, 239)))):
        out = folder / "out.wav"
        render("--rate", int(RATE * ratio), source, out)
        chunks = dict(riff(out))
        assert chunks[b"cue "] == cue(*cues), ratio
        assert chunks[b"LIST"] == adtl(label(2, b"B"), region(2, length)), ratio
        smpl = struct.pack("<9I", 0, 0, int(period / ratio), 60, 0, 0, 0, 2, 0)
        smpl += sampler(0, 0, 0, *loops)[36:]
        assert chunks[b"smpl"] == smpl, (ratio, chunks[b"smpl"])
        assert struct.unpack_from("<Q", chunks[b"bext"], 338) == (RATE * 3600 * ratio,)
        render("--rate", int(RATE * ratio), source, folder / "out.aiff", says="length")
        mark = dict(aiff(folder / "out.aiff"))[b"MARK"]
        assert struct.unpack_from(">HI", mark, 2) == (1, cues[0]), (ratio, mark)
        render("--rate", int(RATE * ratio), source, folder / "out.flac", says="foreign")
        render(folder / "out.flac", folder / "back.wav")
        assert dict(riff(folder / "back.wav"))[b"cue "] == cue(*cues)
        sheet = flac(folder / "in.flac", folder, (5, cue_sheet((0, (0,)), (201, (0, 31)))))
        render("--rate", int(RATE * ratio), sheet, folder / "sheet.flac")
        wanted = (402, 62) if ratio == 2 else (101, 16)
        assert dict(flac_blocks(folder / "sheet.flac"))[5] == cue_sheet(
            (0, (0,)), (wanted[0], (0, wanted[1]))), ratio


@test
def chapters_stay_at_their_time(folder):
    need("ffmpeg", "ffprobe")
    source = wav(folder / "in.wav", (b"cue ", cue(0, 400, 8000)), pcm=sound(16000))
    for ending in ("mp3", "m4a", "mka"):
        out = folder / f"out.{ending}"
        render("--rate", RATE * 2, source, out,
               says="3 cue points became chapters" if ending == "mp3" else "")
        found = json.loads(subprocess.run(
            ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", out],
            capture_output=True, check=True).stdout)["chapters"]
        assert [round(1000 * float(c["start_time"])) for c in found] == [0, 50, 1000], (
            ending, found)


@test
def texts_of_a_broadcast_chunk_go_to_every_format(folder):
    source = wav(folder / "in.wav", (b"bext", bext()))
    for ending in ("flac", "ogg", "opus", "mp3", "aiff"):
        out = folder / f"out.{ending}"
        render(source, out, says="note: " if ending == "flac" else "parts of bext")
        tags = {key.lower(): text for key, text in probe(out)[0].items()}
        for key, text in (("originator", "Grus"), ("originator_reference", "Reference"),
                          ("date", "2026-11-26"), ("origination_time", "12:00:00"),
                          ("coding_history", "A=PCM\r\n")):
            assert tags.get(key) == text, (ending, key, tags)
        assert "A description" in tags.values(), (ending, tags)


@test
def ogg_has_as_many_comments_as_it_tells(folder):
    """libsndfile fills the packet with zeros, which are no empty comments."""
    for ending in ("opus", "ogg"):
        out = folder / f"out.{ending}"
        render(wav(folder / "in.wav"), out)
        assert b"" not in ogg_comments(out), (ending, ogg_comments(out))
        render(wav(folder / "in.wav", (b"LIST", info((b"INAM", b"T")))), out)
        found = ogg_comments(out)
        assert b"" not in found and b"TITLE=T" in found, found


@test
def flac_keeps_the_chunks_of_wav(folder):
    kept = [c for c in EVERYTHING if c[0] != b"id3 " and c[1][:4] != b"INFO"]
    source = wav(folder / "in.wav", *EVERYTHING[3:], before=EVERYTHING[:3])
    told = render(source, folder / "out.flac", says="bext, iXML, axml")
    assert told.endswith(" became foreign metadata\n"), told
    render(folder / "out.flac", folder / "again.flac")
    for name in ("out", "again"):
        render(folder / f"{name}.flac", folder / "back.wav")
        chunks = riff(folder / "back.wav")
        assert [c for c in chunks if c[0] not in (b"fmt ", b"data", b"id3 ")
                and c[1][:4] != b"INFO"] == kept
    need("flac")
    subprocess.run(["flac", "-s", "-d", "--keep-foreign-metadata",
                    str(folder / "again.flac"), "-o", str(folder / "f.wav")],
                   capture_output=True, check=True)
    assert [c for c in riff(folder / "f.wav")
            if c[0] not in (b"fmt ", b"data")] == kept


@test
def what_stands_before_the_sound_of_a_pipe_is_kept(folder):
    wav(folder / "in.wav", before=EVERYTHING)
    flac(folder / "in.flac", folder, (4, comment_block(b"TITLE=T")),
         (6, picture()))
    for ending in ("wav", "flac"):
        out = folder / f"out.{ending}"
        with subprocess.Popen(["cat", str(folder / f"in.{ending}")],
                              stdout=subprocess.PIPE) as cat:
            done = subprocess.run(
                [GRUS, "render", "-q", "-", str(out)], stdin=cat.stdout,
                capture_output=True, check=True)
        assert not done.stderr, done.stderr
    assert riff(folder / "out.wav")[1:-1] == EVERYTHING
    assert flac_comments(folder / "out.flac") == [b"TITLE=T"]
    assert (6, picture()) in flac_blocks(folder / "out.flac")


@test
def loudness_that_was_measured_is_named(folder):
    text = b"REPLAYGAIN_TRACK_GAIN=-3.00 dB"
    source = flac(folder / "in.flac", folder, (4, comment_block(text)))
    told = render(source, folder / "out.flac", says=text[:21].decode())
    assert told.endswith(" is that of the original\n"), told
    assert flac_comments(folder / "out.flac") == [text]


@test
def a_file_as_the_standard_output_takes_all(folder):
    source = wav(folder / "in.wav", *EVERYTHING[3:], before=EVERYTHING[:3])
    with open(folder / "out.wav", "wb") as out:
        done = subprocess.run([GRUS, "render", "-q", str(source), "-"],
                              stdout=out, stderr=subprocess.PIPE, check=True)
        out.write(b"more")
    assert not done.stderr, done.stderr
    data = (folder / "out.wav").read_bytes()
    assert data.endswith(b"more")
    (folder / "out.wav").write_bytes(data[:-4])
    assert [c for c in riff(folder / "out.wav")
            if c[0] not in (b"fmt ", b"data")] == EVERYTHING


@test
def texts_come_through_ffmpeg(folder):
    need("ffmpeg", "ffprobe")
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(wav(folder / "in.wav")),
                    "-ar", "48000", "-metadata", "title=T", "-metadata",
                    "artist=caf\u00e9", str(folder / "in.m4a")], check=True)
    render(folder / "in.m4a", folder / "out.flac")
    assert set(flac_comments(folder / "out.flac")) == {
        b"TITLE=T", "ARTIST=caf\u00e9".encode()}


@test
def damaged_metadata_harms_nothing(folder):
    rand = random.Random(20261126)
    wav(folder / "a.wav", *EVERYTHING[3:], (b"id3 ", id3(*TAG)))
    flac(folder / "b.flac", folder, (4, comment_block(b"TITLE=T")),
         (6, picture()), (2, b"riffbext\4\0\0\0abcd"))
    mp3(folder / "c.mp3", folder, id3(*TAG))
    for name in ("a.wav", "b.flac", "c.mp3"):
        data = (folder / name).read_bytes()
        for _ in range(8):
            broken = bytearray(data)
            for _ in range(6):
                broken[rand.randrange(60, len(data))] = rand.choice(
                    (0, 255, rand.randrange(256)))
            (folder / f"broken-{name}").write_bytes(broken)
            for ending in ("wav", "ogg", "mp3"):
                done = subprocess.run(
                    [GRUS, "render", "-q", str(folder / f"broken-{name}"),
                     str(folder / f"out.{ending}")],
                    capture_output=True, timeout=60, check=False)
                assert done.returncode in (0, 1, 2), done
                assert b"Sanitizer" not in done.stderr, done.stderr


def parts_of(content):
    """Return the chunks in a list, headers and all."""
    place = 4
    while place < len(content):
        n = 8 + struct.unpack_from("<I", content, place + 4)[0]
        yield content[place:place + n]
        place += n + n % 2


if __name__ == "__main__":
    tap.main()
