"""Which entries of a number's ledger are in force at a moment: pure, no database.

A revocation by any reasonable means ends every consent that was given up to then (47 CFR 64.1200(a)(10); the law allows
ten business days, here it holds at once, whatever the clock says). A consent given later counts again. A relationship
does not: a do-not-call request ends it "even if the subscriber continues to do business" (47 CFR 64.1200(f)(5)(i)).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..choices import ConsentKind

CONSENTS = frozenset({ConsentKind.WRITTEN, ConsentKind.EXPRESS})
RELATIONSHIPS = frozenset({ConsentKind.PURCHASE, ConsentKind.INQUIRY})
RELATIONSHIP_MONTHS = {ConsentKind.PURCHASE: 18, ConsentKind.INQUIRY: 3}
"""47 CFR 64.1200(f)(5): calendar months before the call."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as decisions look at it; see ``models.Consent`` for the meaning of each field."""

    id: int
    kind: str
    given_at: datetime
    expires_at: datetime | None = None
    scope: str = ""

    def covers(self, topic: str) -> bool:
        """Whether it speaks of this subject: an entry without a scope speaks of all, one with a scope of no other."""
        return not self.scope or self.scope.casefold() == topic.casefold()

    def words(self) -> str:
        """As evidence names it: ``written consent 12 of 2026-03-01``."""
        return f"{NAMES[self.kind]} {self.id} of {self.given_at.date().isoformat()}"


NAMES: dict[str, str] = {
    ConsentKind.WRITTEN: "written consent",
    ConsentKind.EXPRESS: "express consent",
    ConsentKind.PURCHASE: "purchase",
    ConsentKind.INQUIRY: "inquiry",
    ConsentKind.REVOKED: "revocation",
}


def in_force(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """The consents and relationships that hold at ``now``, the newest first.

    An entry holds from the second it was given up to, not including, the second it expires. A revocation and a consent
    of the same moment: the revocation wins.
    """
    known = list(entries)
    revoked = max((entry.given_at for entry in known if entry.kind == ConsentKind.REVOKED), default=None)
    holding = [entry for entry in known if _holds(entry, revoked, now)]
    return tuple(sorted(holding, key=lambda entry: (entry.given_at, entry.id), reverse=True))


def _holds(entry: Entry, revoked: datetime | None, now: datetime) -> bool:
    if entry.kind == ConsentKind.REVOKED or entry.given_at > now:
        return False
    if entry.expires_at is not None and now >= entry.expires_at:
        return False
    return revoked is None or (entry.kind in CONSENTS and entry.given_at > revoked)


def expiry_of(kind: str, given_at: datetime, expires_at: datetime | None) -> datetime | None:
    """When an entry ends: a relationship at the law's limit, or earlier where it is said so."""
    months = RELATIONSHIP_MONTHS.get(ConsentKind(kind))
    if months is None:
        return expires_at
    limit = _months_later(given_at, months)
    return limit if expires_at is None else min(limit, expires_at)


def _months_later(moment: datetime, months: int) -> datetime:
    """The same day and time of a later month; the month's last day where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
