"""All rules of law by their family: what a page shows, and what an organisation may change."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from . import abandonment, caps, holidays, lockouts, windows
from .abandonment import CEILING, AbandonmentRow
from .loading import Row
from .overrides import FIELDS
from .windows import Hours


@dataclass(frozen=True, slots=True)
class Family:
    """Rules of one kind."""

    id: str
    name: str
    rows: Callable[[], tuple[Row, ...]]


FAMILIES = (
    Family("windows", "Calling hours", lambda: windows.table().rows),
    Family("caps", "Caps", caps.all_caps),
    Family("lockouts", "Lock-outs", lockouts.all_lockouts),
    Family("abandonment", "Abandonment", abandonment.all_rows),
)


@cache
def _by_id() -> dict[str, Row]:
    rows = [row for family in FAMILIES for row in family.rows()]
    found = {row.id: row for row in rows}
    assert len(found) == len(rows), "an id names one rule of all files"
    return found


def find(rule: str) -> Row | None:
    """The row with that id, of whichever family."""
    return _by_id().get(rule)


def changeable(row: Row) -> list[str]:
    """The fields of a row that an organisation may change: those with a direction."""
    return [name for name in row.__struct_fields__ if name in FIELDS]


def plain_values(row: Row) -> dict[str, Any]:
    """These fields as JSON."""
    found = msgspec.to_builtins(row)
    return {name: found[name] for name in changeable(row)}


def why_senseless(row: Row, changed: Collection[str]) -> str:
    """In words what is wrong with a row in which these fields were changed; empty where nothing is."""
    if isinstance(row, Hours):
        return _why_senseless_hours(row)
    if isinstance(row, AbandonmentRow) and "limit" in changed and (row.limit is None or row.limit > CEILING):
        return f"Give a limit of at most {CEILING}: Paceline keeps to it, whatever the law allows."
    return ""


def _why_senseless_hours(row: Hours) -> str:
    if row.opens >= row.closes:
        return "The window must open before it closes."
    known = {calendar for holiday in holidays.table().rows for calendar in holiday.where}
    unknown = sorted(set(row.holidays) - known)
    return f"There is no calendar of holidays called {', '.join(unknown)}." if unknown else ""
