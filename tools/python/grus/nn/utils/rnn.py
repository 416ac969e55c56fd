# SPDX-FileCopyrightText: 2026 The Grus authors
# SPDX-License-Identifier: ISC
"""Sequences of different lengths, packed and padded as torch.nn.utils.rnn does."""

from __future__ import annotations

import ctypes
import math
from ctypes import POINTER, byref
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple, Union

import numpy as np

from ..._torch import array_of
from ..._engine import (
    GrusError,
    PackOptions,
    Packed,
    Packing,
    PadOptions,
    Piece,
    Shape,
    call,
    dense,
    integers,
    library,
)

__all__ = [
    "PackedSequence",
    "pack_padded_sequence",
    "pack_sequence",
    "pad_packed_sequence",
    "pad_sequence",
    "unpack_sequence",
    "unpad_sequence",
]


class _PackedFields(NamedTuple):
    data: np.ndarray
    batch_sizes: np.ndarray
    sorted_indices: Optional[np.ndarray]
    unsorted_indices: Optional[np.ndarray]


class PackedSequence(_PackedFields):
    """Sequences of different lengths in one array, without padding.

    First step 0 of every sequence, longest sequence first, then step 1 of those
    that have one, and so on.

    Attributes:
        data: (sum of lengths, ...), all rows.
        batch_sizes: (longest length,) int64, rows of each step.
        sorted_indices: (batch,) int64, which sequence is at each place, or None.
        unsorted_indices: (batch,) int64, the place of each sequence, or None.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html
    """

    __slots__ = ()

    def __new__(
        cls,
        data: np.ndarray,
        batch_sizes: np.ndarray,
        sorted_indices: Optional[np.ndarray] = None,
        unsorted_indices: Optional[np.ndarray] = None,
    ) -> "PackedSequence":
        sizes = _integers_of(batch_sizes, "batch_sizes")
        order = None if sorted_indices is None else _integers_of(sorted_indices, "sorted_indices")
        places = unsorted_indices
        if places is None and order is not None:
            places = np.argsort(order, kind="stable")
        if places is not None:
            places = _integers_of(places, "unsorted_indices")
        batch = int(sizes[0]) if sizes.size else 0
        for name, indices in (("sorted_indices", order), ("unsorted_indices", places)):
            if indices is not None and indices.size != batch:
                raise GrusError(
                    f"expected {batch} {name}, one for each sequence, got {indices.size}"
                )
        return super().__new__(cls, array_of(data), sizes, order, places)

    def packing(self) -> Packing:
        """What libgrus knows of this; it points into the arrays."""
        return Packing(
            self.batch_sizes.size,
            integers(self.batch_sizes),
            integers(self.sorted_indices),
            integers(self.unsorted_indices),
        )


def as_packed(sequence: Any) -> Any:
    """A PackedSequence of torch's as one of ours; anything else as it is."""
    if isinstance(sequence, PackedSequence) or not hasattr(sequence, "batch_sizes"):
        return sequence
    return PackedSequence(
        sequence.data, sequence.batch_sizes, sequence.sorted_indices, sequence.unsorted_indices
    )


def _integers_of(values: Any, name: str) -> np.ndarray:
    """Whole numbers in one dimension, dense."""
    array = array_of(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise GrusError(f"expected {name} to be integers in 1 dimension")
    return dense(array.astype(np.int64))


def _movable(values: Any) -> np.ndarray:
    """An array that may be copied byte by byte."""
    array = array_of(values)
    if array.dtype.hasobject:
        raise TypeError("an array of Python objects cannot be packed")
    return dense(array)


def _take_packed(packed: Any, dtype: np.dtype, features: Tuple[int, ...]) -> PackedSequence:
    """Copy what the library made, and free it."""
    try:
        p = packed.contents
        n_bytes = p.n_rows * p.n_features * p.element_size
        rows = np.frombuffer(ctypes.string_at(p.data, n_bytes), dtype)
        sizes = np.ctypeslib.as_array(p.packing.batch_sizes, (p.packing.n_steps,)).copy()
        indices = [
            np.ctypeslib.as_array(pointer, (int(sizes[0]),)).copy() if pointer else None
            for pointer in (p.packing.sorted_indices, p.packing.unsorted_indices)
        ]
        return PackedSequence(rows.reshape((p.n_rows, *features)).copy(), sizes, *indices)
    finally:
        library.grus_packed_sequence_free(packed)


def pack_padded_sequence(
    input: np.ndarray,
    lengths: Union[Sequence[int], np.ndarray],
    batch_first: bool = False,
    enforce_sorted: bool = True,
) -> PackedSequence:
    """Pack a padded array.

    Args:
        input: (seq, batch, ...), or (batch, seq, ...) with batch_first.
        lengths: of each sequence, from 1 to seq.
        enforce_sorted: refuse lengths that rise; else they are sorted, and
            sorted back by pad_packed_sequence().

    Raises:
        GrusError: lengths unsorted, zero, longer than seq, or not one for each
            sequence; an empty input.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
    """
    array = _movable(input)
    if array.ndim < 2:
        raise GrusError(f"expected an array of 2 or more dimensions, got {array.ndim}")
    counts = _integers_of(lengths, "lengths")
    features = array.shape[2:]
    shape = Shape.of((*array.shape[:2], math.prod(features)))
    options = PackOptions(
        integers(counts), counts.size, array.itemsize, bool(batch_first), bool(enforce_sorted)
    )
    packed = POINTER(Packed)()
    call(
        "grus_pack_padded_sequence", array.ctypes.data, byref(shape), byref(options), byref(packed)
    )
    return _take_packed(packed, array.dtype, features)


def pack_sequence(sequences: Sequence[np.ndarray], enforce_sorted: bool = True) -> PackedSequence:
    """Pack a list of arrays (length, ...) that differ in nothing but length.

    Raises:
        GrusError: an empty list or sequence, features that differ, or lengths
            that rise where enforce_sorted is true.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html
    """
    arrays = [_movable(sequence) for sequence in sequences]
    _check_alike(arrays)
    features = arrays[0].shape[1:]
    pieces = (Piece * len(arrays))(*((a.ctypes.data, a.shape[0]) for a in arrays))
    options = PackOptions(None, 0, arrays[0].itemsize, False, bool(enforce_sorted))
    packed = POINTER(Packed)()
    call(
        "grus_pack_sequence",
        pieces,
        len(arrays),
        math.prod(features),
        byref(options),
        byref(packed),
    )
    return _take_packed(packed, arrays[0].dtype, features)


def _check_alike(arrays: Sequence[np.ndarray]) -> None:
    if not arrays:
        raise GrusError("expected at least 1 sequence")
    for i, array in enumerate(arrays):
        if array.ndim < 1:
            raise GrusError(f"sequence {i} has no dimension")
        if array.shape[1:] != arrays[0].shape[1:] or array.dtype != arrays[0].dtype:
            raise GrusError(
                f"sequence {i} has {array.dtype} features of shape {array.shape[1:]}, "
                f"sequence 0 {arrays[0].dtype} of {arrays[0].shape[1:]}"
            )


def pad_packed_sequence(
    sequence: PackedSequence,
    batch_first: bool = False,
    padding_value: float = 0.0,
    total_length: Optional[int] = None,
) -> Tuple[np.ndarray, np.ndarray]:
    """Undo packing, in the original order of the sequences.

    Args:
        total_length: seq of the result; None for the longest sequence.

    Returns:
        The array (seq, batch, ...), or (batch, seq, ...) with batch_first, and
        the lengths (batch,) as int64.

    Raises:
        GrusError: total_length is less than the longest sequence, or the
            packing is not consistent.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
    """
    sequence = as_packed(sequence)
    if not isinstance(sequence, PackedSequence):
        raise TypeError(f"expected a PackedSequence, got {type(sequence).__name__}")
    if total_length is not None and total_length < 1:
        raise GrusError(f"total_length must be at least 1, not {total_length}")
    rows = _movable(sequence.data)
    if rows.ndim < 1:
        raise GrusError("expected packed data of 1 or more dimensions")
    features = rows.shape[1:]
    packed = Packed(
        rows.ctypes.data, rows.shape[0], math.prod(features), rows.itemsize, sequence.packing()
    )
    value = np.array([padding_value]).astype(rows.dtype)
    options = PadOptions(value.ctypes.data, total_length or 0, bool(batch_first))
    shape = Shape()
    call("grus_padded_shape", byref(packed), byref(options), byref(shape))
    output = np.empty(shape.tuple(), rows.dtype)
    lengths = np.empty(output.shape[0 if batch_first else 1], np.int64)
    call(
        "grus_pad_packed_sequence",
        byref(packed),
        byref(options),
        output.ctypes.data,
        integers(lengths),
    )
    return output.reshape((*output.shape[:2], *features)), lengths


def pad_sequence(
    sequences: Sequence[np.ndarray], batch_first: bool = False, padding_value: float = 0.0
) -> np.ndarray:
    """Pad a list of arrays (length, ...) to the longest.

    Returns:
        (seq, batch, ...), or (batch, seq, ...) with batch_first.

    Raises:
        GrusError: an empty list, or features that differ.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
    """
    arrays = [array_of(sequence) for sequence in sequences]
    _check_alike(arrays)
    longest = max(array.shape[0] for array in arrays)
    shape = (len(arrays), longest, *arrays[0].shape[1:])
    output = np.full(shape, padding_value, arrays[0].dtype)
    for i, array in enumerate(arrays):
        output[i, : array.shape[0]] = array
    return output if batch_first else np.ascontiguousarray(output.swapaxes(0, 1))


def unpad_sequence(
    padded_sequences: np.ndarray, lengths: Sequence[int], batch_first: bool = False
) -> List[np.ndarray]:
    """Undo padding: a list of arrays (length, ...), copies.

    Args:
        padded_sequences: (seq, batch, ...), or (batch, seq, ...) with batch_first.
        lengths: of each sequence.

    Raises:
        GrusError: as many lengths as sequences are needed, each at most seq.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html
    """
    padded = array_of(padded_sequences)
    if padded.ndim < 2:
        raise GrusError(f"expected an array of 2 or more dimensions, got {padded.ndim}")
    rows = padded if batch_first else padded.swapaxes(0, 1)
    counts = _integers_of(lengths, "lengths")
    if len(counts) != len(rows):
        raise GrusError(f"expected {len(rows)} lengths, got {len(counts)}")
    if len(counts) and not 0 <= counts.min() <= counts.max() <= rows.shape[1]:
        raise GrusError(f"lengths must be from 0 to {rows.shape[1]}")
    return [row[:count].copy() for row, count in zip(rows, counts)]


def unpack_sequence(packed_sequences: PackedSequence) -> List[np.ndarray]:
    """Undo pack_sequence(): a list of arrays (length, ...), in the original order.

    https://pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpack_sequence.html
    """
    return unpad_sequence(*pad_packed_sequence(packed_sequences, batch_first=True), True)
