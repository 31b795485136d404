"""What an organisation has changed about the rules of law, and whether a change is tighter or looser.

One field may have several changes in force: the strictest of them holds, and where none names the field, the law's
own value does. What tighter means is a table, one entry a field.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from ..statements import Statement, among
from .loading import Row
from .spans import LONGEST_MONTH_H, parse_span

CLOCK_STARTS = ("answer", "greeting_start", "greeting_end")
"""Where the seconds begin that a person may wait for an agent, the strictest first."""

R = TypeVar("R", bound=Row)
Values = Mapping[str, Any]
Stricter = Callable[[Any, Any], bool]
"""Whether the first value is at least as strict as the second."""


def _subset(new: Any, old: Any) -> bool:
    return set(new) <= set(old)


def _superset(new: Any, old: Any) -> bool:
    return set(new) >= set(old)


def _both(one: Any, other: Any) -> list[Any]:
    return [*one, *(each for each in other if each not in one)]


def _longer(one: str, other: str) -> str:
    spans = parse_span(one), parse_span(other)
    for text, span in zip((one, other), spans, strict=True):
        if all(span.is_no_shorter_than(each) for each in spans):
            return text
    return f"{max(LONGEST_MONTH_H, *(span.hours for span in spans))} h"


FIELDS: dict[str, Stricter] = {
    "opens": lambda new, old: new >= old,
    "closes": lambda new, old: new <= old,
    "weekdays": _subset,
    "holidays": _superset,
    "limit": lambda new, old: old is None or (new is not None and new <= old),
    "within": lambda new, old: parse_span(new).is_no_shorter_than(parse_span(old)),
    "per": _superset,
    "same_topic": lambda new, old: new <= old,
    "hours": lambda new, old: new >= old,
    "live_agent_exempt": lambda new, old: new <= old,
    "answer_wait_s": lambda new, old: new <= old,
    "ring_s": lambda new, old: new >= old,
    "clock_start": lambda new, old: CLOCK_STARTS.index(new) <= CLOCK_STARTS.index(old),
    "measured_over": lambda new, old: new == old,
}
"""Field → whether a new value is at least as strict as an old one. A share measured over another length of time is
neither tighter nor looser for certain, so it counts as looser."""
JOINED: dict[str, Callable[[Any, Any], Any]] = {
    "weekdays": lambda one, other: "".join(day for day in one if day in other),
    "holidays": _both,
    "per": _both,
    "within": _longer,
}
"""Fields of which two values may each be stricter in a part: what is at least as strict as both."""
HOLDING = Statement(
    """SELECT organisation_id, rule, value, effective, ends FROM compliance_override
    WHERE organisation_id AMONG(%s) AND withdrawn_at IS NULL AND effective <= %s
    AND (ends IS NULL OR ends > %s) AND (NOT loosens OR approved_at IS NOT NULL) ORDER BY id"""
)
"""What holds on some day between the second and the first of two days, oldest first."""


@dataclass(frozen=True, eq=False, slots=True)
class Overrides:
    """An organisation's changes that hold on one day: rule → field → value.

    The same changes are the same object within a process, so that it can be the key of a cache.
    """

    changes: Mapping[str, Values]

    def of(self, rule: str) -> Values:
        """The changed fields of a rule; empty where it holds as the law has it."""
        return self.changes.get(rule, {})

    def applied(self, row: R) -> R:
        """The row with what was changed of it. Raises ``msgspec.ValidationError`` for values it cannot take."""
        changes = self.of(row.id)
        return read_values(row, changes) if changes else row


NONE = Overrides({})
"""Nothing was changed."""


def in_force(organisation: int, day: date) -> Overrides:
    """The changes of one organisation that hold on ``day``; one query."""
    return gather({organisation: day}).get(organisation, NONE)


def gather(days: Mapping[int, date]) -> dict[int, Overrides]:
    """Organisation → its changes on its day, for a whole batch by one query. Who changed nothing is left out.

    Nothing is cached but the reading of the values: a change that tightens holds for the next decision.
    """
    if not days:
        return {}
    found: dict[int, list[tuple[str, str]]] = {}
    first, last = min(days.values()).isoformat(), max(days.values()).isoformat()
    for organisation, rule, value, effective, ends in HOLDING.rows(among(days), last, first):
        day = days[organisation]
        if effective <= day and (ends is None or day < ends):
            found.setdefault(organisation, []).append((rule, value))
    return {organisation: _read(tuple(changes)) for organisation, changes in found.items()}


@lru_cache(maxsize=1024)
def _read(changes: tuple[tuple[str, str], ...]) -> Overrides:
    by_rule: dict[str, list[Values]] = {}
    for rule, text in changes:
        by_rule.setdefault(rule, []).append(msgspec.json.decode(text))
    return Overrides({rule: merged(values) for rule, values in by_rule.items()})


def read_values(row: R, values: Values) -> R:
    """The row with these fields in place of its own. Raises ``msgspec.ValidationError``, which says what is wrong."""
    return msgspec.convert({**msgspec.to_builtins(row), **values}, type(row))


def loosened(new: Row, old: Row, names: Collection[str]) -> list[str]:
    """Which of these fields are not at least as strict in ``new`` as in ``old``, two forms of one row."""
    return [name for name in names if not FIELDS[name](getattr(new, name), getattr(old, name))]


def strictest(name: str, one: Any, other: Any) -> Any:
    """Of two values of a field the stricter one, or what is stricter than both."""
    if name in JOINED:
        return JOINED[name](one, other)
    return one if FIELDS[name](one, other) else other


def merged(values: Iterable[Values]) -> dict[str, Any]:
    """Several changes of one rule as one: of each field the strictest value."""
    fields: dict[str, Any] = {}
    for each in values:
        for name, value in each.items():
            fields[name] = strictest(name, fields[name], value) if name in fields else value
    return fields
