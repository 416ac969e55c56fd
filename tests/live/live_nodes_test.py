#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The sources and sinks of PulseAudio, and of PipeWire as it, by their names.

    live_nodes_test.py build/tools/grus build/plugin build/tests
"""

import json
import subprocess

import tap
from live_program import GRUS, Live, end_group, environment, run, start, wait_for
from sound_servers import PIPEWIRE_SESSION, unless_late
from tap import need, test

PULSE = """
load-module module-native-protocol-unix auth-anonymous=1
"""

# What pipewire-pulse starts with
PIPEWIRE = """
context.properties = { }
context.spa-libs = {
  audio.convert.* = audioconvert/libspa-audioconvert
  support.*       = support/libspa-support
}
context.modules = [
  { name = libpipewire-module-rt flags = [ ifexists nofail ] }
  { name = libpipewire-module-protocol-native }
  { name = libpipewire-module-client-node }
  { name = libpipewire-module-adapter }
  { name = libpipewire-module-metadata }
  { name = libpipewire-module-protocol-pulse
    args = { server.address = [ "unix:native" ] } }
]
"""


class Server:
    """A server with two sinks, whose monitors are its sources."""

    def __init__(self, folder, kind):
        need("pactl", *(["pulseaudio"] if kind == "pulseaudio" else
                        ["pipewire", "pw-cli", "wireplumber",
                         "dbus-run-session"]))
        self.env = environment(folder)
        self.kind = kind
        self.config = folder / "server.conf"
        self.process = None

    def start(self):
        """Start it, or start it again."""
        if self.kind == "pulseaudio":
            self.config.write_text(PULSE)
            args = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                    "--use-pid-file=no", "-F", self.config]
        else:
            self.config.write_text(PIPEWIRE)
            args = ["dbus-run-session", "--", "sh", "-c",
                    f"{PIPEWIRE_SESSION} pipewire -c {self.config} & wait"]
        self.process = start(*args, env=self.env)
        wait_for(lambda: self.can("info"))
        for name in ("speaker", "headset"):
            run("pactl", "load-module", "module-null-sink", f"sink_name={name}",
                "rate=48000", "sink_properties=device.description="
                f"Loud_{name.title()}", env=self.env)
        wait_for(lambda: "headset" in self.pactl("sinks"))
        # PipeWire's session manager has what they are kept in a while later
        wait_for(lambda: self.can("set-default-sink", "speaker") and
                 self.can("set-default-source", "headset.monitor"))
        wait_for(lambda: (self.tell("get-default-sink"),
                          self.tell("get-default-source")) ==
                 ("speaker\n", "headset.monitor\n"))

    def can(self, *args):
        """Whether the server does something."""
        return not subprocess.run(["pactl", *args], capture_output=True,
                                  check=False, env=self.env).returncode

    def tell(self, *args):
        """Return what the server tells."""
        return run("pactl", *args, env=self.env).stdout

    def pactl(self, kind):
        """Return what there is of a kind."""
        return self.tell("list", "short", kind)

    def ends(self, kind, streams):
        """Return the names of the nodes that streams lead to."""
        names = {line.split()[0]: line.split()[1]
                 for line in self.pactl(kind).splitlines()}
        return [names[line.split()[1]]
                for line in self.pactl(streams).splitlines()]

    def kill(self):
        """Have it die."""
        end_group(self.process)

    def __enter__(self):
        self.start()
        if "pulse" not in run(GRUS, "devices", env=self.env).stdout:
            raise tap.Skip("libasound2-plugins is not installed")
        return self

    def __exit__(self, *_):
        self.kill()


def nodes(server):
    """Return the nodes by their names."""
    devices = json.loads(run(GRUS, "devices", "--json", env=server.env).stdout)
    found = {d["name"]: d for d in devices if "description" in d}
    if not found:
        raise tap.Skip("built without libpulse")
    return found


def names_its_nodes(folder, kind):
    """Choose nodes by number, name and description."""
    with Server(folder, kind) as server:
        found = nodes(server)
        assert set(found) == {"speaker", "headset", "speaker.monitor",
                              "headset.monitor"}, found
        assert found["speaker"]["description"] == "Loud_Speaker", found
        assert found["speaker"]["outputs"] == 2, found
        assert found["speaker.monitor"]["inputs"] == 2, found
        assert [n for n, d in found.items() if d["default_output"]] == [
            "speaker"], found
        assert [n for n, d in found.items() if d["default_input"]] == [
            "headset.monitor"], found
        assert "Loud_Headset" in run(GRUS, "devices", env=server.env).stdout
        for source, sink in (
                ("speaker.monitor", "headset"),
                ("pulse:monitor of loud_speaker", "Loud_HEADSET"),
                (found["speaker.monitor"]["number"],
                 found["headset"]["number"])):
            with Live("--input", source, "--output", sink,
                      env=server.env) as live:
                live.wait_for_seconds(0.5)
                wait_for(lambda: server.ends("sinks", "sink-inputs") == [
                    "headset"])
                wait_for(lambda: "speaker.monitor" in server.ends(
                    "sources", "source-outputs"))
                assert live.stop() == 0, live.told()
            assert live.lines[-1]["output"] == "Loud_Headset", live.told()
            assert live.lines[-1]["sample_rate"] == 48000, live.told()
        for args, text in ((["--output", "none-such"], "no output is called"),
                           (["--output", "loud"], "say which"),
                           (["--input", found["speaker"]["number"]],
                            "has no input")):
            with Live(*args, env=server.env) as live:
                assert live.join() == 1, live.told()
                assert len(live.errors) == 1, live.told()
                assert text in live.errors[0], live.told()


@test
@unless_late
def pulseaudio_names_its_nodes(folder):
    names_its_nodes(folder, "pulseaudio")


@test
@unless_late
def pipewire_names_its_nodes(folder):
    names_its_nodes(folder, "pipewire")


def plays_on_both_defaults(folder, kind):
    """Play from the default to the default, through the server's death."""
    with Server(folder, kind) as server:
        with Live("--duration", 10, env=server.env) as live:
            assert live.join() == 0, live.told()
        assert live.lines[-1]["seconds"] == 10, live.told()
        assert not [e for e in live.errors if "gone" in e], live.told()
        with Live(env=server.env) as live:
            live.wait_for_seconds(0.5)
            server.kill()
            live.wait_to_say("the sound device or server is gone")
            server.start()
            live.wait_to_say("sound again, after")
            live.wait_for_seconds(0.5)
            assert live.stop() == 0, live.told()


@test
@unless_late
def pulseaudio_plays_on_both_defaults(folder):
    plays_on_both_defaults(folder, "pulseaudio")


@test
@unless_late
def pipewire_plays_on_both_defaults(folder):
    plays_on_both_defaults(folder, "pipewire")


if __name__ == "__main__":
    tap.main_of_program()
