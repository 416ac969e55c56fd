#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Where sound is written to: links, descriptors, what is there already.

    sound_place_test.py build/tools/grus
"""

import errno
import os
import shutil
import subprocess
import threading
import time

import rights
import tap
from output_program import GRUS, ROOT, fails, grus, render, source_file, wanted
from tap import Skip, test
from wav import data_of


@test
def links_stay_and_lead_to_the_sound(folder):
    source = source_file(folder)
    sound = wanted(folder)
    (folder / "deep").mkdir()
    (folder / "deep" / "target.wav").write_bytes(b"old")
    (folder / "first.wav").symlink_to("deep/second.wav")
    (folder / "deep" / "second.wav").symlink_to("target.wav")
    (folder / "dangling.wav").symlink_to("deep/new.wav")
    (folder / "whole.wav").symlink_to(folder / "deep" / "whole.wav")
    for link, target in (("first.wav", "target.wav"),
                         ("dangling.wav", "new.wav"),
                         ("whole.wav", "whole.wav")):
        before = os.readlink(folder / link)
        render(source, folder / link)
        assert os.readlink(folder / link) == before, link
        assert (folder / "deep" / target).read_bytes() == sound, link
    assert os.readlink(folder / "deep" / "second.wav") == "target.wav"
    (folder / "loop.wav").symlink_to("loop.wav")
    fails(source, folder / "loop.wav", says=os.strerror(errno.ELOOP))
    (folder / "lost.wav").symlink_to("missing/new.wav")
    fails(source, folder / "lost.wav", says="No such file")
    assert not list(folder.glob("**/*.part-*"))


@test
def a_path_to_a_descriptor_is_that_descriptor(folder):
    source = source_file(folder)
    sound = wanted(folder)
    link = folder / "stdout"
    link.symlink_to("/dev/stdout")
    for path in (link, "/dev/fd/1", "/proc/self/fd/1",
                 "/proc/thread-self/fd/1"):
        name = folder / "redirected.wav"
        with open(name, "wb") as out:
            done = grus("render", "--format", "wav", source, path, stdout=out)
        assert name.read_bytes() == sound, path  # And no text between
        assert b"dBFS" in done.stderr, done.stderr
        assert os.readlink(link) == "/dev/stdout"
        piped = render("--format", "wav", source, path).stdout
        assert data_of(piped) == data_of(sound), path
    with open(folder / "third.wav", "wb") as out:
        render("--format", "wav", source, f"/dev/fd/{out.fileno()}",
               pass_fds=[out.fileno()])
    assert (folder / "third.wav").read_bytes() == sound
    fails("--format", "wav", source, "/dev/fd/77", says="Bad file descriptor")


@test
def what_a_descriptor_held_is_not_overwritten(folder):
    source = source_file(folder)
    for mode, path in (("ab", "-"), ("ab", "/dev/stdout"), ("r+b", "-")):
        name = folder / "all.bin"
        name.write_bytes(b"before" * 99)
        with open(name, mode) as out:
            out.seek(0, os.SEEK_END)
            render("--format", "wav", source, path, stdout=out)
        data = name.read_bytes()
        assert data[:594] == b"before" * 99, path
        assert data_of(data[594:]) == data_of(wanted(folder)), path


@test
def a_fifo_is_written_straight(folder):
    source = source_file(folder)
    sound = wanted(folder)
    os.mkfifo(folder / "fifo.wav")
    got = []
    reader = threading.Thread(
        target=lambda: got.append((folder / "fifo.wav").read_bytes()))
    reader.start()
    render(source, folder / "fifo.wav")
    reader.join(60)
    assert data_of(got[0]) == data_of(sound)
    assert (folder / "fifo.wav").is_fifo()


@test
def names_may_be_as_long_as_names_are(folder):
    source = source_file(folder)
    sound = wanted(folder)
    for stem in ("x" * 251, "ü" * 125 + "x"):
        out = folder / f"{stem}.wav"
        for _ in range(2):
            render(source, out)
            assert out.read_bytes() == sound
        out.unlink()
    fails(source, folder / f"{'x' * 252}.wav", says="File name too long")
    assert os.listdir(folder) == ["in.wav"]


@test
def a_file_that_is_there_keeps_its_mode(folder):
    source = source_file(folder)
    out = folder / "out.wav"
    for mode in (0o600, 0o640, 0o666, 0o755):
        out.write_bytes(b"old")
        out.chmod(mode)
        (folder / "link.wav").unlink(missing_ok=True)
        (folder / "link.wav").symlink_to("out.wav")
        for path in (out, folder / "link.wav"):
            render(source, path)
            assert out.stat().st_mode & 0o777 == mode, oct(mode)
        out.unlink()


@test
def a_file_that_is_there_keeps_its_owner_and_attributes(folder):
    source = source_file(folder)
    out = folder / "out.wav"
    out.write_bytes(b"old")
    try:
        os.setxattr(out, "user.note", b"mine")
    except OSError as error:
        raise Skip("no extended attributes here") from error
    if os.geteuid() == 0:
        os.chown(out, 12345, 23456)
    before = out.stat()
    render(source, out)
    after = out.stat()
    assert os.getxattr(out, "user.note") == b"mine"
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino


@test
def hard_links_keep_what_they_were(folder):
    source = source_file(folder)
    (folder / "out.wav").write_bytes(b"old")
    os.link(folder / "out.wav", folder / "other.wav")
    render(source, folder / "out.wav")
    assert (folder / "other.wav").read_bytes() == b"old"


@test
def read_only_places_are_refused(folder):
    source = source_file(folder)
    place = folder / "place"
    place.mkdir()
    out = place / "out.wav"
    out.write_bytes(b"old")
    out.chmod(0o444)
    place.chmod(0o777)
    fails(source, out, says="read-only", preexec_fn=rights.obey_modes)
    render("--force", source, out, preexec_fn=rights.obey_modes)
    assert out.read_bytes() == wanted(folder)
    out.chmod(0o666)
    out.write_bytes(b"old")
    place.chmod(0o555)
    for name in ("out.wav", "new.wav"):
        fails(source, place / name, says="folder is read-only",
              preexec_fn=rights.obey_modes)
    assert out.read_bytes() == b"old"
    assert os.listdir(place) == ["out.wav"]


@test
def no_clobber_replaces_nothing(folder):
    source = source_file(folder)
    for option in ("-n", "--no-clobber"):
        for name in ("out.wav", "link.wav"):
            (folder / "out.wav").write_bytes(b"old")
            (folder / "link.wav").unlink(missing_ok=True)
            (folder / "link.wav").symlink_to("out.wav")
            fails(option, source, folder / name, says="exists")
            assert (folder / "out.wav").read_bytes() == b"old"
        for side in ("--picture", "--activity"):
            fails(option, side, folder / "out.wav", source, folder / "new.wav",
                  says="exists")
            assert not (folder / "new.wav").exists()
        render(option, source, folder / "new.wav")
        assert (folder / "new.wav").read_bytes() == wanted(folder)
        (folder / "new.wav").unlink()
    fails("-n", "--force", source, folder / "new.wav", code=2)


@test
def a_file_that_comes_meanwhile_is_not_clobbered(folder):
    source = source_file(folder)
    out = folder / "out.wav"
    with subprocess.Popen([GRUS, "render", "--quiet", "-n", "-", out],
                          stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        data = source.read_bytes()
        process.stdin.write(data[:4000])
        process.stdin.flush()
        end = time.monotonic() + 120
        while not list(folder.glob("out.wav.part-*")):
            assert time.monotonic() < end
            time.sleep(0.01)
        out.write_bytes(b"mine")
        said = process.communicate(data[4000:], timeout=60)[1]
        assert process.returncode == 1 and b"exists" in said, said
    assert out.read_bytes() == b"mine"
    assert sorted(os.listdir(folder)) == ["in.wav", "out.wav"]


@test
def the_input_is_replaced_only_on_purpose(folder):
    source = source_file(folder)
    before, sound = source.read_bytes(), wanted(folder)
    (folder / "link.wav").symlink_to("in.wav")
    os.link(source, folder / "hard.wav")
    for name in ("in.wav", "link.wav", "hard.wav", "../" + folder.name
                 + "/in.wav"):
        fails(source, folder / name, code=2, says="one file")
        assert source.read_bytes() == before, name
    with open(source, "rb") as file:
        fails("-", source, code=2, says="one file", stdin=file)
    render("--force", source, folder / "link.wav")
    assert source.read_bytes() == sound
    assert (folder / "link.wav").is_symlink()


@test
def no_two_names_are_one_file(folder):
    source = source_file(folder)
    before = source.read_bytes()
    out, other = folder / "out.wav", folder / "other"
    model = folder / "my.safetensors"
    shutil.copy(ROOT / "presets" / "models" / "voice.safetensors", model)
    (folder / "link").symlink_to("other")
    for args in (("--picture", source, source, out),
                 ("--activity", source, source, out),
                 ("--picture", out, source, out),
                 ("--activity", out, source, out),
                 ("--activity", other, "--picture", other, source, out),
                 ("--activity", other, "--picture", folder / "link", source,
                  out),
                 ("--activity", "-", source, "-"),
                 ("--activity", "/dev/stdout", source, "-"),
                 ("--model", model, "--picture", model, source, out),
                 ("--model", model, source, model)):
        for force in ((), ("--force",)):
            fails(*force, *args, code=2, says="one file")
    assert source.read_bytes() == before
    assert sorted(os.listdir(folder)) == ["in.wav", "link", "my.safetensors"]
    fails("--file", source, "--record", source, code=2, says="one file",
          command="live")
    render("--activity", "/dev/null", "--picture", "/dev/null", source, out)


@test
def side_files_take_their_places_when_they_are_whole(folder):
    source = source_file(folder)
    (folder / "deep").mkdir()
    for option, name, start in (("--picture", "a.png", b"\x89PNG"),
                                ("--activity", "a.csv", b"seconds,")):
        target = folder / "deep" / name
        target.write_bytes(b"old")
        target.chmod(0o600)
        (folder / name).symlink_to(f"deep/{name}")
        fails(option, folder / name, folder / "missing.wav", folder / "o.wav")
        assert target.read_bytes() == b"old"
        render(option, folder / name, source, folder / "out.wav")
        assert (folder / name).is_symlink()
        assert target.read_bytes().startswith(start), name
        assert target.stat().st_mode & 0o777 == 0o600
        if os.path.exists("/dev/full"):
            (folder / "out.wav").write_bytes(b"old")
            fails("--quiet", option, "/dev/full", source, folder / "out.wav",
                  says="No space left")
            assert (folder / "out.wav").read_bytes() == b"old"
    table = grus("render", "--activity", "-", source, folder / "out.wav")
    assert table.stdout == (folder / "a.csv").read_bytes()
    assert b"dBFS" in table.stderr


if __name__ == "__main__":
    tap.main_of_program()
