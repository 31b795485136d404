"""What the page of the rules shows: rows in words, by family, with the organisation's changes beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.choices import Capability
from accounts.models import User

from ..choices import Purpose
from ..models import Override
from ..services.withdraw_override import may_withdraw
from . import places
from .catalogue import FAMILIES, find, plain_values
from .loading import Row
from .wording import COUNTRIES, NAMES, in_words, place_name, places_of, value_words

PURPOSES = {
    Purpose.SALES: "sales",
    Purpose.COLLECTION: "collection",
    Purpose.INFORMATION: "information",
    Purpose.CHARITY: "charity",
    Purpose.SURVEY: "surveys",
}
STANDINGS = {
    "waiting": ("Waits for a second person", "warn", "hourglass"),
    "holds": ("In force", "good", "check"),
    "later": ("Not yet in force", "", "clock"),
    "ended": ("Ended", "", "stop"),
    "withdrawn": ("Withdrawn", "", "cross"),
}
"""Where a change stands → words, tone and icon of its badge."""
OPEN = frozenset({"waiting", "holds", "later"})
"""It holds, or may still."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a rule as it is shown."""

    override: Override
    standing: str
    words: str
    """New values, each with the law's own."""
    may_approve: bool
    may_withdraw: bool

    @property
    def place(self) -> str:
        """Where the rule holds; a rule that this version does not know has its id."""
        row = find(self.override.rule)
        return places_of(row) if row is not None else self.override.rule

    @property
    def label(self) -> str:
        """Where it stands, in words."""
        return STANDINGS[self.standing][0]

    @property
    def tone(self) -> str:
        """The badge's."""
        return STANDINGS[self.standing][1]

    @property
    def icon(self) -> str:
        """The badge's."""
        return STANDINGS[self.standing][2]

    @property
    def asked(self) -> str:
        """What the second person is asked to agree to, and who says why."""
        override = self.override
        until = f", until {override.ends:%-d %B %Y}" if override.ends else ""
        return f"{self.place}, {self.words}{until}. {override.proposed_by.display_name}: {override.reason}"

    @property
    def waits(self) -> bool:
        """Whether a second person is asked."""
        return self.standing == "waiting"


@dataclass(frozen=True, slots=True)
class Line:
    """A rule as it is shown."""

    row: Row
    place: str
    words: str
    purposes: str
    holds: bool
    """Whether the law has it in force today."""
    changes: list[Change]
    """Those of the organisation that hold or may still."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of one family."""

    id: str
    name: str
    lines: list[Line]


def tables(place: str, changes: Sequence[Change], today: date, only: str = "") -> list[Table]:
    """The rules that hold in ``place`` (empty: everywhere) by family; ``only``: that one rule."""
    found = []
    for family in FAMILIES:
        rows = [row for row in family.rows() if (not place or row.covers(place)) and only in ("", row.id)]
        lines = [_line(row, changes, today) for row in sorted(rows, key=_by_name)]
        if lines:
            found.append(Table(family.id, family.name, lines))
    return found


def _by_name(row: Row) -> tuple[bool, str, str]:
    """Whole countries first, then states and provinces, as one looks for a name."""
    return "-" in row.where[0], places_of(row), row.id


def _line(row: Row, changes: Sequence[Change], today: date) -> Line:
    purposes = (
        "all calls" if set(row.applies_to) == set(Purpose) else ", ".join(PURPOSES[p] for p in row.applies_to)
    )
    own = [change for change in changes if change.override.rule == row.id and change.standing in OPEN]
    return Line(row, places_of(row), in_words(row), purposes, row.holds_on(today), own)


def changes_of(overrides: Iterable[Override], user: User, today: date) -> list[Change]:
    """The changes with where they stand, and what this person may do about each."""
    return [_change(override, user, today) for override in overrides]


def _change(override: Override, user: User, today: date) -> Change:
    standing = standing_of(override, today)
    may_approve = (
        standing == "waiting" and user.can(Capability.APPROVE_RULES) and user.pk != override.proposed_by_id
    )
    may_take_back = standing in OPEN and may_withdraw(override, user)
    words = change_words(override.rule, override.value)
    return Change(override, standing, words, may_approve, may_take_back)


def standing_of(override: Override, today: date) -> str:
    """A key of ``STANDINGS``."""
    if override.withdrawn_at is not None:
        return "withdrawn"
    if override.ends is not None and override.ends <= today:
        return "ended"
    if override.loosens and override.approved_at is None:
        return "waiting"
    return "later" if override.effective > today else "holds"


def change_words(rule: str, values: Mapping[str, Any]) -> str:
    """What a change says, each new value with the law's own."""
    row = find(rule)
    law = plain_values(row) if row is not None else {}
    return "; ".join(
        f"{NAMES.get(name, name)}: {value_words(name, value)}"
        + (f" (law: {value_words(name, law[name])})" if name in law else "")
        for name, value in values.items()
    )


def place_choices() -> list[tuple[str, str]]:
    """Every state, province and country, by name."""
    codes = {row.id for row in places.table().rows} | set(COUNTRIES)
    return sorted(((code, place_name(code)) for code in codes), key=lambda each: each[1])
