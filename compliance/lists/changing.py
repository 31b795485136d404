"""Carries out changes of a stored list: a bit array in place, a sorted list as a new file.

Doing the same change twice gives the same file, so one that was cut short is simply done again.
"""

from __future__ import annotations

import mmap
import os
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from .building import Builder, set_scattered
from .checking import count_numbers, read_block, read_table
from .layout import BLOCK_BYTES, HEADER_BYTES, PAGE_BYTES, Form, Header, blocks_with_data
from .numbers import Numbers, SortedList, open_list
from .plans import Plan

BITS_A_BLOCK = BLOCK_BYTES * 8


def form_of(path: Path) -> Form:
    """How the list at ``path`` is kept. Raises ``Damaged``."""
    with path.open("rb") as file:
        return Header.unpack(file.read(HEADER_BYTES)).form


def change_bits(path: Path, sequence: int, added: Numbers, removed: Numbers) -> Header:
    """Switch bits in the file that everybody reads. ``added`` and ``removed`` have no number in common."""
    with path.open("r+b", buffering=0) as file:
        descriptor = file.fileno()
        header = Header.unpack(os.pread(descriptor, HEADER_BYTES, 0))
        table = read_table(descriptor, header)
        _write_header(descriptor, replace(header, changing=sequence))
        _switch(descriptor, header, added, removed)
        touched = np.unique((np.concatenate([added, removed]) - header.base) // BITS_A_BLOCK)
        for block in touched:
            table[block] = zlib.crc32(read_block(descriptor, header, int(block)))
        raw_table = table.tobytes()
        os.pwrite(descriptor, raw_table, PAGE_BYTES)
        os.fsync(descriptor)
        count = _count(descriptor, header)
        changed = replace(header, count=count, change=sequence, changing=0, table_crc=zlib.crc32(raw_table))
        _write_header(descriptor, changed)
    return changed


def change_sorted(
    path: Path, new_path: Path, sequence: int, added: Numbers, removed: Numbers, plan: Plan | None
) -> Header:
    """Write the changed list as a new file at ``new_path``. Raises ``BadFile`` where it grows too long."""
    stored = open_list(path)
    assert isinstance(stored, SortedList), "a bit array is changed in place"
    kept = stored.all_numbers()
    builder = Builder(new_path, plan)
    builder.add(kept[~np.isin(kept, removed)])
    builder.add(added)
    return builder.finish(sequence)


def _write_header(descriptor: int, header: Header) -> None:
    os.pwrite(descriptor, header.pack(), 0)
    os.fsync(descriptor)


def _switch(descriptor: int, header: Header, added: Numbers, removed: Numbers) -> None:
    with mmap.mmap(descriptor, 0) as mapped:
        array = np.frombuffer(mapped, np.uint8)[header.payload_at :]
        if len(added):
            set_scattered(array, added - header.base)
        if len(removed):
            set_scattered(array, removed - header.base, on=False)
        del array
        mapped.flush()


def _count(descriptor: int, header: Header) -> int:
    blocks = blocks_with_data(descriptor, header)
    return sum(count_numbers(read_block(descriptor, header, block), header.form) for block in blocks)
