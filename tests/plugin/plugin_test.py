#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The LV2 plugin in hosts that people use, and in one of our own.

Every host gets the demo recording, and what comes out must be what `grus
render` makes of it, to the bit.  A host that is not installed is skipped by
name; `tools/setup.sh --hosts` installs all of them.  Prints TAP.

    plugin_test.py build/tools/grus build/plugin build/tests
"""

import array
import itertools
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import threading
import time

import tap
from tap import need, test

GRUS = os.path.abspath(sys.argv[1])
BUNDLE = pathlib.Path(sys.argv[2]).resolve()
CHECKS = pathlib.Path(sys.argv[3]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
DEMO = ROOT / "presets" / "demo" / "noisy.flac"
MODEL = ROOT / "presets" / "models" / "voice.safetensors"
RATE = 48000
MONO = "urn:grus:voice"
STEREO = "urn:grus:voice-stereo"


def run(*args, folder, **options):
    """Run a program that must succeed; it finds the plugin and nothing else
    of ours."""
    (folder / "lv2").mkdir(exist_ok=True)
    link = folder / "lv2" / "grus.lv2"
    if not link.exists():
        link.symlink_to(BUNDLE)
    environment = dict(
        os.environ,
        GST_REGISTRY=str(folder / "gst-registry"),
        HOME=str(folder),
        LV2_PATH=f"{folder / 'lv2'}:/usr/lib/lv2:/usr/local/lib/lv2",
        **options.pop("env", {}))
    # Meson sets this, and Ardour 7 crashes by it, whatever its plugins
    environment.pop("MALLOC_PERTURB_", None)
    done = subprocess.run([*map(str, args)], capture_output=True, timeout=280,
                          check=False, env=environment, **options)
    text = (done.stdout + done.stderr).decode(errors="replace")
    assert done.returncode == 0, (args, done.returncode, text[-3000:])
    return text


def check(*args, folder, program="plugin_check"):
    """Run our own host; show what it measured."""
    if not (CHECKS / "plugin" / program).exists():
        raise tap.Skip(f"{program} is not built: its libraries are missing")
    for line in run(CHECKS / "plugin" / program, *args, folder=folder).splitlines():
        print(f"# {line}")


def write(path, sound, n_channels=1):
    """Write floats, interleaved, as a WAV file."""
    data = sound.tobytes()
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVE",
                       b"fmt ", 16, 3, n_channels, RATE, RATE * n_channels * 4,
                       n_channels * 4, 32, b"data", len(data))
    path.write_bytes(head + data)
    return path


def read(path):
    """Return the samples of a WAV file of floats, whatever else is in it."""
    data = path.read_bytes()
    place = 12
    while data[place:place + 4] != b"data":
        place += 8 + struct.unpack_from("<I", data, place + 4)[0]
    size = struct.unpack_from("<I", data, place + 4)[0]
    sound = array.array("f")
    whole = data[place + 8:place + 8 + size]
    sound.frombytes(whole[:len(whole) // 4 * 4])
    return sound


def render(sound, folder, *options, n_channels=1):
    """Return what `grus render` makes of a sound."""
    source = write(folder / "render-in.wav", sound, n_channels)
    target = folder / "render-out.wav"
    run(GRUS, "render", "--quiet", "--bits", "float", *options, source, target,
        folder=folder)
    return read(target)


def demo(folder):
    """Return the demo recording."""
    raw = folder / "demo.raw"
    run(GRUS, "render", "--quiet", "--reduction", "0", "--bits", "float",
        "--format", "raw", DEMO, raw, folder=folder)
    sound = array.array("f")
    sound.frombytes(raw.read_bytes())
    return sound


def twice(sound, gain=0.5):
    """Return both sides of a stereo sound, the second one times a gain."""
    return array.array("f", itertools.chain.from_iterable(
        (x, gain * x) for x in sound))


def is_same(out, reference, n_channels=1):
    """Whether a host's output is the reference, bit for bit, delayed by a
    whole number of frames; whatever is lost at the end was never played."""
    width = 4 * n_channels
    data, wanted = out.tobytes(), reference.tobytes()
    middle = len(wanted) // (2 * width) * width
    place = data.find(wanted[middle:middle + 2048 * width])
    if place < middle or (place - middle) % width:
        return False
    lag = place - middle
    return lag < RATE * width and data[lag:] == wanted[:len(data) - lag]


def differs(out, reference):
    """Return the largest difference between the beginnings of two sounds."""
    return max(map(abs, map(float.__sub__, out, reference)))


def with_silence_before(sound, n_frames, folder, n_channels):
    """Return what `grus render` makes of a sound after silence."""
    lead = array.array("f", bytes(4 * n_frames * n_channels))
    return render(lead + sound, folder,
                  n_channels=n_channels)[n_frames * n_channels:]


def silence_before(sound, out, block, folder, n_channels=1):
    """Find how long a host has played silence before the sound.

    A network that has heard silence hums along another path than a fresh one,
    and its frames lie elsewhere, so that a host which runs before the sound
    begins can only be compared if this is known.  The nearer the guess, the
    smaller the difference.
    """
    hop = 768
    part = sound[:RATE * n_channels]
    wanted = out[:(RATE - 4000) * n_channels]

    def miss(n_frames):
        return differs(with_silence_before(part, n_frames, folder, n_channels),
                       wanted)

    starts = range(0, hop, block) if block < hop else (0, 256, 512)
    coarse = [n for start in starts
              for n in range(start, 12 * RATE, 24 * hop)]
    best = min(coarse, key=miss)
    near = range(max(best % hop, best - 24 * hop), best + 25 * hop, hop)
    return min(near, key=miss)


@test
def every_ttl_file_is_valid(folder):
    need("lv2_validate", "sord_validate")
    text = run("lv2_validate", *sorted(BUNDLE.glob("*.ttl")), folder=folder)
    assert "Found 0 errors" in text, text
    assert not re.search("warning", text, re.IGNORECASE), text


@test
def lv2info_lists_every_port(folder):
    need("lv2info")
    for uri, n_sides in ((MONO, 1), (STEREO, 2)):
        text = run("lv2info", uri, folder=folder)
        symbols = re.findall(r"Symbol: +(\w+)", text)
        controls = [s for s in symbols if s not in ("control", "notify")]
        sound = [s for s in controls if re.match("(in|out)(_[lr])?$", s)]
        assert len(sound) == 2 * n_sides, sound
        assert text.count("Minimum:") == len(controls) - len(sound), text
        for symbol in ("enabled", "reduction", "gate", "latency", "load"):
            assert symbol in symbols, symbol
        assert ("link" in symbols) == (n_sides > 1)
        for name in ("Gentle", "Podcast", "Call", "Strong", "Gate"):
            assert name in text, name


@test
def the_version_is_the_one_of_grus(_folder):
    project = (ROOT / "meson.build").read_text()
    version = re.search(r"\n  version: '(\d+)\.(\d+)\.(\d+)'", project)
    major, minor, patch = map(int, version.groups())
    # LV2 has no major version, and takes odd ones for work in progress
    wanted = [str(2 * (100 * major + minor)), str(2 * patch)] * 2
    text = (BUNDLE / "voice.ttl").read_text()
    assert re.findall(r"lv2:(?:minor|micro)Version (\d+) ;", text) == wanted


@test
def control_ports_have_units(_folder):
    text = (BUNDLE / "voice.ttl").read_text()
    ports = re.split(r"\t\tlv2:index \d+ ;\n", text)[1:]
    for port in ports:
        if "lv2:ControlPort" in port:
            assert ("units:unit" in port or "lv2:toggled" in port
                    or "lv2:scalePoint" in port), port


@test
def presets_differ_to_the_ear(folder):
    sound = demo(folder)
    source = folder / "in.raw"
    source.write_bytes(sound.tobytes())
    outs = {}
    for name in ("gentle", "podcast", "call", "strong", "gate"):
        target = folder / f"{name}.raw"
        check("preset", f"{MONO}#{name}", source, target, folder=folder)
        outs[name] = array.array("f")
        outs[name].frombytes(target.read_bytes())
    for one, other in itertools.combinations(outs, 2):
        power = sum(x * x for x in outs[one])
        change = sum((x - y) ** 2 for x, y in zip(outs[one], outs[other]))
        # 40 dB below the voice is where a difference begins to be heard
        assert change > 1e-4 * power, (one, other, change / power)


@test
def presets_choose_the_models_of_the_bundle(folder):
    sound = demo(folder)
    source = folder / "in.raw"
    source.write_bytes(sound.tobytes())
    # Hops of 768 frames are spread over blocks of 256, and those of 192 are not,
    # whatever model the bundle began with
    for name, latency in (("voice", 2304), ("voice-light", 2304),
                          ("voice-low-latency", 384)):
        target = folder / f"{name}.raw"
        check("preset", f"{MONO}#{name}", source, target, folder=folder)
        out = array.array("f")
        out.frombytes(target.read_bytes())
        wanted = render(sound, folder, "--model", name)
        # It begins with a fade from the model that played before
        assert out[RATE:] == wanted[RATE - latency:len(out) - latency], name


@test
def lv2apply_gives_what_render_gives(folder):
    need("lv2apply")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    for settings in ({}, {"reduction": 12}, {"listen": 1}, {"enabled": 0},
                     {"gate": 0.5, "output_gain": 3}):
        options = []
        for symbol, value in settings.items():
            options += ["-c", symbol, value]
        run("lv2apply", "-i", source, "-o", folder / "out.wav", *options, MONO,
            folder=folder)
        options = [f"--{key.replace('_', '-')}={value}"
                   for key, value in settings.items()]
        assert is_same(read(folder / "out.wav"),
                       render(sound, folder, *options)), settings


@test
def lv2apply_keeps_the_stereo_image(folder):
    need("lv2apply")
    alone = sum(x * x for x in render(demo(folder), folder))
    for gain in (0.5, -1):
        sound = twice(demo(folder), gain)
        source = write(folder / "in.wav", sound, 2)
        run("lv2apply", "-i", source, "-o", folder / "out.wav", STEREO,
            folder=folder)
        out = read(folder / "out.wav")
        assert is_same(out, render(sound, folder, n_channels=2), 2)
        assert all(abs(gain * left - right) < 1e-6
                   for left, right in zip(out[0::2], out[1::2]))
        heard = sum(x * x for x in out[0::2])
        assert 0.8 < heard / alone < 1.25, (gain, heard, alone)


@test
def ecasound_gives_what_render_gives(folder):
    need("ecasound")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    run("ecasound", "-q", f"-f:f32_le,1,{RATE}", "-i", source, "-o",
        folder / "out.wav", f"-elv2:{MONO},1,100", folder=folder)
    assert is_same(read(folder / "out.wav"), render(sound, folder))


@test
def ffmpeg_with_blocks_of_37_gives_what_render_gives(folder):
    need("ffmpeg")
    if "lv2" not in run("ffmpeg", "-hide_banner", "-filters", folder=folder):
        raise tap.Skip("this ffmpeg has no lv2 filter")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    uri = MONO.replace(":", r"\\:")
    run("ffmpeg", "-y", "-v", "error", "-i", source, "-af",
        f"asetnsamples=n=37:p=0,lv2=p={uri}", "-c:a", "pcm_f32le",
        folder / "out.wav", folder=folder)
    assert is_same(read(folder / "out.wav"), render(sound, folder))


@test
def gstreamer_gives_what_render_gives(folder):
    need("gst-launch-1.0", "gst-inspect-1.0")
    if "urn-grus-voice" not in run("gst-inspect-1.0", folder=folder):
        raise tap.Skip("this GStreamer has no LV2 plugins")
    sound = demo(folder)
    source = write(folder / "in.wav", sound)
    run("gst-launch-1.0", "-q", "filesrc", f"location={source}", "!",
        "wavparse", "!", "audioconvert", "!", "urn-grus-voice", "enabled=true",
        "!", "audioconvert", "!", "audio/x-raw,format=F32LE", "!", "wavenc",
        "!", "filesink", f"location={folder / 'out.wav'}", folder=folder)
    assert is_same(read(folder / "out.wav"), render(sound, folder))


class Jalv:
    """jalv with the mono plugin, under a JACK server of its own."""

    LAG = 2304 + 256  # Even load, and JACK's period

    def __init__(self, folder, *options):
        need("jackd", "jalv")
        if not (CHECKS / "plugin" / "jack_player").exists():
            raise tap.Skip("jack_player is not built: libjack is missing")
        self.folder = folder
        self.server = {"JACK_DEFAULT_SERVER": f"grus-{os.getpid()}",
                       "JACK_NO_AUDIO_RESERVATION": "1"}
        run("true", folder=folder)  # Makes the folder of plugins
        environment = dict(os.environ, HOME=str(folder), **self.server,
                           LV2_PATH=f"{folder / 'lv2'}:/usr/lib/lv2")
        self.jackd = subprocess.Popen(
            ["jackd", "-r", "-n", self.server["JACK_DEFAULT_SERVER"], "-d",
             "dummy", "-r", str(RATE), "-p", "256"], env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1.5)
        self.jalv = subprocess.Popen(
            ["jalv", "-n", "grus", *map(str, options)], env=environment,
            stdin=subprocess.PIPE, text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        time.sleep(1.5)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.jalv.terminate()
        self.jackd.terminate()
        self.jalv.communicate()
        self.jackd.wait()

    def tell(self, text):
        """Type at its prompt."""
        self.jalv.stdin.write(text)
        self.jalv.stdin.flush()

    def play(self, sound, *how):
        """Return what comes out, from where the sound begins."""
        source, target = self.folder / "in.raw", self.folder / "out.raw"
        source.write_bytes(sound.tobytes())
        told = run(CHECKS / "plugin" / "jack_player", source, target, "grus:in", "grus:out",
                   *how, folder=self.folder, env=self.server)
        self.xruns = int(re.search(r"(\d+) xruns", told)[1])
        out = array.array("f")
        out.frombytes(target.read_bytes())
        return out[self.LAG:]

    def quit(self):
        """End it; return all that it said."""
        self.tell("quit\n")
        return self.jalv.communicate(timeout=30)[0]


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
    # The self-test is another model's; its tensors are the last
    del about["self_test"], tensors["self_test.output"]
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
    sound = demo(folder)[:6 * RATE]
    state_with_half_model(folder / "lv2" / "user.lv2", "urn:test:half")
    for _ in range(6):  # It plays in real time: an xrun leaves a hole
        with Jalv(folder, MONO) as jalv:
            timer = threading.Timer(
                2.5, jalv.tell, ["presets\npreset urn:test:half\n"])
            timer.start()
            out = jalv.play(sound, 0.5, "live")
            text = jalv.quit()
        if not jalv.xruns:
            break
    n_frames = silence_before(sound, out, 256, folder)
    wanted = with_silence_before(sound, n_frames, folder, 1)
    assert out[:RATE] == wanted[:RATE], (jalv.xruns, text)
    assert not is_half(out[:RATE], sound)
    end = slice(5 * RATE, 6 * RATE)
    assert is_half(out[end], sound[end]), text


ARDOUR_SESSION = """
local s = create_session("{session}", "t", {rate})
local tracks = s:new_audio_track(2, 2, nil, 1, "voice",
  ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
for track in tracks:iter() do
  local p = ARDOUR.LuaAPI.new_plugin(s, "{uri}", ARDOUR.PluginType.LV2,
    "{preset}")
  assert(not p:isnil(), "there is no plugin")
  assert(track:add_processor_by_index(p, 0, nil, true) == 0, "not added")
end
s:save_state("")
close_session()
quit()
"""

ARDOUR_REGION = (
    '<Region name="in" muted="0" opaque="1" locked="0" video-locked="0" '
    'automatic="0" whole-file="{whole}" import="0" external="0" '
    'sync-marked="0" left-of-split="0" right-of-split="0" hidden="0" '
    'position-locked="0" valid-transients="0" start="a0" '
    'length="a{length}@a0" sync-position="a0" ancestral-start="a0" '
    'ancestral-length="a{length}@a0" stretch="1" shift="1" '
    'layering-index="0" tags="" contents="0" envelope-active="0" '
    'default-fade-in="0" default-fade-out="0" fade-in-active="0" '
    'fade-out-active="0" scale-amplitude="1" id="{id}" type="audio" '
    'first-edit="nothing" layer="0" source-0="90000" source-1="90001" '
    'master-source-0="90000" master-source-1="90001" channels="2"/>')


def put_sound_into_session(path, n_frames):
    """Put in.wav on the track of a session that has no sound yet."""
    length = n_frames * 282240000 // RATE
    text = path.read_text()
    sources = "".join(
        f'<Source name="in.wav" take-id="" type="audio" flags="" '
        f'id="{90000 + c}" channel="{c}" origin="" gain="1"/>'
        for c in range(2))
    whole = ARDOUR_REGION.format(whole=1, length=length, id=90010)
    played = ARDOUR_REGION.format(whole=0, length=length, id=90011)
    text = text.replace("<Sources/>", f"<Sources>{sources}</Sources>")
    text = text.replace("<Regions/>", f"<Regions>{whole}</Regions>")
    text = re.sub(r'(<Playlist [^>]*name="voice"[^>]*)/>',
                  rf"\1>{played}</Playlist>", text)
    text = text.replace(
        "<Locations/>",
        '<Locations><Location id="90020" name="session" start="a0" '
        f'end="a{length}" flags="IsSessionRange" locked="0" '
        'position-lock-style="AudioTime" timestamp="0" cue="0"/></Locations>')
    path.write_text(re.sub(r'id-counter="\d+"', 'id-counter="90100"', text,
                           count=1))


def ardour(folder, preset):
    """Return the stereo demo as Ardour exports it through the plugin."""
    lua = shutil.which("ardour7-lua") or shutil.which("ardour8-lua")
    export = shutil.which("ardour7-export") or shutil.which("ardour8-export")
    if not lua or not export:
        raise tap.Skip("Ardour is not installed")
    session = folder / f"session-{preset or 'none'}"
    script = folder / "session.lua"
    script.write_text(ARDOUR_SESSION.format(session=session, rate=RATE,
                                            uri=STEREO, preset=preset))
    run(lua, script, folder=folder)
    sound = twice(demo(folder))
    write(session / "interchange" / session.name / "audiofiles" / "in.wav",
          sound, 2)
    put_sound_into_session(session / "t.ardour", len(sound) // 2)
    run(export, "-b", "float", "-s", RATE, "-o", folder / "out.wav", session,
        "t", folder=folder)
    return sound, read(folder / "out.wav")


@test
def ardour_export_is_aligned_and_gives_what_render_gives(folder):
    sound, out = ardour(folder, "")
    assert len(out) == len(sound)
    n_frames = silence_before(sound, out, 1024, folder, 2)
    print(f"# {n_frames} frames of silence before the sound")
    assert out == with_silence_before(sound, n_frames, folder, 2)[:len(out)]


@test
def ardour_restores_a_preset(folder):
    _, plain = ardour(folder, "")
    _, gentle = ardour(folder, "Gentle")

    def quiet_part(out):
        powers = sorted(sum(x * x for x in out[i:i + 9600])
                        for i in range(RATE, len(out) - 9600, 9600))
        return sum(powers[:10])

    # All but 12 dB of the noise are left to hear
    assert quiet_part(gentle) > 100 * quiet_part(plain)


@test
def bypass_is_the_input_at_every_sample_rate(folder):
    check("rates", folder=folder)


@test
def many_instances_share_the_weights(folder):
    check("many", MONO, 300, folder=folder)
    check("many", STEREO, 300, folder=folder)


def other_model(folder):
    """Return the path of the shipped model under another name."""
    data = MODEL.read_bytes()
    size = struct.unpack_from("<Q", data)[0]
    head = data[8:8 + size].replace(b"Grus Voice", b"Other", 1) + b"     "
    path = folder / "another.safetensors"
    path.write_bytes(data[:8] + head + data[8 + size:])
    return path


@test
def sessions_keep_their_model(folder):
    for uri in (MONO, STEREO):
        state = folder / uri.replace(":", "-")
        state.mkdir()
        check("state", uri, other_model(folder), state, folder=folder)


@test
def swaps_and_bypass_do_not_click(folder):
    source = folder / "in.raw"
    source.write_bytes(demo(folder).tobytes())
    check("steps", source, other_model(folder), folder=folder)


@test
def the_audio_thread_neither_allocates_nor_locks(folder):
    for uri in (MONO, STEREO):
        check("stress", uri, other_model(folder), 20000, folder=folder)


@test
def hostile_values_and_messages_do_no_harm(folder):
    for uri in (MONO, STEREO):
        check("hostile", uri, 10000, folder=folder)


@test
def realtime_sanitizer_finds_nothing(folder):
    for uri in (MONO, STEREO):
        check("stress", uri, other_model(folder), 20000, folder=folder,
              program="plugin_check_rtsan")


if __name__ == "__main__":
    tap.main()
