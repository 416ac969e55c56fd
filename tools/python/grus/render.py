# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sound files through the program `grus`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any, Dict, List, Union

from ._engine import GrusError

Path = Union[str, "os.PathLike[str]"]


def _arguments(options: Dict[str, Any]) -> List[str]:
    arguments = []
    for name, value in options.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            arguments.append(option)
        elif value is not None and value is not False:
            arguments += [option, str(value)]
    return arguments


def render(infile: Path, outfile: Path, **options: Any) -> Dict[str, Any]:
    """Clean the sound file `infile` and write it to `outfile`, by `grus render`.

    All formats, metadata and care for files are those of the program, which must
    be installed: $GRUS, or `grus` in PATH.

    Args:
        infile, outfile: paths.
        options: those of `grus render --help`, with underscores for hyphens:
            `reduction=18`, `format="flac"`, `no_clobber=True`.

    Returns:
        What `grus render --json` reports: "frames", "sample_rate", "before" and
        "after" (levels in dBFS), "voice_activity" (0 to 1), ...

    Raises:
        GrusError: the program's own line, which names the file and the cause;
            `outfile` is what it was before.
    """
    program = shutil.which(os.environ.get("GRUS") or "grus")
    if not program:
        raise GrusError("the program grus is not installed, or not in PATH ($GRUS names it)")
    done = subprocess.run(
        [program, "render", "--json", *_arguments(options), "--",
         os.fspath(infile), os.fspath(outfile)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        line = done.stderr.strip().rpartition("\n")[2]
        raise GrusError(line or f"grus render ended with {done.returncode}")
    report: Dict[str, Any] = json.loads(done.stdout or done.stderr)
    return report
