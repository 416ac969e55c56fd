#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Training: its kernels, its optimizer, and going on after a stop."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import tap

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAIN = ROOT / "tools" / "train"
MODELS = ROOT / "presets" / "models"
sys.path.insert(0, str(TRAIN))
RATE = 16000
BATCH_HOURS = 16 * 1.0 / 3600  # of the mixtures of 1 s here


def need_torch():
    """Skip the test where the packages for training are not installed."""
    try:
        # pylint: disable=import-outside-toplevel,unused-import
        import matplotlib, scipy, soundfile, torch  # noqa: E401,F401
    except ImportError as error:
        raise tap.Skip(f"{error.name} is not installed") from error


def refused(function):
    """What a call ends the program with, or nothing."""
    try:
        function()
    except SystemExit as error:
        return str(error.code)
    return ""


@tap.test
def cache_folder_is_closed_to_others(folder):
    """Compiled code is loaded from it."""
    from net.cache_folder import cache_folder

    os.environ["XDG_CACHE_HOME"] = str(folder)
    made = cache_folder()
    assert made == folder / "grus"
    assert made.stat().st_mode & 0o777 == 0o700
    made.chmod(0o720)
    assert refused(cache_folder) == f"{made}: open to other users; run chmod 700 on it"
    made.rmdir()
    (folder / "elsewhere").mkdir(mode=0o700)
    made.symlink_to(folder / "elsewhere")
    assert refused(cache_folder) == f"{made}: not a folder of its own; remove it"


@tap.test
def lanes_are_torch_in_vectors(folder):
    """Values and gradients of the whole trunk, with bands of two bins too."""
    need_torch()
    from net import lanes

    os.environ["XDG_CACHE_HOME"] = str(folder)
    for name in ("voice-skip", "voice-low-latency", "voice-fine"):
        value, gradient = lanes.check(name)
        assert value < 1e-5 and gradient < 1e-5, (name, value, gradient)


@tap.test
def soap_steps_along_the_eigenbasis(_):
    """Of a gradient that does not change every direction goes down by the rate."""
    need_torch()
    import torch
    from learning.soap import Soap

    gradient = torch.tensor([[0.0, -3.0, 0.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.1]])
    weight = torch.nn.Parameter(torch.zeros(3, 3))
    soap = Soap([("weight", weight)], lr=0.5)
    weight.grad = gradient
    soap.step()
    assert not weight.any(), "the first gradient only gives the basis"
    soap.step()
    assert torch.allclose(weight, -0.5 * gradient.sign(), atol=1e-5), weight
    soap.step()
    kept = 1 - 0.5 * 0.05  # the weight decay
    assert torch.allclose(weight, -0.5 * (kept + 1) * gradient.sign(), atol=1e-5), weight


@tap.test
def rate_goes_down_at_the_end_only(_):
    """So that a run can be made longer or shorter."""
    need_torch()
    from learning.run import late_decay

    assert late_decay(0, 100, 2.0, 0.1) == 2.0
    assert late_decay(90, 100, 2.0, 0.1) == 2.0
    assert abs(late_decay(95, 100, 2.0, 0.1) - 2.0 * (0.01 + 0.99 * 0.5)) < 1e-12
    assert abs(late_decay(100, 100, 2.0, 0.1) - 0.02) < 1e-12


def write_cache(folder, name, source):
    """One clip of 4 s as prepare.py leaves it."""
    import numpy as np

    noise = np.random.default_rng(3).standard_normal(4 * RATE) * 3000
    np.save(folder / f"{name}_{RATE}.npy", noise.astype(np.int16))
    clip = {"source": source, "speaker": f"{source}/1", "path": "a", "first": 0}
    clip.update(count=4 * RATE, bandwidth=8000.0)
    (folder / f"{name}_{RATE}.json").write_text(json.dumps([clip]))


@tap.test
def muted_mixtures_are_silent_for_a_while(folder):
    """From the start or in between: noise that begins after silence was taken for speech."""
    need_torch()
    import numpy as np
    from data.mixing import Mixer, Recipe

    write_cache(folder, "speech", "kerstin")
    write_cache(folder, "noise", "esc10")
    mixer = Mixer(folder, RATE, 3 * RATE, 1, Recipe(muted=1.0))
    from_start = 0
    for _ in range(20):
        mixture = mixer.draw()
        silent = (mixture.noisy == 0) & (mixture.clean == 0)
        begun = np.flatnonzero(np.diff(silent, prepend=False, append=False)).reshape(-1, 2)
        longest = max(end - start for start, end in begun)
        assert 0.02 * RATE <= longest or silent[-1], longest
        from_start += int(silent[0])
    assert from_start == 9, from_start


@tap.test
def noise_begins_within_some_mixtures(folder):
    """As when a fan is switched on: such noise was taken for speech."""
    need_torch()
    import numpy as np
    from data.mixing import Mixer

    write_cache(folder, "speech", "kerstin")
    write_cache(folder, "noise", "esc10")
    mixer = Mixer(folder, RATE, 3 * RATE, 1)
    for _ in range(20):
        gains = mixer.switched_on(np.ones(3 * RATE, np.float32))
        assert 1e-4 * 0.99 < gains[0] < 10 ** (-10 / 20) * 1.01
        rise = np.flatnonzero(np.diff(gains))
        assert (np.diff(gains) >= 0).all() and np.ptp(rise) <= RATE // 2


@tap.test
def lost_speech_is_what_goes_down_by_10_db(_):
    """Frames of speech count, pauses do not; 9 dB is not yet lost."""
    need_torch()
    import numpy as np
    from measure.frames import input_ratio, lost_speech, pause_reduction

    frame = RATE // 50
    gains = np.repeat([1.0, 0.5, 0.1, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], frame)
    kept = np.repeat([1.0, 10 ** (-9 / 20), 10 ** (-11 / 20), 1, 1, 1, 1, 1, 1, 1], frame)
    clean = gains * np.sin(np.arange(len(gains)))
    assert lost_speech(clean, kept * clean, RATE) == 0.25
    noise = 0.1 * np.cos(np.arange(len(gains)))
    quieter = clean + 0.01 * np.cos(np.arange(len(gains)))
    assert abs(pause_reduction(clean + noise, clean, quieter, RATE) - 20) < 1e-3
    assert pause_reduction(clean, clean, clean, RATE) is None
    ratio = 10 * np.log10(np.mean(clean**2) / np.mean(noise**2))
    assert abs(input_ratio(clean + noise, clean) - ratio) < 1e-9


def train(folder, steps):
    """Train on one core; gives how many batches every line of the journal stands for."""
    weights = folder / "weights" / "a.safetensors"
    command = [sys.executable, TRAIN / "train.py", "--cache", folder, "--output", folder / "a.pt"]
    command += ["--weights", weights, "--network", "voice-light", "--steps", str(steps)]
    command += ["--seconds", "1", "--workers", "1", "--device", "cpu"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    rows = (folder / "a.jsonl").read_text().splitlines()
    return [round(json.loads(row)["hours"] / BATCH_HOURS) for row in rows]


@tap.test
def training_goes_on_from_what_is_left(folder):
    """From the checkpoint, or where that is lost from the weights alone."""
    need_torch()
    from net.model_file import load_step

    os.environ["XDG_CACHE_HOME"] = str(folder)
    write_cache(folder, "speech", "kerstin")
    write_cache(folder, "noise", "esc10")
    assert train(folder, 2) == [2]
    assert train(folder, 3) == [2, 3]
    (folder / "a.pt").unlink()
    assert load_step(folder / "weights" / "a.safetensors") == 3
    assert train(folder, 5) == [2, 3, 5]


def export(folder, *arguments):
    """Export the light model with a test vector of silence."""
    import soundfile

    soundfile.write(folder / "silence.wav", [0.0] * 48000, 48000)
    command = [sys.executable, TRAIN / "export.py", "--test-sound", folder / "silence.wav"]
    command += ["--checkpoint", MODELS / "voice-light.safetensors", *arguments]
    return subprocess.run([*command, folder / "mine.safetensors"], capture_output=True, text=True)


@tap.test
def exports_are_signed_by_who_exports(folder):
    """And a card that is there is kept."""
    need_torch()
    from net.model_file import tensor_file

    unsigned = export(folder)
    assert unsigned.returncode == 2 and "--author, --license" in unsigned.stderr
    card = folder / "mine.md"
    signed = ["--author", "Ada Example", "--license", "CC0-1.0", "--card", card]
    done = export(folder, *signed)
    assert not done.returncode, done.stderr
    about = json.loads(tensor_file.read(folder / "mine.safetensors")[1]["grus"])
    assert (about["author"], about["license"]) == ("Ada Example", "CC0-1.0")
    assert "Weights: CC0-1.0, Ada Example.\n" in card.read_text()
    card.write_text("mine")
    done = export(folder, *signed)
    assert done.returncode == 1 and f"{card}: there is such a file" in done.stderr
    assert card.read_text() == "mine"


# The queue with a list and a folder for weights of its own.
QUEUE = """import pathlib, run_queue, sys
run_queue.QUEUE, run_queue.WEIGHTS = (pathlib.Path(path) for path in sys.argv[1:3])
del sys.argv[1:3]
run_queue.main()"""


def queue(folder, *arguments):
    """Run run_queue.py with arguments; gives its exit status and what it told."""
    command = [sys.executable, "-c", QUEUE, folder / "queue.json", folder / "weights", *arguments]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder), "PYTHONPATH": str(TRAIN)}
    ended = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    return ended.returncode, ended.stdout + ended.stderr


def wait_until(condition):
    """Poll for a minute."""
    for _ in range(600):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("it did not come to that within a minute")


@tap.test
def queue_trains_behind_and_keeps_weights(folder):
    """Started once only, killed, started, stopped: what it has come to is left."""
    need_torch()
    write_cache(folder, "speech", "kerstin")
    write_cache(folder, "noise", "esc10")
    run = {"name": "a", "network": "voice-light", "hours": 1000, "options": ["--every", "0"]}
    (folder / "queue.json").write_text(json.dumps([run]))
    try:
        follow_queue(folder, folder / "grus" / "training")
    finally:
        queue(folder, "stop")


def follow_queue(folder, training):
    """Start the queue, kill it, start it, stop it."""
    from net.model_file import load_step

    assert queue(folder, "start", "--cache", folder) == (0, "")
    assert queue(folder, "start", "--cache", folder)[0] == 1
    wait_until((training / "a.pt").exists)
    os.killpg(int((training / "process").read_text()), signal.SIGKILL)
    wait_until(lambda: "stopped" in queue(folder, "status")[1])
    done = load_step(training / "a.pt")
    assert done >= 1 and not (folder / "weights").exists()
    assert queue(folder, "start", "--cache", folder) == (0, "")
    wait_until(lambda: load_step(training / "a.pt") > done)
    assert queue(folder, "stop") == (0, "")
    assert load_step(folder / "weights" / "a.safetensors") == load_step(training / "a.pt")
    status, told = queue(folder, "status")
    assert status == 0 and told.startswith("stopped\na (voice-light): "), told


if __name__ == "__main__":
    tap.main()
