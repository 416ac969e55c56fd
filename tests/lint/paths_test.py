#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The files and folders that HACKING.md and the READMEs name are there."""

import re

import tap
from sources import ROOMS, ROOT
from tap import test

# What is named from within a room may leave out the room
BESIDES = ("", "engine", "engine/include", "tools", "tests")
# What only a build, a user or a training has
ELSEWHERE = re.compile(r"^(build|clean/|noises/|old/|new/|voices/)|NAME")


def pages():
    """Return HACKING.md, the format of models and the READMEs of code."""
    return [ROOT / "HACKING.md", ROOT / "README.md", ROOT / "engine/FORMAT.md",
            *(page for room in ROOMS for page in sorted((ROOT / room).rglob("README.md")))]


def named(text):
    """Return what looks like paths between backquotes, and what links lead to."""
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    words = [quoted.split()[0] for quoted in re.findall(r"`([^`\n]+)`", text)]
    return links + [word for word in words
                    if re.fullmatch(r"[\w.*-]+(/[\w.*-]+)*/?", word) and "/" in word
                    and not ELSEWHERE.search(word)]


def is_there(page, path):
    """Return whether a path leads somewhere, from the page or from a room."""
    folders = [page.parent, *(ROOT / folder for folder in BESIDES)]
    return any(any(folder.glob(path.rstrip("/"))) for folder in folders)


@test
def what_the_pages_name_is_there(_folder):
    missing = [f"{page.relative_to(ROOT)}: {path}" for page in pages()
               for path in named(page.read_text("utf-8")) if not is_there(page, path)]
    assert not missing, missing


if __name__ == "__main__":
    tap.main()
