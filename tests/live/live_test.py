#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` and `grus devices`: devices, and the sound that render gives.

The servers are dummies, with a clock and without a sound card.  What is not
installed is skipped by name; `tools/setup.sh --hosts` installs all of it.
Prints TAP.

    live_test.py build/tools/grus build/plugin build/tests
"""

import json
import pathlib
import re
import time

import tap
from live_program import GRUS, Live, RATE, check_program, engine_latency, environment, run
from live_recording import demo, floats, recording, render, write_wav
from sound_servers import Jack, compare_unless_late, unless_late
from tap import test


@test
def without_devices_one_line_says_what_to_do(folder):
    for command in ("devices", "live"):
        done = run(GRUS, command, env=environment(folder), status=1)
        assert done.stdout == "", done
        assert done.stderr.count("\n") == 1, done
        assert "no sound device: plug one in" in done.stderr, done


@test
def without_alsa_configuration_one_line_names_it(folder):
    env = environment(folder, ALSA_CONFIG_PATH=str(folder / "none.conf"))
    done = run(GRUS, "devices", env=env, status=1)
    assert done.stdout == "" and done.stderr.count("\n") == 1, done
    assert "no ALSA configuration" in done.stderr, done


@test
def devices_are_listed_and_libraries_are_silent(folder):
    with Jack(folder, 256) as jack:
        done = run(GRUS, "devices", env=jack.env)
        assert done.stderr == "", done
        assert re.search(r"<> +\d+  system +2 in +2 out +[\d.]+ ms  48 kHz",
                         done.stdout), done
        assert run(GRUS, "devices", "--verbose", env=jack.env).stderr
        done = run(GRUS, "devices", "--json", env=jack.env)
        device = [d for d in json.loads(done.stdout) if d["name"] == "system"]
        assert done.stderr == "" and len(device) == 1, done
        assert device[0]["api"] == "JACK Audio Connection Kit", device
        assert device[0]["inputs"] == 2 and device[0]["outputs"] == 2, device
        assert device[0]["sample_rates"] == [RATE], device
        assert device[0]["sample_rate"] == RATE, device
        assert device[0]["low_input_latency_ms"] > 0, device


@test
def devices_are_found_by_number_and_part_of_the_name(folder):
    with Jack(folder) as jack:
        for name in ("0", "sys", "SYSTEM", "jack:system"):
            with Live("--input", name, "--output", name, "--duration", 0.3,
                      env=jack.env) as live:
                assert live.join() == 0, live.told()
                assert live.lines[-1]["input"] == "system", live.told()
        for args, status, text in (
                (["--input", "nothing"], 1, 'no input is called "nothing"'),
                (["--output", "7"], 1, "there is no device 7"),
                (["--preset", "nothing"], 2, 'preset "nothing" is none of'),
                (["--file", "x", "--input", "y"], 2, "give one"),
                (["--file", folder / "none.wav"], 1, "none.wav"),
                (["--reduction", "many"], 2, "many"),
                (["--model", folder / "none"], 1, "none")):
            with Live(*args, env=jack.env) as live:
                assert live.join() == status, live.told()
                assert len(live.errors) == 1, live.told()
                assert text in live.errors[0], live.told()


@test
def a_rate_that_does_not_work_is_replaced_and_told(folder):
    with Jack(folder) as jack:
        with Live("--rate", 44100, "--duration", 0.5, env=jack.env) as live:
            assert live.join() == 0, live.told()
            assert live.errors == ['grus live: "system" has no 44100 Hz: 48000 '
                                   "Hz is the nearest that works"], live.told()
            assert live.lines[-1]["sample_rate"] == RATE, live.told()


@unless_late
def jack_gives_what_render_gives(folder, block):
    """Play into the ports, record from the ports, and compare."""
    player = check_program("plugin/jack_player")
    sound = demo(folder)
    (folder / "in.raw").write_bytes(sound)
    with Jack(folder, block) as jack:
        with Live("--record", folder / "take.wav", "--channels", 1,
                  env=jack.env) as live:
            live.wait_for_seconds(0)
            told = run(player, folder / "in.raw", folder / "out.raw",
                       "grus:in_0", "grus:out_0", 0.5, "live",
                       env=jack.env).stdout
            assert live.stop() == 0, live.told()
    latency = engine_latency(live)
    dry, clean = recording(folder / "take.wav")
    out = (folder / "out.raw").read_bytes()
    assert live.lines[-1]["block"] == block, live.told()
    assert live.lines[-1]["device_latency_ms"] > 0, live.told()
    place = dry.find(sound)
    whole = 4 * (len(clean) // 4 - latency)
    # The player hears what it caused a period later
    lag = 4 * (latency + block)
    wanted = clean[place:place + len(sound)]
    print(f"# blocks of {block}: {len(wanted) // 4} frames, {latency} + {block} "
          f"frames late, the server was late: {told.split()[-2]}")
    compare_unless_late(not told.endswith("\n0 xruns\n"), [
        place > 0 and len(out) > len(sound),
        clean[:whole] == render(dry, folder)[:whole],
        out[lag:lag + len(wanted)] == wanted[:len(out) - lag]])


@test
def jack_with_blocks_of_64_gives_what_render_gives(folder):
    jack_gives_what_render_gives(folder, 64)


@test
def jack_with_blocks_of_128_gives_what_render_gives(folder):
    jack_gives_what_render_gives(folder, 128)


@test
def jack_with_blocks_of_256_gives_what_render_gives(folder):
    jack_gives_what_render_gives(folder, 256)


def alsa_file(folder):
    """Return an environment where ALSA has a device that writes a file, as fast as
    it can.  One that reads a file is done with it before a program is ready."""
    if not pathlib.Path("/usr/share/alsa/alsa.conf").exists():
        raise tap.Skip("ALSA is not installed")
    env = environment(folder, f"""
pcm.to {{ type file slave.pcm {{ type null }} file {folder}/out.raw
          format raw truncate true hint.show on }}
""")
    # The plugin takes 1.6 GB for each question about formats and uses little of
    # it.  Meson sets this, which has all of it written to: 30 s and more
    env.pop("MALLOC_PERTURB_", None)
    return env


@test
@unless_late
def alsa_writes_what_render_writes(folder):
    env = alsa_file(folder)
    sound = demo(folder, 0, 3)  # Has room in memory, however late the disk is
    source = write_wav(folder / "in.wav", sound)
    with Live("--file", source, "--output", "to", "--record",
              folder / "take.wav", env=env) as live:
        assert live.join() == 0, live.told()
    dry, clean = recording(folder / "take.wav")
    assert dry == sound and clean == render(sound, folder)
    out = floats((folder / "out.raw").read_bytes())[0::2].tobytes()
    lag = out.find(clean[4 * RATE:8 * RATE]) - 4 * RATE
    assert lag >= 4 * engine_latency(live)
    assert out[lag:lag + len(clean)] == clean


@test
@unless_late
def a_file_plays_in_real_time_to_its_end(folder):
    sound = demo(folder, 2, 3)
    source = write_wav(folder / "in.wav", sound)
    with Jack(folder) as jack:
        began = time.monotonic()
        with Live("--file", source, "--record", folder / "take.wav",
                  "--preset", "podcast", "--reduction", 40,
                  env=jack.env) as live:
            assert live.join() == 0, live.told()
        assert time.monotonic() - began > 2.9
    dry, clean = recording(folder / "take.wav")
    assert live.lines[-1]["state"] == "ended", live.told()
    assert live.lines[-1]["missing_frames"] == 0, live.told()
    assert dry == sound
    assert clean == render(sound, folder, "--reduction", 40, "--output-gain", 3)


if __name__ == "__main__":
    tap.main()
