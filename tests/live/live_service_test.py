#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` as a part of the desktop: PipeWire's configuration is installed
and removed, and systemd starts it.

    live_service_test.py build/tools/grus build/plugin build/tests
"""

import pathlib
import shlex
import subprocess

import tap
from live_program import GRUS, PATIENCE, environment, run, start, end_group, wait_for
from sound_servers import Jack
from tap import need, test

UNIT = pathlib.Path(GRUS).parent / "grus-live.service"


def pipewire(*options, env, status=0):
    """Run the command and return what it said."""
    done = run(GRUS, "live", "--pipewire-config", *options, env=env,
               status=status)
    assert (done.stdout + done.stderr).count("\n") == 1, done
    return done.stdout + done.stderr


@test
def a_configuration_is_installed_replaced_and_removed(folder):
    env = environment(folder)
    path = folder / "config/pipewire/pipewire.conf.d/grus.conf"
    assert pipewire("--remove", env=env) == \
        f'nothing to remove: there is no "{path}"\n'
    said = pipewire("--install", env=env)
    assert said == (f'installed "{path}"; now restart PipeWire: systemctl '
                    "--user restart pipewire\n"), said
    plain = run(GRUS, "live", "--pipewire-config", env=env).stdout
    assert path.read_text().split("\n", 1)[1] == plain
    assert pipewire("--install", "--reduction", 24, env=env).startswith(
        f'replaced "{path}"')
    assert '"reduction" = 24' in path.read_text()
    assert pipewire("--remove", env=env).startswith(f'removed "{path}"')
    assert not path.exists() and path.parent.is_dir()
    # Without XDG_CONFIG_HOME
    env.pop("XDG_CONFIG_HOME")
    pipewire("--install", env=env)
    assert (folder / ".config/pipewire/pipewire.conf.d/grus.conf").is_file()


@test
def what_is_not_ours_stays(folder):
    env = environment(folder)
    path = folder / "config/pipewire/pipewire.conf.d/grus.conf"
    pipewire("--install", env=env)
    changed = path.read_text().replace("Grus", "My Grus")
    for text in ("mine\n", "", changed, changed.split("\n", 1)[1]):
        path.write_text(text)
        for option in ("--install", "--remove"):
            said = pipewire(option, env=env, status=1)
            assert "stays as it is" in said, said
            assert path.read_text() == text
    path.unlink()
    path.mkdir()
    for option in ("--install", "--remove"):
        assert "cannot read" in pipewire(option, env=env, status=1)


@test
def options_that_make_no_sense_are_refused(folder):
    env = environment(folder)
    for options, text in ((["--install"], "belong to --pipewire-config"),
                          (["--pipewire-config", "--install", "--remove"],
                           "give one"),
                          (["--pipewire-config", "--install", "--model", "x"],
                           "cannot tell the plugin a model")):
        done = run(GRUS, "live", *options, env=env, status=2)
        assert text in done.stderr and done.stderr.count("\n") == 1, done
    assert not (folder / "config").exists()


@test
def systemd_takes_the_unit(folder):
    need("systemd-analyze")
    text = UNIT.read_text()
    line = [x for x in text.splitlines() if x.startswith("ExecStart=")][0]
    program = line.split("=", 1)[1].split()[0]
    unit = folder / "grus-live.service"
    unit.write_text(text.replace(program, GRUS))
    done = subprocess.run(["systemd-analyze", "--user", "--man=no",
                           "verify", unit],
                          capture_output=True, check=False, text=True,
                          env=environment(folder), timeout=60)
    assert "grus-live" not in done.stderr, done


@test
def what_the_unit_starts_obeys(folder):
    line = [x for x in UNIT.read_text().splitlines()
            if x.startswith("ExecStart=")][0].split("=", 1)[1]
    program, rest = line.split(" ", 1)
    assert program.endswith("/bin/grus"), line
    with Jack(folder) as jack:
        socket = folder / "run" / "grus"
        env = dict(jack.env, GRUS_LIVE_OPTIONS="--channels 1 --reduction 12")
        command = f"exec {shlex.quote(GRUS)} {rest}".replace(
            "%t", str(folder / "run"))
        service = start("sh", "-c", command, env=env)
        try:
            wait_for(socket.is_socket)
            said = run(GRUS, "ctl", socket, "reduction", env=env).stdout
            assert said == "12 dB\n", said
            run(GRUS, "ctl", socket, "quit", env=env)
            assert service.wait(PATIENCE) == 0
        finally:
            end_group(service)


if __name__ == "__main__":
    tap.main_of_program()
