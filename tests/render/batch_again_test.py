#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A batch that is started again: after it has ended, failed, was stopped or
killed.

    batch_again_test.py build/tools/grus
"""

import fcntl
import json
import os
import pathlib
import random
import signal
import subprocess
import time

import tap
from batch_files import JOURNAL, NAMES, corpus, files_below, lines, one_by_one
from render_program import GRUS, ROOT, SEED, fails, grus, noise, write_16
from tap import Skip, test

RANDOM = random.Random(SEED)
SCRIPT = ROOT / "tools/render/batch/clean.slurm"
KILLS = int(os.environ.get("GRUS_TEST_RUNS", "8"))


def batch(out, *args, code=0, **options):
    """Run a batch over all files; return how many it did."""
    done = grus("render", "--json", "--output-dir", out, *args, code=code,
                **options)
    told = json.loads(done.stdout)
    assert told["done"] + told["done_before"] + told["failed"] == told["files"]
    return told["done"]


def numbers(out):
    """Return the numbers of the files that are there: a file that is made
    again has another."""
    return {os.path.relpath(path, out): path.stat().st_ino
            for path in out.rglob("*")
            if path.is_file() and path.name != JOURNAL}


@test
def what_is_done_is_not_done_again(folder):
    source, out = corpus(folder / "in"), folder / "out"
    every = ("--recursive", source)
    assert batch(out, *every) == len(NAMES)
    before = numbers(out)
    assert batch(out, *every) == 0
    assert batch(out, "--jobs", 1, "--report", folder / "x.csv", *every) == 0
    assert batch(out, source / "a" / "3.wav") == 1  # Goes to another name
    (out / "3.wav").unlink()
    assert numbers(out) == before

    write_16(source / "a" / "3.wav", noise(480))  # Another sound
    assert batch(out, *every) == 1
    assert numbers(out)["a/3.wav"] != before["a/3.wav"]
    (out / "1.flac").unlink()
    assert batch(out, *every) == 1
    with open(out / "2.ogg", "ab") as file:
        file.write(b"changed")
    assert batch(out, *every) == 1
    assert batch(out, *every) == 0
    assert files_below(out) == one_by_one(source, folder / "wanted")


@test
def other_options_make_all_again(folder):
    source, out = corpus(folder / "in"), folder / "out"
    light = ("--model", "voice-light")
    for options in ((), ("--reduction", 12), ("--preset", "gentle"), light,
                    (*light, "--weights", "int8"), ("--warm-up", 100),
                    ("--bits", 24)):
        names = [source / "0.wav", source / "1.flac"]
        assert batch(out, *options, *names) == 2, options
        assert batch(out, *options, *names) == 0, options
    # What a preset sets, set one by one, is the same
    assert batch(out, "--preset", "gentle", source / "0.wav") == 1
    values = lines(out)[-1]["options"]
    assert values["reduction"] > 0 and "preset" not in values, values
    assert batch(out, *(f"--{name}={value}" for name, value in values.items()
                        if not name.startswith(("model", "weights"))),
                 source / "0.wav") == 0


@test
def what_failed_is_tried_again(folder):
    source, out = corpus(folder / "in"), folder / "out"
    good = (source / "0.wav").read_bytes()
    (source / "0.wav").write_text("This is no sound.")
    assert batch(out, source, code=1) == 2
    assert batch(out, source, code=1) == 0
    (source / "0.wav").write_bytes(good)
    assert batch(out, source) == 1
    assert batch(out, source) == 0


def start(out, source, **options):
    """Start a batch in a process group of its own."""
    return subprocess.Popen([GRUS, "render", "--recursive", "--output-dir",
                             out, source], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, start_new_session=True,
                            **options)


@test
def killed_at_any_moment_it_goes_on(folder):
    source = corpus(folder / "in", seconds=4)
    wanted = one_by_one(source, folder / "wanted")
    begin = time.monotonic()
    batch(folder / "all", "--recursive", source)
    seconds = time.monotonic() - begin
    n_kills = 0
    out = folder / "out"
    while n_kills < KILLS:
        if numbers(out) and len(numbers(out)) == len(NAMES):
            subprocess.run(["rm", "-r", out], check=True)
        before = numbers(out)
        with start(out, source) as process:
            time.sleep(RANDOM.uniform(0, seconds))
            killed = process.poll() is None
            # All of it, or the parent alone: what it started has to end too
            if killed and n_kills % 2:
                os.killpg(process.pid, signal.SIGKILL)
            elif killed:
                process.kill()
            process.communicate()
        n_kills += killed
        done = {name for name in before if ".part-" not in name}
        assert {name: number for name, number in numbers(out).items()
                if name in done} == {name: before[name] for name in done}
    batch(out, "--recursive", source)
    assert files_below(out) == wanted  # Nothing unfinished is left either
    # Of all that was noted, one line each was the last word
    assert len({line["id"] for line in lines(out)}) == len(NAMES)


@test
def a_signal_stops_it(folder):
    source, out = corpus(folder / "in", seconds=8), folder / "out"
    # On a terminal ^C reaches all of them
    for number, send in ((signal.SIGTERM, os.kill), (signal.SIGINT, os.kill),
                         (signal.SIGINT, os.killpg)):
        with start(out, source) as process:
            while not list(out.rglob("*.part-*")):
                assert process.poll() is None
            send(process.pid, number)
            told, text = (part.decode() for part in process.communicate())
        assert process.returncode == 1, process.returncode
        assert text == ("grus render: stopped; the same command goes on from "
                        "here\n"), text
        assert ", 0 failed\n" in told, told
        assert not list(out.rglob("*.part-*"))
    batch(out, "--recursive", source)
    assert files_below(out) == one_by_one(source, folder / "wanted")


def child_of(process):
    """Return a process that renders a file for another."""
    children = pathlib.Path(f"/proc/{process}/task/{process}/children")
    if not children.exists():
        raise Skip("this system does not tell who started whom")
    return [int(child) for child in children.read_text().split()]


@test
def a_file_whose_process_is_killed_takes_no_other_along(folder):
    source, out = corpus(folder / "in", seconds=8), folder / "out"
    with start(out, source) as process:
        while not (children := child_of(process.pid)):
            assert process.poll() is None
        os.kill(children[0], signal.SIGKILL)
        told, text = process.communicate()
    assert process.returncode == 1
    assert text.count(b"\n") == 1 and b"killed by signal 9" in text, text
    assert told.startswith(b"6 files done:") and b"1 failed" in told, told
    assert batch(out, "--recursive", source) == 1
    assert files_below(out) == one_by_one(source, folder / "wanted")


@test
def two_batches_do_not_share_a_journal(folder):
    source, out = corpus(folder / "in"), folder / "out"
    out.mkdir()
    with open(out / JOURNAL, "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        fails("--output-dir", out, source, says="another grus render")
        # With a journal of its own it may
        assert batch(out, "--journal", folder / "mine", source) == 3
    assert batch(out, "--journal", folder / "mine", source) == 0
    assert len(lines(out)) == 0 and len(os.listdir(out)) == 4


@test
def an_array_of_tasks_shares_out_a_list(folder):
    corpus(folder / "in")
    (folder / "list.txt").write_text("".join(f"in/{name}\n" for name in NAMES))
    (folder / "clean").mkdir()
    for task in range(1, 5):
        subprocess.run(
            ["sh", SCRIPT], check=True, cwd=folder, stdout=subprocess.DEVNULL,
            env={**os.environ, "SLURM_ARRAY_TASK_ID": str(task),
                 "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_CPUS_PER_TASK": "1",
                 "PATH": f"{os.path.dirname(GRUS)}:{os.environ['PATH']}"})
    assert {name: data for name, data in files_below(folder / "clean").items()
            if not name.startswith("journal-")} == {
                f"in/{name}": data for name, data in
                one_by_one(folder / "in", folder / "wanted").items()}


@test
def a_torn_or_strange_journal_costs_what_it_lost(folder):
    source, out = corpus(folder / "in"), folder / "out"
    assert batch(out, source) == 3
    journal = out / JOURNAL
    text = journal.read_text(encoding="utf-8")
    journal.write_text(text[:-20], encoding="utf-8")
    assert batch(out, source) == 1
    journal.write_text("no JSON\n[1, 2]\n{}\n\"x\"\n{\"id\": 5}\n"
                       + journal.read_text(encoding="utf-8"), encoding="utf-8")
    assert batch(out, source) == 0
    journal.unlink()
    assert batch(out, source) == 3


@test
def a_full_disk_stops_it(folder):
    disk, script = folder / "disk", (
        'mount -t tmpfs -o size=150k none "$1" || exit 77\n'
        '"$2" render --jobs 1 -o "$1/out" --recursive "$3"; status=$?\n'
        'find "$1" -type f; exit $status')
    disk.mkdir()
    source = corpus(folder / "in")
    done = subprocess.run(["unshare", "--mount", "sh", "-c", script, "sh",
                           disk, GRUS, source], capture_output=True,
                          check=False, text=True)
    if done.returncode == 77 or "unshare" in done.stderr:
        raise Skip("no disk may be mounted here")
    assert done.returncode == 1, done
    assert "No space left on device" in done.stderr, done
    assert ".part-" not in done.stdout, done


if __name__ == "__main__":
    tap.main()
