#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A failure of `grus render` leaves one line and no file.

    render_failure_test.py build/tools/grus
"""

import os
import signal
import subprocess
import time

import tap
from render_program import DEMO, GRUS, fails, grus, noise, report, write_16
from tap import test


@test
def truncated_file_gives_what_is_there(folder):
    source = write_16(folder / "in.wav", noise(20000))
    source.write_bytes(source.read_bytes()[:44 + 2 * 7000])
    assert report(source, folder / "out.wav")["frames"] == 7000


@test
def bad_inputs_are_refused(folder):
    out = folder / "out.wav"
    (folder / "empty.wav").write_bytes(b"")
    (folder / "text.wav").write_bytes(b"This is not a sound file.\n" * 99)
    (folder / "header.wav").write_bytes(
        write_16(folder / "in.wav", noise(480)).read_bytes()[:30])
    for name, says in (("empty.wav", "empty"), ("text.wav", "cannot read"),
                       ("header.wav", "header.wav"),
                       ("missing.wav", "No such file")):
        fails(folder / name, out, says=says)
        assert not out.exists(), name
    fails(folder, out, says="folder")
    fails(write_16(folder / "none.wav", []), out, says="no sound")
    fails("-", out, input=b"")
    assert not list(folder.glob("*.part-*")) and not out.exists()


@test
def truncated_flac_leaves_nothing_wrong(folder):
    data = DEMO.read_bytes()
    (folder / "cut.flac").write_bytes(data[:len(data) // 2])
    done = subprocess.run([GRUS, "render", "--quiet", folder / "cut.flac",
                           folder / "out.wav"], capture_output=True,
                          timeout=120, check=False)
    assert done.returncode in (0, 1), done
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert (folder / "out.wav").exists() == (done.returncode == 0)
    assert not list(folder.glob("*.part-*"))


@test
def bad_outputs_are_refused(folder):
    source = write_16(folder / "in.wav", noise(480))
    fails(source, folder / "missing" / "out.wav", says="No such file")
    fails(source, folder, says="director")
    if os.path.exists("/dev/full"):
        fails("--format", "wav", source, "/dev/full", says="No space left")
    assert sorted(os.listdir(folder)) == ["in.wav"]


@test
def full_pipe_end_is_an_error(folder):
    if not os.path.exists("/dev/full"):
        return
    source = write_16(folder / "in.wav", noise(48000))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([GRUS, "render", "--quiet", source, "-"],
                              stdout=full, stderr=subprocess.PIPE, timeout=60,
                              check=False)
    assert done.returncode == 1, done
    assert done.stderr.count(b"\n") == 1, done.stderr


@test
def full_disk_leaves_no_file(folder):
    source = write_16(folder / "in.wav", noise(48000))

    def limit():
        """Let no file grow beyond 10 kB, which looks like a full disk."""
        import resource
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10000, 10000))

    for ending in ("wav", "flac"):
        fails("--quiet", source, folder / f"out.{ending}", preexec_fn=limit)
        assert os.listdir(folder) == ["in.wav"], os.listdir(folder)


@test
def failure_keeps_the_old_output(folder):
    out = folder / "out.wav"
    out.write_bytes(b"old")
    fails(folder / "missing.wav", out)
    (folder / "text.wav").write_bytes(b"no sound" * 99)
    fails(folder / "text.wav", out)
    assert out.read_bytes() == b"old"


@test
def interrupting_leaves_nothing(folder):
    for number in (signal.SIGINT, signal.SIGTERM):
        with subprocess.Popen([GRUS, "render", "--quiet", "-",
                               folder / "out.wav"], stdin=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            write_16(folder / "in.wav", noise(9600))
            process.stdin.write((folder / "in.wav").read_bytes()[:15000])
            process.stdin.flush()
            deadline = time.monotonic() + 120
            while not list(folder.glob("out.wav.part-*")):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(number)
            assert process.wait(120) == -number
            process.stdin.close()
        os.unlink(folder / "in.wav")
        assert not os.listdir(folder), os.listdir(folder)


@test
def wrong_usage_is_told_in_one_line(folder):
    source = write_16(folder / "in.wav", noise(480))
    out = folder / "out.wav"
    for args in ((), (source,), (source, out, out),
                 ("--block", "0", source, out),
                 ("--block", "x", source, out),
                 ("--reduction", "-1", source, out),
                 ("--reduction", "nan", source, out),
                 ("--listen", "both", source, out),
                 ("--format", "doc", source, out),
                 ("--bits", "12", source, out)):
        fails(*args, code=2)
        assert not out.exists()
    fails("--kernels", "none", source, out)
    assert grus("render", "--wrong", source, out, code=2).stderr
    assert grus("nonsense", code=2).stderr
    assert sorted(os.listdir(folder)) == ["in.wav"]


@test
def bad_models_are_refused(folder):
    source = write_16(folder / "in.wav", noise(480))
    bad = folder / "bad.safetensors"
    bad.write_bytes(b"\x10" + bytes(99))
    (folder / "empty").write_bytes(b"")
    os.mkfifo(folder / "pipe")  # Nobody writes to it
    for model in (bad, folder / "empty", folder / "missing", folder,
                  folder / "pipe", "/dev/zero"):
        fails("--model", model, source, folder / "out.wav", says="model")
        fails(model, command="info", says="model")
        environment = {**os.environ, "GRUS_MODEL": str(model)}
        fails(source, folder / "out.wav", says="model", env=environment)
    assert not (folder / "out.wav").exists()


if __name__ == "__main__":
    tap.main_of_program()
