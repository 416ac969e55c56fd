# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""A /dev/shm for each test, where the system allows it.

JACK keeps there what all servers and clients of a user share: a server that ends
takes it from the others, and whoever is killed at the wrong moment leaves a
database for which every client then waits half a minute.  So neither other tests
nor servers that a user runs may meet in it.
"""

import ctypes
import os
import pathlib

# Of <sched.h> and <sys/mount.h>
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MNT_DETACH, MS_REC, MS_PRIVATE = 2, 0x4000, 0x40000
PLACE = b"/dev/shm"

LIBC = ctypes.CDLL(None)
MOUNTED = []


def leave_namespace():
    """Have mounts of our own; return whether we may."""
    user, group = os.getuid(), os.getgid()
    if LIBC.unshare(CLONE_NEWNS):
        if LIBC.unshare(CLONE_NEWNS | CLONE_NEWUSER):
            return False
        me = pathlib.Path("/proc/self")
        (me / "setgroups").write_text("deny")
        (me / "uid_map").write_text(f"{user} {user} 1")
        (me / "gid_map").write_text(f"{group} {group} 1")
    return not LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)


def renew():
    """Begin with a /dev/shm that is empty and nobody else's."""
    if not MOUNTED:
        MOUNTED.append(leave_namespace())
    elif MOUNTED[0]:
        LIBC.umount2(PLACE, MNT_DETACH)
    if MOUNTED[0] and LIBC.mount(b"none", PLACE, b"tmpfs", 0, b"mode=1777"):
        MOUNTED[0] = False
