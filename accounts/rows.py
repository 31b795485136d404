"""Many rows changed by one constant statement, where an ORM statement each would cost more than what it changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def update_rows(statement: str, rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Run ``statement`` for each row, with the values of ``fields`` and then its key, as the ORM would store them.

    Rows are taken in the order of their keys, so that no two writers wait for each other in a ring.
    """
    if not rows:
        return
    columns = [rows[0]._meta.get_field(name) for name in fields]
    values = [_values(row, columns) for row in sorted(rows, key=lambda row: row.pk)]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _values(row: Model, columns: Sequence[Any]) -> list[Any]:
    return [column.get_db_prep_save(getattr(row, column.attname), connection) for column in columns] + [
        row.pk
    ]
