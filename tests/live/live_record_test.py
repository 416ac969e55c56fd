#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What `grus live` records is whole however it ends.

    live_record_test.py build/tools/grus build/plugin build/tests
"""

import array
import json
import re
import resource
import signal

import tap
from live_program import GRUS, Live, RATE, check_program, end_group, run
from live_recording import demo, floats, level, recording, render, wave_floats, write_wav
from sound_servers import Jack, unless_late
from tap import need, test


@test
@unless_late
def opposite_sides_are_heard(folder):
    alone = floats(demo(folder, 1, 3))
    sides = array.array("f", (x for y in alone for x in (y, -y))).tobytes()
    source = write_wav(folder / "in.wav", sides, 2)
    with Jack(folder) as jack, Live(
            "--file", source, "--record", folder / "take.wav",
            env=jack.env) as live:
        assert live.join() == 0, live.told()
    take = floats(wave_floats(folder / "take.wav"))
    assert take[0::4] == alone, live.told()
    clean = array.array("f", (x for pair in zip(take[2::4], take[3::4])
                              for x in pair))
    assert clean.tobytes() == render(sides, folder, "--raw-channels", 2)
    change = level(take[2::4].tobytes()) / level(
        render(alone.tobytes(), folder))
    assert 0.8 < change < 1.25, change


@test
def recordings_are_whole_after_every_end(folder):
    with Jack(folder) as jack:
        for name, number in (("int", signal.SIGINT), ("term", signal.SIGTERM),
                             ("hup", signal.SIGHUP)):
            path = folder / f"{name}.flac"
            with Live("--record", path, env=jack.env) as live:
                live.wait_for(lambda: any(
                    line["recorded_seconds"] > 0 for line in live.lines))
                assert live.stop(number) == 0, live.told()
            done = run(GRUS, "render", "--json", "--reduction", 0, path,
                       folder / "copy.wav")
            seconds = json.loads(done.stdout)["seconds"]
            assert abs(seconds - live.lines[-1]["seconds"]) < 0.2, live.told()


@test
def kill_leaves_a_recording_that_opens(folder):
    need("sndfile-info")
    with Jack(folder) as jack:
        with Live("--record", folder / "take.wav", env=jack.env) as live:
            live.wait_for(lambda: any(
                line["recorded_seconds"] > 2.2 for line in live.lines))
            end_group(live.process)
        jack.kill()  # It would wait for the dead one for 10 s
        jack.start()
        recorded = live.lines[-1]["recorded_seconds"]
    text = run("sndfile-info", folder / "take.wav").stdout
    seconds = float(re.search(r"Duration +: 00:00:([\d.]+)", text).group(1))
    assert seconds > recorded - 1.0, (seconds, recorded)
    print(f"# {recorded} s were recorded, {seconds} s are told by sndfile-info")


@test
def an_earlier_take_is_never_lost(folder):
    for name in ("take.wav", "take-2.wav"):
        (folder / name).write_bytes(b"earlier")
    (folder / "link.wav").symlink_to("take.wav")
    with Jack(folder) as jack:
        for options, name, taken in (
                (("--record", folder / "link.wav"), "link-2.wav", True),
                (("--record", folder / "take.wav", "--force"), "take.wav",
                 False)):
            with Live(*options, env=jack.env) as live:
                live.wait_for_seconds(0.3)
                assert live.stop() == 0, live.told()
            assert live.lines[-1]["record"] == str(folder / name), live.told()
            said = [line for line in live.errors if "exists" in line]
            assert [name in line for line in said] == [True] * taken, said
            assert len(recording(folder / name)[0]) > RATE // 4, name
            assert (folder / "take-2.wav").read_bytes() == b"earlier"
            if taken:
                assert (folder / "take.wav").read_bytes() == b"earlier"


@test
def devices_that_do_not_start_leave_no_take(folder):
    takes, go = folder / "takes", folder / "go"
    takes.mkdir()
    with Jack(folder) as jack:
        env = dict(jack.env, GRUS_LET_GO=str(go), GRUS_LEFT_OPEN=str(folder / "left-open"),
                   LD_PRELOAD=str(check_program("live/busy_device.so")))
        with Live("--record", takes / "take.wav", env=env) as live:
            assert live.join() == 1, live.told()
        assert not list(takes.iterdir())
        go.touch()
        with Live("--record", takes / "take.wav", env=env) as live:
            live.wait_for_seconds(0.3)
            go.unlink()
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            jack.start()
            # Each try that fails doubles the pause before the next
            live.wait_for(lambda: any(
                line.get("retry_s", 0) >= 4 for line in live.lines))
            assert [path.name for path in takes.iterdir()] == ["take.wav"]
            go.touch()
            live.wait_to_say("sound again, after")
            live.wait_for_seconds(0.3)
            assert live.stop() == 0, live.told()
        assert live.lines[-1]["record"].endswith("/take-2.wav"), live.told()
    assert not (folder / "left-open").exists()
    assert sorted(path.name for path in takes.iterdir()) == [
        "take-2.wav", "take.wav"]


def limit_files():
    """Let no file grow beyond a megabyte, as if the disk were full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


@test
def a_full_disk_ends_the_recording_and_not_the_sound(folder):
    with Jack(folder) as jack:
        with Live("--record", folder / "take.wav", "--rate", RATE,
                  env=jack.env, preexec_fn=limit_files) as live:
            live.wait_to_say("stopped after")
            seconds = live.lines[-1]["seconds"]
            live.wait_for_seconds(seconds + 1.0)
            assert live.stop() == 1, live.told()
    assert len(live.errors) == 1, live.told()


if __name__ == "__main__":
    tap.main()
