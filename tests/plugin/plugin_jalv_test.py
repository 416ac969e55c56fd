#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The plugin in jalv, live under a JACK server, with states and other models.

    plugin_jalv_test.py build/tools/grus build/plugin build/tests
"""

import array
import json
import signal
import struct
import subprocess

import tap
from bundle import CHECKS, MODEL, MONO, RATE, demo, run
from live_program import PATIENCE, end_group, wait_for
from silence import silence_before, with_silence_before
from sound_servers import Jack
from tap import need, test


class Jalv:
    """jalv with the mono plugin, under a JACK server of its own."""

    LAG = 2304 + 256  # Even load, and JACK's period

    def __init__(self, folder, *options):
        need("jalv", "stdbuf")
        if not (CHECKS / "plugin" / "jack_player").exists():
            raise tap.Skip("jack_player is not built: libjack is missing")
        self.folder = folder
        self.jack = Jack(folder, 256)
        self.xruns = 0
        run("true", folder=folder)  # Makes the folder of plugins
        self.jack.start()
        self.log = folder / "jalv.log"
        with self.log.open("w") as log:
            self.jalv = subprocess.Popen(
                ["stdbuf", "-o0", "jalv", "-n", "grus", *map(str, options)],
                env=dict(self.jack.env,
                         LV2_PATH=f"{folder / 'lv2'}:/usr/lib/lv2"),
                stdin=subprocess.PIPE, text=True, stdout=log, stderr=log)
        wait_for(lambda: self.said().endswith("> ") or
                 self.jalv.poll() is not None, self.said)

    def said(self):
        """Return what it has said."""
        return self.log.read_text()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.jalv.terminate()
        self.jalv.communicate()
        end_group(self.jack.process, signal.SIGTERM)

    def tell(self, text):
        """Type at its prompt."""
        self.jalv.stdin.write(text)
        self.jalv.stdin.flush()

    def play(self, sound, *how, after_2_seconds=""):
        """Return what comes out, from where the sound begins."""
        source, target = self.folder / "in.raw", self.folder / "out.raw"
        source.write_bytes(sound.tobytes())
        with subprocess.Popen(
                [CHECKS / "plugin" / "jack_player", source, target, "grus:in",
                 "grus:out", *map(str, how)], env=self.jack.env, text=True,
                stdout=subprocess.PIPE) as player:
            for line in player.stdout:
                if line == "2 s\n":
                    self.tell(after_2_seconds)
                last = line
        assert not player.returncode, last
        self.xruns = int(last.split()[0])
        out = array.array("f")
        out.frombytes(target.read_bytes())
        return out[self.LAG:]

    def quit(self):
        """End it; return all that it said."""
        self.tell("quit\n")
        self.jalv.communicate(timeout=PATIENCE)
        return self.said()


@test
def jalv_gives_what_render_gives(folder):
    sound = demo(folder)
    with Jalv(folder, MONO) as jalv:
        out = jalv.play(sound)
        jalv.tell("presets\ncontrols\n")
        text = jalv.quit()
    assert f"{MONO}#gentle" in text, text
    n_frames = silence_before(sound, out, 256, folder)
    wanted = with_silence_before(sound, n_frames, folder, 1)
    print(f"# {n_frames} frames of silence before the sound")
    assert out[:len(wanted)] == wanted


PREFIXES = """
@prefix lv2: <http://lv2plug.in/ns/lv2core#> .
@prefix pset: <http://lv2plug.in/ns/ext/presets#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix state: <http://lv2plug.in/ns/ext/state#> .
"""


def state_with_half_model(path, uri):
    """Make a folder with a state of this name: a model that halves sounds.

    What it gives does not depend on what it has heard.
    """
    path.mkdir()
    data = bytearray(MODEL.read_bytes())
    size = struct.unpack_from("<Q", data)[0]
    tensors = json.loads(data[8:8 + size])
    about = json.loads(tensors["__metadata__"]["grus"])
    # The self-test and the checksum are another model's; its tensors are the last
    del about["self_test"], tensors["self_test.output"], tensors["__metadata__"]["data_fnv1a"]
    end_of_weights = tensors.pop("self_test.input")["data_offsets"][0]
    tensors["__metadata__"]["grus"] = json.dumps(about)

    def fill(name, values):
        begin, end = (8 + size + x for x in tensors[name]["data_offsets"])
        n_times = (end - begin) // (4 * len(values))
        data[begin:end] = struct.pack(f"<{len(values)}f", *values) * n_times

    for zone, width in enumerate((4, 8, 16)):
        fill(f"decoder.{zone}.weight", [0])
        # Sounds are compressed by this power before the mask
        fill(f"decoder.{zone}.bias", [0.5**0.3] * width + [0] * width)
    fill("head.gains.weight", [0])
    fill("head.gains.bias", [0])  # A sigmoid follows
    head = json.dumps(tensors).encode()
    (path / "half.safetensors").write_bytes(
        struct.pack("<Q", len(head)) + head +
        data[8 + size:8 + size + end_of_weights])
    (path / "manifest.ttl").write_text(
        f"{PREFIXES} <{uri}> a pset:Preset ; lv2:appliesTo <{MONO}> ; "
        "rdfs:seeAlso <state.ttl> .\n")
    (path / "state.ttl").write_text(
        f'{PREFIXES} <{uri}> a pset:Preset ; lv2:appliesTo <{MONO}> ; '
        f'rdfs:label "Half" ; '
        f'state:state [ <{MONO}#model> <half.safetensors> ] .\n')


def is_half(out, sound):
    """Whether a sound has come out at half its size."""
    return all(abs(o - 0.5 * x) < 1e-4 for o, x in zip(out, sound))


@test
def jalv_restores_the_model_of_a_state(folder):
    sound = demo(folder)
    state_with_half_model(folder / "state", "state.ttl")
    with Jalv(folder, "-l", folder / "state") as jalv:
        out = jalv.play(sound)
        text = jalv.quit()
    assert len(out) > len(sound) and is_half(out, sound), text


@test
def jalv_swaps_the_model_while_it_plays(folder):
    sound = demo(folder)[:12 * RATE]
    state_with_half_model(folder / "lv2" / "user.lv2", "urn:test:half")
    for _ in range(6):  # It plays in real time: an xrun leaves a hole
        with Jalv(folder, MONO) as jalv:
            out = jalv.play(sound, 0.5, "live",
                            after_2_seconds="presets\npreset urn:test:half\n")
            text = jalv.quit()
        if not jalv.xruns:
            break
    n_frames = silence_before(sound, out, 256, folder)
    wanted = with_silence_before(sound, n_frames, folder, 1)
    assert out[:RATE] == wanted[:RATE], (jalv.xruns, text)
    assert not is_half(out[:RATE], sound)
    end = slice(11 * RATE, 12 * RATE)
    assert is_half(out[end], sound[end]), text


if __name__ == "__main__":
    tap.main()
