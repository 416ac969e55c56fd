#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The callbacks of `grus live` do nothing that may wait.

    live_realtime_test.py build/tools/grus build/plugin build/tests
"""

import resource
import subprocess

import rights
import tap
from live_models import two_models
from live_program import GRUS, check_program, environment, guard_report, wait_for
from live_recording import demo, write_wav
from sound_servers import Jack
from tap import test
from terminal import Terminal


def no_violations(folder, program):
    """Run with changes of all kinds under a guard."""
    model = two_models(folder)
    source = write_wav(folder / "in.wav", demo(folder, 0, 12) * 10)
    (folder / "guard").write_bytes(bytes(32))

    def wait_for_callbacks(n):
        n_before = guard_report(folder)[0]
        wait_for(lambda: guard_report(folder)[0] >= n_before + n)

    errors = (folder / "errors").open("w")
    with Jack(folder) as jack, errors:
        env = dict(jack.env, GRUS_GUARD_REPORT=str(folder / "guard"),
                   TERM="xterm")
        with Terminal(folder, check_program(program), "live", "--verbose",
                      "--model", model, "--file", source, "--record",
                      folder / "take.wav", env=env, errors=errors) as terminal:
            terminal.wait_for("Grus")
            terminal.press("m")
            terminal.wait_for("another")
            for key in "pmlmbmbm":
                terminal.press(key)
                wait_for_callbacks(100)
            terminal.press("q")
            terminal.wait_until_ended()
    n_callbacks, n_violations, _, _ = guard_report(folder)
    told = (folder / "errors").read_text()
    print(f"# {n_callbacks} callbacks, {n_violations} violations")
    assert n_callbacks > 500 and n_violations == 0, told
    assert "RealtimeSanitizer" not in told, told


@test
def the_callback_neither_allocates_nor_locks(folder):
    no_violations(folder, "live/grus_guarded")


@test
def realtime_sanitizer_finds_nothing(folder):
    no_violations(folder, "live/grus_guarded_rtsan")


def take_rights():
    """Be somebody who may do nothing special, root or not."""
    resource.setrlimit(resource.RLIMIT_RTPRIO, (0, 0))
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (65536, 65536))
    rights.drop(rights.IPC_LOCK, rights.SYS_NICE)


@test
def a_hint_tells_what_real_time_needs(folder):
    devices = "pcm.grus { type null hint.show on }"
    source = write_wav(folder / "in.wav", demo(folder))
    env = environment(folder, devices)
    done = subprocess.run(
        [GRUS, "live", "--plain", "--file", source, "--output", "grus"],
        capture_output=True, check=False, env=env, preexec_fn=take_rights,
        text=True, timeout=120)
    assert done.returncode == 0, done
    assert "hint: real-time priority and locked memory are not allowed" in \
        done.stderr, done
    assert done.stderr.count("\n") == 1, done


if __name__ == "__main__":
    tap.main()
