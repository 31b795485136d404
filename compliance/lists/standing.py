"""How an organisation's lists stand now: for the page and the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..choices import ListKind
from ..models import DncList
from . import health
from .limits import FORBIDDING, INFORMING
from .registry import NEVER_LOADED, THE_REGISTRY, Standing


@dataclass(frozen=True, slots=True)
class Row:
    """One list. ``state`` is a word for it, ``tone`` and ``icon`` those of its badge."""

    standing: Standing
    age_days: int | None
    entries: int
    state: str
    tone: str
    icon: str
    words: str

    @property
    def where(self) -> str:
        """Country and state it is for."""
        listed = self.standing.listed
        return listed.place if listed.kind is ListKind.STATE else listed.country or "any"

    def cells(self) -> list[str]:
        """As a line of the command's table."""
        listed = self.standing.listed
        version = f"v{listed.version}+{listed.change}" if listed.version else "-"
        age = "-" if self.age_days is None else str(self.age_days)
        date = str(listed.as_of or "-")
        return [
            listed.name,
            listed.kind.value,
            self.where,
            version,
            date,
            age,
            f"{self.entries:,}",
            self.state,
        ]


@dataclass(frozen=True, slots=True)
class State:
    """All lists of an organisation, and what a supervisor must know of them."""

    rows: list[Row]
    problems: list[str]
    closes_gate: bool


def state_of(organisation_id: int, now: datetime) -> State:
    """At ``now`` on the gate's clock."""
    return State(
        [_row(standing, now) for standing in THE_REGISTRY.standings(organisation_id)],
        health.problems(organisation_id, now),
        health.closes_gate(organisation_id, now),
    )


def row_of(dnc_list: DncList, now: datetime) -> Row | None:
    """One list at ``now``; None where it is switched off."""
    for standing in THE_REGISTRY.standings(dnc_list.organisation_id):
        if standing.listed.id == dnc_list.pk:
            return _row(standing, now)
    return None


def on_which(organisation_id: int, number: int) -> list[str]:
    """The lists that the number (digits) is on and the prefixes that block it; and lists that could not be asked."""
    found = []
    for standing in THE_REGISTRY.standings(organisation_id):
        if standing.numbers is None:
            if standing.damage != NEVER_LOADED:
                found.append(f"{standing.listed.name} cannot be asked: {standing.damage}")
        elif standing.numbers.has(number):
            found.append(f"on {standing.listed.label} ({standing.listed.kind.label})")
    prefixes = (str(number)[:length] for length in range(1, len(str(number)) + 1))
    wildcards = THE_REGISTRY.wildcards(organisation_id)
    return found + [f"blocked by the prefix +{prefix}" for prefix in prefixes if prefix in wildcards]


def _row(standing: Standing, now: datetime) -> Row:
    listed = standing.listed
    age = listed.age_days(now) if listed.as_of else None
    return Row(standing, age, listed.entries or 0, *_look(standing, now))


def _look(standing: Standing, now: datetime) -> tuple[str, str, str, str]:
    """State, tone, icon, words."""
    left = health.days_left(standing, now)
    words = health.trouble_words(standing, now)
    if standing.damage == NEVER_LOADED:
        waits = standing.listed.kind in FORBIDDING | INFORMING
        return "not loaded", "warn" if waits else "bad", "clock" if waits else "alert", words
    if standing.damage:
        return "damaged", "bad", "alert", words
    if words:
        return "too old", "bad", "alert", words
    if left is not None and left < health.WARN_DAYS:
        return "soon too old", "warn", "clock", ""
    return "in force", "good", "check", ""
