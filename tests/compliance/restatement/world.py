"""Everything that ever happened to an organisation, as the rules look at it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from .ledger import Answer, Entry


@dataclass
class KnownList:
    """A list as it was delivered. ``numbers`` is None until it was loaded."""

    kind: str
    country: str
    state: str
    campaign: int | None
    max_age_days: int | None
    numbers: set[int] | None = None
    as_of: date | None = None
    damaged: bool = False

    def is_bad(self, now: datetime) -> bool:
        """Whether it cannot be relied on: damaged, or older than it may be in whole days of UTC."""
        if self.damaged:
            return True
        if self.as_of is None or self.max_age_days is None:
            return False
        return (now.date() - self.as_of).days > self.max_age_days


@dataclass
class Change:
    """What an organisation has changed of one field of a rule."""

    rule: str
    field: str
    value: object
    effective: date
    ends: date | None
    loosens: bool
    approved: bool = False
    withdrawn: bool = False


@dataclass
class Shown:
    """A caller ID of the pool."""

    active: bool = True
    daily_limit: int = 0
    rests_until: datetime | None = None
    dials: list[datetime] = field(default_factory=list)


@dataclass
class World:
    """One organisation."""

    time_zone: str
    lists: dict[str, KnownList] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    prefixes: set[tuple[str, int | None]] = field(default_factory=set)
    entries: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[int, list[Answer]] = field(default_factory=lambda: defaultdict(list))
    dials: list[tuple[datetime, object]] = field(default_factory=list)
    """Moments and requests that were granted."""
    contacts: list[tuple[datetime, str, str, str]] = field(default_factory=list)
    """Moment, kind, number, subject."""
    changes: list[Change] = field(default_factory=list)
    callers: dict[str, Shown] = field(default_factory=dict)

    def day(self, moment: datetime) -> date:
        """On the organisation's calendar."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def changed(self, now: datetime) -> dict[tuple[str, str], object]:
        """(rule, field) → the strictest value of the changes that hold today; only approved ones loosen."""
        today, found = self.day(now), defaultdict(list)
        for each in self.changes:
            ended = each.ends is not None and today >= each.ends
            waits = each.loosens and not each.approved
            if not (ended or waits or each.withdrawn or today < each.effective):
                found[each.rule, each.field].append(each.value)
        strictest = {"opens": max, "closes": min, "limit": min, "hours": max}
        return {(rule, name): strictest[name](values) for (rule, name), values in found.items()}

    def standing(self, number: int) -> datetime | None:
        """When the newest entry was given that no revocation has ended."""
        given = [each.given_at for each in self.entries[number] if each.kind != "revoked"]
        revoked = [each.given_at for each in self.entries[number] if each.kind == "revoked"]
        return max(given) if given and (not revoked or max(given) > max(revoked)) else None
