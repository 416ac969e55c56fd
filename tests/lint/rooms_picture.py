#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Draw the rooms that HACKING.md lists and what includes what, as SVG.

Each arc on the left is one room whose files include another's.  All go down, or
rooms_test.py fails; it also compares this with the picture in the repository.

    rooms_picture.py > tests/lint/rooms.svg
"""

import html
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TREES = ("plugin", "tools", "engine")
ROW, TEXT_X, RIGHT = 22, 250, 940


def listed():
    """Return (tree, room, what it is) for every room of the list in HACKING.md."""
    text = (ROOT / "HACKING.md").read_text("utf-8")
    block = text[text.index("## The rooms"):text.index("## Two walks")]
    rows, tree = [], ""
    for line in re.findall(r"^ {4}(.*)", block, re.M):
        indent = len(line) - len(line.lstrip())
        names, _, about = line.strip().partition("  ")
        if indent > 8:  # The end of the line above
            rows[-1] = (*rows[-1][:2], f"{rows[-1][2]} {line.strip()}")
            continue
        tree = names.split()[0] if indent == 0 else tree
        if tree in TREES:
            rows += [(tree, name if indent else "", about.strip()) for name in names.split()
                     if (ROOT / tree / name).is_dir() or not indent]
    return rows


def folder_of(tree, room):
    return ROOT / tree / room if room else ROOT / tree


def room_of(path, rows):
    """Return the index of the row whose room a path lies in, the innermost."""
    fits = [(len(folder_of(*row[:2]).parts), index) for index, row in enumerate(rows)
            if folder_of(*row[:2]) in path.parents]
    return max(fits)[1] if fits else None


def files_of(tree):
    return sorted(p for p in (ROOT / tree).rglob("*") if p.suffix in (".c", ".h", ".cpp"))


def find(path, file, tree):
    """Return the file that an include of `file` means, or nothing."""
    for folder in (file.parent, ROOT / tree, ROOT / "engine", ROOT / "engine/include"):
        if (folder / path).exists():
            return (folder / path).resolve()
    return None


def arcs_between(rows):
    """Return (from, to) for every room that includes another."""
    arcs = set()
    for tree in TREES:
        for file in files_of(tree):
            own = room_of(file, rows)
            for path in re.findall(r'^\s*#\s*include ["<]([^">]+)', file.read_text("utf-8"), re.M):
                target = find(path, file, tree)
                other = room_of(target, rows) if target else None
                if other is not None and other != own:
                    arcs.add((own, other))
    return sorted(arcs)


def draw():
    """Return the picture."""
    rows = listed()
    rows_y = [40 + ROW * index for index in range(len(rows))]
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {RIGHT} {rows_y[-1] + 40}" '
        'font-family="sans-serif" font-size="13">',
        "<title>The rooms of Grus</title>",
        f'<rect width="{RIGHT}" height="{rows_y[-1] + 40}" fill="#ffffff"/>',
    ]
    for upper, lower in arcs_between(rows):
        y_1, y_2 = rows_y[upper], rows_y[lower]
        reach = TEXT_X - 12 - min(220, 14 + 9 * abs(lower - upper))
        color = "#0072b2" if lower > upper else "#d55e00"
        label = html.escape(f"{name_of(rows[upper])} includes {name_of(rows[lower])}")
        out.append(
            f'<path d="M{TEXT_X - 8} {y_1} C{reach} {y_1} {reach} {y_2} {TEXT_X - 8} {y_2}" '
            f'fill="none" stroke="{color}" stroke-opacity="0.5">'
            f'<title>{label}</title></path>'
        )
    for row, y in zip(rows, rows_y):
        tree, room, about = row
        weight = "" if room else ' font-weight="bold"'
        indent = 16 if room else 0
        out += [
            f'<circle cx="{TEXT_X - 8}" cy="{y}" r="3" fill="#333333"/>',
            f'<text x="{TEXT_X + indent}" y="{y + 4}"{weight}>{html.escape(room or tree)}</text>',
            f'<text x="{TEXT_X + 130}" y="{y + 4}">{html.escape(about.replace("`", ""))}</text>',
        ]
    return "\n".join([*out, "</svg>", ""])


def name_of(row):
    """Return a room's path."""
    return "/".join(part for part in row[:2] if part)


if __name__ == "__main__":
    print(draw(), end="")
