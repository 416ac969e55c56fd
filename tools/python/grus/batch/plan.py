# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Which files there are to do, and how they are shared out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, Dict, List, Tuple

from .work import is_url

Line = Dict[str, Any]


class Plan:
    """What `grus render --dry-run` says of a command line.

    items: the lines of files to do, with "input", "output", "id", ...
    seconds: about how long each is
    arguments: the options but those that a batch alone has
    """

    def __init__(self, program: str, batch: List[str], rest: List[str]) -> None:
        """Have the program plan; SystemExit with its line if it refuses.

        batch: options that say which files, and where to.
        rest: the other arguments: options of how to render, and inputs.
        """
        first = ["--dry-run", "--json", *batch]
        done = subprocess.run(
            [program, "render", *first, *rest],
            stdout=subprocess.PIPE,
            check=False,
        )
        if done.returncode:
            sys.exit(done.returncode)  # It has told why
        told = json.loads(done.stdout)
        self.items: List[Line] = told["to_do"]
        self.seconds = [item.pop("seconds_by_size") for item in self.items]
        self.n_before: int = told["done_before"]
        self.journal: str = told["journal"]
        self.recipe: Line = told["options"]
        self.model: str = told["model_file"]
        self.arguments: List[str] = told["arguments"][len(first) :]
        for item in self.items:
            item["options"] = self.recipe
            if not is_url(item["output"]):
                item["output"] = os.path.abspath(item["output"])


def chunks(items: List[Line], seconds: List[float], most: float) -> List[List[Line]]:
    """Share out items, in their order, by hours and not by files.

    most: seconds of sound after which a chunk is full.
    """
    shares: List[Tuple[float, List[Line]]] = []
    for item, length in zip(items, seconds):
        if not shares or shares[-1][0] + length > most:
            shares.append((0.0, []))
        total, share = shares[-1]
        share.append(item)
        shares[-1] = (total + length, share)
    return [share for _, share in shares]
