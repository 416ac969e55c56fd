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
import re
import shutil
import subprocess
import tempfile
import time
from typing import Any, Dict, List, Optional, Tuple

Line = Dict[str, Any]


def is_url(path: str) -> bool:
    """Whether a path is one for fsspec."""
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", path))


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
    if not is_url(url):
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


def send(path: str, url: str, run: str) -> str:
    """Put a file beside the place of an output that is a URL; return where."""
    import fsspec  # pylint: disable=import-outside-toplevel

    system, place = fsspec.core.url_to_fs(url)
    system.makedirs(os.path.dirname(place), exist_ok=True)
    system.put_file(path, f"{place}.part-{run}")
    return f"{url}.part-{run}"


def render(
    items: List[Line],
    program: str,
    arguments: List[str],
    recipe: Line,
    model: bytes,
    scratch: Optional[str],
    pause: float = 0.0,
) -> List[Tuple[Line, Optional[str]]]:
    """Render items; return of each its line for the journal and what was made.

    arguments: of `grus render`, but those that a batch alone has.
    recipe: what the lines must tell of model and options; another one means
        that this machine has another `grus`.
    scratch: a folder on the file system of the outputs; None if these are URLs.
    pause: seconds to wait before, since a try has failed.
    """
    time.sleep(pause)
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
            raise ValueError(f"another grus is here: {line['options']}, not {recipe}")
        made = None if "error" in line else line["output"]
        if made and not scratch:
            made = send(made, item["output"], run.name)
        lines.append(({**line, **item}, made))
    if not scratch:
        shutil.rmtree(run)
    return lines
