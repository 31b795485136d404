"""Reads a block of texts at once: those that look alike by arithmetic on columns, the odd ones one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view
from numpy.typing import NDArray

from ..numbers import Numbers
from .reader import Bytes, Reader, Template, Unreadable

LINE_END = ord("\n")
LOOKS_A_LENGTH = 4
"""How many different looks of one length are learnt in a block before the rest is read one by one."""
BLANK, UNREADABLE = -1, -2
"""Stand in place of a number."""
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fields:
    """Texts within a block of bytes: where each begins, and how long it is."""

    data: Bytes
    starts: Places
    lengths: Places

    def text(self, index: int) -> str:
        """One of them."""
        start = int(self.starts[index])
        return self.data[start : start + int(self.lengths[index])].tobytes().decode("latin-1")

    def rows(self, chosen: Places, length: int) -> Bytes:
        """The chosen texts, all of this length, one a row."""
        places = self.starts[chosen]
        stride = int(places[1] - places[0]) if len(places) > 1 else length
        if stride >= length and (np.diff(places) == stride).all():
            begin = self.data[int(places[0]) :]
            return as_strided(begin, (len(places), length), (stride, 1), writeable=False)
        return sliding_window_view(self.data, length)[places]


def lines_of(block: bytes) -> Fields:
    """Every line of a block that ends with a line's end."""
    data = np.frombuffer(block, np.uint8)
    is_end = data == LINE_END
    stride = block.index(b"\n") + 1
    if len(data) % stride == 0 and is_end[stride - 1 :: stride].all() and is_end.sum() * stride == len(data):
        starts = np.arange(0, len(data), stride)
        return Fields(data, starts, np.full(len(starts), stride - 1))
    ends = np.flatnonzero(is_end)
    starts = np.concatenate(([0], ends[:-1] + 1))
    return Fields(data, starts, ends - starts)


def read_fields(fields: Fields, reader: Reader) -> Numbers:
    """A number for each text, or ``BLANK``, or ``UNREADABLE``."""
    found = np.full(len(fields.starts), UNREADABLE, np.int64)
    shortest, longest = int(fields.lengths.min()), int(fields.lengths.max())
    if shortest == longest:
        _read_alike(fields, longest, np.arange(len(found)), reader, found)
        return found
    for length in np.unique(fields.lengths):
        _read_alike(fields, int(length), np.flatnonzero(fields.lengths == length), reader, found)
    return found


def _read_alike(fields: Fields, length: int, left: Places, reader: Reader, found: Numbers) -> None:
    """Read the texts of one length, ``left``, into ``found``."""
    for _ in range(LOOKS_A_LENGTH):
        if not len(left):
            return
        first = int(left[0])
        found[first] = _read_one(fields.text(first), reader)
        template = _learn(fields.text(first), reader) if found[first] >= 0 else None
        left = left[1:]
        if template is None or not len(left):
            continue
        rows = sliding_window_view(fields.data, length)[fields.starts[left]]
        fits, numbers = template.match(rows)
        if fits.all():
            found[left] = numbers
            return
        found[left[fits]] = numbers[fits]
        left = left[~fits]
    for index in left:
        found[index] = _read_one(fields.text(int(index)), reader)


def _read_one(text: str, reader: Reader) -> int:
    if not text.strip():
        return BLANK
    try:
        return reader.read(text).number
    except Unreadable:
        return UNREADABLE


def _learn(text: str, reader: Reader) -> Template:
    return Template(text.encode("latin-1"), reader.read(text))
