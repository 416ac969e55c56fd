#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` that a script tells what to do, through `grus ctl`.

    live_control_test.py build/tools/grus build/plugin build/tests
"""

import array
import math
import os
import random
import re
import shlex
import signal
import stat

import tap
from live_models import sample_model
from live_program import (
    BUNDLE, GRUS, RATE, Control, Live, end_group, run, start_controlled, wait_for,
)
from live_recording import (
    demo, endless_demo, floats, level, recording, render, wave_floats, write_wav,
)
from sound_servers import Jack, unless_late
from tap import test


def ask(client, line):
    """Send bytes through a connection, return the line that comes back."""
    client.sendall(line)
    return client.makefile("rb").readline()


def gain(part):
    """Return by how much the clean sound is louder than the dry one, dB
    exact to a hundredth, or None for silence."""
    dry, clean = part
    ratio = level(clean) / level(dry)
    return round(10 * math.log10(ratio), 2) if ratio > 1e-9 else None


@test
@unless_late
def each_command_is_heard(folder):
    sound = endless_demo(folder, 5)
    source = write_wav(folder / "in.wav", sound)
    take = folder / "take.wav"
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack, "--file", source, "--record", take)
        with live:
            places = {
                "clean": control.play(),
                "bypass": control.play("bypass on"),
                "bypass off": control.play("bypass off"),
                "reduction 0": control.play("reduction 0 dB"),
                "removed": control.play("listen removed"),
                "output gain": control.play("listen clean", "output-gain -6"),
                "enabled": control.play("output_gain 0dB", "reduction 100",
                                        "enabled off"),
                # The preset's gate may be open; with the most activity asked
                # for it closes in the next pause, 3.4 s away at most
                "gate": control.play("enabled on", "preset gate", "gate 1",
                                     "gate-hold 0 ms", "gate-release 10",
                                     "reduction 40", settle=3.5),
                "gate off": control.play("gate 0", "reduction 0",
                                         "output-gain 0"),
                "input gain": control.play("input-gain 3"),
            }
            assert control.shell("reduction") == "0 dB\n"
            assert control.shell("listen") == "Clean\n"
            status = control.status()
            # It leaves the gain of the microphone alone
            places["preset"] = control.play("preset podcast", "reduction 0")
            assert "model voice," in control.shell("status")
            control.shell("quit")
            assert live.join() == 0, live.told()
    assert status["preset"] == "gate" and status["preset_changed"], status
    assert not (folder / "socket").exists()
    dry, clean = recording(take)
    assert dry == sound[:len(dry)]
    parts = {name: (dry[4 * a:4 * b], clean[4 * a:4 * b])
             for name, (a, b) in places.items()}
    same = [name for name, part in parts.items() if part[0] == part[1]]
    assert same == ["bypass", "reduction 0", "enabled", "gate off"], same
    levels = {name: gain(parts[name]) for name in
              ("removed", "output gain", "input gain", "preset")}
    assert levels == {"removed": None, "output gain": -6.0, "input gain": 3.0,
                      "preset": 6.0}, levels
    # The stream has been the same from the start on
    first, last = places["gate"]
    wanted = render(dry, folder, "--preset", "gate", "--gate", 1,
                    "--gate-hold", 0, "--gate-release", 10, "--reduction", 40)
    assert parts["gate"][1] == wanted[4 * first:4 * last]
    assert parts["gate"][1] != render(
        dry, folder, "--preset", "gate", "--reduction", 40, "--gate",
        0)[4 * first:4 * last]


@test
def presets_set_what_those_of_the_plugin_set(folder):
    text = (BUNDLE / "presets.ttl").read_text()
    wanted = re.search(r"<urn:grus:voice-stereo#strong>\n(.*?)\.\n\n", text, re.S)[1]
    others = {"enabled": 0, "reduction": 1, "listen": 1, "link": 0,
              "input_gain": 1, "output_gain": 1, "gate": 0.5, "gate_hold": 1,
              "gate_release": 11, "even_load": 0}
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            for name, value in others.items():
                control.shell(f"{name} {value}")
            assert control.status()["parameters"] == others
            control.shell("preset strong")
            now = control.status()["parameters"]
            assert live.stop() == 0, live.told()
    assert [name for name in now if now[name] != others[name]] == re.findall(
        r'lv2:symbol "(\w+)"', wanted), now


def heard_beside_a_voice(folder, sound, places):
    """Return the levels of the second channel in some places of a recording, dB,
    and those that render makes of it with channels that are linked and not."""
    take = floats(wave_floats(folder / "take.wav"))
    whole = [render(sound[:2 * len(take)], folder, "--raw-channels", 2,
                    "--link", link) for link in (1, 0)]
    ways = [take[3::4].tobytes(), *(floats(way)[1::2].tobytes() for way in whole)]
    return {name: [10 * math.log10(level(way[4 * a:4 * b])) for way in ways]
            for name, (a, b) in places.items()}


@test
@unless_late
def links_are_heard(folder):
    # A second of voice without a pause, and faint noise beside it
    voice = floats(demo(folder, 2.5, 1))
    noise = random.Random(1)
    sound = array.array("f", (
        y for x in voice for y in (x, noise.gauss(0, 0.001)))).tobytes() * 120
    source = write_wav(folder / "in.wav", sound, 2)
    with Jack(folder) as jack:
        live, control = start_controlled(
            folder, jack, "--file", source, "--record", folder / "take.wav",
            "--channels", 2, "--link", "off")
        with live:
            places = {name: control.play(f"link {name}", settle=3)
                      for name in ("off", "on")}
            assert live.stop() == 0, live.told()
    heard = heard_beside_a_voice(folder, sound, places)
    print(f"# took, rendered with a link and without, dB: {heard}")
    live_off, linked, alone = heard["off"]
    assert live_off == alone and linked > alone + 6
    live_on, linked, alone = heard["on"]
    assert abs(live_on - linked) < 1 and linked > alone + 6


@test
@unless_late
def an_even_load_is_heard(folder):
    sound = endless_demo(folder)
    source = write_wav(folder / "in.wav", sound)
    with Jack(folder) as jack:
        live, control = start_controlled(
            folder, jack, "--file", source, "--record", folder / "take.wav")
        with live:
            places = [control.play(command, settle=2) for command in
                      ("even-load on", "even-load off", "even-load auto")]
            assert live.stop() == 0, live.told()
    dry, _ = recording(folder / "take.wav")
    # Half a frame of latency less, and more again
    assert [sound.find(dry[4 * a:4 * b]) - 4 * a for a, b in places] == [
        0, 4 * 768, 0]


@test
@unless_late
def another_model_is_heard(folder):
    sound = endless_demo(folder)
    source = write_wav(folder / "in.wav", sound)
    take = folder / "take.wav"
    sample_model(folder / "same.safetensors", 4)
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack, "--file", source, "--record", take)
        with live:
            first = control.play()
            second = control.play(f"model {folder}/same.safetensors",
                                  settle=2)
            assert control.status()["model"] == "same"
            assert "none.safetensors" in control.shell(
                "model none.safetensors", 1)
            assert control.status()["model"] == "same"
            third = control.play("model built-in", settle=2)
            assert control.status()["model"] == "voice"
            fourth = control.play("model voice-low-latency", settle=2)
            assert control.status()["engine_latency_ms"] < 48
            assert live.stop() == 0, live.told()
    dry, clean = recording(take)
    whole = render(dry, folder)
    parts = [[sound[4 * a:4 * b] for sound in (dry, clean, whole)]
             for a, b in (first, second, third, fourth)]
    # The model changes nothing
    assert [part[0] == part[1] for part in parts] == [
        False, True, False, False], live.told()
    # A second stream of the built-in model begins at another place
    same = [part[1] == part[2] for part in parts]
    assert same == [True, False, False, False], same


@test
@unless_late
def a_recording_starts_and_stops(folder):
    sound = endless_demo(folder)
    source = write_wav(folder / "in.wav", sound)
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack, "--file", source)
        with live:
            there = f"cd {shlex.quote(str(folder))} && "
            assert "nothing is being recorded" in control.shell("record stop", 1)
            assert "record start FILE" in control.shell("record start", 2)
            assert ".docx" in control.shell("record start x.docx", 2)
            assert "the file that plays" in control.shell(
                f"record start {source}", 2)
            line = f"{there}{shlex.quote(GRUS)} ctl socket record start a.wav"
            done = run("sh", "-c", line)
            assert done.stdout == f"{folder}/a.wav\n", done
            control.play()
            assert "is being recorded" in control.shell("record start b.wav", 1)
            control.shell("record stop")
            after = control.seconds()
            first = (folder / "a.wav").read_bytes()
            control.play()
            name = control.shell(f"record start {folder}/a.wav")
            assert name == f"{folder}/a-2.wav\n", name
            control.play("record stop")
            assert "record" not in control.status()
            assert live.stop() == 0, live.told()
    assert (folder / "a.wav").read_bytes() == first
    dry, clean = recording(folder / "a.wav")
    place = sound.find(dry)
    assert place >= 0 and len(dry) > 4 * RATE * 0.9, len(dry)
    assert (place + len(dry)) / 4 / RATE < after
    whole = render(sound[:place + len(dry) + 4 * RATE], folder)
    assert clean == whole[place:place + len(clean)]
    assert len(recording(folder / "a-2.wav")[0]) > 0


@test
def wrong_commands_are_told_in_one_line(folder):
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            for command, status, text in (
                    ("", 2, "a socket and a command"),
                    ("''", 2, "no command"),
                    ("dance", 2, 'no command is called "dance": status, bypass, '
                     "preset, model, record, quit, help, enabled, reduction, "
                     "listen, link, input-gain, output-gain, gate, gate-hold, "
                     "gate-release, even-load\n"),
                    ("stat", 2, '"stat": status\n'),
                    ("gate-", 2, '"gate-": gate-hold, gate-release\n'),
                    ("bypass maybe", 2, "bypass on, or bypass off"),
                    ("reduction much", 2, "not a number from 0 to 100 dB"),
                    ("reduction 101", 2, "not a number from 0 to 100 dB"),
                    ("reduction 24 ms", 2, '"24 ms" is not a number'),
                    ("preset none", 2, 'preset "none" is none of'),
                    ("model", 2, "model FILE"),
                    ("status --xml", 2, "status --json"),
                    ("'quit\nquit'", 2, "one line"),
                    (f"model {'x' * 9000}", 2, "at most 8191 bytes")):
                assert text in control.shell(command, status), command
            assert control.status()["parameters"]["reduction"] == 100
            control.shell("Output_G -3")
            assert control.shell("out") == "-3 dB\n"
            assert not live.errors, live.told()
            assert live.stop() == 0, live.told()
            assert "nobody answers" in control.shell("status", 1)


@test
def clients_that_misbehave_disturb_nobody(folder):
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            long = control.connect()
            assert ask(long, b"x" * 20000) == \
                b"usage: a command has at most 8191 bytes\n"
            zero = control.connect()
            assert ask(zero, b"bypass\0 on\n") == \
                b"usage: a command has no zero bytes\n"
            escape = ask(zero, b"\x1b[2J\xff\n")
            assert escape.startswith(b"usage: ") and b"\x1b" not in escape
            # One that asks and asks and never reads
            deaf = control.connect()
            deaf.settimeout(2)
            try:
                while True:
                    deaf.sendall(b"status --json\n" * 1000)
            except TimeoutError:
                pass
            half = control.connect()
            half.sendall(b"bypass ")
            crowd = [control.connect() for _ in range(20)]
            before = control.seconds()
            wait_for(lambda: control.seconds() > before + 1.0)
            # Who was silent for longest has made room
            assert half.recv(1) == b""
            assert ask(crowd[-1], b"reduction\n") == b"ok 100 dB\n"
            assert crowd[0].recv(1) == b""
            assert live.stop() == 0, live.told()


@test
def the_status_is_whole_whatever_a_take_is_called(folder):
    take = os.fsencode(folder) + b"/t\xff\xe2\x80\xae\xc2\x9b\x1b.wav"
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            assert ask(control.connect(), b"record start " + take + b"\n")[:3] == b"ok "
            named = control.status()["record"]
            assert live.stop() == 0, live.told()
    assert named.endswith("/t\ufffd\u202e\u009b\x1b.wav"), named


@test
def the_socket_belongs_to_one_user_and_one_program(folder):
    path = folder / "socket"
    with Jack(folder) as jack:
        live, _ = start_controlled(folder, jack)
        with live:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            with Live("--control", path, env=jack.env) as second:
                assert second.join() == 1, second.told()
                assert "another grus live" in second.errors[0], second.told()
                assert len(second.errors) == 1, second.told()
            assert Control(path).status()["state"] == "running"
            end_group(live.process, signal.SIGKILL)
        assert path.is_socket()  # Left by the dead one
        jack.kill()
        jack.start()
        live, control = start_controlled(folder, jack)
        with live:
            control.shell("quit")
            assert live.join() == 0, live.told()
        assert not path.exists()
        path.write_text("mine")
        for wrong, status, text in ((path, 1, "no socket"),
                                    (folder / ("x" * 120), 2, "1 to 107 bytes"),
                                    ("", 2, "1 to 107 bytes"),
                                    (folder / "none" / "s", 1, "No such file")):
            with Live("--control", wrong, env=jack.env) as live:
                assert live.join() == status, live.told()
                assert len(live.errors) == 1, live.told()
                assert text in live.errors[0], live.told()
        assert path.read_text() == "mine"


@test
def what_was_told_stays_when_the_server_returns(folder):
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            control.shell("reduction 30")
            control.shell("model voice-light")
            control.shell(f"record start {folder}/take.wav")
            control.play()
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            wait_for(lambda: control.shell("status --json") ==
                     '{"state":"lost"}\n')
            assert "no sound device" in control.shell("bypass on", 1)
            jack.start()
            live.wait_to_say(f'recording into "{folder}/take-2.wav"')
            control.play()
            now = control.status()
            assert now["parameters"]["reduction"] == 30, now
            assert now["model"] == "voice-light", now
            assert live.stop() == 0, live.told()
    for name in ("take.wav", "take-2.wav"):
        assert len(recording(folder / name)[0]) > RATE // 4, name


@test
def a_pipe_is_no_model_that_is_waited_for(folder):
    os.mkfifo(folder / "pipe")
    with Jack(folder) as jack:
        live, control = start_controlled(folder, jack)
        with live:
            told = control.shell(f"model {folder}/pipe", 1)
            assert "it is not a file" in told, told
            assert live.stop() == 0, live.told()


if __name__ == "__main__":
    tap.main_of_program()
