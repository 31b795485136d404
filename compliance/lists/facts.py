"""What the large lists say of a batch of numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import numpy as np

from ..choices import ListKind, Purpose
from ..numbers import is_e164, to_e164
from ..values import DialRequest
from .limits import FORBIDDING, NATIONAL_MOST_DAYS, REGISTRIES
from .registry import NEVER_LOADED, THE_REGISTRY, Listed, Standing

PAGE_FROM = 12
"""From this many numbers on one look-up of all of them is quicker than one each."""
MOBILE = "mobile"
Key = tuple[int, str]
"""(organisation, number as it was asked for)."""


@dataclass(slots=True)
class Holdings:
    """One organisation's lists at the moment of a batch."""

    standings: tuple[Standing, ...] = ()
    wildcards: dict[str, frozenset[int | None]] = field(default_factory=dict)
    prefix_lengths: tuple[int, ...] = ()
    unusable: tuple[tuple[Listed, str], ...] = ()
    """Lists that hold for every call and cannot be relied on, with why."""
    seen: dict[object, str] = field(default_factory=dict)
    """What was asked, in words, by what was asked for."""
    registry_troubles: dict[frozenset[str], str] = field(default_factory=dict)


@dataclass(slots=True)
class ListFacts:
    """Which of the batch's numbers stand on which list, with the version of each."""

    now: datetime
    holdings: dict[int, Holdings] = field(default_factory=dict)
    hits: dict[Key, tuple[Listed, ...]] = field(default_factory=dict)
    """Only numbers that are on some list."""

    def hit(self, request: DialRequest, kinds: Collection[ListKind]) -> Listed | None:
        """The first list of these kinds that holds for the campaign and has the number on it."""
        if not self.hits:
            return None
        for listed in self.hits.get((request.organisation, request.number), ()):
            if listed.kind in kinds and listed.applies_to(request.campaign):
                return listed
        return None

    def state_hit(self, request: DialRequest, states: Collection[str]) -> Listed | None:
        """The first of these states' registries that has the number on it."""
        if not self.hits:
            return None
        for listed in self.hits.get((request.organisation, request.number), ()):
            if (
                listed.kind is ListKind.STATE
                and listed.place in states
                and listed.applies_to(request.campaign)
            ):
                return listed
        return None

    def asked(
        self, request: DialRequest, kinds: frozenset[ListKind], states: frozenset[str] | None = None
    ) -> str:
        """The lists of these kinds (of these states) with their versions, in words; empty: there are none."""
        held = self.holdings[request.organisation]
        key = (kinds, states, request.campaign)
        found = held.seen.get(key)
        if found is None:
            found = held.seen[key] = "; ".join(
                standing.listed.label
                for standing in held.standings
                if standing.listed.kind in kinds
                and standing.listed.version
                and (states is None or standing.listed.place in states)
                and standing.listed.applies_to(request.campaign)
            )
        return found

    def wildcard(self, request: DialRequest) -> str:
        """The shortest blocked beginning of the number, ``1212``; empty: none."""
        held = self.holdings[request.organisation]
        for length in held.prefix_lengths:
            beginning = request.number[1 : 1 + length]
            campaigns = held.wildcards.get(beginning, ())
            if None in campaigns or request.campaign in campaigns:
                return beginning
        return ""

    def unusable(self, request: DialRequest) -> tuple[Listed, str] | None:
        """A list that holds for every call of the campaign and cannot be relied on, with why."""
        for listed, why in self.holdings[request.organisation].unusable:
            if listed.applies_to(request.campaign):
                return listed, why
        return None

    def registry_trouble(self, request: DialRequest, states: frozenset[str]) -> str:
        """Why no sales call may be made to somebody who may be in these states, in words; empty: it may."""
        held = self.holdings[request.organisation]
        found = held.registry_troubles.get(states)
        if found is None:
            found = held.registry_troubles[states] = _registry_trouble(held.standings, states, self.now)
        return found

    def is_wireless(self, request: DialRequest) -> bool | None:
        """Whether a mobile phone rings there; None where no list that can be relied on tells."""
        if request.phone_kind == MOBILE:
            return True
        held = self.holdings.get(request.organisation)
        if held is None or not _can_tell_wireless(held, self.now):
            return None
        if self.hit(request, (ListKind.PORTED_LANDLINE,)):
            return False
        return self.hit(request, (ListKind.WIRELESS, ListKind.PORTED_WIRELESS)) is not None


def gather(requests: Sequence[DialRequest], now: datetime) -> ListFacts:
    """One look-up in each list for the whole batch; at most two queries a second for the lists themselves."""
    facts = ListFacts(now)
    numbers: dict[int, list[int]] = {}
    for request in requests:
        if is_e164(request.number):
            numbers.setdefault(request.organisation, []).append(int(request.number[1:]))
        else:
            numbers.setdefault(request.organisation, [])
    sells = any(request.purpose == Purpose.SALES for request in requests)
    for organisation, asked in numbers.items():
        facts.holdings[organisation] = held = _hold(organisation, now)
        for standing in held.standings:
            if sells or standing.listed.kind not in REGISTRIES:
                _look_up(standing, asked, facts.hits)
    return facts


def _hold(organisation: int, now: datetime) -> Holdings:
    standings = THE_REGISTRY.standings(organisation)
    wildcards = THE_REGISTRY.wildcards(organisation)
    return Holdings(
        standings,
        wildcards,
        tuple(sorted({len(prefix) for prefix in wildcards})),
        tuple(
            (standing.listed, why)
            for standing in standings
            if standing.listed.kind in FORBIDDING and (why := standing.trouble(now)) and why != NEVER_LOADED
        ),
    )


def _look_up(standing: Standing, asked: list[int], hits: dict[Key, tuple[Listed, ...]]) -> None:
    numbers, listed = standing.numbers, standing.listed
    if numbers is None:
        return
    if len(asked) < PAGE_FROM:
        found = [number for number in asked if numbers.has(number)]
    else:
        page = np.array(asked, np.int64)
        found = page[numbers.has_many(page)].tolist()
    for number in found:
        key = (listed.organisation, to_e164(number))
        before = hits.get(key, ())
        if listed not in before:
            hits[key] = (*before, listed)


def _can_tell_wireless(held: Holdings, now: datetime) -> bool:
    """There is a list of wireless numbers, and all that tell of them can be relied on."""
    kinds = (ListKind.WIRELESS, ListKind.PORTED_WIRELESS, ListKind.PORTED_LANDLINE)
    loaded = [each for each in held.standings if each.listed.kind in kinds and each.damage != NEVER_LOADED]
    return any(each.listed.kind is ListKind.WIRELESS for each in loaded) and not any(
        each.trouble(now) for each in loaded
    )


def _registry_trouble(standings: Sequence[Standing], states: frozenset[str], now: datetime) -> str:
    countries = _countries(states)
    needed = set(countries & NATIONAL_MOST_DAYS.keys())
    for standing in standings:
        listed = standing.listed
        if listed.kind is ListKind.NATIONAL and listed.country in countries:
            needed.discard(listed.country)
        elif not (listed.kind is ListKind.STATE and listed.place in states):
            continue
        if why := standing.trouble(now):
            return f"The list {listed.name} cannot be relied on: {why}. Load a newer file under Lists."
    if needed:
        country = min(needed)
        return f"A sales call to {country} needs the national do-not-call registry of {country}. Load it under Lists."
    return ""


@lru_cache(maxsize=4096)
def _countries(states: frozenset[str]) -> frozenset[str]:
    return frozenset(state.partition("-")[0] for state in states)
