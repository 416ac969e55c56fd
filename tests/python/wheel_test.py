#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The wheel, built as a user does, in a Python that has numpy alone.

    wheel_test.py build/tools/python build/tools/grus
"""

import base64
import hashlib
import importlib.util
import os
import pathlib
import subprocess
import sys
import zipfile

import tap
from tap import Skip, test

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRUS = os.path.abspath(sys.argv[2])
DEMO = ROOT / "presets/demo/noisy.flac"

# Prints what it imports, which libraries that maps, and the clean sound's hash
USE = """
import hashlib, sys
import numpy as np
import grus
sound = np.fromfile(sys.argv[1], np.float32)
clean = grus.enhance(sound, 48000)
libraries = {line.split()[-1] for line in open("/proc/self/maps") if ".so" in line}
print(grus.__file__)
print(*sorted(path for path in libraries
              if any(name in path for name in ("grus", "jansson", "kissfft", "speexdsp"))))
print(hashlib.sha256(clean.tobytes()).hexdigest())
print(grus.info("voice-light").license, len(grus.nn.GRU(3, 5).all_weights[0]))
"""


def build(folder):
    """Build the wheel; return its path."""
    done = subprocess.run(
        ["/usr/bin/python3", "-m", "pip", "wheel", "--no-index", "--no-deps",
         "--wheel-dir", folder, ROOT / "tools/python"],
        capture_output=True, check=False, text=True,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    wheels = list(folder.glob("*.whl"))
    assert len(wheels) == 1, wheels
    return wheels[0]


@test
def a_wheel_works_where_there_is_numpy_alone(folder):
    if subprocess.run(["/usr/bin/python3", "-c", "import numpy, pip, venv"],
                      capture_output=True, check=False).returncode:
        raise Skip("no numpy, pip and venv")
    if os.environ.get("LD_PRELOAD"):
        raise Skip("a sanitizer is preloaded into Python")
    wheel = build(folder)
    place = folder / "place"
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--system-site-packages",
                    "--without-pip", place], check=True)
    python = place / "bin/python3"
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, check=True, text=True).stdout.strip()
    subprocess.run(["/usr/bin/python3", "-m", "pip", "install", "--quiet", "--no-index",
                    "--no-deps", "--target", site, wheel], check=True)

    raw = folder / "in.raw"
    for options, out in ((("--enabled", "0"), raw), ((), folder / "out.raw")):
        subprocess.run([GRUS, "render", "-q", "--format", "raw", "--bits", "float",
                        *options, DEMO, out], check=True)
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("PYTHONPATH", "LD_LIBRARY_PATH", "GRUS_DATA", "GRUS_MODEL")}
    told = subprocess.run([python, "-c", USE, raw], capture_output=True, check=True,
                          cwd=folder, env=environment, text=True).stdout.splitlines()
    assert told[0].startswith(site), told
    libraries = told[1].split()
    assert len(libraries) == 4, told
    assert all(path.startswith(f"{site}/grus/lib/") for path in libraries), told
    assert told[2] == hashlib.sha256((folder / "out.raw").read_bytes()).hexdigest()
    assert told[3].endswith(" 4"), told

    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        records = file.read(next(n for n in names if n.endswith("/RECORD"))).decode()
        for line in records.splitlines():
            name, digest, size = line.rsplit(",", 2)
            if digest:
                data = file.read(name)
                found = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
                assert digest == "sha256=" + found.rstrip(b"=").decode(), name
                assert int(size) == len(data), name
        assert {line.rsplit(",", 2)[0] for line in records.splitlines()} == set(names)
        assert sum("/licenses/" in name for name in names) >= 1


@test
def the_version_is_the_projects(_):
    spec = importlib.util.spec_from_file_location(
        "backend", ROOT / "tools/python/wheel_backend.py")
    backend = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(backend)
    told = subprocess.run([GRUS, "--version"], capture_output=True, check=True, text=True).stdout
    assert backend.version() in told.split(), told


if __name__ == "__main__":
    tap.main()
