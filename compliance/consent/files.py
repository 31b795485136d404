"""Reads files of consents, and of the Reassigned Numbers Database's answers, row by row in bounded memory."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

MAX_LINE_CHARS = 64 * 1024
MAX_COLUMNS = 64
DELIMITERS = ",;\t|"
Cells = Mapping[str, str]


class BadFile(Exception):
    """The file as a whole cannot be entered; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Which columns a file has: what each is called, which must be there, and their order where none are named."""

    aliases: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    unnamed: tuple[str, ...] = ()
    """The columns of a file without a header; empty: a header must be there."""


CONSENTS = Shape(
    {
        "number": ("number", "phone", "phonenumber", "tn", "mobile"),
        "kind": ("kind", "consent", "consentkind", "type"),
        "given_at": ("givenat", "given", "date", "consentat", "consentdate", "timestamp"),
        "expires_at": ("expiresat", "expires", "expiry", "consentexpires"),
        "means": ("means", "channel", "how"),
        "scope": ("scope", "subject", "topic", "seller"),
        "text": ("text", "wording", "consenttext", "language"),
        "source": ("source", "consentsource", "url", "origin"),
    },
    ("number", "kind", "given_at"),
)
ANSWERS = Shape(
    {
        "number": ("number", "phone", "phonenumber", "tn", "telephonenumber"),
        "date": ("date", "consentdate", "dateofconsent"),
        "answer": ("answer", "response", "result", "disconnected"),
    },
    ("number", "date", "answer"),
    ("number", "date", "answer"),
)


def read_rows(path: Path, shape: Shape) -> Iterator[tuple[int, Cells]]:
    """Line number and cells by column, of every line that is not empty. Raises ``BadFile``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from _rows(file, shape)
    except UnicodeDecodeError:
        raise BadFile("The file is not UTF-8 text. Save it as “CSV UTF-8” and bring it again.") from None


def count_lines(path: Path) -> int:
    """About how many rows the file has."""
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1024 * 1024), b""))


def _rows(file: TextIO, shape: Shape) -> Iterator[tuple[int, Cells]]:
    reader = _Reader(file)
    first = next(reader, None)
    if first is None:
        raise BadFile("The file is empty. Choose the one that holds the rows.")
    columns = _columns(first[1], shape)
    if columns is None:
        columns = list(shape.unnamed)
        yield first[0], dict(zip(columns, first[1], strict=False))
    for line, cells in reader:
        yield line, dict(zip(columns, cells, strict=False))


class _Reader:
    """Rows with the line they began in; a line without end, a NUL or a quote that is never closed ends it."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._line, self._first = file, 0, 1
        head = self._next_line()
        self._pending = [head] if head else []
        mark = max(DELIMITERS, key=head.count)
        self._reader = csv.reader(iter(self._take, ""), delimiter=mark, strict=True)

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        while True:
            self._first = self._line + (0 if self._pending else 1)
            try:
                cells = next(self._reader)
            except csv.Error as error:
                raise BadFile(
                    f"Line {self._first} cannot be read ({error}). Close its quotes and bring the file again."
                ) from None
            if len(cells) > MAX_COLUMNS:
                raise BadFile(
                    f"Line {self._first} has more than {MAX_COLUMNS} columns. Remove those not needed."
                )
            if any(cell.strip() for cell in cells):
                return self._first, cells

    def _take(self) -> str:
        return self._pending.pop() if self._pending else self._next_line()

    def _next_line(self) -> str:
        line = self._file.readline(MAX_LINE_CHARS + 1)
        self._line += 1
        if len(line) > MAX_LINE_CHARS:
            raise BadFile(
                f"Line {self._line} is longer than {MAX_LINE_CHARS:,} characters. This is no such file."
            )
        if "\0" in line:
            raise BadFile(f"Line {self._line} holds NUL bytes: the file is damaged. Export it again.")
        return line


def _columns(cells: list[str], shape: Shape) -> list[str] | None:
    """What each column of the header is; None where the first row is no header and none is needed."""
    known = {alias: name for name, aliases in shape.aliases.items() for alias in aliases}
    names = [known.get(re.sub(r"[^a-z]", "", cell.lower()), "") for cell in cells]
    missing = [name for name in shape.required if name not in names]
    if not missing:
        return names
    if shape.unnamed and not any(names):
        return None
    raise BadFile(
        f"The first line must name the columns; {', '.join(missing)} is missing. "
        f"Known are {', '.join(shape.aliases)}."
    )
