#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Models, servers and keys change while `grus live` plays.

    live_change_test.py build/tools/grus build/plugin build/tests
"""

import os
import re
import shutil
import struct

import tap
from live_models import heavy_model, two_models
from live_program import GRUS, Live, MODEL, RATE, engine_latency, wait_for
from live_recording import endless_demo, floats, recording, render, write_wav
from sound_servers import Jack, unless_late
from tap import test
from terminal import Terminal


def largest_step(one, other):
    """Return the largest change of the difference of two sounds in a frame."""
    change = [a - b for a, b in zip(floats(one), floats(other))]
    return max(abs(a - b) for a, b in zip(change[1:], change))


@test
@unless_late
def a_changed_model_file_is_loaded_without_a_click(folder):
    model = two_models(folder)
    sound = endless_demo(folder)
    source = write_wav(folder / "in.wav", sound)
    with Jack(folder) as jack:
        with Live("--model", model, "--watch", "--file", source, "--record",
                  folder / "take.wav", env=jack.env) as live:
            live.wait_for_seconds(1.1)
            model.write_bytes(b"half a model")
            live.wait_to_say("voice.safetensors")
            shutil.copy(MODEL, folder / "new")
            os.replace(folder / "new", model)
            live.wait_to_say('model "voice" is loaded again')
            live.wait_for_seconds(live.lines[-1]["seconds"] + 1.0)
            assert live.stop() == 0, live.told()
    dry, clean = recording(folder / "take.wav")
    assert dry == sound[:len(dry)]
    wanted = render(sound[:len(dry) + 4 * RATE], folder)[:len(dry)]
    assert clean != wanted  # Another stream has taken over
    assert clean[:RATE] == wanted[:RATE]
    # What the streams differ by is smooth: no steeper than the voice is
    step = largest_step(clean, wanted)
    voice = largest_step(wanted, bytes(len(wanted)))
    print(f"# the largest step of the difference: {step:.4f}, of the voice: "
          f"{voice:.4f}")
    assert step < 0.5 * voice


@test
def the_model_that_cannot_keep_up_is_bypassed_until_it_can(folder):
    model = two_models(folder)
    with Jack(folder) as jack:
        with Live("--model", model, "--watch", "--channels", 1, "--record",
                  folder / "take.wav", env=jack.env) as live:
            live.wait_for_seconds(0.5)
            heavy_model(folder / "new")
            os.replace(folder / "new", model)
            live.wait_for(lambda: live.lines[-1]["state"] == "resting")
            assert live.lines[-1]["rests"] > 0, live.told()
            shutil.copy(MODEL, folder / "new")
            os.replace(folder / "new", model)
            live.wait_for(lambda: live.lines[-1]["state"] == "running")
            assert live.stop() == 0, live.told()


@test
def every_model_decides_by_its_own_hop_whether_load_is_even(folder):
    model = two_models(folder)
    low_latency = MODEL.with_name("voice-low-latency.safetensors")
    with Jack(folder, 128) as jack:
        with Live("--model", model, "--watch", env=jack.env) as live:
            live.wait_for_seconds(0.5)
            # A hop of 768 frames is longer than two blocks: half of it later
            assert engine_latency(live) == 2304, live.told()
            shutil.copy(low_latency, folder / "new")
            os.replace(folder / "new", model)
            live.wait_to_say('model "voice" is loaded again')
            # One of 192 is not
            live.wait_for(lambda: engine_latency(live) == 384)
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            shutil.copy(MODEL, folder / "new")
            os.replace(folder / "new", model)
            jack.start()
            live.wait_to_say("sound again, after")
            live.wait_for(
                lambda: live.lines[-1].get("engine_latency_ms") == 48)
            assert live.stop() == 0, live.told()
    assert {line["parameters"]["even_load"] for line in live.lines
            if "parameters" in line} == {2}, live.told()


@test
def sound_returns_after_the_server_was_killed(folder):
    with Jack(folder) as jack:
        with Live("--record", folder / "take.wav", "--reduction", 30,
                  env=jack.env) as live:
            live.wait_for_seconds(0.5)
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            live.wait_for(lambda: live.lines[-1]["state"] == "lost")
            jack.start()
            live.wait_to_say("sound again, after")
            live.wait_for_seconds(0.5)
            assert live.stop() == 0, live.told()
    last = live.lines[-1]
    assert last["parameters"]["reduction"] == 30, live.told()
    assert last["record"].endswith("take-2.wav"), live.told()
    for name in ("take.wav", "take-2.wav"):
        assert len(recording(folder / name)[0]) > RATE // 4, name


def same_parts(take):
    """Whether each 0.4 s of what is recorded so far is the dry sound."""
    part = 4 * RATE // 10
    try:
        dry, clean = recording(take)
    except (OSError, AssertionError, struct.error, ValueError):
        return [None]  # Before the first second is written
    same = [dry[i:i + part] == clean[i:i + part]
            for i in range(0, len(clean) - part, part)]
    return same or [None]


@test
def keys_change_the_sound_and_the_screen(folder):
    model = two_models(folder)
    source = write_wav(folder / "in.wav", endless_demo(folder, 5))
    with Jack(folder) as jack:
        with Terminal(folder, GRUS, "live", "--model", model, "--file", source,
                      "--record", folder / "take.wav",
                      env=jack.env) as terminal:
            terminal.wait_for("engine 48.0")
            first = terminal.screen()
            for text in ("Input", "Output", "Taken away", "Voice", "Latency",
                         "Model voice", "Load", "Xruns", "Preset none",
                         "blocks of 128", "Recording", "h help"):
                assert text in first, (text, first)
            # A machine that cannot keep up plays the dry sound for a while
            wait_for(lambda: same_parts(folder / "take.wav")[-1] is False)
            terminal.press("b")
            terminal.wait_for("Enabled off")
            wait_for(lambda: same_parts(folder / "take.wav")[-1] is True)
            terminal.press("b")
            terminal.wait_for("Enabled on")
            terminal.press("-", "-")
            terminal.wait_for("Reduction 98 dB")
            terminal.press("Down", "Right")
            terminal.wait_for("Reduction 99 dB")
            terminal.press("l")
            terminal.wait_for("Listen Removed")
            terminal.press("p")
            terminal.wait_for("Preset gentle")
            terminal.wait_for("Listen Clean")
            terminal.press("m")
            terminal.wait_for("Model another")
            terminal.press("h")
            terminal.wait_for("bypass, and back")
            terminal.press("h")
            terminal.tmux("resize-window", "-x", 60, "-y", 20)
            terminal.wait_for("Enabled on")
            small = terminal.screen()
            assert "Grus" in small and "h help" in small, small
            assert max(map(len, small.splitlines())) <= 60, small
            terminal.tmux("resize-window", "-x", 120, "-y", 40)
            terminal.wait_for("q quit")
            # While it was bypassed, and not before or after, it is the dry one
            wait_for(lambda: re.search("clean (dry )+(clean )+$", "".join(
                "dry " if part else "clean "
                for part in same_parts(folder / "take.wav"))))
            terminal.press("q")
            terminal.wait_until_ended()


@test
def the_model_key_goes_round_by_the_models_that_come_along(folder):
    (folder / "mine").mkdir()
    mine = folder / "mine" / "mine.safetensors"
    shutil.copy(MODEL, mine)
    with Jack(folder) as jack:
        with Terminal(folder, GRUS, "live", "--model", mine,
                      env=jack.env) as terminal:
            terminal.wait_for("Model mine")
            for name in ("voice", "voice-light", "voice-low-latency", "mine"):
                terminal.press("m")
                terminal.wait_for(f"Model {name} ")
            terminal.press("q")
            terminal.wait_until_ended()


if __name__ == "__main__":
    tap.main()
