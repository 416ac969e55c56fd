#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a host relies on, checked in a host of our own.

    plugin_test.py build/tools/grus build/plugin build/tests
"""

import tap
from bundle import MODEL, MONO, STEREO, check, demo, other_model
from tap import test


@test
def bypass_is_the_input_at_every_sample_rate(folder):
    check("rates", folder=folder)


@test
def every_model_decides_by_its_own_hop_whether_load_is_even(folder):
    check("even", MODEL.with_name("voice-low-latency.safetensors"), folder=folder)


@test
def many_instances_share_the_weights(folder):
    check("many", MONO, 300, folder=folder)
    check("many", STEREO, 300, folder=folder)


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


if __name__ == "__main__":
    tap.main()
