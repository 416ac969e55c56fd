#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What cannot be read or written is told in one line: which file, what is
wrong, what to do.  Prints TAP.

    sound_message_test.py build/tools/grus
"""

import os
import struct
import subprocess
import sys

import rights
import tap
from tap import need, test

GRUS = os.path.abspath(sys.argv[1])


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data


def wav(channels=1, rate=48000, tag=1, data=True, more=b""):
    """Return a WAV file whose description may make no sense."""
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * 2 & 0xFFFFFFFF, 2, 16)
    body = b"WAVE" + chunk(b"fmt ", fmt + more)
    return chunk(b"RIFF", body + (chunk(b"data", bytes(400)) if data else b""))


def say(*args, folder=None, quiet=True, **more):
    """Return status and what was said, which is one line, without root's rights."""
    done = subprocess.run(
        [GRUS, "render", *(["-q"] if quiet else []), "-m", "voice-light", *args], cwd=folder,
        capture_output=True, check=False, timeout=60, preexec_fn=rights.obey_modes, **more)
    lines = done.stderr.decode(errors="replace").splitlines()
    assert len(lines) == 1 and lines[0].startswith("grus render: "), (args, lines)
    return done.returncode, lines[0][len("grus render: "):]


def check(folder, table):
    """Check (IN, OUT, what is said), which is the same without -q."""
    for source, out, text in table:
        for quiet in (True, False):
            found = say(source, out, folder=folder, quiet=quiet)
            assert found == (1, text), found
    assert not (folder / "out.wav").exists()


@test
def what_is_no_sound_is_told_by_its_kind(folder):
    read = 'cannot read "{}": '
    kinds = {
        "text.wav": (b"hello\n" * 9, "it is a text, not sound"),
        "page.wav": (b"<!DOCTYPE html>\n<html>404</html>",
                     "it is a web page; download the sound itself"),
        "PAGE.mp3": (b"<HTML>404</HTML>", "it is a web page; download the sound itself"),
        "sound.zip": (b"PK\3\4" + bytes(99), "it is an archive; unpack it first"),
        "a.pdf": (b"%PDF-1.4\n" + bytes(99), "it is a PDF document, not sound"),
        "cover.png": (b"\x89PNG\r\n\x1a\n" + bytes(99), "it is a picture; sound is wanted"),
        "tune.mid": (b"MThd\0\0\0\6" + bytes(99),
                     "it is MIDI, which is notes; play them into a sound file first"),
        "zeros.wav": (bytes(5000), "it begins with zeros, as files do that were not saved"),
        "no-channels.wav": (wav(0), "its header tells no channels"),
        "no-rate.wav": (wav(rate=0), "its header tells a rate of 0 Hz; --raw-rate, --raw-format "
                        "and --raw-channels read it as raw sound"),
        "rate.wav": (wav(rate=0xFFFFFFFF), "its header tells a rate of 4294967295 Hz; --raw-rate, "
                     "--raw-format and --raw-channels read it as raw sound"),
        "codec.wav": (wav(tag=0x1234), "its codec, number 0x1234 of WAV, is none that is read "
                      "here; the program that wrote it can save it as PCM"),
        "no-data.wav": (wav(data=False),
                        "it ends, or is damaged, before its sound: copy it once more"),
        "head.wav": (wav()[:20], "it ends, or is damaged, before its sound: copy it once more"),
    }
    for name, (data, _) in kinds.items():
        (folder / name).write_bytes(data)
    check(folder, [(name, "out.wav", read.format(name) + text)
                   for name, (_, text) in kinds.items()])


@test
def what_cannot_be_opened_is_told(folder):
    (folder / "empty.wav").write_bytes(b"")
    (folder / "in.wav").write_bytes(wav())
    (folder / "secret.wav").write_bytes(wav())
    (folder / "secret.wav").chmod(0)
    (folder / "locked").mkdir()
    (folder / "locked/in.wav").write_bytes(wav())
    (folder / "locked").chmod(0o666)
    (folder / "loop").symlink_to("pool")
    (folder / "pool").symlink_to("loop")
    (folder / "link.wav").symlink_to("gone")
    (folder / "folder.wav").mkdir()
    refused = "Permission denied; have its owner let you read it and its folder"
    check(folder, (
        ("empty.wav", "out.wav",
         '"empty.wav" is empty: it was never written, or only its name was copied'),
        ("folder.wav", "out.wav",
         '"folder.wav" is a folder, not a sound file; name the files in it one by one'),
        ("secret.wav", "out.wav", f'cannot open "secret.wav": {refused}'),
        ("locked/in.wav", "out.wav", f'cannot open "locked/in.wav": {refused}'),
        ("loop", "out.wav", 'cannot open "loop": Too many levels of symbolic links; links lead '
         "in a circle, name the file itself"),
        ("link.wav", "out.wav", 'cannot open "link.wav": No such file or directory; it is a link '
         "to a file that is not there"),
        ("none.wav", "out.wav",
         'cannot open "none.wav": No such file or directory; is the name right?'),
        ("in.wav/x", "out.wav", 'cannot open "in.wav/x": Not a directory; is the name right?'),
        ("", "out.wav", "IN is an empty name; is a variable unset?"),
        ("in.wav", "none/out.wav",
         'cannot write "none/out.wav": No such file or directory (make its folder first)'),
        ("in.wav", "locked/out.wav",
         'cannot write "locked/out.wav": Permission denied (its folder is read-only)'),
        ("in.wav", "in.wav/out.wav", 'cannot write "in.wav/out.wav": Not a directory (what '
         "should be its folder is a file)"),
        ("in.wav", "folder.wav", 'cannot write "folder.wav": Is a directory (name a file in it)'),
        ("in.wav", "", "OUT is an empty name; is a variable unset?"),
    ))
    found = say("-", "out.wav", folder=folder, stdin=subprocess.DEVNULL)
    assert found == (1, 'cannot read "-": there is nothing in it'), found


@test
def a_named_pipe_that_nobody_writes_is_told(folder):
    os.mkfifo(folder / "fifo")
    os.chmod(folder / "fifo", 0o666)
    with subprocess.Popen([GRUS, "render", "-q", "-m", "voice-light", "fifo", "out.wav"],
                          cwd=folder, stderr=subprocess.PIPE) as program:
        line = program.stderr.readline()
        (folder / "fifo").write_bytes(wav())
        rest = program.stderr.read()
    assert (program.returncode, line, rest) == (
        0, b'grus render: waiting for a program that writes into "fifo"\n', b""), (line, rest)


@test
def sound_that_a_shop_has_locked_is_told(folder):
    need("ffmpeg")
    (folder / "in.wav").write_bytes(wav())
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", folder / "in.wav",
                    folder / "in.m4a"], check=True)
    data = (folder / "in.m4a").read_bytes()
    (folder / "song.m4p").write_bytes(data.replace(b"mp4a", b"drms").replace(b"esds", b"sinf"))
    check(folder, (("song.m4p", "out.wav", 'cannot read "song.m4p": it is locked by the shop '
                    "that sold it (DRM); only its own player can read it"),))


if __name__ == "__main__":
    tap.main_of_program()
