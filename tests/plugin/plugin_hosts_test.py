#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Hosts that people use give what `grus render` gives, to the bit.

A host that is not installed is skipped by name; `tools/setup.sh --hosts` installs
all of them.


    plugin_hosts_test.py build/tools/grus build/plugin build/tests
"""

import tap
from bundle import MONO, RATE, STEREO, demo, is_same, read, render, run, twice, write
from tap import need, test


@test
def lv2apply_gives_what_render_gives(folder):
    need("lv2apply")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    for settings in ({}, {"reduction": 12}, {"listen": 1}, {"enabled": 0},
                     {"gate": 0.5, "output_gain": 3}):
        options = []
        for symbol, value in settings.items():
            options += ["-c", symbol, value]
        run("lv2apply", "-i", source, "-o", folder / "out.wav", *options, MONO,
            folder=folder)
        options = [f"--{key.replace('_', '-')}={value}"
                   for key, value in settings.items()]
        assert is_same(read(folder / "out.wav"),
                       render(sound, folder, *options)), settings


@test
def lv2apply_keeps_the_stereo_image(folder):
    need("lv2apply")
    alone = sum(x * x for x in render(demo(folder), folder))
    for gain in (0.5, -1):
        sound = twice(demo(folder), gain)
        source = write(folder / "in.wav", sound, 2)
        run("lv2apply", "-i", source, "-o", folder / "out.wav", STEREO,
            folder=folder)
        out = read(folder / "out.wav")
        assert is_same(out, render(sound, folder, n_channels=2), 2)
        assert all(abs(gain * left - right) < 1e-6
                   for left, right in zip(out[0::2], out[1::2]))
        heard = sum(x * x for x in out[0::2])
        assert 0.8 < heard / alone < 1.25, (gain, heard, alone)


@test
def ecasound_gives_what_render_gives(folder):
    need("ecasound")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    run("ecasound", "-q", f"-f:f32_le,1,{RATE}", "-i", source, "-o",
        folder / "out.wav", f"-elv2:{MONO},1,100", folder=folder)
    assert is_same(read(folder / "out.wav"), render(sound, folder))


@test
def ffmpeg_with_blocks_of_37_gives_what_render_gives(folder):
    need("ffmpeg")
    if "lv2" not in run("ffmpeg", "-hide_banner", "-filters", folder=folder):
        raise tap.Skip("this ffmpeg has no lv2 filter")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    uri = MONO.replace(":", r"\\:")
    run("ffmpeg", "-y", "-v", "error", "-i", source, "-af",
        f"asetnsamples=n=37:p=0,lv2=p={uri}", "-c:a", "pcm_f32le",
        folder / "out.wav", folder=folder)
    assert is_same(read(folder / "out.wav"), render(sound, folder))


@test
def gstreamer_gives_what_render_gives(folder):
    need("gst-launch-1.0", "gst-inspect-1.0")
    if "urn-grus-voice" not in run("gst-inspect-1.0", folder=folder):
        raise tap.Skip("this GStreamer has no LV2 plugins")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    run("gst-launch-1.0", "-q", "filesrc", f"location={source}", "!",
        "wavparse", "!", "audioconvert", "!", "urn-grus-voice", "enabled=true",
        "!", "audioconvert", "!", "audio/x-raw,format=F32LE", "!", "wavenc",
        "!", "filesink", f"location={folder / 'out.wav'}", folder=folder)
    assert is_same(read(folder / "out.wav"), render(sound, folder))


if __name__ == "__main__":
    tap.main()
