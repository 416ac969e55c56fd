# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What a worker does: some files through `grus render`.

Workers get this module by value and need nothing but Python and the program
`grus`; fsspec, for inputs that are URLs.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from typing import Any, Dict, List, Optional, Tuple

Line = Dict[str, Any]


def keep_model(model: bytes, folder: str) -> str:
    """Write a model where this machine's workers find it; return its path."""
    path = os.path.join(folder, f"{hashlib.sha256(model).hexdigest()}.safetensors")
    if not os.path.exists(path):
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(model)
        os.replace(file.name, path)
    return path


def local_copy(url: str, folder: pathlib.Path) -> str:
    """Return the path of an input, which is fetched if it is a URL."""
    if "://" not in url:
        return os.path.abspath(url)
    import fsspec  # pylint: disable=import-outside-toplevel

    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    path = folder / (name + pathlib.PurePosixPath(url).suffix)
    folder.mkdir(exist_ok=True)
    with fsspec.open(url, "rb") as source, open(path, "wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
    return str(path)


def failure(item: Line, reason: str) -> Tuple[Line, None]:
    """Return the line of an item that failed."""
    return {**item, "error": reason}, None


def fetch_all(
    items: List[Line], folder: pathlib.Path
) -> Tuple[Dict[str, Line], List[Tuple[Line, None]]]:
    """Fetch inputs; return items by local path, and lines of those not there."""
    here, lost = {}, []
    for item in items:
        try:
            here[local_copy(item["input"], folder)] = item
        except Exception as error:  # pylint: disable=broad-except
            lost.append(failure(item, f"cannot fetch \"{item['input']}\": {error}"))
    return here, lost


def render(
    items: List[Line],
    program: str,
    arguments: List[str],
    recipe: Line,
    model: bytes,
    scratch: Optional[str],
) -> List[Tuple[Line, Optional[str]]]:
    """Render items; return of each its line for the journal and what was made.

    arguments: of `grus render`, but those that a batch alone has.
    recipe: what the lines must tell of model and options; another one means
        that this machine has another `grus`.
    scratch: a folder on the file system of the outputs, None for this
        machine's own.
    """
    run = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=scratch))
    here, lines = fetch_all(items, run / "in")
    command = [program, "render", *arguments, "--quiet", "--jobs", "1"]
    command += ["--model", keep_model(model, scratch or tempfile.gettempdir())]
    command += ["--output-dir", str(run / "out"), "--files-from", "-"]
    done = subprocess.run(
        command,
        input=b"".join(os.fsencode(path) + b"\0" for path in here),
        capture_output=True,
        check=False,
    )
    journal = run / "out" / "grus-render.jsonl"
    if done.returncode not in (0, 1) or (here and not journal.exists()):
        raise RuntimeError(done.stderr.decode(errors="replace").strip())
    text = journal.read_text(encoding="utf-8") if here else ""
    for line in map(json.loads, text.splitlines()):
        item = here[line["input"]]
        if line["options"] != recipe:
            raise RuntimeError(f"another grus is here: {line['options']}, not {recipe}")
        made = None if "error" in line else line["output"]
        lines.append(({**line, **item}, made))
    return lines
