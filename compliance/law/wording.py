"""Rules of law as a person reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .abandonment import AbandonmentRow
from .caps import Cap
from .loading import Row
from .lockouts import LockOut
from .places import name_of
from .windows import Hours

DAYS = dict(zip("1234567", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))
WEEK = "1234567"
COUNTRIES = {
    "US": "United States",
    "CA": "Canada",
    "GB": "United Kingdom",
    "GG": "Guernsey",
    "IM": "Isle of Man",
    "JE": "Jersey",
}
STARTS = {
    "answer": "the answer",
    "greeting_start": "the first word",
    "greeting_end": "the end of the greeting",
}
COUNTED = {"number": "number", "subject": "lead or debt"}
NAMES = {
    "opens": "Opens",
    "closes": "Closes",
    "weekdays": "Days on which calls are allowed",
    "holidays": "Closed on the holidays of",
    "limit": "At most",
    "within": "Within",
    "per": "Dials are counted by",
    "same_topic": "Only dials about the same matter count",
    "hours": "Hours without a call",
    "live_agent_exempt": "A dial for which an agent waits is allowed all the same",
    "measured_over": "Measured over",
    "clock_start": "The wait begins at",
    "answer_wait_s": "A person waits at most (s)",
    "ring_s": "Rings at least (s)",
}
"""Field → its name on a page."""


def place_name(place: str) -> str:
    """``Florida`` for ``US-FL``, ``United States`` for ``US``."""
    return COUNTRIES.get(place) or name_of(place)


def places_of(row: Row) -> str:
    """Where it holds."""
    return ", ".join(place_name(place) for place in row.where)


def in_words(row: Row) -> str:
    """What it says, in one line."""
    return SAYINGS[type(row)](row)


def value_words(name: str, value: Any) -> str:
    """One field's value: ``limit`` 0.03 of a share is 3 %."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "weekdays":
        return days(value) or "none"
    if name == "clock_start":
        return STARTS[value]
    if isinstance(value, list | tuple):
        return ", ".join(COUNTED.get(each) or place_name(each) for each in value) or "none"
    if name == "limit" and (value is None or isinstance(value, float)):
        return share(value)
    return str(value)


def days(digits: Iterable[str]) -> str:
    """``12345`` as Mon to Fri."""
    text = "".join(digits)
    if len(text) > 2 and text in WEEK:
        return f"{DAYS[text[0]]} to {DAYS[text[-1]]}"
    return ", ".join(DAYS[digit] for digit in text)


def dials(count: int) -> str:
    """Some dials, counted."""
    return "1 dial" if count == 1 else f"{count} dials"


def share(value: float | None) -> str:
    """0.025 as 2.5 %."""
    return "no safe level" if value is None else f"{value * 100:g} %"


def _hours(row: Hours) -> str:
    allowed = "".join(digit for digit in row.on if digit in row.weekdays)
    said = f"{row.opens} to {row.closes}" if allowed else "No calls"
    parts = [said if row.on == row.weekdays == WEEK else f"{said}, {days(allowed or row.on)}"]
    if row.holidays:
        parts.append(f"not on holidays of {', '.join(place_name(each) for each in row.holidays)}")
    if len(row.messages) == 1:
        parts.append("recorded voice" if row.messages[0] == "recorded" else "calls by a person")
    return "; ".join(parts)


def _cap(row: Cap) -> str:
    about = " about one matter" if row.same_topic else ""
    per = " and ".join(f"per {COUNTED[each]}" for each in row.per)
    return f"{dials(row.limit)} in {row.span}{about}, {per}"


def _lockout(row: LockOut) -> str:
    after = "an abandoned call" if row.after == "abandoned" else "a conversation"
    if not row.hours:
        return f"No time is set after {after}"
    but = "; not where an agent waits" if row.live_agent_exempt else ""
    return f"No call for {row.hours} h after {after}{but}"


def _abandonment(row: AbandonmentRow) -> str:
    limit = "No safe level" if row.limit is None else f"At most {share(row.limit)}"
    wait = f"a person within {row.answer_wait_s:g} s of {STARTS[row.clock_start]}"
    return f"{limit} over {row.measured_over}; {wait}; rings {row.ring_s} s or more"


SAYINGS: dict[type[Row], Callable[[Any], str]] = {
    Hours: _hours,
    Cap: _cap,
    LockOut: _lockout,
    AbandonmentRow: _abandonment,
}
