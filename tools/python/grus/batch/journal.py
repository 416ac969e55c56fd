# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The journal of a folder of outputs, as `grus render --output-dir` keeps it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from typing import Any, Dict, Optional, Tuple

from .work import is_url


def url_to_fs(url: str) -> Tuple[Any, str]:
    """Return fsspec's file system of a URL, and the path there."""
    import fsspec  # pylint: disable=import-outside-toplevel

    found: Tuple[Any, str] = fsspec.core.url_to_fs(url)
    return found


class Journal:
    """An open journal: no other batch works on its folder meanwhile."""

    def __init__(self, path: str) -> None:
        """Open and lock it; OSError if another batch has it."""
        self.path = path
        self._file = open(path, "ab+", buffering=0)  # pylint: disable=consider-using-with
        for _ in range(50):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        else:
            raise OSError(f'another grus render works with "{path}"')
        size = self._file.seek(0, os.SEEK_END)
        if size and os.pread(self._file.fileno(), 1, size - 1) != b"\n":
            self._file.write(b"\n")
        self.lines = self._newest()

    def _newest(self) -> Dict[str, Dict[str, Any]]:
        """Return the newest line of each output; what is no line is passed over."""
        newest = {}
        self._file.seek(0)
        for text in self._file.read().splitlines():
            try:
                line = json.loads(text)
                newest[line["id"]] = line
            except (KeyError, TypeError, ValueError):
                pass
        return newest

    def append(self, line: Dict[str, Any]) -> None:
        """Append a line in one piece; OSError if there is no room for it."""
        data = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
        if self._file.write(data) != len(data):
            raise OSError(f'no space is left for "{self.path}"')

    def place(self, line: Dict[str, Any], made: Optional[str], new: bool) -> Dict[str, Any]:
        """Note what became of an item, then put what was made in its place.

        made: the path of the output, on the same file system; None if there is
            none.
        new: refuse to replace a file.
        Returns the line, which tells of an error if there was one.
        """
        out = line["output"]
        if is_url(out):
            return self.place_url(line, made, new)
        if made and new and os.path.exists(out):
            line = {**line, "error": f'"{out}" exists', "output_file": None}
            made = None
        if made:
            os.makedirs(os.path.dirname(out), exist_ok=True)
            if os.path.exists(out):
                shutil.copymode(out, made)
            state = os.stat(made)
            line["output_file"] = {"size": state.st_size, "changed_ns": state.st_mtime_ns}
        self.append(line)
        if made:
            os.replace(made, out)
        return line

    def place_url(self, line: Dict[str, Any], made: Optional[str], new: bool) -> Dict[str, Any]:
        """As place(), where what was made and its place are URLs."""
        system, out = url_to_fs(line["output"])
        part = url_to_fs(made)[1] if made else None
        if part and new and system.exists(out):
            system.rm(part)
            line = {**line, "error": f"\"{line['output']}\" exists", "output_file": None}
            part = None
        if part:
            # Such systems have no common word for times
            line["output_file"] = {"size": system.size(part), "changed_ns": 0}
        self.append(line)
        if part:
            system.mv(part, out)
        return line

    def is_done(self, item: Dict[str, Any]) -> bool:
        """Whether the URL of an output has what was made for this item."""
        line = self.lines.get(item["id"])
        if not line or not line.get("output_file") or any(
            line[key] != item[key] for key in ("input_file", "options", "output")
        ):
            return False
        system, out = url_to_fs(item["output"])
        return system.exists(out) and system.size(out) == line["output_file"]["size"]

    def close(self) -> None:
        """Let others work on the folder."""
        self._file.close()
