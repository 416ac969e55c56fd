#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus live` and `grus devices`, as a user runs them on sound servers.

The servers are dummies, with a clock and without a sound card: JACK, ALSA's
file plugin, PulseAudio and PipeWire.  What is not installed is skipped by name;
`tools/setup.sh --hosts` installs all of it.  JACK runs in its synchronous mode
and waits for whom it serves, so that a slow machine makes its clock late but
loses no sound; where bits are compared and the server was late nevertheless,
the test is tried again.  Prints TAP.

    live_test.py build/tools/grus build/plugin build/tests
"""

import array
import itertools
import json
import math
import os
import pathlib
import re
import resource
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time

import rights
import tap
from tap import need, test

GRUS = os.path.abspath(sys.argv[1])
BUNDLE = pathlib.Path(sys.argv[2]).resolve()
CHECKS = pathlib.Path(sys.argv[3]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
MODEL = ROOT / "presets" / "models" / "voice.safetensors"
RATE = 48000
PATIENCE = 40  # Seconds that a busy machine may take for anything
NUMBERS = itertools.count()


def check_program(name):
    """Return the path of a program of ours that is built if it can be."""
    if not (CHECKS / name).exists():
        raise tap.Skip(f"{name} is not built: its libraries are missing")
    return CHECKS / name


def environment(folder, devices="", **more):
    """Return an environment with no sound servers, and no devices but those
    that an ALSA configuration tells of."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    config = folder / "asound.conf"
    config.write_text(f"</usr/share/alsa/alsa.conf>\n{devices}\n")
    result = dict(os.environ, ALSA_CONFIG_PATH=str(config), HOME=str(folder),
                  JACK_DEFAULT_SERVER="grus-none", JACK_NO_START_SERVER="1",
                  JACK_NO_AUDIO_RESERVATION="1", LC_ALL="C.UTF-8",
                  XDG_CONFIG_HOME=str(folder / "config"),
                  XDG_RUNTIME_DIR=str(runtime),
                  XDG_STATE_HOME=str(folder / "state"))
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "GRUS_MODEL",
                 "PULSE_SERVER", "TMUX"):
        result.pop(name, None)
    result.update(more)
    return result


def run(*args, env=None, status=0):
    """Run a program, return what it printed."""
    done = subprocess.run([*map(str, args)], capture_output=True, check=False,
                          env=env, text=True, timeout=120)
    assert done.returncode == status, (args, done)
    return done


def wait_for(condition, told=lambda: ""):
    """Wait until a condition holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"waited too long: {told()}"
        time.sleep(0.05)


def start(*args, env, log=subprocess.DEVNULL):
    """Start a program in a process group of its own."""
    return subprocess.Popen([*map(str, args)], env=env, stdout=log, stderr=log,
                            stdin=subprocess.DEVNULL, start_new_session=True)


def end_group(process, number=signal.SIGKILL):
    """End a program and what it has started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass
    process.wait(PATIENCE)


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


class Live:
    """`grus live`, what it shows and what it says."""

    def __init__(self, *args, env, program=GRUS, **options):
        self.lines = []
        self.errors = []
        self.process = subprocess.Popen(
            [program, "live", "--json", *map(str, args)], env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True, text=True,
            **options)
        self.threads = [
            threading.Thread(target=self.read_lines),
            threading.Thread(target=self.read_errors)]
        for thread in self.threads:
            thread.start()

    def read_lines(self):
        """Read a line a second."""
        for line in self.process.stdout:
            self.lines.append(json.loads(line))

    def read_errors(self):
        """Read what it says."""
        for line in self.process.stderr:
            self.errors.append(line.rstrip("\n"))

    def told(self):
        """Return all that it told."""
        return f"{self.lines[-3:]} {self.errors[-5:]} {self.process.poll()}"

    def wait_for(self, condition):
        """Wait for a condition while it runs."""
        wait_for(lambda: condition() or self.process.poll() is not None,
                 self.told)
        assert condition(), self.told()

    def wait_for_seconds(self, seconds):
        """Wait until it has played for so long."""
        n_before = len(self.lines)
        self.wait_for(lambda: any(
            line.get("seconds", 0) > seconds for line in self.lines[n_before:]))

    def wait_to_say(self, text):
        """Wait until it says something."""
        self.wait_for(lambda: any(text in line for line in self.errors))

    def join(self):
        """Wait until it ends, return the exit status."""
        status = self.process.wait(PATIENCE)
        for thread in self.threads:
            thread.join()
        return status

    def stop(self, number=signal.SIGINT):
        """End it as a user does, return the exit status."""
        self.process.send_signal(number)
        return self.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end_group(self.process)
        for thread in self.threads:
            thread.join()


def floats(data):
    """Return the floats in bytes."""
    sound = array.array("f")
    sound.frombytes(data[:len(data) // 4 * 4])
    return sound


def demo(folder, first=0.0, seconds=2.0):
    """Return a part of the demo recording, as bytes of floats."""
    raw = folder / "demo.raw"
    run(GRUS, "render", "--quiet", "--reduction", "0", "--bits", "float",
        "--format", "raw", DEMO, raw)
    return raw.read_bytes()[int(first * RATE) * 4:][:int(seconds * RATE) * 4]


def write_wav(path, data, n_channels=1):
    """Write floats as a WAV file."""
    path.write_bytes(struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE", b"fmt ", 16, 3,
        n_channels, RATE, RATE * 4 * n_channels, 4 * n_channels, 32, b"data",
        len(data)) + data)
    return path


def render(data, folder, *options):
    """Return what `grus render` makes of floats."""
    (folder / "render-in.raw").write_bytes(data)
    run(GRUS, "render", "--quiet", "--raw-rate", RATE, "--bits", "float",
        "--format", "raw", *options, folder / "render-in.raw",
        folder / "render-out.raw")
    return (folder / "render-out.raw").read_bytes()


def wave_floats(path):
    """Return the samples of a WAV file of floats, as bytes."""
    data = path.read_bytes()
    place = 12
    while data[place:place + 4] != b"data":
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    return data[place + 8:]


def quiet_level(data):
    """Return the level of the quietest moment near the end of a sound,
    dBFS."""
    data = data.rstrip(b"\0")
    last = data[:len(data) // 4 * 4][-4 * 2 * RATE:-4 * RATE // 2]
    part = 4 * RATE // 20
    return 10 * math.log10(1e-12 + min(
        level(last[i:i + part]) for i in range(0, len(last) - part, part)))


def recording(path):
    """Return the dry and the clean channel of a recording, as bytes."""
    frames = floats(wave_floats(path))
    frames = frames[:len(frames) // 2 * 2]
    return frames[0::2].tobytes(), frames[1::2].tobytes()


def level(data):
    """Return the power of floats."""
    sound = floats(data)
    return sum(x * x for x in sound) / max(1, len(sound))


def engine_latency(live):
    """Return the latency that was announced, in frames."""
    return round(live.lines[-1]["engine_latency_ms"] * RATE / 1000)


def two_models(folder):
    """Return the path of the model in a folder where it has another name
    too."""
    models = folder / "models"
    models.mkdir()
    for name in ("another", "voice"):
        shutil.copy(MODEL, models / f"{name}.safetensors")
    return models / "voice.safetensors"


def heavy_model(path):
    """Write a model that is too much for any machine and changes nothing."""
    size = 704
    shapes = {"g.weight_ih_l0": [3 * size, 1], "g.bias_ih_l0": [3 * size],
              "g.weight_hh_l0": [3 * size, size], "g.bias_hh_l0": [3 * size],
              "l.weight": [1, size], "l.bias": [1]}
    network = {
        "format": 1, "name": "Heavy", "kind": "sample", "sample_rate": RATE,
        "layers": [
            {"name": "g", "type": "gru", "tensors": "g", "axis": "time",
             "input_size": 1, "hidden_size": size, "num_layers": 1,
             "bias": True, "bidirectional": False},
            {"name": "l", "type": "linear", "tensors": "l", "in": size,
             "out": 1, "bias": True}],
        "output": {"skip": True}}
    head = {"__metadata__": {"grus": json.dumps(network)}}
    place = 0
    for name, shape in shapes.items():
        n_bytes = 4
        for n in shape:
            n_bytes *= n
        head[name] = {"dtype": "F32", "shape": shape,
                      "data_offsets": [place, place + n_bytes]}
        place += n_bytes
    text = json.dumps(head).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(place))


# Devices and options


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


# The sound


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
          f"frames late, the server was late: {told.strip()}")
    compare_unless_late(told != "0 xruns\n", [
        place > 0 and len(out) > len(sound),
        clean[:whole] == render(dry, folder)[:whole],
        out[lag:lag + len(wanted)] == wanted[:len(out) - lag]])


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
    for attempt in range(1, 6):
        try:
            function(*args)
            return
        except Late:
            print(f"# attempt {attempt}: sound was lost")
    raise tap.Skip("this machine always loses sound")


@test
def jack_with_blocks_of_64_gives_what_render_gives(folder):
    until_not_late(jack_gives_what_render_gives, folder, 64)


@test
def jack_with_blocks_of_128_gives_what_render_gives(folder):
    until_not_late(jack_gives_what_render_gives, folder, 128)


@test
def jack_with_blocks_of_256_gives_what_render_gives(folder):
    until_not_late(jack_gives_what_render_gives, folder, 256)


def alsa_gives_what_render_gives(folder):
    """Let ALSA read a file and write one, as fast as it can, and compare."""
    devices = f"""
pcm.from {{ type file slave.pcm {{ type null }} file /dev/null
            infile {folder}/in.raw format raw }}
pcm.to {{ type file slave.pcm {{ type null }} file {folder}/out.raw
          format raw truncate true }}
pcm.grus {{ type asym capture.pcm from playback.pcm to hint.show on }}
"""
    # The device plays far ahead of the clock; no two parts are the same
    once = floats(demo(folder, 0, 12))
    sound = b"".join(array.array("f", (0.95**k * x for x in once)).tobytes()
                     for k in range(20))
    (folder / "in.raw").write_bytes(sound)
    env = environment(folder, devices)
    # The plugin takes 1.6 GB for each question about formats and uses little of
    # it.  Meson sets this, which has all of it written to: 30 s and more
    env.pop("MALLOC_PERTURB_", None)
    with Live("--input", "grus", "--output", "grus", "--rate", RATE,
              "--channels", 1, "--record", folder / "take.wav",
              env=env) as live:
        live.wait_for(lambda: any(
            line["recorded_seconds"] > 10 for line in live.lines))
        assert live.stop() == 0, live.told()
    if live.lines[-1]["dropped_frames"] or live.lines[-1]["xruns"]:
        raise Late
    latency = engine_latency(live)
    dry, clean = recording(folder / "take.wav")
    out = floats((folder / "out.raw").read_bytes())[0::2].tobytes()
    n_bytes = min(len(dry), 4 * 10 * RATE) - 4 * latency
    part = 4 * RATE
    assert n_bytes > part, (live.told(), len(dry))
    before = sound.find(dry[:part])
    # Sound that went in before the beginning, and the buffer of the device
    lag = out.find(clean[part:2 * part]) - part - before
    buffered = lag // 4 - latency
    assert before > 0 and dry[:n_bytes] == sound[before:before + n_bytes]
    assert clean[:n_bytes] == render(dry, folder)[:n_bytes]
    assert out[before + lag:][:n_bytes] == clean[:n_bytes]
    assert 0 <= buffered <= live.lines[-1]["device_latency_ms"] * RATE / 1000
    print(f"# {n_bytes // 4} frames are the same, {latency} + {buffered} frames "
          "late")


@test
def alsa_file_plugin_gives_what_render_gives(folder):
    if not pathlib.Path("/usr/share/alsa/alsa.conf").exists():
        raise tap.Skip("ALSA is not installed")
    until_not_late(alsa_gives_what_render_gives, folder)


@test
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


@test
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
                live.wait_for_seconds(0)
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


# Changes while it plays


def largest_step(one, other):
    """Return the largest change of the difference of two sounds in a frame."""
    change = [a - b for a, b in zip(floats(one), floats(other))]
    return max(abs(a - b) for a, b in zip(change[1:], change))


@test
def a_changed_model_file_is_loaded_without_a_click(folder):
    model = two_models(folder)
    sound = demo(folder, 1, 6)
    source = write_wav(folder / "in.wav", sound)
    with Jack(folder) as jack:
        with Live("--model", model, "--watch", "--file", source, "--record",
                  folder / "take.wav", env=jack.env) as live:
            live.wait_for_seconds(0)
            model.write_bytes(b"half a model")
            live.wait_to_say("voice.safetensors")
            shutil.copy(MODEL, folder / "new")
            os.replace(folder / "new", model)
            live.wait_to_say('model "voice" is loaded again')
            assert live.join() == 0, live.told()
    dry, clean = recording(folder / "take.wav")
    wanted = render(sound, folder)
    assert dry == sound
    assert clean != wanted  # Another stream has taken over
    assert clean[:RATE] == wanted[:RATE]
    # What the streams differ by is smooth: no steeper than the voice is
    step = largest_step(clean, wanted)
    voice = largest_step(wanted, bytes(len(wanted)))
    print(f"# the largest step of the difference: {step:.4f}, of the voice: "
          f"{voice:.4f}")
    assert step < 0.5 * voice


@test
def the_model_that_cannot_keep_up_is_bypassed_until_it_can(folder):
    model = two_models(folder)
    with Jack(folder) as jack:
        with Live("--model", model, "--watch", "--channels", 1, "--record",
                  folder / "take.wav", env=jack.env) as live:
            live.wait_for_seconds(0.5)
            heavy_model(folder / "new")
            os.replace(folder / "new", model)
            live.wait_for(lambda: live.lines[-1]["state"] == "resting")
            assert live.lines[-1]["rests"] > 0, live.told()
            shutil.copy(MODEL, folder / "new")
            os.replace(folder / "new", model)
            live.wait_for(lambda: live.lines[-1]["state"] == "running")
            assert live.stop() == 0, live.told()


# Faults


@test
def sound_returns_after_the_server_was_killed(folder):
    with Jack(folder) as jack:
        with Live("--record", folder / "take.wav", "--reduction", 30,
                  env=jack.env) as live:
            live.wait_for_seconds(0.5)
            jack.kill()
            live.wait_to_say("the sound device or server is gone")
            live.wait_for(lambda: live.lines[-1]["state"] == "lost")
            jack.start()
            live.wait_to_say("sound again, after")
            live.wait_for_seconds(0.5)
            assert live.stop() == 0, live.told()
    last = live.lines[-1]
    assert last["parameters"]["reduction"] == 30, live.told()
    assert last["record"].endswith("take-2.wav"), live.told()
    for name in ("take.wav", "take-2.wav"):
        assert len(recording(folder / name)[0]) > RATE // 4, name


# Real time


def guard_report(folder):
    """Return what the guard saw: callbacks, violations, losses, frames."""
    return struct.unpack("4Q", (folder / "guard").read_bytes())


def no_violations(folder, program):
    """Run with changes of all kinds under a guard."""
    model = two_models(folder)
    source = write_wav(folder / "in.wav", demo(folder, 0, 12))
    (folder / "guard").write_bytes(bytes(32))
    errors = (folder / "errors").open("w")
    with Jack(folder) as jack, errors:
        env = dict(jack.env, GRUS_GUARD_REPORT=str(folder / "guard"),
                   TERM="xterm")
        with Terminal(folder, check_program(program), "live", "--verbose",
                      "--model", model, "--file", source, "--record",
                      folder / "take.wav", env=env, errors=errors) as terminal:
            terminal.wait_for("Grus")
            for key in "mpmlmbmbm":
                terminal.press(key)
                time.sleep(0.25)
            terminal.wait_for("another")
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


# The terminal


class Terminal:
    """A program on a terminal of 80 columns and 24 lines, in tmux."""

    def __init__(self, folder, *args, env, errors=None):
        need("tmux")
        self.socket = folder / "tmux"
        self.env = env
        command = " ".join(f"'{arg}'" for arg in args)
        if errors:
            command += f" 2>'{errors.name}'"
        self.tmux("new-session", "-d", "-x", 80, "-y", 24,
                  f"{command}; echo ended with $?; sleep 1000")

    def tmux(self, *args):
        """Run a tmux command, return what it prints."""
        return run("tmux", "-S", self.socket, "-f", "/dev/null", *args,
                   env=self.env).stdout

    def screen(self):
        """Return what is shown."""
        return self.tmux("capture-pane", "-p")

    def press(self, *keys):
        """Press keys, by the names that tmux has for them."""
        self.tmux("send-keys", *keys)

    def wait_for(self, text):
        """Wait until a text is shown, whatever the space within it."""
        wait_for(lambda: text in " ".join(self.screen().split()), self.screen)

    def wait_until_ended(self):
        """Wait for the end of the program, which must be a good one."""
        self.wait_for("ended with")
        assert "ended with 0" in self.screen(), self.screen()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tmux("kill-server")


def same_parts(take):
    """Whether each 0.4 s of what is recorded so far is the dry sound."""
    part = 4 * RATE // 10
    try:
        dry, clean = recording(take)
    except (OSError, AssertionError, struct.error, ValueError):
        return [None]  # Before the first second is written
    same = [dry[i:i + part] == clean[i:i + part]
            for i in range(0, len(clean) - part, part)]
    return same or [None]


@test
def keys_change_the_sound_and_the_screen(folder):
    model = two_models(folder)
    source = write_wav(folder / "in.wav", demo(folder, 0, 12) * 3)
    with Jack(folder) as jack:
        with Terminal(folder, GRUS, "live", "--model", model, "--file", source,
                      "--record", folder / "take.wav",
                      env=jack.env) as terminal:
            terminal.wait_for("engine 48.0")
            first = terminal.screen()
            for text in ("Input", "Output", "Taken away", "Voice", "Latency",
                         "Model voice", "Load", "Xruns", "Preset none",
                         "blocks of 128", "Recording", "h help"):
                assert text in first, (text, first)
            # A machine that cannot keep up plays the dry sound for a while
            wait_for(lambda: same_parts(folder / "take.wav")[-1] is False)
            terminal.press("b")
            terminal.wait_for("Enabled off")
            wait_for(lambda: same_parts(folder / "take.wav")[-1] is True)
            terminal.press("b")
            terminal.wait_for("Enabled on")
            terminal.press("-", "-")
            terminal.wait_for("Reduction 98 dB")
            terminal.press("Down", "Right")
            terminal.wait_for("Reduction 99 dB")
            terminal.press("l")
            terminal.wait_for("Listen Removed")
            terminal.press("p")
            terminal.wait_for("Preset gentle")
            terminal.wait_for("Listen Clean")
            terminal.press("m")
            terminal.wait_for("Model another")
            terminal.press("h")
            terminal.wait_for("bypass, and back")
            terminal.press("h")
            terminal.tmux("resize-window", "-x", 60, "-y", 20)
            terminal.wait_for("Enabled on")
            small = terminal.screen()
            assert "Grus" in small and "h help" in small, small
            assert max(map(len, small.splitlines())) <= 60, small
            terminal.tmux("resize-window", "-x", 120, "-y", 40)
            terminal.wait_for("q quit")
            terminal.press("q")
            terminal.wait_until_ended()
    # While it was bypassed, and not before or after, the sound is the dry one
    same = "".join("dry " if part else "clean " for part in
                   same_parts(folder / "take.wav"))
    assert re.search("clean (dry )+clean", same) and same.endswith("clean "), same


# Servers of desktops


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


@test
def pulseaudio_plays(folder):
    env = environment(folder, PULSE_DEVICE)
    server = pulse(folder, env)
    try:
        wait_for_pulse(env)
        with Live("--input", "grus_pulse", "--output", "grus_pulse", "--rate",
                  RATE, env=env) as live:
            live.wait_for_seconds(1.5)
            if not os.geteuid():
                assert has_real_time_thread(live), "no thread is real-time"
            assert live.stop() == 0, live.told()
    finally:
        end_group(server)


@test
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


class PipeWire:
    """PipeWire and its session manager, with one microphone."""

    def __init__(self, folder, env):
        need("pipewire", "wireplumber", "dbus-run-session", "pw-cli",
             "pw-link", "pw-play", "pw-record")
        self.env = env
        self.log = (folder / "pipewire.log").open("w")
        self.process = start(
            "dbus-run-session", "--", "sh", "-c",
            "pipewire & sleep 1; wireplumber & wait", env=env, log=self.log)

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


@test
def pipewire_plays(folder):
    need("pw-jack")
    env = environment(folder)
    with PipeWire(folder, env):
        env["JACK_DEFAULT_SERVER"] = "default"
        done = run("pw-jack", GRUS, "live", "--json", "--duration", 2, env=env)
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["state"] == "ended" and last["seconds"] > 0.5, done


@test
def pipewire_has_a_microphone_called_grus(folder):
    env = environment(folder, LV2_PATH=f"{folder / 'lv2'}")
    (folder / "lv2").mkdir()
    (folder / "lv2" / "grus.lv2").symlink_to(BUNDLE)
    config = folder / "config" / "pipewire" / "pipewire.conf.d"
    config.mkdir(parents=True)
    (config / "grus.conf").write_text(
        run(GRUS, "live", "--pipewire-config").stdout)
    sound = demo(folder, 0, 5)
    source = write_wav(folder / "in.wav", sound)
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
        play.wait(PATIENCE)
        time.sleep(0.5)
        end_group(record, signal.SIGINT)
    out = wave_floats(folder / "out.wav")
    heard, given = quiet_level(out), quiet_level(sound)
    print(f"# the quietest moment: {given:.1f} dBFS before, {heard:.1f} after")
    assert level(out) > 0.1 * level(sound)
    assert heard < given - 20


if __name__ == "__main__":
    tap.main()
