# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Builds the wheel: PEP 517, with meson and what Grus itself is built with.

    pip wheel tools/python

The wheel holds the package, libgrus with kernels for every processor, the
libraries that it needs (jansson, kissfft, speexdsp, with their licences) and
the models: it wants numpy and the C library.  Without network.
"""

from __future__ import annotations

import base64
import hashlib
import os
import pathlib
import platform
import re
import subprocess
import tempfile
import zipfile
from typing import Any, Dict, List, Optional, Union

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBRARIES = ("libjansson", "libkissfft", "libspeexdsp")

LIBRARY = '''"""Where the library and the models are in a wheel."""

from pathlib import Path as _Path

PATH = str(_Path(__file__).parent / "lib" / "{name}")
MODELS = str(_Path(__file__).parent / "models")
'''

METADATA = """\
Metadata-Version: 2.1
Name: grus
Version: {version}
Summary: Noise out of speech, and torch.nn.GRU without PyTorch
License: ISC
Requires-Python: >=3.8
Requires-Dist: numpy
Description-Content-Type: text/markdown

{text}"""

WHEEL = """\
Wheel-Version: 1.0
Generator: grus
Root-Is-Purelib: false
Tag: {tag}
"""


def version() -> str:
    """Return the project's version, which meson.build has."""
    text = (ROOT / "meson.build").read_text(encoding="utf-8")
    found = re.search(r"^  version: '(.+)'", text, re.MULTILINE)
    if not found:
        raise RuntimeError("meson.build tells no version")
    return found[1]


def tag() -> str:
    """Return which systems the wheel is for: those with this C library or newer."""
    name, number = platform.libc_ver()
    system = "linux"
    if name == "glibc":
        system = "manylinux_" + "_".join(number.split(".")[:2])
    return f"py3-none-{system}_{platform.machine()}"


def build_library(folder: pathlib.Path) -> pathlib.Path:
    """Build libgrus so that it finds libraries beside itself; return its path."""
    environment = {**os.environ, "LDFLAGS": "-Wl,-rpath,$ORIGIN"}
    environment.pop("PYTHONPATH", None)  # pip's, which hides what meson needs
    subprocess.run(
        ["meson", "setup", "--buildtype", "release", "-Dengine_only=true", folder, ROOT],
        env=environment, check=True,
    )
    subprocess.run(["ninja", "-C", folder, f"engine/libgrus.so.{version()}"], check=True)
    return folder / "engine" / f"libgrus.so.{version()}"


def needed(library: pathlib.Path) -> List[pathlib.Path]:
    """Return the libraries beside the system's that a library was linked with."""
    told = subprocess.run(["ldd", library], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^\s*(\S+) => (/\S+)", told, re.MULTILINE)
    return [pathlib.Path(path) for name, path in found if name.startswith(LIBRARIES)]


def licence_of(library: pathlib.Path) -> Optional[pathlib.Path]:
    """Return the copyright file of a library's package, where Debian's tools are."""
    for path in (library, library.resolve(), pathlib.Path("/usr") / str(library.resolve())[1:]):
        done = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True, check=False)
        if not done.returncode:
            package = done.stdout.partition(":")[0]
            return pathlib.Path("/usr/share/doc") / package / "copyright"
    return None


class Wheel:
    """A wheel that is being written."""

    def __init__(self, path: pathlib.Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)  # pylint: disable=consider-using-with
        self._records: List[str] = []

    def add(self, name: str, data: bytes, mode: int = 0o644) -> None:
        """Add a file; the time is always the same, so that the bytes are."""
        info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
        info.external_attr = (0o100000 | mode) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        self._records.append(f"{name},sha256={digest},{len(data)}")

    def add_file(self, name: str, path: pathlib.Path, mode: int = 0o644) -> None:
        """Add a file that is there."""
        self.add(name, path.read_bytes(), mode)

    def close(self, record: str) -> None:
        """Write the list of all files and close it."""
        self._zip.writestr(record, "\n".join([*self._records, f"{record},,", ""]))
        self._zip.close()


def add_libraries(wheel: Wheel, info: str) -> None:
    """Build libgrus and add it with what it needs, and licences."""
    with tempfile.TemporaryDirectory() as folder:
        library = build_library(pathlib.Path(folder) / "build")
        wheel.add_file(f"grus/lib/{library.name}", library, 0o755)
        wheel.add("grus/_library.py", LIBRARY.format(name=library.name).encode())
        others = needed(library)
    if len(others) != len(LIBRARIES):
        raise RuntimeError(f"libgrus needs {LIBRARIES}, but only {others} were found")
    for other in others:
        wheel.add_file(f"grus/lib/{other.name}", other, 0o755)
        licence = licence_of(other)
        if licence and licence.exists():
            wheel.add_file(f"{info}/licenses/{licence.parent.name}", licence)


class Folder:
    """A folder that takes files as a wheel does."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def add(self, name: str, data: bytes) -> None:
        """Write a file."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def add_metadata(wheel: Union[Wheel, Folder], info: str) -> None:
    """Add what the wheel says about itself."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    wheel.add(f"{info}/METADATA", METADATA.format(version=version(), text=text).encode())
    wheel.add(f"{info}/WHEEL", WHEEL.format(tag=tag()).encode())


def prepare_metadata_for_build_wheel(
    metadata_directory: str, config_settings: Optional[Dict[str, Any]] = None
) -> str:
    """Write the metadata alone; return its folder.  Called by pip."""
    del config_settings
    info = f"grus-{version()}.dist-info"
    add_metadata(Folder(pathlib.Path(metadata_directory)), info)
    return info


def build_wheel(
    wheel_directory: str,
    config_settings: Optional[Dict[str, Any]] = None,
    metadata_directory: Optional[str] = None,
) -> str:
    """Build the wheel; return its name.  Called by pip."""
    del config_settings, metadata_directory
    name = f"grus-{version()}-{tag()}.whl"
    info = f"grus-{version()}.dist-info"
    wheel = Wheel(pathlib.Path(wheel_directory) / name)
    package = HERE / "grus"
    for path in sorted([*package.rglob("*.py"), *package.rglob("py.typed")]):
        wheel.add_file(f"grus/{path.relative_to(package)}", path)
    for path in sorted((ROOT / "presets" / "models").glob("voice*.*")):
        if path.suffix in (".safetensors", ".md"):
            wheel.add_file(f"grus/models/{path.name}", path)
    add_libraries(wheel, info)
    wheel.add_file(f"{info}/licenses/LICENSE", ROOT / "LICENSE")
    add_metadata(wheel, info)
    wheel.close(f"{info}/RECORD")
    return name
