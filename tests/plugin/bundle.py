# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The bundle that was built, what runs it, and the sounds that it is given."""

import array
import itertools
import os
import pathlib
import struct
import subprocess
import sys

import tap
from wav import data_of, write_wav

GRUS = os.path.abspath(sys.argv[1])
BUNDLE = pathlib.Path(sys.argv[2]).resolve()
CHECKS = pathlib.Path(sys.argv[3]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
MODEL = ROOT / "presets" / "models" / "voice.safetensors"
RATE = 48000
MONO = "urn:grus:voice"
STEREO = "urn:grus:voice-stereo"


def run(*args, folder, **options):
    """Run a program that must succeed; it finds the plugin and nothing else
    of ours."""
    (folder / "lv2").mkdir(exist_ok=True)
    link = folder / "lv2" / "grus.lv2"
    if not link.exists():
        link.symlink_to(BUNDLE)
    environment = dict(
        os.environ,
        GST_REGISTRY=str(folder / "gst-registry"),
        HOME=str(folder),
        LV2_PATH=f"{folder / 'lv2'}:/usr/lib/lv2:/usr/local/lib/lv2",
        **options.pop("env", {}))
    # Meson sets this, and Ardour 7 crashes by it, whatever its plugins
    environment.pop("MALLOC_PERTURB_", None)
    done = subprocess.run([*map(str, args)], capture_output=True, timeout=280,
                          check=False, env=environment, **options)
    text = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, (args, done.returncode, text[-3000:])
    return text


def check(*args, folder, program="plugin_check", **env):
    """Run our own host; show what it measured."""
    if not (CHECKS / "plugin" / program).exists():
        raise tap.Skip(f"{program} is not built: its libraries are missing")
    for line in run(CHECKS / "plugin" / program, *args, folder=folder,
                    env=env).splitlines():
        print(f"# {line}")


def write(path, sound, n_channels=1):
    """Write floats, interleaved, as a WAV file."""
    return write_wav(path, sound.tobytes(), n_channels)


def read(path):
    """Return the samples of a WAV file of floats."""
    sound = array.array("f")
    whole = data_of(path)
    sound.frombytes(whole[:len(whole) // 4 * 4])
    return sound


def render(sound, folder, *options, n_channels=1):
    """Return what `grus render` makes of a sound."""
    source = write(folder / "render-in.wav", sound, n_channels)
    target = folder / "render-out.wav"
    run(GRUS, "render", "--quiet", "--bits", "float", *options, source, target,
        folder=folder)
    return read(target)


def demo(folder):
    """Return the demo recording."""
    raw = folder / "demo.raw"
    run(GRUS, "render", "--quiet", "--reduction", "0", "--bits", "float",
        "--format", "raw", DEMO, raw, folder=folder)
    sound = array.array("f")
    sound.frombytes(raw.read_bytes())
    return sound


def twice(sound, gain=0.5):
    """Return both sides of a stereo sound, the second one times a gain."""
    return array.array("f", itertools.chain.from_iterable(
        (x, gain * x) for x in sound))


def is_same(out, reference, n_channels=1):
    """Whether a host's output is the reference, bit for bit, delayed by a
    whole number of frames; whatever is lost at the end was never played."""
    width = 4 * n_channels
    data, wanted = out.tobytes(), reference.tobytes()
    middle = len(wanted) // (2 * width) * width
    place = data.find(wanted[middle:middle + 2048 * width])
    if place < middle or (place - middle) % width:
        return False
    lag = place - middle
    return lag < RATE * width and data[lag:] == wanted[:len(data) - lag]


def other_model(folder):
    """Return the path of the shipped model under another name."""
    data = MODEL.read_bytes()
    size = struct.unpack_from("<Q", data)[0]
    head = data[8:8 + size].replace(b"Grus Voice", b"Other", 1) + b"     "
    path = folder / "another.safetensors"
    path.write_bytes(data[:8] + head + data[8 + size:])
    return path
