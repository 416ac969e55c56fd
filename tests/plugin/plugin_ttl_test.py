#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The bundle's .ttl files say what there is.

    plugin_ttl_test.py build/tools/grus build/plugin build/tests
"""

import re

import tap
from bundle import BUNDLE, MONO, ROOT, STEREO, run
from tap import need, test


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


if __name__ == "__main__":
    tap.main()
