#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The engine builds for 64-bit Arm as a release, and a shipped model runs there.

Skipped without Debian's cross compiler, the libraries for arm64 or an emulator.
Prints TAP.

    arm64_test.py
"""

import array
import pathlib
import subprocess

import tap
from tap import Skip, need, test

ROOT = pathlib.Path(__file__).resolve().parents[3]
CROSS = pathlib.Path(__file__).resolve().parent / "aarch64-linux-gnu.ini"
LIBRARIES = pathlib.Path("/usr/lib/aarch64-linux-gnu/pkgconfig")
NEEDED = ("jansson", "kissfft-float", "speexdsp")
MODEL = ROOT / "presets" / "models" / "voice-light.safetensors"
N_FRAMES = 4800


def run(*command, **options):
    """Run a command that must succeed, return what it wrote."""
    done = subprocess.run(command, capture_output=True, timeout=1200, check=False, **options)
    assert done.returncode == 0, (done.stdout[-2000:], done.stderr[-2000:])
    return done.stdout


@test
def a_release_of_the_engine_runs_a_model(folder):
    need("aarch64-linux-gnu-gcc", "qemu-aarch64", "meson", "ninja")
    for name in NEEDED:
        if not (LIBRARIES / f"{name}.pc").exists():
            raise Skip(f"{name} for arm64 is not installed")

    build = folder / "build"
    run("meson", "setup", "--buildtype", "release", "-Dengine_only=true", "-Dwerror=true",
        "--cross-file", CROSS, build, ROOT)
    run("ninja", "-C", build)
    file = run("aarch64-linux-gnu-readelf", "-h", build / "engine" / "examples" / "denoise_block")
    assert b"AArch64" in file, file

    # A model is refused where it does not compute what its file says
    sound = array.array("f", run(
        "qemu-aarch64", build / "engine" / "examples" / "denoise_block", MODEL,
        input=bytes(N_FRAMES * 4)))
    assert len(sound) == N_FRAMES and not any(sound), (len(sound), max(sound))


if __name__ == "__main__":
    tap.main()
