"""Lists as every process reads them: files mapped into memory, one copy for all, never written through here."""

from __future__ import annotations

import mmap
import os
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .checking import check_sample
from .layout import HEADER_BYTES, Form, Header
from .problems import Damaged

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class BitList:
    """A large list. Changes made in place by another process are seen at once."""

    __slots__ = ("_array", "_base", "_span", "has", "header")

    def __init__(self, header: Header, mapped: mmap.mmap) -> None:
        self.header = header
        self._base, self._span = header.base, header.span
        bits = memoryview(mapped)[header.payload_at :]
        self._array = np.frombuffer(bits, np.uint8)
        self.has = _bit_reader(bits, header.base, header.span)
        """Whether a number is on the list."""

    def has_many(self, numbers: Numbers) -> Flags:
        """The same of a page of numbers."""
        places = numbers - self._base
        inside = places.view(np.uint64) < self._span
        if not inside.all():
            return self._at(np.where(inside, places, 0)) & inside
        return self._at(places)

    def _at(self, places: Numbers) -> Flags:
        return (self._array[places >> 3] >> (places & 7).astype(np.uint8) & 1).astype(np.bool_)


def _bit_reader(bits: memoryview, base: int, span: int) -> Callable[[int], bool]:
    """A closure: it asks twice as many numbers a second as a method does."""

    masks = tuple(1 << bit for bit in range(8))

    def has(number: int) -> bool:
        place = number - base
        return 0 <= place < span and bits[place >> 3] & masks[place & 7] != 0

    return has


class SortedList:
    """A small list, or one with numbers of several countries."""

    __slots__ = ("_array", "_items", "header")

    def __init__(self, header: Header, mapped: mmap.mmap) -> None:
        self.header = header
        self._items = memoryview(mapped)[header.payload_at :].cast("q")
        self._array = np.frombuffer(self._items, np.int64)

    def has(self, number: int) -> bool:
        """Whether it is on the list."""
        place = bisect_left(self._items, number)
        return place < len(self._items) and self._items[place] == number

    def has_many(self, numbers: Numbers) -> Flags:
        """The same of a page of numbers."""
        if not len(self._array):
            return np.zeros(len(numbers), np.bool_)
        places = np.searchsorted(self._array, numbers)
        return self._array[np.minimum(places, len(self._array) - 1)] == numbers

    def all_numbers(self) -> Numbers:
        """Every number, in rising order."""
        return self._array


OpenList = BitList | SortedList


def open_list(path: Path, change: int = 0) -> OpenList:
    """A stored list, after a look at its size, its header and some of its blocks.

    ``change`` is the last change that it must hold. Raises ``Damaged``.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        raise Damaged("Its file is missing or cannot be opened.") from error
    try:
        header = Header.unpack(os.pread(descriptor, HEADER_BYTES, 0))
        if os.fstat(descriptor).st_size != header.file_bytes:
            raise Damaged("Its file is cut off or has grown.")
        if header.change < change:
            raise Damaged(f"Its file holds the changes up to {header.change}, not up to {change}.")
        check_sample(descriptor, header)
        mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)
    return (BitList if header.form is Form.BITS else SortedList)(header, mapped)
