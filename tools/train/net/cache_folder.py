# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The folder outside the tree for what can be made again: compiled code, optimizer states."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/grus or ~/.cache/grus, made if need be.

    Code is loaded from there, so it must be the user's own and closed to others: anything else
    ends the program.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    folder = (Path(base) if base.startswith("/") else Path.home() / ".cache") / "grus"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise SystemExit(f"{folder}: not a folder of its own; remove it")
    if found.st_uid != os.getuid():
        raise SystemExit(f"{folder}: belongs to another user; set XDG_CACHE_HOME")
    if found.st_mode & 0o077:
        raise SystemExit(f"{folder}: open to other users; run chmod 700 on it")
    return folder
