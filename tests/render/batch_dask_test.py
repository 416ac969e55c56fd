#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`python3 -m grus.batch`: what `grus render --output-dir` does, by Dask.

    batch_dask_test.py build/tools/grus build/tools/python
"""

import functools
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import tap
from batch_files import NAMES, corpus, files_below, lines, one_by_one
from render_program import GRUS, grus
from tap import test

try:
    import distributed  # noqa: F401  pylint: disable=unused-import
    import fsspec
    import numpy  # noqa: F401  pylint: disable=unused-import
except ImportError as error:
    print(f"1..0 # SKIP {error}")
    sys.exit(0)

ENVIRONMENT = {**os.environ, "PYTHONPATH": sys.argv[2],
               "PYTHONDONTWRITEBYTECODE": "1"}
BATCH = [sys.executable, "-m", "grus.batch", "--program", GRUS]


def batch(*args, code=0, **options):
    """Run a batch; return its summary and what it told."""
    done = subprocess.run([*BATCH, "--json", *map(str, args)], check=False,
                          capture_output=True, env=ENVIRONMENT, timeout=300,
                          **options)
    assert done.returncode == code, done
    return json.loads(done.stdout), done.stderr.decode()


def start(*arguments):
    """Start a scheduler or a worker, in a session of its own; return it."""
    return subprocess.Popen([sys.executable, "-m", "distributed.cli." +
                             arguments[0], *map(str, arguments[1:])],
                            stderr=subprocess.PIPE, text=True,
                            start_new_session=True, env=ENVIRONMENT)


def address_of(scheduler):
    """Return where a scheduler listens, once it says so."""
    for line in scheduler.stderr:
        if found := re.search(r"tcp://[^ :]+:(\d+)$", line.strip()):
            threading.Thread(target=scheduler.stderr.read).start()
            return "tcp://127.0.0.1:" + found[1]
    raise AssertionError("the scheduler has ended")


@test
def workers_here_write_the_same_and_keep_the_same_journal(folder):
    source, out = corpus(folder / "in"), folder / "out"
    (source / "bad.wav").write_text("This is no sound.")
    first = json.loads(grus("render", "--json", "--output-dir", out,
                            source / "0.wav").stdout)
    assert first["done"] == 1
    told, text = batch("--output-dir", out, "--workers", 2, "--chunk", 1,
                       "--recursive", source, code=1)
    assert (told["done"], told["done_before"], told["failed"]) == (6, 1, 1)
    assert text.count("\n") == 1 and "bad.wav" in text, text
    (source / "bad.wav").unlink()
    assert files_below(out) == one_by_one(source, folder / "wanted")
    again = json.loads(grus("render", "--json", "--output-dir", out,
                            "--recursive", source).stdout)
    assert again["done_before"] == len(NAMES), again
    assert {frozenset(line) for line in lines(out) if "error" not in line} == {
        frozenset(lines(out)[0])}


@test
def options_and_refusals_are_those_of_render(folder):
    source, out = corpus(folder / "in"), folder / "out"
    batch("--output-dir", out, "--workers", 1, "--format", "flac",
          "--reduction", 12, "--model", "voice-light", source / "0.wav",
          "--bits", 24)
    grus("render", "--quiet", "--reduction", 12, "--model", "voice-light",
         "--bits", 24, source / "0.wav", folder / "wanted.flac")
    assert (out / "0.flac").read_bytes() == (
        folder / "wanted.flac").read_bytes()
    for args, says in (((source / "0.wav", source / "0.wav", "--format",
                         "docx"), "docx"), ((), "no input")):
        done = subprocess.run([*BATCH, "-o", out, *map(str, args)], check=False,
                              capture_output=True, env=ENVIRONMENT)
        assert done.returncode == 2 and says in done.stderr.decode(), done


@test
def killed_workers_and_a_scheduler_that_starts_anew_lose_nothing(folder):
    source, out = corpus(folder / "in", seconds=3), folder / "out"
    wanted = one_by_one(source, folder / "wanted")
    processes = [start("dask_scheduler", "--port", 0, "--no-dashboard",
                       "--host", "127.0.0.1")]
    address = address_of(processes[0])
    port = address.rpartition(":")[2]
    for _ in range(4):
        worker = start("dask_worker", address, "--nthreads", 1, "--no-nanny",
                       "--no-dashboard")
        threading.Thread(target=worker.stderr.read).start()
        processes.append(worker)
    try:
        with subprocess.Popen([*BATCH, "--scheduler", address, "--chunk", "1",
                               "--json", "-o", out, "--recursive", source],
                              stdout=subprocess.PIPE,
                              env=ENVIRONMENT) as client:
            wait_for(lambda: files_below_count(out) >= 1, client)
            for worker in processes[1:3]:
                os.killpg(worker.pid, signal.SIGKILL)
            os.killpg(processes[0].pid, signal.SIGKILL)
            processes[0].wait()
            processes.append(start("dask_scheduler", "--port", port,
                                   "--no-dashboard", "--host", "127.0.0.1"))
            threading.Thread(target=processes[-1].stderr.read).start()
            # Workers of this version end when their scheduler does
            worker = start("dask_worker", address, "--nthreads", 1,
                           "--no-nanny", "--no-dashboard")
            threading.Thread(target=worker.stderr.read).start()
            processes.append(worker)
            told = json.loads(client.communicate(timeout=300)[0])
        assert client.returncode == 0 and told["failed"] == 0, told
        assert told["done"] == len(NAMES), told
        assert files_below(out) == wanted
        assert len(lines(out)) == len(NAMES)  # Nothing was done twice
    finally:
        for process in processes:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()


def files_below_count(folder):
    """Return how many outputs there are."""
    return sum(path.is_file() and ".grus-batch" not in path.parts
               for path in folder.rglob("*.*")) - 1


def wait_for(condition, process):
    """Wait until something is so, while a process runs."""
    while not condition():
        assert process.poll() is None, process.returncode
        time.sleep(0.05)


@test
def inputs_may_be_urls(folder):
    source = corpus(folder / "in")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        """Serves a folder and says nothing."""

        def log_message(self, *_):
            pass

    urls = [f"file://{source}/a/b/6.flac"]
    server = None
    try:
        fsspec.filesystem("http")
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Quiet, directory=source))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        urls.append(f"http://127.0.0.1:{server.server_port}/0.wav")
    except ImportError:
        pass  # Without aiohttp
    out = folder / "out"
    told, _ = batch("--workers", 1, "-o", out, "--files-from", "-",
                    input="\n".join(urls).encode())
    if server:
        server.shutdown()
    assert told["done"] == len(urls), told
    made = sorted(files_below(out).values())
    wanted = one_by_one(source, folder / "wanted")
    assert made == sorted([wanted["a/b/6.flac"], wanted["0.wav"]][:len(urls)])
    assert batch("--workers", 1, "-o", out, "--files-from", "-",
                 input="\n".join(urls).encode())[0]["done_before"] == len(urls)


@test
def outputs_may_be_urls(folder):
    source = corpus(folder / "in")
    url, journal = f"file://{folder}/out", folder / "journal"
    args = ("--workers", 1, "-o", url, "--journal", journal, "--recursive",
            source)
    assert batch(*args)[0]["done"] == len(NAMES)
    assert files_below(folder / "out") == one_by_one(source, folder / "wanted")
    assert batch(*args)[0]["done_before"] == len(NAMES)
    (folder / "out/0.wav").unlink()
    told = batch(*args)[0]
    assert (told["done"], told["done_before"]) == (1, len(NAMES) - 1), told
    assert batch("--bits", 24, *args)[0]["done"] == len(NAMES)
    done = subprocess.run([*BATCH, "-o", url, source], check=False,
                          capture_output=True, env=ENVIRONMENT)
    assert done.returncode == 2 and b"--journal" in done.stderr, done


@test
def a_worker_with_another_grus_is_refused(folder):
    source, other = corpus(folder / "in"), folder / "other"
    other.write_text("#!/bin/sh\ncase \"$*\" in *--dry-run*) ;; *) set -- \"$@\" "
                     f"--reduction 3;; esac\nexec {GRUS} \"$@\"\n")
    other.chmod(0o755)
    done = subprocess.run(
        [*BATCH[:-1], other, "--workers", "1", "-o", folder / "out", source],
        check=False, capture_output=True, env=ENVIRONMENT, timeout=120)
    assert done.returncode == 1 and b"another grus" in done.stderr, done
    assert list(files_below(folder / "out")) == []


@test
def what_fails_for_a_moment_is_tried_again(folder):
    source, moody = corpus(folder / "in"), folder / "moody"
    moody.write_text("#!/bin/sh\ncase \"$*\" in *--dry-run*) ;; *) "
                     f"mkdir {folder}/tried 2>/dev/null && exit 5;; esac\n"
                     f"exec {GRUS} \"$@\"\n")
    moody.chmod(0o755)
    done = subprocess.run(
        [*BATCH[:-1], moody, "--workers", "1", "-o", folder / "out",
         source / "0.wav"],
        check=False, capture_output=True, env=ENVIRONMENT, timeout=120)
    assert done.returncode == 0 and (folder / "tried").exists(), done
    assert list(files_below(folder / "out")) == ["0.wav"]


if __name__ == "__main__":
    tap.main()
