"""Whether a list's file is what was written: a sample at every opening, all of it on demand."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .layout import (
    BLOCK_BYTES,
    CHECKSUM_BYTES,
    HEADER_BYTES,
    NUMBER_BYTES,
    PAGE_BYTES,
    Form,
    Header,
    blocks_with_data,
    zero_checksum,
)
from .problems import Damaged

SAMPLED_BLOCKS = 16
Table = NDArray[np.uint32]


def read_table(descriptor: int, header: Header) -> Table:
    """The checksums of all blocks. Raises ``Damaged``."""
    raw = os.pread(descriptor, header.blocks * CHECKSUM_BYTES, PAGE_BYTES)
    if not header.changing and zlib.crc32(raw) != header.table_crc:
        raise Damaged("Its table of checksums is not what was written.")
    return np.frombuffer(raw, np.uint32).copy()


def read_block(descriptor: int, header: Header, block: int) -> bytes:
    """One block of the numbers; the last may be shorter."""
    start = block * BLOCK_BYTES
    length = min(BLOCK_BYTES, header.payload_bytes - start)
    return os.pread(descriptor, length, header.payload_at + start)


def check_sample(descriptor: int, header: Header) -> None:
    """Look at some blocks that hold numbers. Raises ``Damaged``; leaves a file alone that is being changed."""
    table = read_table(descriptor, header)
    if header.changing:
        return
    filled = np.flatnonzero(table != zero_checksum(BLOCK_BYTES))
    step = max(len(filled) // SAMPLED_BLOCKS, 1)
    for block in filled[::step]:
        if zlib.crc32(read_block(descriptor, header, int(block))) != table[block]:
            raise Damaged(f"Block {block} of its file is not what was written.")


def check_whole(path: Path) -> int:
    """How many numbers the file holds, after every block was read and compared. Raises ``Damaged``."""
    with path.open("rb", buffering=0) as file:
        descriptor = file.fileno()
        header = Header.unpack(os.pread(descriptor, HEADER_BYTES, 0))
        if os.fstat(descriptor).st_size != header.file_bytes:
            raise Damaged("Its file is cut off or has grown.")
        if header.changing:
            raise Damaged(
                f"Change {header.changing} was cut short. Apply the next change, or run the status."
            )
        count = _check_blocks(descriptor, header)
    if count != header.count:
        raise Damaged(f"It holds {count:,} numbers and says {header.count:,}.")
    return count


def _check_blocks(descriptor: int, header: Header) -> int:
    table = read_table(descriptor, header)
    expected = np.full(len(table), zero_checksum(BLOCK_BYTES), np.uint32)
    if rest := header.payload_bytes % BLOCK_BYTES:
        expected[-1] = zero_checksum(rest)
    count = 0
    for block in blocks_with_data(descriptor, header):
        raw = read_block(descriptor, header, block)
        expected[block] = zlib.crc32(raw)
        count += count_numbers(raw, header.form)
    wrong = np.flatnonzero(expected != table)
    if len(wrong):
        raise Damaged(f"{len(wrong)} blocks of its file are not what was written, the first is {wrong[0]}.")
    return count


def count_numbers(raw: bytes, form: Form) -> int:
    """How many numbers a block holds."""
    if form is Form.SORTED:
        return len(raw) // NUMBER_BYTES
    words = np.frombuffer(raw, np.uint64) if len(raw) % NUMBER_BYTES == 0 else np.frombuffer(raw, np.uint8)
    return int(np.bitwise_count(words).sum(dtype=np.int64))
