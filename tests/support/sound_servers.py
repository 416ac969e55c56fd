# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sound servers without a sound card: JACK, PulseAudio and PipeWire.

JACK runs in its synchronous mode and waits for whom it serves, so that a slow
machine makes its clock late but loses no sound; where bits are compared and
the server was late nevertheless, the test is tried again.
"""

import ctypes
import functools
import os
import pathlib
import signal
import subprocess

import tap
from live_program import (
    GRUS, LOSSES, NUMBERS, RATE, end_group, environment, run, start, wait_for,
)
from tap import need

# Of <sched.h> and <sys/mount.h>
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MNT_DETACH, MS_REC, MS_PRIVATE = 2, 0x4000, 0x40000

LIBC = ctypes.CDLL(None)
MOUNTED = []


def leave_namespace():
    """Have mounts of our own; return whether we may."""
    user, group = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWNS):
        if LIBC.unshare(CLONE_NEWNS | CLONE_NEWUSER):
            return False
        me = pathlib.Path("/proc/self")
        (me / "setgroups").write_text("deny")
        (me / "uid_map").write_text(f"{user} {user} 1")
        (me / "gid_map").write_text(f"{group} {group} 1")
    return not LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)


def mount_shared_memory():
    """Mount an empty /dev/shm; return whether we may."""
    return not LIBC.mount(b"none", b"/dev/shm", b"tmpfs", 0, b"mode=1777")


def may_mount():
    """Whether all of that works, tried out in a process that is lost by it."""
    child = os.fork()
    if not child:
        try:
            done = leave_namespace() and mount_shared_memory()
        except OSError:
            done = False
        os._exit(0 if done else 1)
    return not os.waitpid(child, 0)[1]


def renew_shared_memory():
    """Begin with a /dev/shm that is empty and nobody else's, where the system
    allows it.

    JACK keeps there what all servers and clients of a user share: a server that
    ends takes it from the others, and whoever is killed at the wrong moment
    leaves a database for which every client then waits half a minute.  So neither
    other tests nor servers that a user runs may meet in it.
    """
    if not MOUNTED:
        MOUNTED.append(may_mount() and leave_namespace())
    elif MOUNTED[0]:
        LIBC.umount2(b"/dev/shm", MNT_DETACH)
    if MOUNTED[0]:
        mount_shared_memory()


tap.BEFORE_EACH.append(renew_shared_memory)


class Jack:
    """A dummy JACK server."""

    def __init__(self, folder, block=128):
        need("jackd")
        self.name = f"grus-{os.getpid()}-{next(NUMBERS)}"
        self.args = ["jackd", "-r", "-S", "-n", self.name, "-d", "dummy", "-r",
                     RATE, "-p", block]
        self.env = environment(folder, JACK_DEFAULT_SERVER=self.name)
        self.process = None

    def start(self):
        """Start the server, or start it again."""
        self.process = start(*self.args, env=self.env)

        def runs():
            done = subprocess.run([GRUS, "devices"], capture_output=True,
                                  check=False, env=self.env)
            return b"JACK" in done.stdout

        wait_for(runs)

    def kill(self):
        """Have the server die, which leaves its name taken."""
        end_group(self.process)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        end_group(self.process, signal.SIGTERM)


MOST_ATTEMPTS = 5


class Late(Exception):
    """Sound was lost because the machine was late, which is no fault of
    ours."""


def compare_unless_late(late, same):
    """Fail if something is not the same, unless sound was lost."""
    if not all(same) and late:
        raise Late
    assert all(same), same


def until_not_late(function, *args):
    """Try again where sound was lost."""
    for attempt in range(1, 1 + MOST_ATTEMPTS):
        try:
            function(*args)
            return
        except Late:
            print(f"# attempt {attempt}: sound was lost")
    raise tap.Skip("this machine always loses sound")


def unless_late(function):
    """Have a test that fails be tried again, in another folder, where `grus
    live` told that sound was lost meanwhile.  The last attempt counts."""
    @functools.wraps(function)
    def attempts(folder, *args):
        numbers = iter(range(1, 1 + MOST_ATTEMPTS))

        def attempt():
            LOSSES.clear()
            number = next(numbers)
            place = folder / str(number)
            place.mkdir()
            try:
                function(place, *args)
            except AssertionError as error:
                if LOSSES and number < MOST_ATTEMPTS:
                    print(f"# {LOSSES[-1]}")
                    raise Late from error
                raise

        until_not_late(attempt)

    return attempts


def pulse(folder, env):
    """Start PulseAudio with a sink that has a clock and no sound card."""
    need("pulseaudio")
    config = folder / "pulse.pa"
    config.write_text("""
load-module module-native-protocol-unix auth-anonymous=1
load-module module-null-sink sink_name=out rate=48000
set-default-sink out
set-default-source out.monitor
""")
    return start("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                 "--use-pid-file=no", "-F", config, env=env)


PULSE_DEVICE = "pcm.grus_pulse { type pulse hint.show on }"


def wait_for_pulse(env):
    """Wait until ALSA has PulseAudio."""
    need("pactl")
    wait_for(lambda: subprocess.run(
        ["pactl", "info"], capture_output=True, check=False,
        env=env).returncode == 0)
    if "grus_pulse" not in run(GRUS, "devices", env=env).stdout:
        raise tap.Skip("libasound2-plugins is not installed")


# The session manager ends where PipeWire does not answer yet
PIPEWIRE_SESSION = ("pipewire & until pw-cli info 0 >/dev/null 2>&1; "
                    "do sleep 0.1; done; wireplumber & ")


class PipeWire:
    """PipeWire and its session manager, with one microphone."""

    def __init__(self, folder, env):
        need("pipewire", "wireplumber", "dbus-run-session", "pw-cli",
             "pw-link", "pw-play", "pw-record")
        self.env = env
        self.log = (folder / "pipewire.log").open("w")
        self.process = start(
            "dbus-run-session", "--", "sh", "-c", PIPEWIRE_SESSION + "wait",
            env=env, log=self.log)

    def wait_for_ports(self, *names):
        """Wait for ports, and return all there are."""
        def ports():
            return subprocess.run(["pw-link", "-io"], capture_output=True,
                                  check=False, env=self.env,
                                  text=True).stdout
        wait_for(lambda: all(name in ports().split() for name in names), ports)

    def add_microphone(self):
        """Make a microphone that plays what is linked to it."""
        run("pw-cli", "create-node", "adapter",
            "{ factory.name=support.null-audio-sink node.name=mic "
            "media.class=Audio/Source/Virtual object.linger=true "
            "audio.position=[MONO] }", env=self.env)
        self.wait_for_ports("mic:input_MONO", "mic:capture_MONO")

    def __enter__(self):
        wait_for(lambda: subprocess.run(
            ["pw-cli", "info", "0"], capture_output=True, check=False,
            env=self.env).returncode == 0)
        self.add_microphone()
        return self

    def __exit__(self, *_):
        end_group(self.process)
        self.log.close()
