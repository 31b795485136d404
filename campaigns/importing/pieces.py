"""Cuts a job's file into pieces of rows that are read and, as far as they are good, turned into records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from campaigns.models import ImportJob

from .consents import reader_for
from .problems import RowProblem, Skip
from .record import Record, RecordReader
from .rows import FileShape, RawRow, read_rows
from .tally import Tally

PIECE_ROWS = 2000
"""Rows in one transaction: about a tenth of a second of work, so that dialing is never held up by an import."""


@dataclass(slots=True)
class Piece:
    """Some rows in order: the good ones as records with the row they came from, the others counted."""

    tally: Tally = field(default_factory=Tally)
    good: list[tuple[RawRow, Record]] = field(default_factory=list)


def read_pieces(job: ImportJob) -> Iterator[Piece]:
    """The job's rows from ``rows_done`` on. Raises ``BadFile``."""
    shape = FileShape(job.encoding, job.delimiter, job.has_header)
    reader = RecordReader(len(job.columns), job.mapping, job.country, reader_for(job))
    rows = islice(read_rows(Path(job.file.path), shape), job.rows_done, None)
    while taken := list(islice(rows, PIECE_ROWS)):
        yield _read_piece(taken, reader)


def _read_piece(rows: list[RawRow], reader: RecordReader) -> Piece:
    piece = Piece()
    piece.tally.rows = len(rows)
    for raw in rows:
        try:
            record = reader.read(raw)
        except RowProblem as problem:
            piece.tally.reject(raw, problem)
            continue
        if record is None:
            piece.tally.skip(Skip.BLANK)
        else:
            piece.tally.note(record)
            piece.good.append((raw, record))
    return piece
