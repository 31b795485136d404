"""The form of a list's file: a header, a checksum a block, then the numbers.

``bits``: one bit a number of the plan, bit = number - base; the file is sparse, empty stretches take no disk.
``sorted``: unsigned 64-bit integers in rising order. All integers are little endian.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from .problems import Damaged

MAGIC = b"PLNUMS1\n"
PAGE_BYTES = 4096
BLOCK_BYTES = 64 * 1024
"""What one checksum covers."""
NUMBER_BYTES = 8
CHECKSUM_BYTES = 4
_FIELDS = struct.Struct("<8sIIQQQIII")
_CHECKSUM = struct.Struct("<I")
HEADER_BYTES = _FIELDS.size + _CHECKSUM.size


class Form(IntEnum):
    """How the numbers are kept."""

    BITS = 1
    SORTED = 2


@dataclass(frozen=True, slots=True)
class Header:
    """The first bytes of a list's file."""

    form: Form
    base: int
    span: int
    """Of bits: how many numbers the array has room for."""
    count: int
    """Numbers on the list."""
    change: int = 0
    """The sequence number of the last change that is wholly in it."""
    changing: int = 0
    """The change that is being carried out, 0: none. Until it ends, blocks need not fit their checksums."""
    table_crc: int = 0
    """CRC-32 of the table of checksums."""

    @property
    def payload_bytes(self) -> int:
        """Length of the numbers."""
        return self.count * NUMBER_BYTES if self.form is Form.SORTED else -(-self.span // 8)

    @property
    def blocks(self) -> int:
        """How many checksums there are."""
        return -(-self.payload_bytes // BLOCK_BYTES)

    @property
    def payload_at(self) -> int:
        """Where the numbers begin, on a page."""
        return PAGE_BYTES + -(-self.blocks * CHECKSUM_BYTES // PAGE_BYTES) * PAGE_BYTES

    @property
    def file_bytes(self) -> int:
        """The file's whole length."""
        return self.payload_at + self.payload_bytes

    def pack(self) -> bytes:
        """As it stands in the file."""
        fields = _FIELDS.pack(
            MAGIC,
            self.form,
            0,
            self.base,
            self.span,
            self.count,
            self.change,
            self.changing,
            self.table_crc,
        )
        return fields + _CHECKSUM.pack(zlib.crc32(fields))

    @classmethod
    def unpack(cls, raw: bytes) -> Header:
        """Raises ``Damaged``."""
        if len(raw) < HEADER_BYTES or not raw.startswith(MAGIC):
            raise Damaged("It does not begin as a file of numbers begins.")
        fields = raw[: _FIELDS.size]
        if _CHECKSUM.unpack_from(raw, _FIELDS.size)[0] != zlib.crc32(fields):
            raise Damaged("Its header does not fit its checksum.")
        _, form, _, base, span, count, change, changing, table_crc = _FIELDS.unpack(fields)
        return cls(Form(form), base, span, count, change, changing, table_crc)


def zero_checksum(length: int) -> int:
    """The checksum of a block that holds nothing."""
    return zlib.crc32(bytes(length))


def blocks_with_data(descriptor: int, header: Header) -> Iterator[int]:
    """The blocks that take disk, in rising order: all others are holes and read as zeros."""
    position, end, last = header.payload_at, header.file_bytes, -1
    while position < end:
        try:
            start = os.lseek(descriptor, position, os.SEEK_DATA)
        except OSError:
            return
        position = os.lseek(descriptor, start, os.SEEK_HOLE)
        first = max((start - header.payload_at) // BLOCK_BYTES, last + 1, 0)
        last = (min(position, end) - 1 - header.payload_at) // BLOCK_BYTES
        yield from range(first, last + 1)
