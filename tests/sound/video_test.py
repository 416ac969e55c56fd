#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The sound of a video is cleaned; all else stays, bit for bit and in time.
Prints TAP.

    video_test.py build/tools/grus
"""

import json
import os
import resource
import signal
import subprocess
import time

import tap
from tap import need, test
from video_program import (CLICKS, GRUS, RATE, clicks, decode, ffmpeg, film,
                           find_clicks, kinds, packets, picture, picture_sum, probe,
                           render, rich_film, run, streams)


@test
def all_but_the_sound_stays_bit_for_bit(folder):
    source, out = rich_film(folder), folder / "out.mkv"
    render(source, out)
    assert kinds(out) == kinds(source) == [
        "mpeg4", "ac3", "aac", "subrip", "ttf", "png"]
    rest = ("0:0", "0:1", "0:3")  # The track that is not the default stays too
    assert packets(out, *rest) == packets(source, *rest)
    for dump in ("0:4", "0:5"):
        texts = [run("ffprobe", "-v", "error", "-show_data", "-select_streams",
                     dump[2:], "-show_entries", "stream=extradata",
                     path).stdout for path in (source, out)]
        assert texts[0] == texts[1], texts
    chapters = [probe(path, "-show_chapters")["chapters"] for path in (source, out)]
    assert chapters[0] == chapters[1] and len(chapters[0]) == 2, chapters
    old, new = streams(source)[2], streams(out)[2]
    assert new["tags"]["language"] == "eng" and new["disposition"] == old["disposition"]
    tags = probe(out, "-show_format")["format"]["tags"]
    assert tags["title"] == "A film" and tags["ARTIST"] == "Ann", tags
    again = folder / "again.mkv"
    render(source, again)
    assert again.read_bytes() == out.read_bytes()


@test
def the_sound_is_cleaned(folder):
    source = film(folder, "in.mkv", "flac")
    run(GRUS, "render", "-q", "-m", "voice-light", source, folder / "out.mkv")
    run(GRUS, "render", "-q", "-m", "voice-light", source, folder / "out.wav")
    assert kinds(folder / "out.mkv") == ["mpeg4", "flac"]
    assert decode(folder / "out.mkv") == decode(folder / "out.wav")
    assert decode(folder / "out.mkv") != decode(source)


@test
def lips_and_sound_stay_together(folder):
    # Matroska counts milliseconds
    for name, codec, offset, slack in (
            ("late.mkv", "aac", 0.25, 48), ("aac.mkv", "aac", 0, 0),
            ("opus.mkv", "libopus", 0.1, 48), ("late.mp4", "aac", 0.25, 1),
            ("mp3.avi", "libmp3lame", 0, 0)):
        source = film(folder, name, codec, offset=offset)
        out = folder / f"out-{name}"
        render(source, out)
        before, after = find_clicks(source), find_clicks(out)
        assert before[1] == after[1], (name, before, after)
        assert all(abs(a - b) <= slack for a, b in zip(before[0], after[0])), (
            name, before, after)


@test
def from_one_container_to_another_they_stay_together(folder):
    source = film(folder, "in.mp4", "aac", offset=0.25)
    render(source, folder / "out.mkv")
    before, after = find_clicks(source), find_clicks(folder / "out.mkv")
    assert before[1] == after[1] == 0, (before, after)
    assert all(abs(a - b) <= 48 for a, b in zip(before[0], after[0])), (
        before, after)


@test
def a_gap_in_the_sound_stays_a_gap(folder):
    source = film(folder, "whole.mkv", "ac3")
    gap = ffmpeg("-i", source, "-map", "0", "-c", "copy", "-bsf:a",
                 "noise=drop=between(n\\,20\\,26)", folder / "gap.mkv")
    assert len(decode(gap)) < 1.3 * RATE
    render(gap, folder / "out.mkv")
    assert find_clicks(folder / "out.mkv") == find_clicks(source)
    render(gap, folder / "out.wav")
    assert abs(len(decode(folder / "out.wav")) - len(decode(source))) <= 96


@test
def the_default_sound_is_chosen(folder):
    source = rich_film(folder)
    render(source, folder / "out.wav")
    assert streams(folder / "out.wav")[0]["channels"] == 2
    first = ffmpeg("-i", source, "-map", "0:1", "-map", "0:2", "-c", "copy",
                   "-disposition", "0", folder / "none.mka")
    render(first, folder / "first.wav")
    assert streams(folder / "first.wav")[0]["channels"] == 1


@test
def codecs_fit_the_container(folder):
    source = film(folder, "vp8.mkv", "flac", picture_codec="libvpx")
    render(source, folder / "out.webm")
    assert kinds(folder / "out.webm") == ["vp8", "opus"]
    source = film(folder, "in.mkv", "pcm_s16le")
    for ending, codec in (("mp4", "aac"), ("avi", "pcm_s16le")):
        out = folder / f"out.{ending}"
        render(source, out)
        assert kinds(out) == ["mpeg4", codec], kinds(out)
        assert picture_sum(out) == picture_sum(source), ending


@test
def whole_numbers_stay_what_they_are(folder):
    need("ffmpeg", "ffprobe")
    source = clicks(folder, 2)
    for name, codec, bits in (("out.mka", "flac", ()),
                              ("out.m4a", "alac", ("--bits", "16")),
                              ("24.mka", "flac", ("--bits", "24"))):
        render(*bits, source, folder / name)
        assert kinds(folder / name) == [codec]
        assert decode(folder / name) == decode(source), name
    render("--bits", "24", source, folder / "out.webm", code=2, said=["--bits 24"])


@test
def sound_becomes_m4a_at_its_place(folder):
    need("ffmpeg", "ffprobe")
    source = clicks(folder)
    for name, codec in (("out.m4a", "aac"), ("out.webm", "opus"), ("out.mp4", "aac")):
        render(source, folder / name)
        assert kinds(folder / name) == [codec]
        found, _ = find_clicks(folder / name)
        assert [round(RATE * when) for when in CLICKS] == found, (name, found)
    done = run(GRUS, "render", "--json", "-m", "voice-light", source,
               folder / "out.m4a")
    assert json.loads(done.stdout)["codec"] == "AAC"


@test
def speakers_stay_where_they_are(folder):
    tones = "|".join(f"sin(2*PI*{200 + 150 * c}*t)/4" for c in range(6))
    for layout, codec, ending in (("5.1", "aac", "mp4"),
                                  ("5.1(side)", "flac", "mkv")):
        source = ffmpeg("-f", "lavfi", "-i",
                        f"aevalsrc={tones}:d=0.5:s={RATE}:c={layout}", "-c:a",
                        codec, folder / f"{codec}.{ending}")
        out = folder / f"out-{codec}.{ending}"
        render(source, out)
        assert streams(out)[0]["channel_layout"] == streams(source)[0]["channel_layout"]
        sound = decode(out)
        for c in range(6):
            # The tone of a channel crosses zero twice in each of its waves
            plane = sound[6 * 4800 + c:6 * 19200:6]
            n = sum((a < 0) != (b < 0) for a, b in zip(plane, plane[1:]))
            wanted = 2 * (200 + 150 * c) * 0.3
            # Low frequency effects lose what is not low
            assert abs(n - wanted) <= 6 or c == 3, (layout, c, n, wanted)
    render(source, folder / "side.webm")
    assert streams(folder / "side.webm")[0]["channel_layout"] == "5.1"


@test
def quality_is_a_bit_rate(folder):
    source = ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=2:a=0.2:r=48000",
                    folder / "noise.wav")
    for ending in ("m4a", "webm"):
        sizes = []
        for quality in ("0", "1"):
            render("--quality", quality, source, folder / f"out.{ending}")
            sizes.append((folder / f"out.{ending}").stat().st_size)
        assert sizes[0] * 2 < sizes[1], sizes


@test
def what_does_not_fit_is_named_or_refused(folder):
    source = rich_film(folder)
    render(source, folder / "out.webm", code=2,
           said=['.webm cannot hold the picture of'])
    assert not (folder / "out.webm").exists()
    render(source, folder / "out.m4a", said=[
        'out.m4a": picture (mpeg4), subtitles (subrip), attachment (ttf)'])
    assert kinds(folder / "out.m4a")[:2] == ["ac3", "aac"]
    render(source, folder / "out.mp4", said=['out.mp4": attachment (ttf)'])
    assert kinds(folder / "out.mp4")[:4] == ["mpeg4", "ac3", "aac", "mov_text"]
    render(picture(folder), folder / "out.mkv", code=1, said=["no sound in it"])
    render(source, folder / "out.docx", code=2, said=["cannot write .docx"])
    assert not (folder / "out.mkv").exists()


@test
def chapters_texts_and_covers_come_along(folder):
    source = rich_film(folder)
    render(source, folder / "out.flac", said=["2 cue points became chapters"])
    # Chapters count from where the sound begins: at 0.1 s, less what the encoder
    # puts before it, more what that of the other track needs before zero
    for name in ("back.m4a", "back.mka"):
        render(folder / "out.flac", folder / name)
        found = probe(folder / name, "-show_chapters", "-show_format")
        assert [(c["tags"]["title"], c["start_time"]) for c in found["chapters"]
                ] == [("One", "0.000000"), ("Two", "0.616000")], found["chapters"]
        tags = {k.lower(): v for k, v in found["format"]["tags"].items()}
        assert tags["title"] == "A film" and tags["artist"] == "Ann", tags
        cover = [s for s in streams(folder / name) if s["codec_name"] == "png"]
        assert len(cover) == 1 and cover[0]["disposition"]["attached_pic"] == 1
        data = run("ffmpeg", "-v", "error", "-i", folder / name, "-map",
                   f"0:{cover[0]['index']}", "-c", "copy", "-f", "data", "-").stdout
        assert data == (folder / "cover.png").read_bytes()


@test
def texts_are_only_texts(folder):
    texts = {"title": "a=b;c#d\\e\nf\\", "artist": "[CHAPTER]"}
    source = ffmpeg("-i", clicks(folder), *(word for key, value in texts.items()
                                            for word in ("-metadata", f"{key}={value}")),
                    folder / "in.flac")
    render(source, folder / "out.m4a")
    found = probe(folder / "out.m4a", "-show_chapters", "-show_format")
    assert not found["chapters"]
    for key, value in texts.items():
        assert found["format"]["tags"][key].rstrip(" ") == value, found


@test
def a_damaged_film_goes_on(folder):
    source = ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=1.5:a=0.2:r=48000",
                    folder / "in.m4a")
    data = bytearray(source.read_bytes())
    data[9000:9100] = bytes(100)
    (folder / "damaged.m4a").write_bytes(data)
    render(folder / "damaged.m4a", folder / "out.wav",
           said=["is damaged or cut short; all that ffmpeg can read is there"])
    assert abs(len(decode(folder / "out.wav")) - len(decode(source))) < RATE / 10


@test
def any_name_is_only_a_name(folder):
    source = film(folder, "in.mkv", "aac")
    (folder / "sub").mkdir()
    for name in ("-a:b.mkv", "50%d \"'$HOME'\n.mkv", "\u00e4|[0]=;.mkv"):
        os.link(source, folder / "sub" / name)
        render("--", name, f"../{name}", cwd=folder / "sub")
        assert kinds(folder / name) == ["mpeg4", "aac"], name


@test
def a_film_in_place_and_through_pipes(folder):
    source = film(folder, "in.mkv", "aac")
    render(source, folder / "out.mkv")
    wanted = (folder / "out.mkv").read_bytes()
    piped = render("--format", "mkv", "-", "-", input=source.read_bytes())
    (folder / "piped.mkv").write_bytes(piped)
    assert packets(folder / "piped.mkv", "0:v") == packets(source, "0:v")
    assert decode(folder / "piped.mkv") == decode(folder / "out.mkv")
    render("--format", "mp4", source, "-", code=2, said=["to a pipe"])
    render(source, source, code=2, said=["name one file"])
    render("--force", source, source)
    assert source.read_bytes() == wanted


@test
def without_ffmpeg_it_is_told_what_to_install(folder):
    source = clicks(folder)
    render(source, folder / "out.mp4", code=2, env={"PATH": str(folder)},
           said=["apt install ffmpeg"])
    film(folder, "in.mkv", "aac")
    render(folder / "in.mkv", folder / "out.wav", code=1,
           env={"PATH": str(folder)}, said=["ffmpeg may, but is not installed"])
    assert not list(folder.glob("out.*"))


def fake(folder, name, text):
    """Put a program in a folder that the search begins with."""
    path = folder / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return {**os.environ, "PATH": f"{path.parent}:{os.environ['PATH']}"}


@test
def failing_leaves_what_was_there(folder):
    source = film(folder, "in.mkv", "aac")
    out = folder / "out.mkv"
    out.write_bytes(b"precious")
    kept = sorted(folder.iterdir())

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
    render(source, out, code=1, preexec_fn=limit, said=['out.mkv": ffmpeg: File too large'])
    real = run("which", "ffmpeg").stdout.decode().strip()
    env = fake(folder, "ffmpeg", "#!/bin/sh\n"
               "case \"$*\" in *matroska*part-*) echo '[mkv @ 0x1] No luck' >&2; exit 3;;\n"
               f"*) exec {real} \"$@\";; esac\n")
    for _ in range(10):  # The pipe may break at the header or later
        render(source, out, code=1, env=env, said=["ffmpeg: No luck"])
    env = fake(folder, "ffmpeg", "#!/bin/sh\n"
               f"case \"$*\" in *part-*) {real} \"$@\"; echo 'Error writing trailer of "
               f"x: No space left on device' >&2; exit 0;; *) exec {real} \"$@\";; esac\n")
    render(source, out, code=1, env=env, said=["No space left on device"])
    assert out.read_bytes() == b"precious"
    assert sorted(set(folder.iterdir()) - {folder / "bin"}) == kept


@test
def killed_at_any_moment_leaves_the_original(folder):
    source = ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=120:a=0.2:r=48000", "-c:a",
                    "flac", folder / "in.mka")
    whole = source.read_bytes()
    for number, delay in ((signal.SIGKILL, 0.3), (signal.SIGKILL, 0.8),
                          (signal.SIGTERM, 0.6)):
        with subprocess.Popen([GRUS, "render", "-q", "--force", source, source],
                              stderr=subprocess.DEVNULL) as running:
            time.sleep(delay)
            running.send_signal(number)
        assert source.read_bytes() == whole, number
    for left in folder.glob("*.part-*"):
        left.unlink()


@test
def mp3_in_a_film_is_no_mp3(folder):
    for name in ("in.avi", "in.mp4"):
        source = film(folder, name, "libmp3lame")
        render(source, folder / "out.mkv")
        assert kinds(folder / "out.mkv") == ["mpeg4", "mp3"], name


if __name__ == "__main__":
    tap.main_of_program()
