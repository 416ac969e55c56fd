#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""JSON reports are whole whatever a file is called, or their absence is told.  Prints TAP.

    reports_test.py build/tools/grus
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import wave

import tap
from tap import test

GRUS = os.path.abspath(sys.argv[1])
MODEL = pathlib.Path(__file__).resolve().parents[2] / "presets/models/voice-light.safetensors"
NAME = b"\xffodd \xc3\xa9"
SHOWN = "\ufffdodd \u00e9"


def report(*args):
    """Run the program, and return its report."""
    done = subprocess.run([GRUS, *args], capture_output=True, check=True, timeout=120)
    return json.loads(done.stdout)


def odd_model(folder):
    """A copy of a model under a name that is not UTF-8."""
    path = os.fsencode(folder) + b"/" + NAME + b".safetensors"
    shutil.copy(MODEL, path)
    return path


def sound(folder):
    """A second of silence under a name that is not UTF-8."""
    path = os.fsencode(folder) + b"/" + NAME + b".wav"
    with wave.open(os.fsdecode(path), "wb") as file:
        file.setparams((1, 2, 48000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 48000))
    return path


@test
def info_names_the_file(folder):
    shown = report("info", "--json", odd_model(folder))["file"]
    assert shown.endswith(f"/{SHOWN}.safetensors"), shown


@test
def render_names_files_and_model(folder):
    out = os.fsencode(folder) + b"/out" + NAME + b".wav"
    told = report("render", "--json", "--model", odd_model(folder), sound(folder), out)
    assert told["input"].endswith(f"/{SHOWN}.wav"), told
    assert told["output"].endswith(f"/out{SHOWN}.wav"), told
    assert told["model_file"].endswith(f"/{SHOWN}.safetensors"), told


@test
def bench_names_the_model(folder):
    told = report("bench", "--json", "--quick", "--kernels", "scalar", odd_model(folder))
    assert {run["file"].rsplit("/", 1)[1] for run in told["models"]} == {f"{SHOWN}.safetensors"}
    assert len(told["models"]) == 2


@test
def a_name_cannot_drive_the_terminal(folder):
    evil = os.fsencode(folder) + b"/\x1b]0;gone\x07"
    shutil.copy(MODEL, evil + b".safetensors")
    silence = sound(folder)
    for args in (("info", evil + b".safetensors"), ("render", silence, evil + b".wav"),
                 ("bench", "--quick", "--kernels", "scalar", evil + b".safetensors")):
        done = subprocess.run([GRUS, *args], capture_output=True, check=True, timeout=120)
        assert b"\\x1b]0;gone\\x07" in done.stdout, done
        assert b"\x1b]" not in done.stdout, done


@test
def a_report_cannot_drive_the_terminal(folder):
    evil = os.path.join(folder, "\x1b]0;gone\x07\u009b31m\u202e")
    shutil.copy(MODEL, evil + ".safetensors")
    silence = sound(folder)
    for args, key in ((("info", evil + ".safetensors"), "file"),
                      (("render", silence, evil + ".wav"), "output")):
        done = subprocess.run([GRUS, *args, "--json"], capture_output=True, check=True,
                              timeout=120)
        assert done.stdout.isascii() and b"\x1b" not in done.stdout, done
        assert json.loads(done.stdout)[key].startswith(evil), done


@test
def a_report_that_cannot_be_written_is_an_error(folder):
    out = os.fsencode(folder) + b"/out.wav"
    for args in (("info", "--json", MODEL), ("render", "--json", sound(folder), out)):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([GRUS, *args], stdout=full, stderr=subprocess.PIPE, check=False,
                                  timeout=120)
        assert done.returncode == 1, (args, done)
        assert done.stderr.count(b"\n") == 1 and b"cannot write the report" in done.stderr, done


if __name__ == "__main__":
    tap.main()
