"""Opens what was delivered: text, gzip, or a zip archive of text files; bounded whatever it says of itself."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from ..problems import BadFile

BLOCK_BYTES = 1024 * 1024
"""Read at once: what is worked on fits the processor's cache."""
MOST_BYTES = 8 * 1024**3
"""Unpacked: twice what 250 million lines take."""
MOST_MEMBERS = 2_000
MOST_RATIO = 100
"""Unpacked to packed. Lists of numbers stay under 30; what is above is no list."""
RATIO_FROM_BYTES = 16 * 1024 * 1024
LONGEST_LINE = 64 * 1024
CUT_OFF = "It ends in the middle: it was cut off on its way. Fetch it again."
ENCRYPTED_FLAG = 0x1
UTF8_MARK = b"\xef\xbb\xbf"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Readable(Protocol):
    """Whatever gives the next bytes."""

    def read(self, size: int, /) -> bytes:
        """At most so many; none at the end."""


class Source:
    """A delivered file. ``total`` and ``done`` are bytes of it as it lies on disk."""

    def __init__(self, path: Path) -> None:
        self.total = path.stat().st_size
        self._file = path.open("rb")
        self._unpacked = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def done(self) -> int:
        """How much of it was read."""
        return min(self._file.tell(), self.total)

    def texts(self) -> Iterator[Iterator[bytes]]:
        """For each file in it, blocks of whole lines. Raises ``BadFile`` here or while they are read."""
        if self.total == 0:
            raise BadFile("The file is empty.")
        beginning = self._file.read(4)
        self._file.seek(0)
        if beginning.startswith(b"PK"):
            yield from self._members()
        elif beginning.startswith(b"\x1f\x8b"):
            yield self._lines(gzip.GzipFile(fileobj=self._file))
        else:
            yield self._lines(self._file)

    def _members(self) -> Iterator[Iterator[bytes]]:
        try:
            archive = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise BadFile(f"The zip archive cannot be opened. {CUT_OFF}") from error
        members = [each for each in archive.infolist() if not each.is_dir() and not _is_litter(each.filename)]
        self._check_archive(members)
        for member in members:
            try:
                stream = archive.open(member)
            except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
                raise BadFile("The zip archive is damaged or packed in a way that is not known.") from error
            with stream:
                yield self._lines(stream)

    def _check_archive(self, members: list[zipfile.ZipInfo]) -> None:
        if not members:
            raise BadFile("The zip archive holds no files.")
        if len(members) > MOST_MEMBERS:
            raise BadFile(f"The zip archive holds more than {MOST_MEMBERS:,} files.")
        if any(member.flag_bits & ENCRYPTED_FLAG for member in members):
            raise BadFile("The zip archive is protected by a password. Unpack it first.")
        declared = sum(member.file_size for member in members)
        if declared > MOST_BYTES:
            raise BadFile(
                f"Unpacked it would be {declared / 1024**3:.0f} GB; at most {MOST_BYTES // 1024**3} are taken."
            )

    def _lines(self, stream: Readable) -> Iterator[bytes]:
        """Blocks that end with a line's end; the very last may end without."""
        rest, first = b"", True
        while block := self._read(stream):
            if first:
                block, first = _without_mark(block), False
            if b"\0" in block:
                raise BadFile(
                    "It is no text file, or was damaged on its way. Export the list as text or CSV."
                )
            if b"\r" in block and b"\n" not in block:
                block = block.replace(b"\r", b"\n")
            block = rest + block
            cut = block.rfind(b"\n") + 1
            rest = block[cut:]
            if len(rest) > LONGEST_LINE:
                raise BadFile(
                    f"It has a line of more than {LONGEST_LINE // 1024} KB: this is no list of numbers."
                )
            if cut:
                yield block[:cut]
        if rest:
            yield rest

    def _read(self, stream: Readable) -> bytes:
        try:
            block = stream.read(BLOCK_BYTES)
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
            raise BadFile(CUT_OFF) from error
        self._unpacked += len(block)
        if self._unpacked > MOST_BYTES:
            raise BadFile(f"Unpacked it is larger than {MOST_BYTES // 1024**3} GB.")
        if self._unpacked > RATIO_FROM_BYTES and self._unpacked > MOST_RATIO * self.total:
            raise BadFile(f"It unpacks to more than {MOST_RATIO} times its size: this is no list of numbers.")
        return block


def _is_litter(name: str) -> bool:
    """What desktops put into archives by themselves."""
    last = name.rsplit("/", 1)[-1]
    return name.startswith("__MACOSX/") or last in (".DS_Store", "Thumbs.db")


def _without_mark(block: bytes) -> bytes:
    if block.startswith(UTF16_MARKS):
        raise BadFile("It is written in UTF-16. Save it as plain text or as CSV in UTF-8.")
    return block.removeprefix(UTF8_MARK)
