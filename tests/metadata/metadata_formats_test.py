#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a file says about itself takes the form of another format; what has none
there is named in one line.

    metadata_formats_test.py build/tools/grus
"""

import base64
import struct
import subprocess

import tap
from metadata_files import (
    EVERYTHING,
    GRUS,
    PICTURE,
    RATE,
    TAG,
    adtl,
    aiff,
    bext,
    chunk,
    comment_block,
    cue,
    flac,
    flac_blocks,
    flac_comments,
    frames_of,
    id3,
    info,
    label,
    mp3,
    ogg_comments,
    parts_of,
    picture,
    probe,
    region,
    render,
    riff,
    sampler,
    sound,
    wav,
)
from tap import need, test


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
def texts_come_through_ffmpeg(folder):
    need("ffmpeg", "ffprobe")
    subprocess.run(["ffmpeg", "-v", "error", "-i", str(wav(folder / "in.wav")),
                    "-ar", "48000", "-metadata", "title=T", "-metadata",
                    "artist=caf\u00e9", str(folder / "in.m4a")], check=True)
    render(folder / "in.m4a", folder / "out.flac")
    assert set(flac_comments(folder / "out.flac")) == {
        b"TITLE=T", "ARTIST=caf\u00e9".encode()}


if __name__ == "__main__":
    tap.main()
