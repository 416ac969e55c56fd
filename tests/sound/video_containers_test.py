#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A video goes from one container into another with the picture that each
codec has, the track that is asked for and the place of its index.  Prints TAP.

    video_containers_test.py build/tools/grus
"""

import tap
from tap import test
from video_program import (clicks, decode, ffmpeg, film, find_clicks, kinds, picture,
                           render, rich_film, run, streams)


def pictures(path):
    """Return sums of all pictures that a decoder shows, in order."""
    lines = run("ffmpeg", "-v", "error", "-i", f"file:{path}", "-map", "0:v", "-f",
                "framemd5", "-").stdout.decode().splitlines()
    return [line.split()[-1] for line in lines if not line.startswith("#")]


def encoded(folder, codec, ending):
    """Return a video of 30 pictures, some of which refer to later ones."""
    path = folder / f"{codec}.{ending}"
    return ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x48:r=20:d=1.5", "-i",
                  clicks(folder), "-c:v", codec, "-bf", "2", "-pix_fmt", "yuv420p",
                  "-c:a", "aac", path)


def starts(path):
    """Return when the streams begin, s."""
    return [float(s["start_time"]) for s in streams(path)]


@test
def pictures_of_mp4_get_the_start_codes_that_others_want(folder):
    for codec, name in (("libx264", "h264"), ("libx265", "hevc")):
        for source in ("mp4", "mkv", "ts"):
            path = encoded(folder, codec, source)
            shown = pictures(path)
            assert len(shown) == 30
            for target, tag in (("avi", {"h264": "H264", "hevc": "HEVC"}), ("ts", None)):
                out = folder / f"out.{target}"
                render(path, out)
                assert kinds(out) == [name, "mp3" if tag else "aac"], (source, kinds(out))
                assert pictures(out) == shown, (codec, source, target)
                assert not tag or streams(out)[0]["codec_tag_string"] == tag[name]
                out.unlink()


@test
def a_picture_that_nothing_would_name_is_refused(folder):
    source = ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x48:r=20:d=0.5", "-i",
                    clicks(folder), "-c:v", "libvpx-vp9", "-c:a", "libopus",
                    folder / "in.webm")
    render(source, folder / "out.ts", code=2,
           said=['.ts cannot hold the picture of'])
    assert not (folder / "out.ts").exists()


@test
def the_clock_of_a_broadcast_ends_with_it(folder):
    # The sound begins a packet earlier than the picture, as encoders do it
    plain = ffmpeg("-i", film(folder, "in.mp4", "aac", picture_codec="libx264"),
                   "-c", "copy", "-output_ts_offset", "5000", folder / "in.ts")
    before, picture_at = find_clicks(plain)
    apart = [at - picture_at for at in before]
    assert min(starts(plain)) > 5000
    for ending in ("mp4", "mkv", "ts"):
        out = folder / f"out.{ending}"
        render(plain, out)
        assert 0 <= min(starts(out)) < 1.5, starts(out)
        after, picture_at = find_clicks(out)
        assert all(abs(at - picture_at - was) <= 48 for at, was in zip(after, apart)), (
            ending, after, picture_at, apart)


@test
def the_sound_track_that_is_asked_for_is_cleaned(folder):
    source = rich_film(folder)  # AC-3 with one channel, AAC with two: the default
    for track, cleaned, n_channels in (("1", 1, 1), ("2", 2, 2)):
        out = folder / f"out{track}.mkv"
        render("--track", track, source, out)
        assert kinds(out) == kinds(source)
        for i in (1, 2):
            sums = [run("ffmpeg", "-v", "error", "-i", path, "-map", f"0:{i}", "-c",
                        "copy", "-f", "streamhash", "-").stdout for path in (source, out)]
            assert (sums[0] == sums[1]) == (i != cleaned), (track, i)
        render("--track", track, source, folder / "out.wav")
        assert streams(folder / "out.wav")[0]["channels"] == n_channels
    raw = ("-q", "--track", "1", "--format", "raw")
    lost = ["3 texts, 1 picture, 2 cue points"]
    render(*raw, source, folder / "out.raw", said=lost)
    piped = render(*raw, "-", "-", input=source.read_bytes(), said=lost)
    assert piped == (folder / "out.raw").read_bytes()


@test
def a_sound_track_that_is_not_there_is_refused(folder):
    source, out = rich_film(folder), folder / "out.mkv"
    render("--track", "3", source, out, code=1,
           said=["there is no --track 3, it has 2 sound tracks"])
    wav = clicks(folder)
    render("--track", "2", wav, folder / "out.wav", code=1,
           said=["there is no --track 2, it has 1 sound track"])
    render("--track", "1", wav, folder / "out.wav")
    assert decode(folder / "out.wav") == decode(wav)
    render("--track", "0", source, out, code=2, said=["from 1 to"])
    render("--track", "1", "--raw-rate", "48000", wav, out, code=2,
           said=["raw sound has no --track"])
    assert not out.exists()


@test
def an_index_stays_in_front_if_it_was_there(folder):
    for flags, first in (((), False), (("-movflags", "+faststart"), True)):
        source = ffmpeg("-i", picture(folder), "-i", clicks(folder), "-c:v", "copy",
                        "-c:a", "aac", *flags, folder / "in.mp4")
        for ending in ("mp4", "mov", "m4v"):
            out = folder / f"out.{ending}"
            for file in (source, out):
                if file == out:
                    render(source, out)
                data = file.read_bytes()
                assert (data.index(b"moov") < data.index(b"mdat")) == first, (file, flags)
            assert find_clicks(out) == find_clicks(source), ending
        piped = source.read_bytes()
        render("--format", "mp4", "-", folder / "piped.mp4", input=piped)
        data = (folder / "piped.mp4").read_bytes()
        assert (data.index(b"moov") < data.index(b"mdat")) == first


if __name__ == "__main__":
    tap.main_of_program()
