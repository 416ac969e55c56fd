# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""The program: python3 -m grus.batch"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import time
from asyncio import CancelledError
from concurrent.futures import CancelledError as FutureCancelled
from typing import Any, Dict, List, Optional, Tuple

from . import work
from .journal import Journal
from .plan import Plan, chunks

try:
    import cloudpickle
    from dask.distributed import Client, Future, KilledWorker, LocalCluster, as_completed
except ImportError as missing:
    sys.exit(f"grus.batch: {missing}: install Dask (Debian: python3-distributed)")

TRIES = 3  # Of a share that a worker could not do, after the first
EXAMPLES = """\
All other options are those of grus render, see grus render --help.

Examples:
  python3 -m grus.batch --output-dir clean --recursive interviews
  python3 -m grus.batch --scheduler tcp://head:8786 -o clean -f flac in
  find /archive -name '*.mp3' | python3 -m grus.batch -o clean --files-from -
"""


def parser() -> argparse.ArgumentParser:
    """Return what parses the options that are not those of one file."""
    options = argparse.ArgumentParser(
        prog="python3 -m grus.batch",
        description="Render many sound files on many machines, by Dask.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = options.add_argument
    add("-o", "--output-dir", metavar="DIR", required=True, help="where all outputs go")
    add("--recursive", action="store_true", help="folders in folders too")
    add("--include", action="append", default=[], metavar="PATTERN",
        help="of folders take only names like this")
    add("--files-from", metavar="FILE", help="read names of inputs, from - as well")
    add("--journal", metavar="FILE", help="keep the journal here")
    add("--report", help=argparse.SUPPRESS)
    add("--scheduler", metavar="ADDRESS", help="of a running Dask (default: workers here)")
    add("--workers", type=int, metavar="N", default=os.cpu_count(),
        help="workers here, without --scheduler (default: the number of cores)")
    add("--chunk", type=float, metavar="SECONDS", default=900.0,
        help="sound that a worker takes at a time (default 900)")
    add("--patience", type=float, metavar="SECONDS", default=600.0,
        help="how long to wait for a scheduler that is gone (default 600)")
    add("--program", metavar="PATH", help="grus on the workers (default: as here)")
    add("-q", "--quiet", action="store_true", help="no report")
    add("-j", "--json", action="store_true", help="report as JSON")
    return options


def batch_arguments(options: argparse.Namespace) -> List[str]:
    """Return the options for grus that say which files, and where to."""
    arguments = ["--output-dir", options.output_dir]
    arguments += ["--recursive"] * options.recursive
    for pattern in options.include:
        arguments += ["--include", pattern]
    if options.files_from:
        arguments += ["--files-from", options.files_from]
    if options.journal:
        arguments += ["--journal", options.journal]
    return arguments


class Batch:
    """A batch that is under way."""

    def __init__(self, options: argparse.Namespace, plan: Plan, program: str) -> None:
        self.options = options
        self.plan = plan
        self.program = program
        self.left = {item["id"]: (item, seconds)
                     for item, seconds in zip(plan.items, plan.seconds)}
        self.n_failed = 0
        self.n_done = 0
        self.seconds = 0.0
        self.on_workers: Optional[Future] = None  # The model
        with open(plan.model, "rb") as file:
            self.model = file.read()
        self.scratch: Optional[str] = None  # Where workers put what is not whole
        if work.is_url(options.output_dir):
            self.journal = Journal(plan.journal)
            self.left = {key: item for key, item in self.left.items()
                         if not self.journal.is_done(item[0])}
            plan.n_before += len(plan.items) - len(self.left)
            return
        os.makedirs(options.output_dir, exist_ok=True)
        self.journal = Journal(plan.journal)
        self.scratch = os.path.abspath(os.path.join(options.output_dir, ".grus-batch"))
        # Whoever made it was killed: the journal is ours
        shutil.rmtree(self.scratch, ignore_errors=True)
        os.makedirs(self.scratch)

    def take(self, line: Dict[str, Any], made: Optional[str]) -> None:
        """Note a file that a worker is done with."""
        if self.left.pop(line["id"], None) is None:
            return  # A worker that was thought dead has done it too
        line = self.journal.place(line, made, "--no-clobber" in self.plan.arguments)
        if "error" in line:
            self.n_failed += 1
            print(f"grus.batch: {line['error']}", file=sys.stderr, flush=True)
        else:
            self.n_done += 1
            self.seconds += line["seconds"]

    def submit(self, client: Client, items: List[Dict[str, Any]], pause: float = 0.0) -> Future:
        """Have a worker render items, after a pause if they have failed before."""
        return client.submit(work.render, items, self.program, self.plan.arguments,
                             self.plan.recipe, self.on_workers, self.scratch,
                             pause, pure=False)

    def run(self, client: Client) -> None:
        """Render all that is left; an exception if the scheduler is lost."""
        items, seconds = zip(*self.left.values())
        self.on_workers = client.scatter(self.model, broadcast=True)
        shares = {}  # Of each future: its items, and how often they have failed
        for share in chunks(list(items), list(seconds), self.options.chunk):
            shares[self.submit(client, share)] = share, 0
        done = as_completed(list(shares))
        for future in done:
            share, n_failed = shares.pop(future)
            try:
                lines = future.result()
            except (KilledWorker, RuntimeError, FileNotFoundError) as error:
                lines, again = self.failed(client, share, n_failed, error)
                shares.update(again)
                done.update(list(again))
            for line, made in lines:
                self.take(line, made)

    def failed(
        self, client: Client, share: List[Dict[str, Any]], n_failed: int, error: Exception
    ) -> Tuple[List[Any], Dict[Future, Any]]:
        """Try a share once more, with longer pauses, then each item alone.

        Returns the lines of items that are given up, and the new futures.
        """
        if n_failed < TRIES and not isinstance(error, KilledWorker):
            return [], {self.submit(client, share, 2.0 ** n_failed): (share, n_failed + 1)}
        if len(share) == 1:
            return [work.failure(share[0], f"\"{share[0]['input']}\": {error}")], {}
        # One of them does that: each for itself tells which
        return [], {self.submit(client, [item]): ([item], 0) for item in share}

    def connect(self) -> Client:
        """Return a client of the scheduler, or of workers here."""
        if self.options.scheduler:
            return Client(self.options.scheduler, timeout=10)
        cluster = LocalCluster(n_workers=self.options.workers, threads_per_worker=1,
                               dashboard_address=None, silence_logs=logging.CRITICAL,
                               local_directory=self.scratch)
        return Client(cluster)

    def run_all(self) -> None:
        """Render all, whatever happens to the scheduler on the way."""
        pause, lost = 1.0, time.monotonic()
        while self.left:
            n_left = len(self.left)
            try:
                with self.connect() as client:
                    self.run(client)
            except (OSError, CancelledError, FutureCancelled) as error:
                if len(self.left) < n_left:
                    pause, lost = 1.0, time.monotonic()
                if time.monotonic() - lost > self.options.patience:
                    raise OSError(f"given up: {error!r}") from error
                time.sleep(pause)
                pause = min(2.0 * pause, 60.0)

    def close(self) -> None:
        """Remove what was there for the time of the batch."""
        if self.scratch:
            shutil.rmtree(self.scratch, ignore_errors=True)
        self.journal.close()


def main() -> int:
    """Run the program; return its exit status."""
    options, rest = parser().parse_known_args()
    if work.is_url(options.output_dir) and not options.journal:
        parser().error("--journal FILE is needed where --output-dir is a URL")
    if options.report:
        parser().error("--report: grus render with the same options writes it afterwards")
    program = options.program or shutil.which(os.environ.get("GRUS", "grus"))
    if not program:
        sys.exit("grus.batch: the program grus is not in PATH (--program names it)")
    logging.disable(logging.CRITICAL)  # What counts is told here
    cloudpickle.register_pickle_by_value(work)
    plan = Plan(program, batch_arguments(options), rest)
    start = time.monotonic()
    try:
        batch = Batch(options, plan, os.path.abspath(program))
        try:
            batch.run_all()
        finally:
            batch.close()
    except (OSError, RuntimeError, ValueError) as error:
        print(f"grus.batch: {error}", file=sys.stderr)
        return 1
    taken = time.monotonic() - start
    if options.json:
        print(json.dumps({
            "files": len(plan.items) + plan.n_before, "done": batch.n_done,
            "done_before": plan.n_before, "failed": batch.n_failed,
            "hours": batch.seconds / 3600, "seconds_taken": taken,
            "speed": batch.seconds / taken, "journal": plan.journal}, indent=2))
    elif not options.quiet:
        print(f"{batch.n_done} files done: {batch.seconds / 3600:.2f} h in {taken:.0f} s, "
              f"{batch.seconds / taken:.0f} times real time; {plan.n_before} were done "
              f"before, {batch.n_failed} failed")
    return 1 if batch.n_failed else 0


if __name__ == "__main__":
    sys.exit(main())
