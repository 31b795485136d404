"""Writes a new file of a list from numbers as they come: in any order, some of them twice."""

from __future__ import annotations

import mmap
import os
import shutil
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from .checking import count_numbers, read_block
from .files import FILE_MODE, PARTIAL, publish
from .layout import BLOCK_BYTES, PAGE_BYTES, Form, Header, blocks_with_data, zero_checksum
from .numbers import Numbers
from .plans import Plan
from .problems import BadFile

LARGE = 1_000_000
"""From here on a bit array; below it a few scattered numbers would take a page of 4 KB each."""
MOST_SORTED = 40_000_000
"""The most numbers of a list that is no bit array: 320 MB."""
SPARE_BYTES = 256 * 1024 * 1024
"""Disk that must be left over: writing into a mapped file on a full disk kills the process."""
FLAGS_MOST = 64
"""Numbers are set by flags where they lie less than this apart on average, otherwise after sorting."""


class Builder:
    """Takes numbers, and makes the file at ``path`` of them. ``plan``: the only one whose numbers come, or None."""

    def __init__(self, path: Path, plan: Plan | None) -> None:
        self._path, self._plan = path, plan
        self._held: list[Numbers] = []
        self._count_held = 0
        self._bits: BitArray | None = None

    def add(self, numbers: Numbers) -> None:
        """Some more numbers. Raises ``BadFile`` where they are too many."""
        if self._bits is not None:
            self._bits.set(numbers)
            return
        self._held.append(numbers)
        self._count_held += len(numbers)
        if self._plan is not None and self._count_held >= LARGE:
            self._to_bits(self._plan)
        elif self._count_held > MOST_SORTED:
            raise BadFile(
                f"It holds more than {MOST_SORTED:,} numbers. Only a list that names the US or Canada may."
            )

    def finish(self, change: int = 0) -> Header:
        """Write, check and name the file; the header tells how many numbers it holds."""
        partial = self._path.with_name(self._path.name + PARTIAL)
        if self._bits is not None:
            self._bits.close()
            header = _seal(partial, replace(self._bits.header, change=change))
        else:
            numbers = np.unique(np.concatenate([*self._held, np.empty(0, np.int64)]))
            header = _write_sorted(partial, numbers, change)
        publish(partial, self._path)
        return header

    def _to_bits(self, plan: Plan) -> None:
        self._bits = BitArray(self._path.with_name(self._path.name + PARTIAL), plan)
        for numbers in self._held:
            self._bits.set(numbers)
        self._held.clear()


class BitArray:
    """A bit array that is written: a sparse file, mapped."""

    def __init__(self, path: Path, plan: Plan) -> None:
        self.header = Header(Form.BITS, plan.base, plan.span, 0)
        _need_disk(path, self.header.file_bytes)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            os.ftruncate(descriptor, self.header.file_bytes)
            self._mapped = mmap.mmap(descriptor, 0)
        finally:
            os.close(descriptor)
        self._array = np.frombuffer(self._mapped, np.uint8)[self.header.payload_at :]

    def set(self, numbers: Numbers) -> None:
        """Switch the bits of these numbers on; all of them are the plan's."""
        if not len(numbers):
            return
        places = numbers - self.header.base
        low, high = int(places.min()) & ~7, int(places.max())
        if high - low < len(places) * FLAGS_MOST:
            self._set_dense(places, low, high)
        else:
            set_scattered(self._array, places)

    def _set_dense(self, places: Numbers, low: int, high: int) -> None:
        flags = np.zeros((high - low) // 8 * 8 + 8, np.uint8)
        flags[places - low] = 1
        packed = np.packbits(flags, bitorder="little")
        self._array[low >> 3 : (low >> 3) + len(packed)] |= packed

    def close(self) -> None:
        """Let go of the file; what was written is in it."""
        del self._array
        self._mapped.flush()
        self._mapped.close()


def set_scattered(array: np.ndarray, places: Numbers, on: bool = True) -> None:
    """Switch the bits at ``places`` on or off, whatever their order."""
    ordered = np.sort(places)
    in_byte = ordered >> 3
    starts = np.flatnonzero(np.concatenate(([True], in_byte[1:] != in_byte[:-1])))
    masks = np.bitwise_or.reduceat(np.left_shift(1, ordered & 7).astype(np.uint8), starts)
    if on:
        array[in_byte[starts]] |= masks
    else:
        array[in_byte[starts]] &= ~masks


def _need_disk(path: Path, wanted: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < wanted + SPARE_BYTES:
        needed = (wanted + SPARE_BYTES) // 1024**2
        raise BadFile(
            f"The disk has {free // 1024**2:,} MB left and {needed:,} MB are needed. Make room on it."
        )


def _write_sorted(path: Path, numbers: Numbers, change: int) -> Header:
    header = Header(Form.SORTED, 0, 0, len(numbers), change)
    _need_disk(path, header.file_bytes)
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.seek(header.payload_at)
        file.write(numbers.tobytes())
        file.truncate(header.file_bytes)
    return _seal(path, header)


def _seal(path: Path, header: Header) -> Header:
    """Write the checksums and the header with the count."""
    with path.open("r+b", buffering=0) as file:
        descriptor = file.fileno()
        table = np.full(header.blocks, zero_checksum(BLOCK_BYTES), np.uint32)
        if rest := header.payload_bytes % BLOCK_BYTES:
            table[-1] = zero_checksum(rest)
        count = 0
        for block in blocks_with_data(descriptor, header):
            raw = read_block(descriptor, header, block)
            table[block] = zlib.crc32(raw)
            count += count_numbers(raw, header.form)
        raw_table = table.tobytes()
        os.pwrite(descriptor, raw_table, PAGE_BYTES)
        sealed = replace(header, count=count, table_crc=zlib.crc32(raw_table))
        os.pwrite(descriptor, sealed.pack(), 0)
    return sealed
