# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus render` started with videos, and videos to give it.

A click in each half second tells where the sound is: its time in the file, from
the times of the packets and what a decoder makes of them.
"""

import array
import json
import os
import subprocess
import sys
import wave

from tap import need

GRUS = os.path.abspath(sys.argv[1])
RATE = 48000
CLICK = [12000 if i % 8 < 4 else -12000 for i in range(48)]
CLICKS = (0.5, 1.0)
SUBTITLES = "1\n00:00:00,250 --> 00:00:00,750\nHello\n\n"
CHAPTERS = """;FFMETADATA1
title=A film
artist=Ann
[CHAPTER]
TIMEBASE=1/1000
START=0
END=700
title=One
[CHAPTER]
TIMEBASE=1/1000
START=700
END=1500
title=Two
"""


def run(*args, code=0, **options):
    """Run a program, check its status, return what it wrote."""
    done = subprocess.run([str(arg) for arg in args], capture_output=True,
                          timeout=120, check=False, **options)
    assert done.returncode == code, (args, done.returncode, done.stderr)
    return done


def ffmpeg(*args):
    need("ffmpeg", "ffprobe")
    run("ffmpeg", "-nostdin", "-v", "error", "-y", *args)
    return args[-1]


def probe(path, *what):
    return json.loads(run("ffprobe", "-v", "error", "-of", "json", *what,
                          f"file:{path}").stdout)


def streams(path):
    return probe(path, "-show_streams")["streams"]


def kinds(path):
    """Return the codecs of a file, those of pictures and so on in order."""
    return [s.get("codec_name", "?") for s in streams(path)]


def render(*args, code=0, said=(), **options):
    """Render with nothing taken away, check what was said, a line each."""
    done = run(GRUS, "render", "-q", "-m", "voice-light", "-r", "0", *args,
               code=code, **options)
    lines = done.stderr.decode().splitlines()
    assert len(lines) == len(said) and all(
        a in b for a, b in zip(said, lines)), (args, lines)
    return done.stdout


def clicks(folder, n_channels=1, seconds=1.5):
    """Write a WAV with a click in each channel at each of its times."""
    data = array.array("h", bytes(2 * n_channels * int(seconds * RATE)))
    for when in CLICKS:
        for i, value in enumerate(CLICK):
            for c in range(n_channels):
                data[(int(when * RATE) + i) * n_channels + c] = value
    path = folder / f"clicks{n_channels}.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(n_channels)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(data.tobytes())
    return path


def picture(folder, codec="mpeg4"):
    """Write a video of 1.5 s without sound."""
    path = folder / f"{codec}.mkv"
    if not path.exists():
        ffmpeg("-f", "lavfi", "-i", "testsrc=s=64x48:r=20:d=1.5", "-c:v", codec,
               "-bf", "0", path)
    return path


def film(folder, name, *codec, offset=0, picture_codec="mpeg4"):
    """Write a video with clicks that begin later by `offset`."""
    return ffmpeg("-i", picture(folder, picture_codec), "-itsoffset", offset,
                  "-i", clicks(folder), "-map", "0", "-map", "1", "-c:v",
                  "copy", "-c:a", *codec, folder / name)


def decode(path, *options, index="a:0"):
    done = run("ffmpeg", "-v", "error", "-i", f"file:{path}", "-map",
               f"0:{index}", *options, "-f", "f32le", "-")
    return array.array("f", done.stdout)


def find_clicks(path):
    """Return the places of the clicks in a file, and its first picture's,
    counted in samples of its own time."""
    frames = probe(path, "-show_entries", "frame=media_type,"
                   "best_effort_timestamp_time", "-read_intervals", "%+0.8")["frames"]
    first = {kind: min((round(RATE * float(f["best_effort_timestamp_time"]))
                        for f in frames if f["media_type"] == kind), default=0)
             for kind in ("audio", "video")}
    sound = decode(path, "-ac", "1", "-ar", str(RATE))
    found = []
    for _ in CLICKS:
        peak = max(max(sound), -min(sound))
        loudest = sound.index(peak) if peak in sound else sound.index(-peak)
        begins = range(max(0, loudest - 60), loudest + 13)
        best = max(begins, key=lambda at: abs(sum(
            a * b for a, b in zip(CLICK, sound[at:at + 48]))))
        found.append(first["audio"] + best)
        for i in range(max(0, best - 4000), min(len(sound), best + 4000)):
            sound[i] = 0.0
    return sorted(found), first["video"]


def picture_sum(path):
    """Return a sum of the picture's packets without their times."""
    return run("ffmpeg", "-v", "error", "-i", f"file:{path}", "-map", "0:v", "-c",
               "copy", "-f", "streamhash", "-").stdout


def packets(path, *maps):
    """Return what ffmpeg makes of the packets: times and sums."""
    chosen = [word for which in maps for word in ("-map", which)]
    return run("ffmpeg", "-v", "error", "-i", f"file:{path}", *chosen, "-c",
               "copy", "-f", "framemd5", "-").stdout


def rich_film(folder):
    """Return a video with two sound tracks, subtitles, chapters, a font and a
    cover."""
    (folder / "s.srt").write_text(SUBTITLES)
    (folder / "chapters.txt").write_text(CHAPTERS)
    (folder / "font.ttf").write_bytes(b"font")
    cover = ffmpeg("-f", "lavfi", "-i", "color=red:s=16x16", "-frames:v", "1",
                   folder / "cover.png")
    return ffmpeg(
        "-i", picture(folder), "-i", clicks(folder), "-itsoffset", "0.1", "-i",
        clicks(folder, 2), "-i", folder / "s.srt", "-i", folder / "chapters.txt",
        "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-map_metadata", "4",
        "-c:v", "copy", "-c:s", "srt", "-c:a:0", "ac3", "-c:a:1", "aac", "-metadata:s:a:0",
        "language=deu", "-metadata:s:a:1", "language=eng", "-disposition:a:0",
        "0", "-disposition:a:1", "default", "-attach", folder / "font.ttf",
        "-metadata:s:t:0", "mimetype=application/x-truetype-font", "-attach",
        cover, "-metadata:s:t:1", "mimetype=image/png", "-metadata:s:t:1",
        "filename=cover.png", folder / "film.mkv")
