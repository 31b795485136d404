"""From a delivered file to arrays of numbers, with a tally of what could not be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..numbers import Numbers
from ..problems import BadFile
from .columns import added_of, cut
from .fields import BLANK, UNREADABLE, Fields, lines_of, read_fields
from .reader import Reader, Unreadable
from .shape import Shape, shape_of
from .source import CUT_OFF, Source

MOST_REJECTED = 0.01
"""The share of lines that may be unreadable: with more of them the file is not what it should be."""
EARLY_LINES = 50_000
"""From here on a file with too many unreadable lines is refused before its end."""
EXAMPLES = 3
SHOWN = 24


@dataclass(slots=True)
class Tally:
    """What was read so far."""

    lines: int = 0
    accepted: int = 0
    rejected: int = 0
    examples: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Raises ``BadFile`` where more lines are unreadable than a good file has."""
        if self.rejected > MOST_REJECTED * (self.accepted + self.rejected):
            raise BadFile(
                f"{self.rejected:,} of {self.accepted + self.rejected:,} lines are no numbers of this list, more "
                f"than 1 %: {self.words()}. Repair the file, or choose the list that it belongs to."
            )

    def words(self) -> str:
        """The first unreadable lines."""
        return "; ".join(self.examples)


@dataclass(frozen=True, slots=True)
class Batch:
    """Numbers in the order of the file. ``added``: whether each is added or deleted; None: the file does not say."""

    numbers: Numbers
    added: NDArray[np.bool_] | None


def read_numbers(source: Source, reader: Reader, tally: Tally) -> Iterator[Batch]:
    """All numbers of the file, block by block. Raises ``BadFile``; only who comes to the end may use them."""
    for text in source.texts():
        shape: Shape | None = None
        for block in text:
            if shape is None:
                shape = shape_of(block, reader)
                block = _without_header(block, shape, tally)
            if block:
                yield _read_block(block, shape, reader, tally)
            if tally.lines > EARLY_LINES:
                tally.check()
    if not tally.accepted:
        raise BadFile("It holds no numbers.")
    tally.check()


def sha256_of(path: Path) -> str:
    """Of a file's content, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _without_header(block: bytes, shape: Shape, tally: Tally) -> bytes:
    if not shape.header:
        return block
    tally.lines += 1
    return block.lstrip(b"\r\n").partition(b"\n")[2]


def _read_block(block: bytes, shape: Shape, reader: Reader, tally: Tally) -> Batch:
    complete = block.endswith(b"\n")
    lines = lines_of(block if complete else block + b"\n")
    fields, signs = (lines, None) if not shape.delimiter else cut(lines, shape)
    numbers = read_fields(fields, reader)
    if not complete and numbers[-1] == UNREADABLE:
        raise BadFile(f"The last line is {lines.text(len(numbers) - 1)[:SHOWN]!r}. {CUT_OFF}")
    added = None
    if signs is not None:
        added, known = added_of(signs)
        numbers[~known & (numbers != BLANK)] = UNREADABLE
    _count(numbers, fields, reader, tally)
    good = numbers >= 0
    return Batch(numbers[good], None if added is None else added[good])


def _count(numbers: Numbers, fields: Fields, reader: Reader, tally: Tally) -> None:
    bad = np.flatnonzero(numbers == UNREADABLE)
    for index in bad[: EXAMPLES - len(tally.examples)]:
        text = fields.text(int(index))
        tally.examples.append(
            f"line {tally.lines + int(index) + 1:,} ({text[:SHOWN]!r}): {_why(text, reader)}"
        )
    tally.lines += len(numbers)
    tally.accepted += int((numbers >= 0).sum())
    tally.rejected += len(bad)


def _why(text: str, reader: Reader) -> str:
    try:
        reader.read(text)
    except Unreadable as error:
        return str(error)
    return "neither added nor deleted"
