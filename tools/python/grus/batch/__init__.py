# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""`grus render --output-dir` on many machines, by Dask.

    python3 -m grus.batch --output-dir clean --recursive interviews
    python3 -m grus.batch --scheduler tcp://head:8786 -o /archive/clean -f flac /archive/in

finds the same files, writes the same bytes and keeps the same journal, so that
one may begin on one machine and go on with many.  Inputs may be URLs where
fsspec and what it needs for them are installed.
"""
