#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` while a model takes its time to load: the thread that loads it is
held up until the test lets it go.

    live_model_test.py build/tools/grus build/plugin build/tests
"""

import shutil

import tap
from live_models import sample_model
from live_program import GRUS, MODEL, check_program, start_controlled, wait_for
from sound_servers import Jack
from tap import test
from terminal import Terminal


def held(folder):
    """Return the environment of a `grus live` that is held up where a model is
    called so, and the file that lets it go."""
    library = check_program("live/held_loading.so")
    return {"LD_PRELOAD": str(library), "GRUS_LET_GO": str(folder / "go")}


def start(folder, jack):
    """Return a `grus live` with a model that loads for ever, who controls it,
    and who waits for that model."""
    sample_model(folder / "held.safetensors", 4)
    live, control = start_controlled(folder, jack, **held(folder))
    asker = control.begin(f"model {folder}/held.safetensors")
    wait_for(lambda: control.status().get("loading") == "held")
    return live, control, asker


def end_of(process):
    """Return how a process ended and what it said."""
    said = process.communicate(timeout=40)[1]
    return process.returncode, said


@test
def everything_goes_on_while_a_model_is_loaded(folder):
    with Jack(folder) as jack:
        live, control, asker = start(folder, jack)
        with live:
            before = control.seconds()
            assert "model voice (loading held)," in control.shell("status")
            control.shell("reduction 12")
            assert control.shell("reduction") == "12 dB\n"
            wait_for(lambda: control.seconds() > before + 0.5)
            assert asker.poll() is None and control.status()["model"] == "voice"
            (folder / "go").touch()
            assert end_of(asker) == (0, "")
            status = control.status()
            assert status["model"] == "held" and "loading" not in status, status
            assert live.stop() == 0, live.told()
    assert not live.errors, live.told()


@test
def a_later_wish_takes_the_place_of_the_first(folder):
    with Jack(folder) as jack:
        live, control, asker = start(folder, jack)
        with live:
            control.shell("model voice-light")
            status, said = end_of(asker)
            assert status == 1 and "another model is wanted" in said, said
            status = control.status()
            assert status["model"] == "voice-light", status
            assert "loading" not in status, status
            (folder / "go").touch()
            # What came too late is not played, and not told
            before = control.seconds()
            wait_for(lambda: control.seconds() > before + 0.5)
            assert control.status()["model"] == "voice-light"
            assert live.stop() == 0, live.told()
    assert not live.errors, live.told()


@test
def only_some_models_are_loaded_at_a_time(folder):
    with Jack(folder) as jack:
        live, control, asker = start(folder, jack)
        with live:
            askers = [asker]
            for i in range(3):
                name = f"held-{i}"
                shutil.copy(MODEL, folder / f"{name}.safetensors")
                askers.append(control.begin(
                    f"model {folder}/{name}.safetensors"))
                wait_for(lambda n=name: control.status().get("loading") == n)
            told = control.shell("model voice-light", 1)
            assert "4 others are still being loaded" in told, told
            assert [end_of(a)[0] for a in askers] == [1] * 4
            (folder / "go").touch()
            wait_for(lambda: not control.begin("model voice-light").wait(40))
            assert control.status()["model"] == "voice-light"
            assert live.stop() == 0, live.told()


@test
def a_model_that_is_loaded_holds_up_no_end(folder):
    with Jack(folder) as jack:
        live, control, asker = start(folder, jack)
        with live:
            control.shell("quit")
            assert live.join() == 0, live.told()
            status, said = end_of(asker)
            assert status == 1 and "no answer" in said, said
    assert not live.errors, live.told()


@test
def a_model_that_is_missing_when_devices_return_is_told(folder):
    gone = folder / "gone.safetensors"
    shutil.copy(MODEL, gone)
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            control.shell(f"model {gone}")
            assert control.status()["model"] == "gone"
            gone.unlink()
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            jack.start()
            live.wait_to_say("sound again, after")
            live.wait_to_say(f'model "{gone}": No such file')
            assert control.status()["model"] == "voice"
            assert live.stop() == 0, live.told()


@test
def keys_are_obeyed_while_a_model_is_loaded(folder):
    (folder / "models").mkdir()
    model = folder / "models" / "mine.safetensors"
    for name in ("mine", "a-held-one"):
        shutil.copy(MODEL, model.with_name(f"{name}.safetensors"))
    with Jack(folder) as jack:
        with Terminal(folder, GRUS, "live", "--model", model,
                      env=dict(jack.env, **held(folder))) as terminal:
            terminal.wait_for("Model mine")
            terminal.press("m")
            terminal.wait_for("Model mine loading a-held-one")
            terminal.press("b")
            terminal.wait_for("Enabled off")
            terminal.press("m")  # On to the next one of those that come along
            terminal.wait_for("Model voice Preset")
            terminal.press("m")
            terminal.wait_for("Model voice-light Preset")
            terminal.press("q")
            terminal.wait_until_ended()


if __name__ == "__main__":
    tap.main_of_program()
