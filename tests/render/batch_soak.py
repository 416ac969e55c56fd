#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A batch of thousands of files: speed, memory, the same bytes, kills.

Makes a corpus in FOLDER/in unless it is there (files of 0.2 to 600 s in six
formats, some damaged).  `speed` renders it with one job and with two, which
wants a machine that does nothing else; `kills` renders it with two jobs that are
killed 20 times, and each file by a call of its own.  Prints what it measured;
fails if bytes differ, a file is missing, or a file that was done is done again.
Not part of the test suite: 2000 files, all done, take an hour on two cores.

    batch_soak.py [--files 2000] build/tools/grus FOLDER [speed] [kills]
"""

import argparse
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

from batch_corpus import make

PARSER = argparse.ArgumentParser(description="A batch of thousands of files")
PARSER.add_argument("--files", type=int, default=2000)
PARSER.add_argument("grus", type=os.path.abspath)
PARSER.add_argument("folder", type=pathlib.Path)
PARSER.add_argument("what", nargs="*", default=["speed", "kills"])
OPTIONS = PARSER.parse_args()
GRUS, FOLDER, N_FILES = OPTIONS.grus, OPTIONS.folder, OPTIONS.files
N_DAMAGED, N_KILLS = 10, 20
JOURNAL = "grus-render.jsonl"
PAGE = os.sysconf("SC_PAGE_SIZE")


def group_memory(group):
    """Return the bytes that no two processes of a group share."""
    total = 0
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[2]) == group:
                    pages = (entry / "statm").read_text().split()
                    total += (int(pages[1]) - int(pages[2])) * PAGE
            except (OSError, IndexError):
                pass
    return total


class Batch:
    """A batch that runs, in a process group of its own."""

    def __init__(self, out, jobs):
        self.begin = time.monotonic()
        self.process = subprocess.Popen(
            [GRUS, "render", "--json", "--recursive", "--jobs", str(jobs),
             "--output-dir", out, FOLDER / "in"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, start_new_session=True)
        self.sizes = []

    def watch(self):
        """Note the memory every second until it ends."""
        while self.process.poll() is None:
            self.sizes.append(group_memory(self.process.pid))
            time.sleep(1.0)

    def end(self):
        """Wait for it; return what it told, and its seconds."""
        watch = threading.Thread(target=self.watch)
        watch.start()
        told = json.loads(self.process.communicate()[0])
        seconds = time.monotonic() - self.begin
        watch.join()
        return told, seconds


def sums(folder):
    """Return the hashes of all files but the journal, by their names."""
    return {str(path.relative_to(folder)):
            hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != JOURNAL}


def numbers(folder):
    """Return what changes when a file is made again, by its name."""
    return {path: path.stat().st_ino for path in folder.rglob("*")
            if path.is_file() and path.name != JOURNAL
            and ".part-" not in path.name}


def timed(jobs, hours):
    """Render all with that many jobs; return the seconds."""
    out = FOLDER / f"out-{jobs}"
    subprocess.run(["rm", "-rf", out], check=True)
    batch = Batch(out, jobs)
    told, seconds = batch.end()
    half = len(batch.sizes) // 2
    print(f"{jobs} jobs: {told['done']} done, {told['failed']} failed, "
          f"{seconds:.0f} s, {3600 * hours / seconds:.0f} hours an hour; most "
          f"memory {max(batch.sizes[:half]) >> 20} MiB in the first half, "
          f"{max(batch.sizes[half:]) >> 20} MiB in the second", flush=True)
    assert told["done"] + told["failed"] == told["files"] == N_FILES, told
    assert told["failed"] <= N_DAMAGED, told
    return seconds


def killed():
    """Render all with two jobs that are killed again and again."""
    out = FOLDER / "out-killed"
    subprocess.run(["rm", "-rf", out], check=True)
    pick = random.Random(N_FILES)
    for i in range(N_KILLS):
        before = numbers(out)
        more = pick.randrange(2 * N_FILES // N_KILLS)
        batch = Batch(out, 2)
        while len(numbers(out)) < len(before) + more:
            if batch.process.poll() is not None:
                break
            time.sleep(0.05)
        time.sleep(pick.uniform(0, 1))
        if i % 2:
            os.killpg(batch.process.pid, signal.SIGKILL)
        else:  # What it started has to end too
            batch.process.kill()
        batch.process.communicate()
        after = numbers(out)
        assert all(after.get(path) == number
                   for path, number in before.items()), "done again"
    told, _ = Batch(out, 2).end()
    print(f"killed {N_KILLS} times: {told['done_before']} were done, "
          f"{told['done']} in the last run, {told['failed']} failed",
          flush=True)
    return out


def one_by_one(outputs):
    """Render each by a call of its own."""
    out = FOLDER / "out-single"
    for name in outputs:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([GRUS, "render", "--quiet", "--force",
                        FOLDER / "in" / name, path], check=True,
                       stderr=subprocess.DEVNULL)
    return out


def main():
    """Measure, compare, tell."""
    about = FOLDER / "hours"
    if not about.exists():
        about.parent.mkdir(parents=True, exist_ok=True)
        about.write_text(str(make(FOLDER / "in", N_FILES, N_DAMAGED)))
    hours = float(about.read_text())
    print(f"{N_FILES} files, {hours:.1f} hours", flush=True)
    made = []
    if "speed" in OPTIONS.what:
        one, two = timed(1, hours), timed(2, hours)
        print(f"two jobs: {one / two:.2f} times as fast", flush=True)
        made += [FOLDER / "out-1", FOLDER / "out-2"]
    if "kills" in OPTIONS.what:
        made.append(killed())
        made.append(one_by_one(sums(made[0])))
    found = [sums(folder) for folder in made]
    assert all(other == found[0] for other in found), "other bytes"
    print(f"{len(found[0])} outputs, the same bytes in "
          f"{', '.join(folder.name for folder in made)}")


main()
