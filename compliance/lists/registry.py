"""The lists that this process has open. It looks for newer versions at most once a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from ..choices import ListKind
from ..models import DncList, Wildcard
from . import files
from .numbers import OpenList, open_list
from .problems import Damaged

FRESH_S = 1.0
NEVER_LOADED = "it was never loaded"
_FIELDS = (
    "organisation_id", "id", "name", "kind", "country", "state", "campaign", "max_age_days",
    "current__number", "current__change", "current__fresh_as_of", "current__file",
    "current__entries",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One list in force, as every decision names it."""

    organisation: int
    id: int
    name: str
    kind: ListKind
    country: str
    state: str
    campaign: int | None
    max_age_days: int | None
    version: int | None
    change: int | None
    as_of: date | None
    """Of its newest data: what its age counts from."""
    file: str | None
    entries: int | None

    @property
    def label(self) -> str:
        """Name, version, change and date: ``National registry v3+12 of 2026-11-20``."""
        return f"{self.name} v{self.version}+{self.change} of {self.as_of}" if self.version else self.name

    @property
    def place(self) -> str:
        """Of a state's registry: the state as ``compliance.law.places`` writes it."""
        return f"{self.country}-{self.state}"

    def applies_to(self, campaign: int) -> bool:
        """Whether it holds for that campaign's calls."""
        return self.campaign is None or self.campaign == campaign

    def age_days(self, now: datetime) -> int:
        """Whole days since the date of its data; none where nothing was loaded."""
        return (now.date() - self.as_of).days if self.as_of else 0

    def is_too_old(self, now: datetime) -> bool:
        """Whether it is past its age limit."""
        return self.max_age_days is not None and self.age_days(now) > self.max_age_days


@dataclass(frozen=True, slots=True)
class Standing:
    """A list, and its numbers; ``damage`` says in words why there are none."""

    listed: Listed
    numbers: OpenList | None
    damage: str = ""

    def trouble(self, now: datetime) -> str:
        """Why it cannot be relied on now, in words; empty where it can."""
        if self.damage or not self.listed.is_too_old(now):
            return self.damage
        age, limit = self.listed.age_days(now), self.listed.max_age_days
        return f"its data are {age} days old, at most {limit} are allowed"


@dataclass(slots=True)
class Table:
    """What the database says of all organisations' lists, at one moment."""

    lists: dict[int, list[Listed]] = field(default_factory=dict)
    wildcards: dict[int, dict[str, frozenset[int | None]]] = field(default_factory=dict)
    """Organisation → prefix → the campaigns for which it is blocked; None stands for all."""
    standings: dict[int, tuple[Standing, ...]] = field(default_factory=dict)


class Registry:
    """Maps each file once. ``clock`` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._table: Table | None = None
        self._read_at = 0.0
        self._open: dict[str, OpenList] = {}

    def forget(self) -> None:
        """Look again at the next question: something was changed by this process."""
        self._table = None

    def standings(self, organisation: int) -> tuple[Standing, ...]:
        """The organisation's active lists."""
        table = self._fresh()
        found = table.standings.get(organisation)
        if found is None:
            found = tuple(self._stand(listed) for listed in table.lists.get(organisation, ()))
            table.standings[organisation] = found
        return found

    def wildcards(self, organisation: int) -> dict[str, frozenset[int | None]]:
        """The organisation's blocked prefixes, with the campaigns for which each is."""
        return self._fresh().wildcards.get(organisation, {})

    def _fresh(self) -> Table:
        now = self._clock()
        if self._table is None or now - self._read_at >= FRESH_S:
            self._table, self._read_at = _read_table(), now
            named = {listed.file for lists in self._table.lists.values() for listed in lists}
            self._open = {name: opened for name, opened in self._open.items() if name in named}
        return self._table

    def _stand(self, listed: Listed) -> Standing:
        if not listed.file:
            return Standing(listed, None, NEVER_LOADED)
        try:
            return Standing(listed, self._opened(listed))
        except Damaged as damaged:
            self._open.pop(listed.file, None)
            return Standing(listed, None, str(damaged).rstrip(".").lower())

    def _opened(self, listed: Listed) -> OpenList:
        assert listed.file is not None
        assert listed.change is not None
        path = files.folder() / listed.file
        opened = self._open.get(listed.file)
        if opened is None:
            opened = self._open[listed.file] = open_list(path, listed.change)
        elif not path.exists() or path.stat().st_size != opened.header.file_bytes:
            raise Damaged("Its file is missing, cut off or has grown.")
        return opened


def _read_table() -> Table:
    table = Table()
    for row in DncList.objects.filter(active=True).order_by("id").values_list(*_FIELDS):
        organisation, pk, name, kind, *rest = row
        listed = Listed(organisation, pk, name, ListKind(kind), *rest)
        table.lists.setdefault(listed.organisation, []).append(listed)
    prefixes: dict[tuple[int, int], set[int | None]] = {}
    for organisation, prefix, campaign in Wildcard.objects.values_list(
        "organisation_id", "prefix", "campaign"
    ):
        prefixes.setdefault((organisation, prefix), set()).add(campaign)
    for (organisation, prefix), campaigns in prefixes.items():
        table.wildcards.setdefault(organisation, {})[str(prefix)] = frozenset(campaigns)
    return table


THE_REGISTRY = Registry()
"""This process's."""
