"""Cuts columns out of a block of a table: by the places of its delimiters, or row by row where cells are quoted."""

from __future__ import annotations

import csv

import numpy as np
from numpy.typing import NDArray

from .fields import LINE_END, Fields, lines_of
from .shape import SIGNS, Shape

QUOTE = ord('"')
ADDED, DELETED, UNKNOWN = 1, 0, 2


def cut(lines: Fields, shape: Shape) -> tuple[Fields, Fields | None]:
    """The cells with the numbers, and those with the signs; one of each a line."""
    ends = np.flatnonzero((lines.data == LINE_END) | (lines.data == ord(shape.delimiter)))
    rows = len(lines.starts)
    if len(ends) == rows * shape.columns:
        grid = ends.reshape(rows, shape.columns)
        if (lines.data[grid[:, -1]] == LINE_END).all():
            return _cut_grid(lines, grid, shape)
    return _cut_rows(lines, shape)


def _cut_grid(lines: Fields, ends: NDArray[np.int64], shape: Shape) -> tuple[Fields, Fields | None]:
    starts = np.concatenate([lines.starts[:, None], ends[:, :-1] + 1], axis=1)

    def cells(first: int, last: int) -> Fields:
        return Fields(lines.data, starts[:, first], ends[:, last] - starts[:, first])

    signs = None if shape.sign is None else cells(shape.sign, shape.sign)
    return cells(shape.number, shape.number_to), signs


def _cut_rows(lines: Fields, shape: Shape) -> tuple[Fields, Fields | None]:
    numbers: list[str] = []
    signs: list[str] = []
    for index in range(len(lines.starts)):
        text = lines.text(index)
        row = next(csv.reader([text], delimiter=shape.delimiter), [])
        if len(row) != shape.columns:
            numbers.append(text.strip())
            signs.append("")
            continue
        numbers.append(",".join(row[shape.number : shape.number_to + 1]))
        signs.append("" if shape.sign is None else row[shape.sign])
    return _joined(numbers), None if shape.sign is None else _joined(signs)


def _joined(cells: list[str]) -> Fields:
    return lines_of("".join(cell.replace("\n", " ") + "\n" for cell in cells).encode("latin-1"))


def added_of(signs: Fields) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether each number is added, and whether its sign is known at all; told by the sign's first letter."""
    meaning = np.full(256, UNKNOWN, np.uint8)
    for word, added in SIGNS.items():
        for letter in word[0] + word[0].upper():
            meaning[ord(letter)] = ADDED if added else DELETED
    last = len(signs.data) - 1
    first = signs.data[np.minimum(signs.starts, last)]
    quoted = first == QUOTE
    first = np.where(quoted, signs.data[np.minimum(signs.starts + 1, last)], first)
    found = np.where(signs.lengths > quoted, meaning[first], UNKNOWN)
    return found == ADDED, found != UNKNOWN
