# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""What root may do, taken away.  Another user could not even reach a program
that was built in root's home."""

import ctypes
import os

# Of <linux/prctl.h> and <linux/capability.h>
PR_CAPBSET_DROP = 24
DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, IPC_LOCK, SYS_NICE = 1, 2, 3, 14, 23


def drop(*capabilities):
    """Have the program that this process becomes do without some capabilities,
    as it does anyway for whoever is not root."""
    if os.geteuid():
        return
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in capabilities:
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


def obey_modes():
    """Have files and folders be read-only for root too."""
    drop(DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER)
