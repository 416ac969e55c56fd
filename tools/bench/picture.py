#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Draw what `grus bench --json` tells as bars, in SVG.

    grus bench --json | tools/bench/picture.py > tools/bench/gru.svg

One group of bars for each size of GRU: the best time of a step on each kernel
variant, and with smaller weights on the best of them, on a logarithmic scale.  The
scalar variant is left out, as it would push all others into a corner.
"""

import json
import math
import sys
from html import escape

BAR = 11
GAP = 9
LEFT = 90
WIDTH = 480
RIGHT = 150
TOP = 66
COLOURS = {"f32": ("#1b6ca8", "#6fb1dd", "#a9cfe8"),
           "bf16": ("#b3541e", "#e39a6b", "#f0c5a8"),
           "int8": ("#3f7d3a", "#86b981", "#bcdab9")}


def size_name(row):
    """Return a name like 1x32, or 1x32x2 for layers."""
    layers = f"x{row['layers']}" if row["layers"] > 1 else ""
    return f"{row['input']}x{row['hidden']}{layers}"


def text(x, y, words, anchor="start", size=11, colour="#222"):
    """Return one line of text."""
    return (f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" '
            f'font-size="{size}" fill="{colour}">{escape(words)}</text>')


def time_name(nanoseconds):
    """Return a time in three digits or so."""
    if nanoseconds < 1000:
        return f"{nanoseconds:.0f} ns"
    return f"{nanoseconds / 1000:.1f} us"


def legend(series, y):
    """Return what the colours mean."""
    parts = []
    for number, (colour, name) in enumerate(series):
        x = LEFT + number * 120
        parts.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" '
                     f'fill="{colour}"/>')
        parts.append(text(x + 15, y, name))
    return parts


def draw(report):
    """Return the SVG of a report."""
    variants = [limit["variant"] for limit in report["limits"]][:-1] or ["scalar"]
    rows = [row for row in report["gru"]
            if row["variant"] in variants and row["streams"] == 1]
    storages = [s for s in COLOURS if any(r["storage"] == s for r in rows)]
    series = [(COLOURS[s][variants.index(v) % 3], f"{v}, {s}", v, s)
              for s in storages for v in variants
              if s == "f32" or v == variants[0]]
    sizes = sorted({(r["layers"], r["input"], r["hidden"]) for r in rows})

    low = math.log(min(r["ns_per_step"] for r in rows) / 1.5)
    high = math.log(max(r["ns_per_step"] for r in rows))
    y = TOP
    parts = legend([s[:2] for s in series], 48)
    for layers, inputs, hidden in sizes:
        group = {(r["variant"], r["storage"]): r for r in rows
                 if (r["layers"], r["input"], r["hidden"]) == (layers, inputs, hidden)}
        middle = y + len(series) * BAR / 2 + 2
        parts.append(text(LEFT - 10, middle, size_name(next(iter(group.values()))),
                          "end", 12))
        for colour, _, variant, storage in series:
            row = group.get((variant, storage))
            if not row:
                continue
            length = WIDTH * (math.log(row["ns_per_step"]) - low) / (high - low)
            words = time_name(row["ns_per_step"])
            if "times_pytorch" in row:
                words += f", {row['times_pytorch']:.0f} x PyTorch"
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" '
                         f'height="{BAR - 2}" fill="{colour}"/>')
            parts.append(text(LEFT + length + 5, y + BAR - 3, words, size=9,
                              colour="#555"))
            y += BAR
        y += GAP

    width, height = LEFT + WIDTH + RIGHT, y + 8
    head = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" '
            f'height="{height}" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif">',
            '<rect width="100%" height="100%" fill="white"/>',
            text(LEFT, 24, "One step of a GRU, inputs x units (x layers), "
                 "one core: shorter is better", size=14)]
    return "\n".join(head + parts + ["</svg>"])


if __name__ == "__main__":
    print(draw(json.load(sys.stdin)))
