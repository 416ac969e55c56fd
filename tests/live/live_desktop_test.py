#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` on the servers of desktops, PulseAudio and PipeWire.

    live_desktop_test.py build/tools/grus build/plugin build/tests
"""

import json
import os
import pathlib
import re
import signal
import struct

import tap
from live_program import (
    BUNDLE, GRUS, Live, RATE, check_program, end_group, environment,
    guard_report, may_be_real_time, run, start, wait_for,
)
from live_recording import (
    demo, endless_demo, floats, level, quiet_level, wave_floats, write_wav,
)
from sound_servers import (
    Jack, PULSE_DEVICE, PipeWire, compare_unless_late, pulse, unless_late,
    until_not_late, wait_for_pulse,
)
from tap import need, test


@test
@unless_late
def pulseaudio_plays(folder):
    env = environment(folder, PULSE_DEVICE)
    server = pulse(folder, env)
    try:
        wait_for_pulse(env)
        with Live("--input", "grus_pulse", "--output", "grus_pulse", "--rate",
                  RATE, env=env) as live:
            live.wait_for_seconds(1.5)
            if may_be_real_time():
                assert has_real_time_thread(live), "no thread is real-time"
            assert live.stop() == 0, live.told()
    finally:
        end_group(server)


@test
@unless_late
def both_directions_of_a_server_are_streams_of_their_own(folder):
    """One stream for both stops at once: PulseAudio starts them apart."""
    env = environment(folder, PULSE_DEVICE + "\npcm.!default { type pulse hint.show on }")
    server = pulse(folder, env)
    try:
        wait_for_pulse(env)
        with Live("--input", "default", "--output", "default", env=env) as live:
            live.wait_for_seconds(3)
            assert live.stop() == 0, live.told()
            assert "gone" not in live.told(), live.told()
    finally:
        end_group(server)


def has_real_time_thread(live):
    """Whether a thread of the process that plays has a real-time policy."""
    pid = live.process.pid
    child = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    tasks = pathlib.Path(f"/proc/{child.split()[0]}/task").iterdir()
    return any(os.sched_getscheduler(int(task.name)) in (
        os.SCHED_FIFO, os.SCHED_RR) for task in tasks)


def join_two_clocks(folder):
    env = environment(folder, PULSE_DEVICE)
    guarded = check_program("live/grus_guarded")
    server = pulse(folder, env)
    try:
        wait_for_pulse(env)
        # Both follow the system's clock, each with errors of its own
        (folder / "jack").mkdir(exist_ok=True)
        with Jack(folder / "jack", 480) as jack:
            (folder / "guard").write_bytes(bytes(32))
            env["JACK_DEFAULT_SERVER"] = jack.name
            env["GRUS_GUARD_REPORT"] = str(folder / "guard")
            with Live("--input", "jack:system", "--output", "grus_pulse",
                      "--channels", 1, "--rate", RATE, "--verbose", env=env,
                      program=guarded) as live:
                live.wait_for_seconds(4.0)
                assert live.stop() == 0, live.told()
    finally:
        end_group(server)
    n_callbacks, n_violations, _, _ = guard_report(folder)
    drift = live.lines[-1]["drift_ppm"]
    print(f"# {drift} ppm after 4 s, {n_callbacks} callbacks, {n_violations} "
          f"violations")
    assert n_callbacks > 0 and n_violations == 0, live.told()
    assert live.lines[-1]["output"] == "grus_pulse", live.told()
    # Holes in the sound look like a drift
    compare_unless_late(live.lines[-1]["xruns"], [
        abs(drift) < 5000, 5 < live.lines[-1]["device_latency_ms"] < 500])


@test
def two_clocks_are_joined(folder):
    until_not_late(join_two_clocks, folder)


@test
def pipewire_plays(folder):
    need("pw-jack")
    env = environment(folder)
    with PipeWire(folder, env):
        env["JACK_DEFAULT_SERVER"] = "default"
        done = run("pw-jack", GRUS, "live", "--json", "--duration", 2, env=env)
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["state"] == "ended" and last["seconds"] == 2, done
    assert last["device_latency_ms"] < 1000, done


def sound_so_far(path):
    """Return what is recorded, from where there is sound in it."""
    try:
        data = wave_floats(path)
    except (OSError, IndexError, struct.error):
        return b""  # Nothing is written yet
    first = next((i for i, x in enumerate(floats(data)) if abs(x) > 0.01),
                 len(data))
    return data[4 * first:]


@test
def pipewire_has_a_microphone_called_grus(folder):
    env = environment(folder, LV2_PATH=f"{folder / 'lv2'}")
    (folder / "lv2").mkdir()
    (folder / "lv2" / "grus.lv2").symlink_to(BUNDLE)
    config = folder / "config" / "pipewire" / "pipewire.conf.d"
    config.mkdir(parents=True)
    (config / "grus.conf").write_text(
        run(GRUS, "live", "--pipewire-config").stdout)
    sound = demo(folder, 0, 12)
    source = write_wav(folder / "in.wav", endless_demo(folder))
    with PipeWire(folder, env) as server:
        nodes = run("pw-cli", "ls", "Node", env=env).stdout
        assert re.search(r'node.description = "Grus"\s+node.name = "grus"\s+'
                         r'media.class = "Audio/Source"', nodes), nodes
        record = start("pw-record", "--target", "grus", "--channels", 1,
                       "--format", "f32", "--rate", RATE, folder / "out.wav",
                       env=env)
        server.wait_for_ports("grus:capture_MONO", "pw-record:input_MONO")
        play = start("pw-play", "--target", 0, source, env=env)
        server.wait_for_ports("pw-play:output_MONO")
        run("pw-link", "pw-play:output_MONO", "mic:input_MONO", env=env)
        # Nobody speaks for longer than 4 s
        wait_for(lambda: len(sound_so_far(folder / "out.wav")) > 8 * 4 * RATE)
        end_group(record, signal.SIGINT)
        end_group(play)
    out = sound_so_far(folder / "out.wav")
    heard, given = quiet_level(out), quiet_level(sound)
    print(f"# the quietest moment: {given:.1f} dBFS before, {heard:.1f} after")
    assert level(out) > 0.1 * level(sound)
    assert heard < given - 20


if __name__ == "__main__":
    tap.main()
