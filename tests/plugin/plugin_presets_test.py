#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What the presets of the bundle do to a sound.

    plugin_presets_test.py build/tools/grus build/plugin build/tests
"""

import array
import itertools

import tap
from bundle import CHECKS, MONO, RATE, check, demo, render
from tap import test


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
def the_plugin_takes_no_other_kissfft_than_its_own(folder):
    sound = demo(folder)[:3 * RATE]
    source = folder / "in.raw"
    source.write_bytes(sound.tobytes())
    outs = []
    for name, env in (("alone", {}),
                      ("beside", {"LD_PRELOAD": CHECKS / "plugin" / "foreign_fft.so"})):
        target = folder / f"{name}.raw"
        check("preset", f"{MONO}#voice", source, target, folder=folder, **env)
        outs.append(target.read_bytes())
    assert outs[0] == outs[1] and any(outs[0])


if __name__ == "__main__":
    tap.main()
