"""What a file is: its encoding, separator and header, told from its content and never from its name."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .headers import looks_like_header, name_columns
from .problems import BadFile
from .rows import MAX_COLUMNS, FileShape, read_rows

HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 1024 * 1024
SAMPLE_ROWS = 20
DELIMITERS = (",", ";", "\t", "|")
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32 stands before UTF-16: its little-endian mark begins with the other's."""
KINDS = (
    (b"PK\x03\x04", "an Excel workbook or a ZIP file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a text document (RTF)"),
)
WESTERN_PUNCTUATION = frozenset(bytes(range(0x80, 0xC0)).decode("cp1252", "ignore"))
"""Quotes, dashes, currency and fraction signs: all that Windows Western has between ASCII and its letters."""
WESTERN_SHARE = 0.9
"""So much of what is not ASCII must be letters or usual signs for a file to count as Western European."""
SAVE_AS = "In the spreadsheet choose “Save as”, then “CSV UTF-8”, and upload that file."


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A file's shape, its columns and first rows, and about how many rows it has."""

    shape: FileShape
    columns: list[str]
    samples: list[list[str]]
    rows_estimate: int


def sniff(path: Path) -> Sniffed:
    """Find out how to read the file. Reads it once in pieces; raises ``BadFile``."""
    head = _head(path)
    encoding, line_ends = _encoding(path, head)
    delimiter = _delimiter(_first_lines(path, encoding))
    rows = [
        row.cells for row in islice(read_rows(path, FileShape(encoding, delimiter, False)), SAMPLE_ROWS + 1)
    ]
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise BadFile("The file holds only empty lines. Choose the file with the leads.")
    has_header = looks_like_header(filled[0], filled[1:])
    columns = name_columns(filled[0], has_header)
    samples = filled[1:] if has_header else filled
    if not samples:
        raise BadFile("The file has a header but no rows below it. Choose the file with the leads.")
    return Sniffed(FileShape(encoding, delimiter, has_header), columns, samples[:SAMPLE_ROWS], line_ends)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        raise BadFile("The file is empty. Choose the file with the leads.")
    for magic, kind in KINDS:
        if head.startswith(magic):
            raise BadFile(f"This is {kind}, not a CSV file, whatever its name says. {SAVE_AS}")
    if head.lstrip()[:15].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise BadFile(f"This is a web page or XML, not a CSV file, whatever its name says. {SAVE_AS}")
    return head


def _encoding(path: Path, head: bytes) -> tuple[str, int]:
    """The encoding and the number of line ends. Every byte is decoded: a bad one on the last line counts too."""
    guess = next((name for bom, name in BOMS if head.startswith(bom)), None) or _wide(head)
    if guess is not None:
        return guess, _decode_all(path, guess).line_ends
    if (read := _try(path, "utf-8")) is not None:
        return "utf-8", read.line_ends
    read = _try(path, "cp1252")
    if read is None or read.western < WESTERN_SHARE:
        raise BadFile(
            f"The file's encoding cannot be told: it is neither UTF-8, UTF-16 nor Windows Western. {SAVE_AS}"
        )
    return "cp1252", read.line_ends


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: in Western text every other byte is zero."""
    pairs = len(head) // 2
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if pairs >= 4 and zeros.count(0) > 0.6 * pairs:
            return name
    return None


@dataclass(slots=True)
class _Decoded:
    line_ends: int = 0
    strange: int = 0
    usual: int = 0

    @property
    def western(self) -> float:
        """The share of letters and usual signs among what is not ASCII."""
        return self.usual / (self.strange + self.usual) if self.strange + self.usual else 1.0


def _try(path: Path, encoding: str) -> _Decoded | None:
    try:
        return _decode_all(path, encoding)
    except BadFile:
        return None


def _decode_all(path: Path, encoding: str) -> _Decoded:
    found, decoder = _Decoded(), codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            try:
                text = decoder.decode(chunk, final=len(chunk) < CHUNK_BYTES)
            except UnicodeDecodeError as error:
                raise BadFile(f"The file is not whole {encoding.upper()} text. {SAVE_AS}") from error
            _count(found, text)
    return found


def _count(found: _Decoded, text: str) -> None:
    found.line_ends += max(text.count("\n"), text.count("\r"))
    if text.isascii():
        return
    beyond = [sign for sign in text if ord(sign) > 127]
    usual = sum(sign.isalpha() or sign in WESTERN_PUNCTUATION for sign in beyond)
    found.usual += usual
    found.strange += len(beyond) - usual


def _first_lines(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        return file.read(HEAD_BYTES)


def _delimiter(text: str) -> str:
    """The separator that cuts most of the first lines into the same number of columns, and that number
    largest.
    """
    scores = {mark: _score(text, mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    return best if scores[best] > (0.0, 0) else ","


def _score(text: str, mark: str) -> tuple[float, int]:
    rows = _cut(text, mark)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not rows or not widths:
        return 0.0, 0
    width, count = widths.most_common(1)[0]
    if width > MAX_COLUMNS:
        raise BadFile(f"The file has more than {MAX_COLUMNS} columns. Remove those that are not needed.")
    return round(count / len(rows), 1), width


def _cut(text: str, mark: str) -> Sequence[list[str]]:
    try:
        return [
            row
            for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark), SAMPLE_ROWS)
            if row
        ]
    except csv.Error:
        return []
