#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Draw the validation losses of several trainings over the hours of sound they saw.

Example:
    ./draw_journals.py journals/*.jsonl --output journals.svg
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402 (the backend must be chosen first)

TITLES = {
    "validation": "loss of the spectrum",
    "disturbance": "disturbance that is heard",
    "wrong_activity": "voice activity wrong",
}


def draw(journals: list[Path], output: Path) -> None:
    figure, plots = pyplot.subplots(
        1, len(TITLES), figsize=(4 * len(TITLES), 3.6), layout="constrained"
    )
    for journal in journals:
        rows = [json.loads(line) for line in journal.read_text().splitlines()]
        for plot, name in zip(plots, TITLES):
            known = [(row["hours"], row[name]) for row in rows if name in row]
            plot.plot(*zip(*known) if known else ([], []), label=journal.stem)
    for plot, title in zip(plots, TITLES.values()):
        plot.set_xlabel("hours of mixtures seen")
        plot.set_title(title)
        plot.set_ylim(bottom=0)
        plot.grid(alpha=0.3)
    plots[0].legend()
    figure.savefig(output)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("journals", type=Path, nargs="+", help="what train.py wrote, .jsonl")
    parser.add_argument("--output", type=Path, required=True, help=".svg or .png")
    options = parser.parse_args()
    draw(options.journals, options.output)


if __name__ == "__main__":
    main()
