"""Numbers of the rows read so far."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable


class SeenInMemory:
    """The numbers of one piece: all earlier ones are in the database already."""

    def __init__(self) -> None:
        self._numbers: set[str] = set()

    def __contains__(self, number: str) -> bool:
        return number in self._numbers

    def add_all(self, numbers: Iterable[str]) -> None:
        """Remember the numbers of a row."""
        self._numbers.update(numbers)


class SeenOnDisk:
    """The numbers of a whole file, in a private temporary database: a check of many million rows stays small."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("CREATE TABLE seen (number TEXT PRIMARY KEY) WITHOUT ROWID")

    def __contains__(self, number: str) -> bool:
        return self._database.execute("SELECT 1 FROM seen WHERE number = ?", (number,)).fetchone() is not None

    def add_all(self, numbers: Iterable[str]) -> None:
        """Remember the numbers of a row."""
        self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?)", [(number,) for number in numbers])

    def close(self) -> None:
        """Throw the numbers away."""
        self._database.close()
