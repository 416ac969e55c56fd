#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Train one network after the other in the background, and go on after any stop.

The runs are those of queue.json, in its order. They take one core at nice 19, or the GPU where
there is one. Checkpoints and journals are in ~/.cache/grus/training; the averaged weights of every
run are put into weights/ beside this program every half hour, to be committed. On another machine,
or after the cache is lost, a run goes on from these. After an edit of queue.json stop and start.

Examples:
    ./run_queue.py start --cache ~/cache --development ~/dev
    ./run_queue.py status
    ./run_queue.py stop
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, NamedTuple

from net.cache_folder import cache_folder

HERE = Path(__file__).resolve().parent
QUEUE = HERE / "queue.json"
WEIGHTS = HERE / "weights"
STEP_SECONDS = 48.0  # of mixtures: train.py's 16 of 3 s
EVERY = 300  # seconds between checkpoints
NICE = 19
# Freed memory is kept: half as fast again with glibc.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "100000000000",
    "MALLOC_TOP_PAD_": "268435456",
}
SHOWN_ROWS = 8


class Run(NamedTuple):
    """One line of the queue."""

    name: str
    network: str
    hours: float  # of mixtures, in all
    start: str = ""  # what it begins with: a run's name or a file beside this program
    options: tuple[str, ...] = ()  # more of train.py's

    @property
    def steps(self) -> int:
        return round(self.hours * 3600 / STEP_SECONDS)


def read_queue() -> list[Run]:
    try:
        runs = [Run(**entry) for entry in json.loads(QUEUE.read_text())]
    except (OSError, ValueError, TypeError) as error:
        raise SystemExit(f"{QUEUE}: {error}") from error
    if len({run.name for run in runs}) < len(runs):
        raise SystemExit(f"{QUEUE}: two runs have the same name")
    return runs


def training_folder() -> Path:
    folder = cache_folder() / "training"
    folder.mkdir(exist_ok=True)
    return folder


def journal(run: Run) -> list[dict]:
    """What train.py has told of a run on this machine."""
    path = training_folder() / f"{run.name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def done_hours(run: Run) -> float:
    """Hours of mixtures, from the journal or else from the weights kept."""
    rows = journal(run)
    if rows:
        return rows[-1]["hours"]
    kept = WEIGHTS / f"{run.name}.safetensors"
    if not kept.exists():
        return 0.0
    from net.model_file import load_step  # torch takes seconds to load

    return load_step(kept) * STEP_SECONDS / 3600


def finished(run: Run) -> bool:
    return round(done_hours(run) * 3600 / STEP_SECONDS) >= run.steps


def lock(file: IO) -> bool:
    """Whether nobody else has the queue; it is let go when the last process that shares it ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def command(run: Run, options: argparse.Namespace) -> list[str]:
    """train.py with all its arguments."""
    arguments = {
        "--cache": options.cache,
        "--output": training_folder() / f"{run.name}.pt",
        "--weights": WEIGHTS / f"{run.name}.safetensors",
        "--network": run.network,
        "--steps": run.steps,
        "--workers": options.workers,
        "--every": EVERY,
    }
    if options.development:
        arguments["--development"] = options.development
    if run.start:
        kept = (training_folder() / f"{run.start}.pt", WEIGHTS / f"{run.start}.safetensors")
        arguments["--start"] = next((path for path in kept if path.exists()), HERE / run.start)
    pairs = (str(part) for pair in arguments.items() for part in pair)
    return [sys.executable, str(HERE / "train.py"), *pairs, *run.options]


def train(run: Run, options: argparse.Namespace, held: IO) -> None:
    """One run to its end. If killed it goes on; one that comes to nothing ends the queue."""
    while not finished(run):
        before = done_hours(run)
        print(f"{run.name}: {time.strftime('%Y-%m-%d %H:%M')}", flush=True)
        # The training keeps the lock even if this process is killed.
        ended = subprocess.run(command(run, options), check=False, pass_fds=[held.fileno()])
        if ended.returncode and done_hours(run) <= before:
            raise SystemExit(f"{run.name}: train.py ended with status {ended.returncode}")


def work(options: argparse.Namespace, held: IO) -> None:
    """Train all that is left, in order."""
    for run in read_queue():
        train(run, options, held)


def start(options: argparse.Namespace) -> None:
    """Leave a process behind that trains, and give its number."""
    read_queue()
    for folder in (options.cache, options.development):
        if folder and not folder.is_dir():
            raise SystemExit(f"{folder}: is not there; prepare.py and development.py make it")
    held = (training_folder() / "lock").open("a")
    if not lock(held):
        raise SystemExit("the queue is running already; see status")
    if os.fork() > 0:
        return
    os.setsid()
    os.nice(NICE)
    os.environ.update(ENVIRONMENT)
    (training_folder() / "process").write_text(str(os.getpid()))
    log = os.open(training_folder() / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    work(options, held)


def stop(_: argparse.Namespace) -> None:
    with (training_folder() / "lock").open("a") as file:
        if lock(file):
            raise SystemExit("the queue is not running")
    os.killpg(int((training_folder() / "process").read_text()), signal.SIGTERM)
    with (training_folder() / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # until the training has left its weights


def speed(rows: list[dict]) -> float:
    """Hours of mixtures an hour since the training was last started, 0 if not known."""
    first = len(rows) - 1
    while first > 0 and rows[first - 1]["seconds"] < rows[first]["seconds"]:
        first -= 1
    first = max(first, len(rows) - SHOWN_ROWS)
    seconds = rows[-1]["seconds"] - rows[first]["seconds"]
    return 3600 * (rows[-1]["hours"] - rows[first]["hours"]) / seconds if seconds > 0 else 0.0


def describe_row(row: dict) -> str:
    """Losses and development scores at one time."""
    parts = [f"{row['hours']:8.1f} h"]
    parts += [f"{name} {row[name]:.4f}" for name in ("training", "validation") if name in row]
    for kind, scores in row.items():
        if isinstance(scores, dict):
            parts.append(
                f"{kind}: spectrum {scores['spectrum']:.4f}, disturbance "
                f"{scores['disturbance']:.3f}, SNR {scores['snr']:.2f} dB, lost "
                f"{100 * scores['lost']:.1f} %"
            )
    return "  ".join(parts)


def status(_: argparse.Namespace) -> None:
    with (training_folder() / "lock").open("a") as file:
        print("stopped" if lock(file) else "running")
    for run in read_queue():
        rows, done = journal(run), done_hours(run)
        rate = speed(rows) if rows else 0.0
        line = f"{run.name} ({run.network}): {done:.1f} of {run.hours:g} h of mixtures"
        if rate > 0 and done < run.hours:
            line += f", {rate:.0f} h an hour, {(run.hours - done) / rate:.1f} h left"
        print(line)
        spread = max(1, -(-len(rows) // SHOWN_ROWS))
        for row in rows[::-1][::spread][::-1]:
            print("   " + describe_row(row))


def resolved(path: str) -> Path:
    return Path(path).resolve()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    begin = commands.add_parser("start", help="train in the background")
    begin.add_argument(
        "--cache", type=resolved, required=True, help="folder of prepare.py's caches"
    )
    begin.add_argument("--development", type=resolved, help="folder of development.py's pairs")
    begin.add_argument(
        "--workers", type=int, default=1, help="training or (CUDA) mixing processes"
    )
    begin.set_defaults(run=start)
    commands.add_parser("status", help="tell how far the runs are").set_defaults(run=status)
    commands.add_parser("stop", help="stop; start goes on").set_defaults(run=stop)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    options.run(options)


if __name__ == "__main__":
    main()
