#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The kernels take no more instructions for a step than they used to.

Times are noisy, counts are not: callgrind counts what one step of a GRU takes
and instructions.json says what it took.  More than 2 % above that fails.
AVX-512 is left out, as valgrind does not know it.  Counts are those of one
compiler, so that others skip the test (exit status 77).

    instructions_test.py COMPILER build/tests/engine/kernels/count_steps
    instructions_test.py --update COMPILER build/tests/engine/kernels/count_steps
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

COUNTS = pathlib.Path(__file__).resolve().parent / "instructions.json"
VARIANTS = ("avx2", "scalar")
TOLERANCE = 1.02
SKIP = 77


def skip(why):
    """Say why nothing is tested, and leave."""
    print(f"instructions_test.py: skipped: {why}")
    sys.exit(SKIP)


def count(program, variant):
    """Return the instructions of a step for each size, or None."""
    with tempfile.TemporaryDirectory() as folder:
        # One dump for each time the function is left
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--collect-atstart=no",
             "--toggle-collect=measure_steps", "--dump-after=measure_steps",
             f"--callgrind-out-file={folder}/out", program, variant],
            capture_output=True, text=True, timeout=300, check=False)
        if done.returncode == SKIP:
            return None
        assert done.returncode == 0, done.stderr
        sizes = [line.split() for line in done.stdout.splitlines()]
        counts = {}
        for number, (size, n_steps) in enumerate(sizes, 1):
            text = pathlib.Path(folder, f"out.{number}").read_text("utf-8")
            total = int(re.search(r"^(?:summary|totals): (\d+)", text, re.M)[1])
            counts[size] = round(total / int(n_steps), 1)
        return counts


def main(args):
    """Compare, or update the file."""
    update = args[0] == "--update"
    compiler, program = args[update:]
    known = json.loads(COUNTS.read_text("utf-8")) if COUNTS.exists() else {}
    if not shutil.which("valgrind"):
        skip("there is no valgrind")
    if not update and compiler != known["compiler"]:
        skip(f"built by {compiler}, counted with {known['compiler']}")

    counts = {variant: count(program, variant) for variant in VARIANTS}
    counts = {variant: sizes for variant, sizes in counts.items() if sizes}
    if update:
        text = json.dumps({"compiler": compiler, "instructions": counts}, indent=2)
        COUNTS.write_text(text + "\n", "utf-8")
        return 0

    failed = False
    for variant, sizes in counts.items():
        for size, now in sizes.items():
            before = known["instructions"][variant][size]
            worse = now > before * TOLERANCE
            failed = failed or worse
            print(f"{variant} {size}: {now} instructions, {before} before"
                  + (": FAILED, more than 2 % up" if worse else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
