#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a file says about itself stays with it, byte for byte, in its own format.

    metadata_kept_test.py build/tools/grus
"""

import json
import random
import struct
import subprocess

import tap
from metadata_files import (
    EVERYTHING,
    GRUS,
    PNG,
    RATE,
    TAG,
    adtl,
    aiff,
    bext,
    comment_block,
    cue,
    cue_sheet,
    flac,
    flac_blocks,
    flac_comments,
    id3,
    info,
    label,
    mp3,
    picture,
    region,
    render,
    riff,
    sampler,
    sound,
    wav,
)
from tap import need, test


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


if __name__ == "__main__":
    tap.main()
