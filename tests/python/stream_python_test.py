#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sound through the Python package is, to the bit, what `grus render` writes.

    stream_python_test.py build/tools/python build/tools/grus
"""

import ctypes
import json
import os
import subprocess
import sys
import threading

import tap
from package import fails, grus, np
from tap import test

from grus._engine import library as engine

os.environ.pop("GRUS_MODEL", None)
GRUS = sys.argv[2]
LIGHT = grus.Model("voice-light")
DEMO = LIGHT.path.parents[1] / "demo/noisy.flac"
EXAMPLES = LIGHT.path.parents[2] / "tools/python/examples"
VOICE = np.frombuffer(subprocess.run(
    [GRUS, "render", "-q", "--enabled", "0", "--format", "raw", "--bits", "float", DEMO, "-"],
    capture_output=True, check=True).stdout, np.float32)


def noisy(frames, channels):
    """A noisy voice, in each channel a little later."""
    return np.stack([VOICE[48000 + 100 * c:][:frames] for c in range(channels)], axis=1)


def rendered(folder, sound, rate, *options):
    """What the program makes of it."""
    (folder / "in.raw").write_bytes(sound.tobytes())
    subprocess.run([GRUS, "render", "-q", "--raw-rate", str(rate), "--raw-channels",
                    str(sound.shape[1]), "--format", "raw", "--bits", "float", *options,
                    folder / "in.raw", folder / "out.raw"], check=True)
    return np.fromfile(folder / "out.raw", np.float32).reshape(sound.shape)


@test
def enhance_is_what_render_writes(folder):
    for rate, channels, parameters in ((48000, 1, {}), (44100, 2, {"reduction": 18}),
                                       (16000, 3, {"gate": 0.5, "listen": "removed"})):
        sound = noisy(rate, channels)
        options = [text for name, value in parameters.items()
                   for text in (f"--{name}", str(value))]
        wanted = rendered(folder, sound, rate, "--model", "voice-light", *options)
        assert abs(wanted).max() > 1e-3
        assert np.array_equal(grus.enhance(sound, rate, LIGHT, **parameters), wanted), rate


@test
def the_default_model_is_that_of_render(folder):
    sound = noisy(12000, 1)
    assert np.array_equal(grus.enhance(sound[:, 0], 48000), rendered(folder, sound, 48000)[:, 0])


@test
def blocks_of_any_size_give_the_same(_folder):
    sound = noisy(20000, 2)
    whole = grus.Stream(LIGHT, channels=2).process(sound)
    for size in (1, 37, 480, 4096):
        stream = grus.Stream(LIGHT, channels=2)
        part = sound[: 3000 if size == 1 else len(sound)]
        blocks = [stream.process(part[i:i + size]) for i in range(0, len(part), size)]
        assert np.array_equal(np.concatenate(blocks), whole[: len(part)]), size


@test
def arrays_may_lie_in_any_way_and_results_where_they_are_wanted(_folder):
    sound = noisy(4000, 2)
    wanted = grus.Stream(LIGHT, channels=2).process(sound)
    for kind, same in (("fortran", np.asfortranarray(sound)), ("double", sound.astype(np.float64)),
                       ("strided", np.repeat(sound, 2, axis=0)[::2]),
                       ("reversed", sound[::-1].copy()[::-1]), ("list", sound.tolist()),
                       ("big endian", sound.astype(">f4"))):
        assert np.array_equal(grus.Stream(LIGHT, channels=2).process(same), wanted), kind
    own = sound.copy()
    assert grus.Stream(LIGHT, channels=2).process(own, own) is own
    assert np.array_equal(own, wanted)
    strided = np.zeros((8000, 2), np.float32)
    grus.Stream(LIGHT, channels=2).process(sound, strided[::2])
    assert np.array_equal(strided[::2], wanted) and not strided[1::2].any()
    stream = grus.Stream(LIGHT)
    assert stream.process(np.zeros(0, np.float32)).shape == (0,)
    assert stream.process(sound[:, 0]).shape == (4000,)
    assert stream.process(sound[:, :1]).shape == (4000, 1)


@test
def wrong_arrays_are_told(_folder):
    stream = grus.Stream(LIGHT, channels=2)
    good = np.zeros((10, 2), np.float32)
    fails("(frames, 2), got (10,)", stream.process, good[:, 0])
    fails("(frames, 2), got (2, 10)", stream.process, good.T)
    fails("(frames, 2), got (10, 2, 1)", stream.process, good[..., None])
    fails("divide by 32768", stream.process, good.astype(np.int16))
    fails("out must be a float32 array of shape (10, 2)", stream.process, good,
            good.astype(np.float64))
    fails("out must be", stream.process, good, good[:5])
    many = np.broadcast_to(good[:1], (2**32, 2))  # Takes no memory
    fails("less than 2^32 frames", stream.process, many)
    fails("not finite", grus.enhance, np.array([0.0, np.nan]), 48000)
    assert stream.faults == 0
    assert not stream.process(np.full((10, 2), np.inf, np.float32)).any()
    assert stream.faults == 1


@test
def parameters_are_attributes(_folder):
    stream = grus.Stream(LIGHT, reduction=18, listen="removed", enabled=False)
    assert (stream.reduction, stream.listen, stream.enabled) == (18.0, "removed", False)
    stream.gate_hold, stream.listen, stream.enabled = 12, "Clean", 1
    assert (stream.gate_hold, stream.listen, stream.enabled) == (12.0, "clean", True)
    assert stream.parameters["gate_hold"] == 12.0 and stream.link is True
    assert grus.Stream(LIGHT, channels=3).link is False
    for value in (-1, 101, float("nan"), "much", None):
        fails("reduction must be 0 to 100 dB", setattr, stream, "reduction", value)
    fails("'clean' or 'removed'", setattr, stream, "listen", 0.5)
    fails("True or False", setattr, stream, "enabled", 2)
    fails("there is no parameter reductoin", grus.Stream, LIGHT, reductoin=3)
    assert stream.reduction == 18.0
    assert "0 to 100 dB" in grus.Stream.reduction.__doc__


@test
def wrong_streams_are_told(folder):
    fails("sample rate", grus.Stream, LIGHT, rate=100)
    fails("whole numbers", grus.Stream, LIGHT, rate=44100.5)
    fails("channel", grus.Stream, LIGHT, channels=33)
    fails("channels must be 1 to 32", grus.Stream, LIGHT, channels=0)
    fails("kernel", grus.Stream, LIGHT, kernels="none")
    (folder / "text").write_text("text")
    fails(f"{folder}/text: ", grus.Stream, folder / "text")
    try:
        grus.Model(folder / "none")
    except FileNotFoundError as error:
        assert str(folder / "none") in str(error)
    else:
        raise AssertionError("a model that is not there was loaded")


@test
def state_goes_on_bit_for_bit(_folder):
    sound = noisy(9000, 2)
    first = grus.Stream(LIGHT, channels=2, reduction=20)
    first.process(sound[:5000])
    state = first.state
    wanted = first.process(sound[5000:])
    second = grus.Stream(LIGHT, channels=2)
    second.state = state
    assert second.reduction == 20.0
    assert np.array_equal(second.process(sound[5000:]), wanted)
    fails("state", setattr, second, "state", state[:-1])
    fails("", setattr, grus.Stream(LIGHT), "state", state)
    second.state = state
    second.reset()
    assert np.array_equal(second.process(sound), grus.Stream(
        LIGHT, channels=2, reduction=20).process(sound))


@test
def streams_run_in_threads(_folder):
    sound = noisy(48000, 1)[:, 0]
    wanted = grus.Stream(LIGHT).process(sound)
    results = [None] * 10

    def run(index):
        results[index] = grus.Stream(LIGHT).process(sound)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(results))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(result, wanted) for result in results)


@test
def python_goes_on_while_sound_is_computed(_folder):
    counted, end = [0], threading.Event()

    def count():
        while not end.is_set():
            counted[0] += 1

    stream, sound = grus.Stream(), np.tile(noisy(480000, 1), (2, 1))
    handle, pointers = stream._handle, (ctypes.c_void_p * 1)(sound.ctypes.data)
    counter = threading.Thread(target=count)
    counter.start()
    process = engine.grus_stream_process
    before = counted[0]
    process(handle, pointers, pointers, len(sound))
    after = counted[0]
    end.set()
    counter.join()
    # Were the lock held, it could only count in the 5 ms until Python has it change hands
    assert after - before > 100000, after - before


def example(name, sound, *args):
    """What an example makes of sound, with the package of the build."""
    done = subprocess.run([sys.executable, EXAMPLES / name, *args], input=sound.tobytes(),
                          capture_output=True, check=True,
                          env={**os.environ, "PYTHONPATH": os.path.abspath(sys.argv[1])})
    return np.frombuffer(done.stdout, np.float32)


@test
def examples_clean_and_go_on(folder):
    sound = noisy(30000, 1)[:, 0]
    wanted = grus.Stream().process(sound)
    assert np.array_equal(example("denoise_blocks.py", sound), wanted)
    wanted = grus.Stream(reduction=18).process(sound)
    parts = [example("save_state.py", part, folder / "state")
             for part in (sound[:10000], sound[10000:])]
    assert np.array_equal(np.concatenate(parts), wanted)


# What the example asks of sounddevice, played from a file and at once
SOUNDDEVICE = """
import numpy as np

class Stream:
    def __init__(self, samplerate, blocksize, channels, dtype, callback):
        assert (samplerate, channels, dtype) == (48000, 1, "float32")
        self.blocksize, self.callback = blocksize, callback

    def __enter__(self):
        noisy = np.fromfile("noisy.f32", np.float32).reshape(-1, 1)
        cleaned = np.full_like(noisy, np.nan)
        for i in range(0, len(noisy), self.blocksize):
            block = noisy[i:i + self.blocksize]
            self.callback(block, cleaned[i:i + self.blocksize], len(block), None, None)
        cleaned.tofile("cleaned.f32")

    def __exit__(self, *_):
        pass
"""


@test
def the_microphone_example_cleans_what_it_is_given(folder):
    sound = noisy(30000, 1)[:, 0]
    sound.tofile(folder / "noisy.f32")
    (folder / "sounddevice.py").write_text(SOUNDDEVICE)
    subprocess.run([sys.executable, EXAMPLES / "microphone.py", "0"], check=True, cwd=folder,
                   env={**os.environ,
                        "PYTHONPATH": f"{os.path.abspath(sys.argv[1])}:{folder}"})
    assert np.array_equal(np.fromfile(folder / "cleaned.f32", np.float32),
                          grus.Stream().process(sound))


@test
def info_is_that_of_the_program(_folder):
    for name in (None, "voice-light"):
        told = json.loads(subprocess.run([GRUS, "info", "--json", *([name] if name else [])],
                                         capture_output=True, check=True).stdout)
        ours = grus.info(name)
        assert (ours.name, ours.sample_rate, ours.license) == (
            told["name"], told["sample_rate"], told["license"])
        assert ours.parameters == told["parameters"]
        assert ours.has_activity and ours.kind == "frame"


@test
def files_are_rendered_by_the_program(folder):
    os.environ["GRUS"] = GRUS
    sound = noisy(24000, 2)
    (folder / "in.raw").write_bytes(sound.tobytes())
    told = grus.render(folder / "in.raw", folder / "out.raw", raw_rate=48000, raw_channels=2,
                       format="raw", bits="float", reduction=12, quiet=False, picture=None)
    assert (told["frames"], told["channels"]) == (24000, 2), told
    wanted = grus.enhance(sound, 48000, reduction=12)
    assert np.fromfile(folder / "out.raw", np.float32).tobytes() == wanted.tobytes()
    before = (folder / "out.raw").read_bytes()
    fails("exists", grus.render, folder / "in.raw", folder / "out.raw", raw_rate=48000,
            no_clobber=True)
    fails("No such file", grus.render, folder / "none.wav", folder / "out.wav")
    fails("reduction", grus.render, folder / "in.raw", folder / "out.raw", reduction="x")
    assert (folder / "out.raw").read_bytes() == before
    os.environ["GRUS"] = str(folder / "none")
    fails("not installed", grus.render, folder / "in.raw", folder / "out.raw")


if __name__ == "__main__":
    tap.main()
