#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""An installed program plays what was installed with it, wherever that lies.

    installed_test.py build/tools/grus
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import tap
from tap import test

GRUS = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PRESETS = ROOT / "presets"


def run(*args, status=0, **env):
    """Run a program, return what it prints and says."""
    environment = {key: value for key, value in os.environ.items()
                   if key not in ("GRUS_DATA", "GRUS_MODEL")}
    done = subprocess.run([*map(str, args)], capture_output=True, check=False,
                          env={**environment, **env}, timeout=60)
    assert done.returncode == status, done
    return done.stdout.decode(), done.stderr.decode()


def write_data(folder):
    """Write data where the default model is another one than in the tree."""
    (folder / "models").mkdir(parents=True)
    shutil.copy(PRESETS / "models" / "voice-light.safetensors",
                folder / "models" / "voice.safetensors")
    (folder / "presets.json").write_text('{"installed": {"reduction": 6}}')
    return folder


def install(folder):
    """Lay program and data out as an installation does, under a new prefix."""
    (folder / "bin").mkdir()
    shutil.copy(GRUS, folder / "bin" / "grus")
    write_data(folder / "share" / "grus")
    return folder / "bin" / "grus"


def default_model(grus, **env):
    """Return the name and the path of the model that plays by default."""
    about = json.loads(run(grus, "info", "--json", **env)[0])
    return about["name"], about["file"]


@test
def what_is_installed_plays_wherever_it_was_moved_to(folder):
    grus = install(folder)
    installed = folder / "share" / "grus" / "models" / "voice.safetensors"
    assert default_model(grus) == ("Grus Voice Light", str(installed))
    said = run(grus, "render", "--preset", "none", PRESETS / "demo" / "noisy.flac",
               folder / "out.wav", status=2)[1]
    assert said == 'grus render: preset "none" is none of installed\n', said
    run(grus, "render", "--preset", "installed", PRESETS / "demo" / "noisy.flac",
        folder / "out.wav")
    run(GRUS, "render", "--model", "voice-light", "--reduction", 6,
        PRESETS / "demo" / "noisy.flac", folder / "wanted.wav")
    assert (folder / "out.wav").read_bytes() == (folder / "wanted.wav").read_bytes()


@test
def a_folder_of_data_can_be_named(folder):
    data = write_data(folder / "data")
    model = data / "models" / "voice.safetensors"
    assert default_model(GRUS, GRUS_DATA=str(data)) == ("Grus Voice Light", str(model))
    model.unlink()
    said = run(GRUS, "info", GRUS_DATA=str(data), status=1)[1]
    assert said.startswith(f'grus info: cannot read model "{model}"'), said


@test
def the_program_names_no_folder_that_it_was_built_in(_folder):
    data = GRUS.read_bytes()
    if b".debug_info" in data:
        raise tap.Skip("debugging needs the names of sources")
    assert str(ROOT).encode() not in data


if __name__ == "__main__":
    tap.main()
