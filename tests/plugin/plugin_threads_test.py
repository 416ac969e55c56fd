#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The threads of a host around one plugin: audio, worker, sessions.

Under ThreadSanitizer a report makes a check fail; GRUS_CHECK_BLOCKS tells how
many blocks it plays, where that takes long.

    plugin_threads_test.py build/tools/grus build/plugin build/tests
"""

import os

import tap
from bundle import MONO, STEREO, check, other_model
from tap import test

N_BLOCKS = int(os.environ.get("GRUS_CHECK_BLOCKS", 20000))


@test
def the_audio_thread_neither_allocates_nor_locks(folder):
    for uri in (MONO, STEREO):
        check("stress", uri, other_model(folder), N_BLOCKS, folder=folder)


@test
def hostile_values_and_messages_do_no_harm(folder):
    for uri in (MONO, STEREO):
        check("hostile", uri, N_BLOCKS // 2, folder=folder)


@test
def realtime_sanitizer_finds_nothing(folder):
    for uri in (MONO, STEREO):
        check("stress", uri, other_model(folder), N_BLOCKS, folder=folder,
              program="plugin_check_rtsan")


if __name__ == "__main__":
    tap.main()
