"""Reads a file row by row in bounded memory, and notices what the csv module passes over in silence."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from .problems import BadFile

MAX_COLUMNS = 512
MAX_LINE_CHARS = 1024 * 1024
MAX_FIELD_CHARS = 64 * 1024
MAX_LINES_A_ROW = 50
"""A value over more lines than this is no address or note but a quote that was never closed."""
csv.field_size_limit(MAX_FIELD_CHARS)


@dataclass(frozen=True, slots=True)
class FileShape:
    """How to read a file."""

    encoding: str
    delimiter: str
    has_header: bool


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it stands; ``number`` counts rows from 1 below the header, ``line`` and ``lines`` are the
    file's own.
    """

    number: int
    line: int
    lines: int
    cells: list[str]


class _Lines:
    """Hands lines to the csv reader and knows which of them belong to the row it is at."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.read = 0
        self.of_row = 0
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(MAX_LINE_CHARS + 1)
        if not line:
            self.ended = True
            raise StopIteration
        self.read += 1
        self.of_row += 1
        if len(line) > MAX_LINE_CHARS:
            raise BadFile(f"Line {self.read} is longer than a million characters. This is no list of leads.")
        if self.of_row > MAX_LINES_A_ROW:
            raise _never_closed(self.first)
        return line

    @property
    def first(self) -> int:
        """The line in which the row began."""
        return self.read - self.of_row + 1


def read_rows(path: Path, shape: FileShape) -> Iterator[RawRow]:
    """Every row below the header, empty lines too. Raises ``BadFile`` where the rest of the file cannot be
    trusted.

    Line ends may be LF, CRLF or CR alone.
    """
    with path.open(encoding=shape.encoding, newline="") as file:
        lines = _Lines(file)
        number = 0 if shape.has_header else 1
        for cells in _parsed(lines, shape.delimiter):
            if number:
                yield RawRow(number, lines.first, lines.of_row, cells)
            if number or any(cell.strip() for cell in cells):
                number += 1
            lines.of_row = 0


def _parsed(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS:
                raise BadFile(
                    f"Line {lines.first} has more than {MAX_COLUMNS} columns. Remove those not needed."
                )
            if lines.ended:  # the reader wanted more and gave what it had: it was inside a quote
                raise _never_closed(lines.first)
            yield cells
    except csv.Error as error:
        raise BadFile(
            f"A value in line {lines.first} is longer than {MAX_FIELD_CHARS:,} characters: either it is no lead, "
            "or a quote in that line is never closed. Repair the line and upload the file again."
        ) from error


def _never_closed(line: int) -> BadFile:
    return BadFile(
        f"A quote that opens in line {line} is never closed, so the rest of the file would be read as one value. "
        "Close the quote, or double it inside the value, and upload the file again."
    )
