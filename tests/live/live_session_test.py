#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""How `grus live` begins and ends, and what it shows meanwhile.

    live_session_test.py build/tools/grus build/plugin build/tests
"""

import array
import math
import resource
import signal

import tap
from live_program import DEMO, GRUS, Live, RATE, check_program, environment, run
from live_recording import demo, floats, recording, write_wav
from sound_servers import Jack, unless_late
from tap import need, test
from terminal import Terminal

NULL = "pcm.grus { type null hint.show on }"


@test
@unless_late
def the_duration_is_that_of_the_sound(folder):
    sound = demo(folder, 0, 4)
    source = write_wav(folder / "in.wav", sound)
    with Jack(folder) as jack:
        for name, seconds, options in (
                ("input", 1.5, []), ("file", 0.5, ["--file", source]),
                ("end", 4, ["--duration", 20, "--file", source])):
            take = folder / f"{name}.wav"
            with Live("--duration", seconds, *options, "--channels", 1,
                      "--record", take, env=jack.env) as live:
                assert live.join() == 0, live.told()
            # What nobody wanted to hear is not missing
            assert not [line for line in live.errors if "cut short" in line]
            dry, clean = recording(take)
            assert len(dry) == len(clean) == 4 * seconds * RATE, len(dry)
            if name != "end":
                assert live.lines[-1]["seconds"] == seconds, live.told()
            assert live.lines[-1]["recorded_seconds"] == seconds, live.told()
            assert name == "input" or dry == sound[:len(dry)]


@test
def lines_name_the_take_that_goes_on(folder):
    with Jack(folder) as jack:
        with Live("--plain", "--record", folder / "take.wav",
                  env=jack.env) as live:
            live.wait_for_seconds(0.3)
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            jack.start()
            live.wait_to_say("sound again, after")
            said = [line for line in live.errors if "sound again" in line]
            assert said[0].endswith(
                f'recording into "{folder}/take-2.wav"'), said
            assert live.stop() == 0, live.told()


def limit_files():
    """Let no file grow beyond a quarter of a megabyte."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))


@test
def a_failed_recording_is_told_whatever_comes_later(folder):
    slow = check_program("live/slow_closing.so")
    with Jack(folder) as jack:
        for more in ({}, {"LD_PRELOAD": str(slow)}):
            with Live("--record", folder / "take.wav", "--force",
                      env=dict(jack.env, **more),
                      preexec_fn=limit_files) as live:
                live.wait_to_say("stopped after")
                assert live.stop() == 1, live.told()
        with Live("--record", folder / "other.wav", env=jack.env,
                  preexec_fn=limit_files) as live:
            live.wait_to_say("stopped after")
            jack.kill()
            live.wait_to_say("is gone")
            jack.start()
            live.wait_to_say("sound again")
            live.wait_for_seconds(0)
            assert live.stop() == 1, live.told()


@test
def slow_devices_end_in_order(folder):
    slow = check_program("live/slow_closing.so")
    with Jack(folder) as jack:
        with Live("--record", folder / "take.wav", "--duration", 1,
                  "--channels", 1, env=dict(jack.env, LD_PRELOAD=str(slow))
                  ) as live:
            assert live.join() == 0, live.told()
        assert len(recording(folder / "take.wav")[0]) == 4 * RATE


@test
def damage_in_a_file_is_told(folder):
    whole = DEMO.read_bytes()
    damaged = folder / "damaged.flac"
    middle = len(whole) // 4
    damaged.write_bytes(whole[:middle] + bytes(9000) + whole[middle + 9000:])
    done = run(GRUS, "render", damaged, folder / "out.wav")
    wanted = [line for line in done.stderr.splitlines() if "damaged" in line]
    assert len(wanted) == 1, done
    with Live("--file", damaged, "--output", "grus",
              env=environment(folder, NULL)) as live:
        assert live.join() == 0, live.told()
    assert wanted[0].split(": ", 1)[1] in [
        line.split(": ", 1)[1] for line in live.errors], live.told()


def tones(n_channels, seconds=4):
    """Return frames with a tone in each channel, and their frequencies."""
    pitches = [30 + 10 * c for c in range(n_channels)]
    sound = array.array("f", (
        0.3 * math.sin(2 * math.pi * pitch * i / RATE)
        for i in range(int(seconds * RATE)) for pitch in pitches))
    return sound.tobytes(), pitches


def pitch_of(sound, pitches):
    """Return the one of some frequencies that is strongest."""
    part = sound[RATE:2 * RATE]

    def strength(pitch):
        step = 2 * math.pi * pitch / RATE
        return abs(sum(x * complex(math.cos(step * i), math.sin(step * i))
                       for i, x in enumerate(part)))

    return max(pitches, key=strength)


@test
def channels_of_a_recording_are_found_where_players_look(folder):
    need("ffmpeg")
    sound, pitches = tones(3)
    source = write_wav(folder / "in.wav", sound, 3)
    env = environment(folder, NULL)
    for ending in ("wav", "flac", "ogg", "opus"):
        take = folder / f"take.{ending}"
        with Live("--file", source, "--output", "grus", "--record", take,
                  "--reduction", 0, env=env) as live:
            assert live.join() == 0, live.told()
        run("ffmpeg", "-v", "error", "-i", take, "-f", "f32le",
            folder / f"{ending}.raw")
        frames = floats((folder / f"{ending}.raw").read_bytes())
        found = [pitch_of(frames[c::6], pitches) for c in range(6)]
        assert found == pitches * 2, (ending, found)


# The screen


@test
def a_preset_that_was_changed_is_shown_so(folder):
    with Jack(folder) as jack:
        with Terminal(folder, GRUS, "live", "--preset", "podcast",
                      env=jack.env) as terminal:
            terminal.wait_for("Preset podcast")
            assert "changed" not in terminal.screen(), terminal.screen()
            terminal.press("-")
            terminal.wait_for("Preset podcast, changed")
            terminal.press("p")
            terminal.wait_for("Preset call")
            assert "changed" not in terminal.screen(), terminal.screen()
            terminal.press("q")
            terminal.wait_until_ended()
        with Live("--preset", "podcast", "--reduction", 7, "--duration", 0.5,
                  env=jack.env) as live:
            assert live.join() == 0, live.told()
        assert live.lines[-1]["preset"] == "podcast", live.told()
        assert live.lines[-1]["preset_changed"] is True, live.told()


@test
def a_narrow_terminal_shows_all(folder):
    with Jack(folder) as jack:
        with Terminal(folder, GRUS, "live", "--record", folder / "t.wav",
                      env=jack.env) as terminal:
            terminal.tmux("resize-window", "-x", 45, "-y", 24)
            for text in ("Xruns", "Load", "worst", "Preset none", "Recording",
                         "Latency", "device", "Enabled on", "Gate release"):
                terminal.wait_for(text)
            shown = terminal.screen()
            assert max(map(len, shown.splitlines())) <= 45, shown
            terminal.tmux("resize-window", "-x", 45, "-y", 18)
            terminal.press("Up")  # From the first round to the last
            terminal.wait_for("Even load")
            assert "Enabled" not in terminal.screen(), terminal.screen()
            terminal.press("q")
            terminal.wait_until_ended()


if __name__ == "__main__":
    tap.main_of_program()
