#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Every format that can be read into every format that can be written.

Each channel has a noise of its own, the low frequency effects a low one, so
that one correlation tells length, alignment, speakers and level.  ffmpeg makes
the inputs; outputs are decoded by libsndfile for their place and by ffmpeg for
their speakers.  Without --all, a choice of pairs.  Prints TAP.

    sound_sweep_test.py build/tools/grus [--all]
"""

import os
import subprocess
import sys

import tap
from tap import test

try:
    import numpy
    import soundfile
except ImportError:
    numpy = soundfile = None

GRUS = os.path.abspath(sys.argv[1])
ALL = "--all" in sys.argv[2:]
RATE = 48000
N_FRAMES = 48000
SEED = 20261126
LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 6: "5.1", 8: "7.1"}
LFE = 3  # Number of that channel where there are 6 or 8

# Ending, what ffmpeg makes it with, most channels
INPUTS = {
    "u8": ("wav", "-c:a pcm_u8", 8),
    "s16": ("wav", "-c:a pcm_s16le", 8),
    "s24": ("wav", "-c:a pcm_s24le", 8),
    "f32": ("wav", "-c:a pcm_f32le", 8),
    "f64": ("wav", "-c:a pcm_f64le", 8),
    "ulaw": ("wav", "-c:a pcm_mulaw", 8),
    "alaw": ("wav", "-c:a pcm_alaw", 8),
    "rf64": ("wav", "-c:a pcm_s16le -rf64 always", 8),
    "w64": ("w64", "-c:a pcm_s24le", 8),
    "w64 f32": ("w64", "-c:a pcm_f32le", 8),
    "aiff": ("aiff", "-c:a pcm_s16be", 8),
    "au": ("au", "-c:a pcm_s16be", 8),
    "caf": ("caf", "-c:a pcm_s24be", 8),
    "alac": ("caf", "-c:a alac", 2),
    "flac": ("flac", "-c:a flac", 8),
    "vorbis": ("ogg", "-c:a libvorbis", 8),
    "opus": ("opus", "-c:a libopus", 8),
    "mp3": ("mp3", "-c:a libmp3lame", 2),
    "pipe": ("wav", "-c:a pcm_s16le", 8),
    "m4a": ("m4a", "-c:a aac", 6),
    "mkv": ("mkv", "-c:a flac", 8),
}
LOSSY_IN = ("vorbis", "opus", "mp3", "m4a")

# Ending, most channels
OUTPUTS = {"wav": 8, "wavex": 8, "rf64": 8, "w64": 8, "aiff": 8, "au": 8,
           "caf": 8, "flac": 8, "ogg": 8, "opus": 8, "mp3": 2, "raw": 8,
           "pipe": 8}
LOSSY_OUT = ("ogg", "opus", "mp3")

# ffmpeg 5.1 writes these under a label of another order than it has them in
MISMADE = (("aiff", 8), ("caf", 8))


def noises(n_channels):
    """Return a noise for each channel, three tones for the low effects."""
    rand = numpy.random.default_rng(SEED)
    bins = numpy.fft.rfftfreq(N_FRAMES, 1 / RATE)
    seconds = numpy.arange(N_FRAMES) / RATE
    sound = numpy.zeros((N_FRAMES, n_channels))
    for c in range(n_channels):
        if n_channels > 5 and c == LFE:
            sound[:, c] = sum(numpy.sin(2 * numpy.pi * tone * seconds)
                              for tone in (40, 53, 71))
        else:
            spectrum = numpy.fft.rfft(rand.standard_normal(N_FRAMES))
            spectrum *= (bins > 100) & (bins < 3000)
            sound[:, c] = numpy.fft.irfft(spectrum, N_FRAMES)
    return 0.1 * sound / numpy.sqrt((sound**2).mean(0))


def ffmpeg(*args, **options):
    """Run ffmpeg and return what it writes."""
    return subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, args)],
                          check=True, stdout=subprocess.PIPE, timeout=120,
                          **options).stdout


def make(folder, name, n_channels, sound):
    """Make an input, return its path."""
    ending, how, _ = INPUTS[name]
    path = folder / f"{name.replace(' ', '-')}-{n_channels}.{ending}"
    ffmpeg("-f", "f32le", "-ar", RATE, "-ac", n_channels, "-channel_layout",
           LAYOUTS[n_channels], "-i", "-", *how.split(), "-b:a",
           f"{96 * n_channels}k", path,
           input=sound.astype("<f4").tobytes())
    return path


def decode(path, output, n_channels):
    """Return what two other decoders make of an output."""
    if output == "raw":
        both = numpy.fromfile(path, "<f4").reshape(-1, n_channels)
        return both, both
    played = numpy.frombuffer(ffmpeg("-i", path, "-f", "f32le", "-"),
                              "<f4").reshape(-1, n_channels)
    if output not in LOSSY_OUT:
        return played, played
    placed = soundfile.read(path, always_2d=True)[0]
    order = {3: (0, 2, 1), 6: (0, 2, 1, 5, 3, 4),
             8: (0, 2, 1, 7, 5, 6, 3, 4)}.get(n_channels)
    return placed[:, order] if order and output != "mp3" else placed, played


def lag(sound, reference):
    """Return where the correlation is highest, and how high."""
    size = 2 * max(len(sound), len(reference))
    product = numpy.fft.irfft(numpy.fft.rfft(sound, size) *
                              numpy.fft.rfft(reference, size).conj(), size)
    peak = int(numpy.abs(product).argmax())
    return (peak if peak < size // 2 else peak - size), product[peak]


def check(sound, placed, played, lossy, slack, vorbis):
    """Return what is wrong with an output, or nothing."""
    n, n_channels = sound.shape
    if not n <= len(placed) <= n + slack:
        return f"{len(placed)} frames"
    for c in range(n_channels):
        heard = [abs(lag(played[:, k], sound[:, c])[1])
                 for k in range(n_channels)]
        if int(numpy.argmax(heard)) != c:
            return f"channel {c} is heard as {int(numpy.argmax(heard))}"
        at, product = lag(placed[:, c], sound[:, c])
        if at and not (lossy and n_channels > 5 and c == LFE):
            return f"channel {c} is {at} frames late"
        if product < 0:
            return f"channel {c} is upside down"
        if vorbis and n_channels == 6 and c == LFE:
            continue  # libvorbis itself makes that channel 1.4 dB louder
        level = 10 * numpy.log10((placed[:n, c]**2).mean() /
                                 (sound[:, c]**2).mean())
        if abs(level) > (1 if lossy else 0.1):
            return f"channel {c} is {level:.2f} dB louder"
    return ""


def convert(source, name, output, out):
    """Run Grus, return its exit status and what it said."""
    args = [GRUS, "render", "--quiet", "--reduction", "0"]
    if output in ("raw", "wavex"):
        args += ["--format", output]
    if output == "raw":
        args += ["--bits", "float"]
    piped_in, piped_out = name == "pipe", output == "pipe"
    args += ["-" if piped_in else source, "-" if piped_out else out]
    done = subprocess.run(args, capture_output=True, timeout=120, check=False,
                          input=source.read_bytes() if piped_in else None)
    if piped_out and done.stdout:
        out.write_bytes(done.stdout)
    return done.returncode, done.stderr.decode()


def try_pair(folder, name, output, n_channels, sound, source):
    """Return "" if the pair is right, else what is wrong."""
    ending = {"wavex": "wav", "pipe": "wav"}.get(output, output)
    out = folder / f"out.{ending}"
    out.unlink(missing_ok=True)
    code, text = convert(source, name, output, out)
    if n_channels > OUTPUTS[output]:
        told = code == 2 and text.count("\n") == 1 and not out.exists()
        return "" if told else f"not refused: {code} {text}"
    if code or text.count("\n") > 1:
        return f"exit {code}: {text}"
    placed, played = decode(out, output, n_channels)
    lossy = name in LOSSY_IN or output in LOSSY_OUT
    slack = 4096 if name in ("m4a", "mp3") else 0
    vorbis = name == "vorbis" or output == "ogg"
    return check(sound, placed, played, lossy, slack, vorbis)


def sweep(folder, inputs, counts):
    """Try inputs with all outputs, tell what is wrong."""
    tap.need("ffmpeg")
    if not soundfile:
        raise tap.Skip("python3-soundfile is not installed")
    wrong, n_tried, n_refused = [], 0, 0
    for n_channels in counts:
        sound = noises(n_channels)
        for name in inputs:
            if n_channels > INPUTS[name][2] or (name, n_channels) in MISMADE:
                continue
            source = make(folder, name, n_channels, sound)
            for output in OUTPUTS:
                n_tried += 1
                n_refused += n_channels > OUTPUTS[output]
                what = try_pair(folder, name, output, n_channels, sound,
                                source)
                if what:
                    wrong.append(f"{name} -> {output}, {n_channels}: {what}")
            source.unlink()
    print(f"# {n_tried - len(wrong)} of {n_tried} are right, {n_refused} of "
          "them refused", flush=True)
    assert n_tried and not wrong, "\n" + "\n".join(wrong)


@test
def six_channels_into_all_formats(folder):
    sweep(folder, ("s24", "opus", "w64 f32") if not ALL else INPUTS, (6,))


@test
def other_numbers_of_channels_into_all_formats(folder):
    if not ALL:
        sweep(folder, ("flac",), (2,))
        return
    sweep(folder, INPUTS, (1, 2, 3, 8))


if __name__ == "__main__":
    tap.main_of_program()
