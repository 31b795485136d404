"""Fixed SQL statements for what every decision asks: the ORM would compile each of them anew for each dial.

A single decision asks seven questions. Compiled by the ORM each takes about 0.35 ms, as fixed text 0.04; for 500
numbers 2.8 ms and 1.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

AMONG = "AMONG(%s)"
"""Stands in a statement for “is one of the values of this parameter”, an ``Among``."""
DIALECTS = {"sqlite": "IN (SELECT value FROM json_each(%s))", "postgresql": "= ANY(%s)"}


@dataclass(frozen=True, slots=True)
class Among:
    """The values of an ``AMONG(%s)``, however many: the statement stays the same text."""

    values: tuple[int | str, ...]


def among(values: Iterable[int | str]) -> Among:
    """A parameter of several values, each once."""
    return Among(tuple(dict.fromkeys(values)))


class Statement:
    """A question in fixed words; values come as parameters only."""

    def __init__(self, text: str) -> None:
        self._texts = {vendor: text.replace(AMONG, words) for vendor, words in DIALECTS.items()}

    def rows(self, *parameters: int | str | datetime | Among) -> list[tuple[Any, ...]]:
        """All rows; moments in them need ``moment``."""
        with connection.cursor() as cursor:
            cursor.execute(self._texts[connection.vendor], [_adapted(value) for value in parameters])
            return cursor.fetchall()


def moment(value: datetime) -> datetime:
    """A stored moment as aware UTC: SQLite gives it back without its zone."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _adapted(value: int | str | datetime | Among) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, Among):
        return list(value.values) if connection.vendor == "postgresql" else json.dumps(value.values)
    return value
