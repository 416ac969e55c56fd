#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The plugin in an export of Ardour.

    plugin_ardour_test.py build/tools/grus build/plugin build/tests
"""

import re
import shutil

import tap
from bundle import RATE, STEREO, demo, read, run, twice, write
from silence import silence_before, with_silence_before
from tap import test


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


if __name__ == "__main__":
    tap.main()
