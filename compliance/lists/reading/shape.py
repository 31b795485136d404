"""Finds out what a file looks like from its first lines: numbers alone, or a table with a column of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from ..problems import BadFile
from .reader import Reader, Unreadable

SAMPLE_LINES = 200
MOSTLY = 0.9
DELIMITERS = ",;\t|"
NAMES = frozenset(
    {"phone", "number", "telephone", "phonenumber", "phone_number", "phone number", "telephone_number", "tel",
     "telephone number", "msisdn", "mobile", "cell", "tn", "ani", "dnc"}
)  # fmt: skip
"""How a column of numbers is called, in lower case."""
AREA_DIGITS, REST_DIGITS = 3, 7
SIGNS = {"a": True, "add": True, "+": True, "i": True, "d": False, "delete": False, "-": False, "r": False}
"""What a change file says of a number: the FTC writes A and D."""
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Shape:
    """``delimiter`` is empty where each line is one number. Columns count from 0."""

    header: bool
    delimiter: str = ""
    columns: int = 1
    number: int = 0
    number_to: int = 0
    """Another column than ``number`` where area code and number stand in two."""
    sign: int | None = None
    """The column that says whether a number is added or deleted."""


def shape_of(block: bytes, reader: Reader) -> Shape:
    """The shape of a file that begins so. Raises ``BadFile`` where no numbers can be found."""
    lines = [line.decode("latin-1") for line in block.splitlines()[: SAMPLE_LINES * 2] if line.strip()]
    lines = lines[:SAMPLE_LINES]
    if not lines:
        raise BadFile("It holds only blank lines.")
    header = _is_header(lines[0])
    body = lines[1:] if header and len(lines) > 1 else lines
    if _share([line.strip() for line in body], reader) >= MOSTLY:
        return Shape(header and body is not lines)
    for delimiter in DELIMITERS:
        shape = _as_table(lines, delimiter, header, reader)
        if shape is not None:
            return shape
    raise BadFile(
        f"No phone numbers are found; line 1 is {lines[0][:SHOWN]!r}. Give one number a line, or a CSV file "
        "whose column of numbers is called “phone”."
    )


def _is_header(line: str) -> bool:
    return any(char.isalpha() for char in line) and sum(char.isdigit() for char in line) < REST_DIGITS


def _share(cells: list[str], reader: Reader) -> float:
    return sum(_reads(cell, reader) for cell in cells) / max(len(cells), 1)


def _reads(cell: str, reader: Reader) -> bool:
    try:
        reader.read(cell)
    except Unreadable:
        return False
    return True


def _as_table(lines: list[str], delimiter: str, header: bool, reader: Reader) -> Shape | None:
    rows = list(csv.reader(lines, delimiter=delimiter))
    width = len(rows[0])
    body = [row for row in (rows[1:] if header else rows) if len(row) == width]
    if width < 2 or len(body) < MOSTLY * (len(rows) - header) or not body:
        return None
    columns = [[row[index].strip() for row in body] for index in range(width)]
    names = [cell.strip().lower() for cell in rows[0]] if header else []
    found = _number_columns(columns, names, reader)
    if found is None:
        return None
    return Shape(header, delimiter, width, *found, sign=_sign_column(columns))


def _number_columns(columns: list[list[str]], names: list[str], reader: Reader) -> tuple[int, int] | None:
    if _is_split(columns):
        return 0, 1
    plausible = [index for index, cells in enumerate(columns) if _share(cells, reader) >= MOSTLY]
    named = [index for index, name in enumerate(names) if name in NAMES and index in plausible]
    if len(named) == 1 or len(plausible) == 1:
        index = (named if len(named) == 1 else plausible)[0]
        return index, index
    if plausible:
        places = ", ".join(str(index + 1) for index in plausible)
        raise BadFile(f"Columns {places} all hold phone numbers. Call the one that is meant “phone”.")
    return None


def _is_split(columns: list[list[str]]) -> bool:
    """Area codes in the first column and seven digits in the second."""
    digits = [all(cell.isdigit() for cell in cells) for cells in columns[:2]]
    lengths = [{len(cell) for cell in cells} for cells in columns[:2]]
    return all(digits) and lengths == [{AREA_DIGITS}, {REST_DIGITS}]


def _sign_column(columns: list[list[str]]) -> int | None:
    for index, cells in enumerate(columns):
        if all(cell.lower() in SIGNS for cell in cells):
            return index
    return None
