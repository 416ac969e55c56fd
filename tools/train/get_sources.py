#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Bring the sound that README.md lists into one folder: GitHub repositories and Debian packages.

Repositories are cloned, or read from clones that are there: --clones is where, with {owner} and
{name} in it. Files that a clone lacks are left out and counted. Packages come by apt-get download,
which needs no rights; archives inside them are unpacked. What is there already is left as it is.

Examples:
    ./get_sources.py ~/sound
    ./get_sources.py ~/sound --clones '/mirror/{owner}/{name}.git'
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import NamedTuple

SUFFIXES = (".wav", ".flac", ".ogg", ".oga", ".mp3", ".g722")
ARCHIVES = (".zip", ".pk3", ".wz")


class Repository(NamedTuple):
    """What a folder of sound is made of."""

    path: str  # owner/name at GitHub
    commit: str = "HEAD"
    parts: tuple[str, ...] = ()  # folders to take; all if none


REPOSITORIES = {
    "speechocean762": Repository("jimbozhang/speechocean762", parts=("WAVE",)),
    "resemblyzer": Repository("resemble-ai/Resemblyzer", parts=("audio_data",)),
    "pv_s2i": Repository("Picovoice/speech-to-intent-benchmark", parts=("data/speech/clean",)),
    "arabic_sc": Repository("abdulkaderghandoura/arabic-speech-commands-dataset"),
    "kerstin": Repository("rhasspy/dataset-voice-kerstin"),
    "gcompris_voices": Repository("gcompris/GCompris-voices"),
    "tofugu": Repository("tofugu/japanese-vocabulary-pronunciation-audio"),
    "moodist": Repository("remvze/moodist", parts=("public/sounds",)),
    "noisekun": Repository("mateusfg7/Noisekun"),
    "blanket": Repository("rafaelmardojai/blanket"),
    "esc10": Repository("karoldvl/ESC-10", "553c8f1"),
    "soundfx": Repository("rse/soundfx"),
}
LANGUAGES = ("en", "es", "fr", "it", "ru")
PACKAGES = [f"asterisk-core-sounds-{language}-g722" for language in LANGUAGES] + [
    "bucklespring-data",
    "0ad-data",
    "tuxpaint-stamps-default",
    "ufoai-sound",
    "wesnoth-1.16-data",
    "warzone2100-data",
    "openarena-data",
    "lincity-ng-data",
    "widelands-data",
    "minetest-data",
    "hedgewars-data",
    "flare-game",
    "endless-sky-data",
    "searchandrescue-data",
    "crrcsim-data",
    "singularity-music",  # test music
    "supertuxkart-data",
]


def git(folder: Path, *arguments: str) -> bytes:
    command = ["git", f"--git-dir={folder}", *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout


def write_files(clone: Path, repository: Repository, target: Path) -> tuple[int, int]:
    """The sound files of a bare clone -> how many were written, how many it lacks."""
    listing = git(clone, "ls-tree", "-r", "-z", repository.commit, *repository.parts)
    written = missing = 0
    reader = subprocess.Popen(
        ["git", f"--git-dir={clone}", "cat-file", "--batch"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with reader:
        for entry in filter(None, listing.split(b"\0")):
            about, path = entry.split(b"\t", 1)
            mode, kind, name = about.split()
            file = target / path.decode()
            if kind != b"blob" or mode == b"120000" or file.suffix.lower() not in SUFFIXES:
                continue
            reader.stdin.write(name + b"\n")
            reader.stdin.flush()
            answer = reader.stdout.readline().split()
            if answer[1] == b"missing":
                missing += 1
                continue
            content = reader.stdout.read(int(answer[2]) + 1)[:-1]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            written += 1
        reader.stdin.close()
    return written, missing


def get_repository(repository: Repository, target: Path, clones: str) -> str:
    """Into the folder `target`; tells what came."""
    owner, name = repository.path.split("/")
    if clones:
        clone = Path(clones.format(owner=owner, name=name))
        # A clone with a work tree has its own inside.
        clone = clone / ".git" if (clone / ".git").is_dir() else clone
        return "%d files, %d missing" % write_files(clone, repository, target)
    with tempfile.TemporaryDirectory() as folder:
        depth = ["--depth", "1"] if repository.commit == "HEAD" else []
        address = f"https://github.com/{repository.path}"
        subprocess.run(["git", "clone", "-q", "--bare", *depth, address, folder], check=True)
        return "%d files, %d missing" % write_files(Path(folder), repository, target)


def get_package(package: str, target: Path) -> str:
    """Download and unpack, and the sound in archives inside, too."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True)
        (file,) = Path(folder).glob("*.deb")
        subprocess.run(["dpkg-deb", "-x", str(file), str(target)], check=True)
    count = 0
    for path in [path for path in target.rglob("*") if path.suffix in ARCHIVES]:
        with zipfile.ZipFile(path) as archive:
            sounds = [name for name in archive.namelist() if name.lower().endswith(SUFFIXES)]
            archive.extractall(target, sounds)
            count += len(sounds)
    return f"unpacked, {count} sounds from archives"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where every source gets a folder of its own")
    parser.add_argument("--clones", default="", help="pattern of bare clones that are there")
    options = parser.parse_args()
    tasks = {name: (get_repository, repository) for name, repository in REPOSITORIES.items()}
    tasks.update({f"deb_{package}": (get_package, package) for package in PACKAGES})
    failed = []
    for name, (get, what) in tasks.items():
        target = options.folder / name
        if target.exists():
            continue
        try:
            extra = (options.clones,) if get is get_repository else ()
            print(f"{name}: {get(what, target, *extra)}", flush=True)
        except (subprocess.CalledProcessError, OSError, ValueError, zipfile.BadZipFile) as error:
            print(f"{name}: {error}", flush=True)
            failed.append(name)
    if failed:
        raise SystemExit(f"not there: {', '.join(failed)}")


if __name__ == "__main__":
    main()
