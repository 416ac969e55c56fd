#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus render --output-dir`: which files, where to, what is told of them.

    batch_test.py build/tools/grus
"""

import csv
import json
import os
import subprocess

import tap
from batch_files import JOURNAL, corpus, files_below, lines, one_by_one
from render_program import GRUS, fails, grus, noise, render, write_16
from tap import test


def batch(*args, code=0, **options):
    """Run a batch; return its summary."""
    done = grus("render", "--json", *args, code=code, **options)
    return json.loads(done.stdout)


@test
def outputs_are_those_of_one_by_one(folder):
    source = corpus(folder / "in")
    out = folder / "out"
    told = batch("--recursive", "--output-dir", out, source)
    wanted = one_by_one(source, folder / "wanted")
    assert told["files"] == told["done"] == len(wanted) == 7, told
    assert files_below(out) == wanted
    assert told["failed"] == told["done_before"] == 0 and not told["stopped"]
    assert [line["input_file"]["size"] for line in lines(out)] == [
        os.stat(line["input"]).st_size for line in lines(out)]


@test
def folders_are_looked_through_as_asked(folder):
    source = corpus(folder / "in")
    (source / "notes.txt").write_text("no sound")
    write_16(source / ".hidden.wav", noise(480))
    write_16(source / "take.TMP", noise(480))
    os.symlink("..", source / "a" / "circle")

    def names(*options):
        told = batch("--dry-run", "--output-dir", folder / "out", *options,
                     source)
        return sorted(os.path.relpath(item["output"], folder / "out")
                      for item in told["to_do"]), told["left_alone"]

    top = ["0.wav", "1.flac", "2.ogg"]
    assert names() == (top, 2)
    below = ["a/3.wav", "a/4.wav", "a/b/5.WAV", "a/b/6.flac"]
    assert names("--recursive") == (top + below, 2)
    assert names("--include", "*.wav", "--recursive") == (
        ["0.wav", "a/3.wav", "a/4.wav", "a/b/5.WAV"], 5)
    assert names("--include", "*.tmp", "--include", "1*") == (
        ["1.flac", "take.TMP"], 3)
    assert names("--format", "opus")[0] == ["0.opus", "1.opus", "2.opus"]
    assert not (folder / "out").exists()


@test
def lists_keep_the_paths_as_they_are_written(folder):
    corpus(folder / "in")
    for text in (b"in/0.wav\nin/a/b/6.flac\n", b"./in/0.wav\n\nin/a/b/6.flac",
                 b"in/0.wav\0in/a/b/6.flac\0"):
        told = batch("--files-from", "-", "--dry-run", "--output-dir", "out",
                     input=text, cwd=folder)
        assert sorted(item["output"] for item in told["to_do"]) == [
            "out/in/0.wav", "out/in/a/b/6.flac"], (text, told)
    (folder / "list").write_bytes(b"in/0.wav\n../x.wav\n")
    fails("--files-from", "list", "--output-dir", "out", code=2, says="..",
          cwd=folder)
    fails("--files-from", "none", "--output-dir", "out", says="No such file",
          cwd=folder)
    write_16(folder / "two\nlines.wav", noise(480))
    told = batch("--files-from", "-", "--output-dir", "out",
                 input=b"two\nlines.wav\0", cwd=folder)
    assert told["done"] == 1 and (folder / "out" / "two\nlines.wav").exists()


@test
def what_cannot_go_well_is_refused_before_it_starts(folder):
    source = corpus(folder / "in")
    out = folder / "out"
    again = write_16(folder / "0.wav", noise(480))
    text = fails("--output-dir", out, source, again, code=2, says="0.wav")
    assert "both" in text
    # Two endings that become one
    fails("--output-dir", out, "--format", "flac", source / "0.wav",
          write_16(folder / "0.aiff.wav", noise(480)), again, code=2)
    fails("--output-dir", source, source, code=2, says="written over")
    fails("--output-dir", folder, source / "0.wav", again, code=2)
    fails("--output-dir", out, "-", code=2, says="standard input")
    fails("--output-dir", out, code=2, says="no input")
    fails("--output-dir", out, "--format", "docx", source, code=2, says="docx")
    fails("--output-dir", out, "--picture", "x.png", source, code=2,
          says="--report")
    fails("--output-dir", out, "--report", "x.txt", source, code=2,
          says=".html or .csv")
    fails("--output-dir", out, "--model", "none.safetensors", source,
          says="none.safetensors")
    fails("--output-dir", again, source, code=2, says="not a folder")
    (folder / "empty").mkdir()
    fails("--output-dir", out, folder / "empty", says="no sound file")
    for option in ("--recursive", "--dry-run", "--include=x", "--jobs=2",
                   "--files-from=x", "--report=x.csv"):
        fails(option, source / "0.wav", folder / "x.wav", code=2,
              says="--output-dir")
    assert not out.exists() or not os.listdir(out)
    # What is named twice is done once
    assert batch("--output-dir", out, source, source / "0.wav")["files"] == 3


@test
def a_bad_file_is_told_and_the_others_go_on(folder):
    source = corpus(folder / "in")
    (source / "bad.wav").write_text("This is no sound.")
    (source / "empty.flac").write_bytes(b"")
    done = grus("render", "--json", "--output-dir", folder / "out", source,
                source / "missing.wav", code=1)
    told = json.loads(done.stdout)
    assert (told["done"], told["failed"]) == (3, 3), told
    errors = done.stderr.decode().splitlines()
    assert len(errors) == 3, errors
    for name in ("bad.wav", "empty.flac", "missing.wav"):
        assert sum(name in line for line in errors) == 1, errors
    failed = {os.path.basename(line["input"]): line["error"]
              for line in lines(folder / "out") if "error" in line}
    assert sorted(failed) == ["bad.wav", "empty.flac", "missing.wav"]
    assert "No such file" in failed["missing.wav"]
    assert sorted(os.listdir(folder / "out")) == [
        "0.wav", "1.flac", "2.ogg", JOURNAL]


@test
def a_report_puts_first_what_needs_a_look(folder):
    source = folder / "in"
    source.mkdir()
    write_16(source / "a, \"quoted\" <b>.wav", noise(24000))
    write_16(source / "loud.wav", [0.999 if i // 50 % 2 else -0.999
                                   for i in range(24000)])
    (source / "bad.wav").write_text("This is no sound.")
    out = folder / "out"
    table = folder / "table.csv"
    batch("--output-dir", out, "--report", table, "--output-gain", 6,
          "--reduction", 0, source, code=1)
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = [os.path.basename(row["input"]) for row in rows]
    assert names[0] == "bad.wav" and rows[0]["look"] == "failed", rows
    assert names[1] == "loud.wav" and rows[1]["look"] == "clipped", rows
    assert names[2] == "a, \"quoted\" <b>.wav", rows
    assert int(rows[1]["clipped_samples"]) > 20000, rows[1]
    assert float(rows[2]["seconds"]) == 0.5, rows[2]
    assert "it is a text" in rows[0]["error"], rows[0]

    page = folder / "page.html"
    render("--output-dir", out, "--report", page, "--output-gain", 6,
           "--reduction", 0, source, code=1)
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") == 2 and text.count("class=\"before\"") == 2
    assert "a, &quot;quoted&quot; &lt;b&gt;.wav" in text
    assert text.index("bad.wav") < text.index("loud.wav") < text.index("&lt;b")


@test
def names_need_not_be_utf_8(folder):
    source = folder / "in"
    source.mkdir()
    for name in (b"\xff.wav", b"\xfe.wav"):
        write_16(folder / "x.wav", noise(480))
        os.rename(folder / "x.wav", os.path.join(os.fsencode(source), name))
    out = folder / "out"
    assert batch("--output-dir", out, "--report", folder / "r.html",
                 source)["done"] == 2
    assert batch("--output-dir", out, source)["done_before"] == 2
    assert sorted(os.listdir(os.fsencode(out)))[1:] == [b"\xfe.wav",
                                                        b"\xff.wav"]
    (folder / "r.html").read_text(encoding="utf-8")


@test
def a_line_on_a_terminal_tells_how_far_it_is(folder):
    source = corpus(folder / "in")
    leader, follower = os.openpty()
    with subprocess.Popen([GRUS, "render", "--output-dir", folder / "out",
                           source], stderr=follower,
                          stdout=subprocess.PIPE) as process:
        os.close(follower)
        summary = process.stdout.read().decode()
        shown = b""
        while part := read(leader):
            shown += part
    os.close(leader)
    assert b"of 3 files" in shown and b"x real time" in shown, shown
    assert summary.startswith("3 files done:"), summary


def read(descriptor):
    """Read from a terminal; nothing at its end."""
    try:
        return os.read(descriptor, 4096)
    except OSError:
        return b""


if __name__ == "__main__":
    tap.main()
