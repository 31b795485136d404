"""Which of a campaign's caller IDs are near a called number: the same area code, else the same state."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..law.zones import NANP_PREFIX
from ..numbers import E164, NANP
from ..values import CallerIdOffer
from .places import states_of_area

AREA_DIGITS = slice(2, 5)
KNOWN_MAX = 256
"""Sets of offers kept: one a campaign, and a new one whenever its settings change."""
OWN_AREA, OWN_STATE, ANY = "own area code", "own state", "no nearer one"


@dataclass(frozen=True, slots=True)
class Nearness:
    """The numbers of a set of offers, by where they are."""

    everywhere: tuple[str, ...]
    by_area: dict[str, tuple[str, ...]]
    by_state: dict[str, tuple[str, ...]]

    def nearest(self, number: str) -> tuple[str, ...]:
        """The numbers of the nearest group for a call to this number."""
        return next(self.groups(called_area(number)))[2]

    def groups(self, area: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """For calls to an area code, the nearest group first: how near, its name, its numbers. Groups may overlap."""
        if area in self.by_area:
            yield OWN_AREA, area, self.by_area[area]
        for state in states_of_area(area):
            if state in self.by_state:
                yield OWN_STATE, state, self.by_state[state]
        yield ANY, "", self.everywhere


_known: dict[int, tuple[tuple[CallerIdOffer, ...], Nearness]] = {}


def nearness_of(offers: tuple[CallerIdOffer, ...]) -> Nearness:
    """Worked out once for each tuple of offers: by its identity, for to compare a thousand offers takes longer."""
    known = _known.get(id(offers))
    if known is None or known[0] is not offers:
        if len(_known) >= KNOWN_MAX:
            _known.clear()
        known = _known[id(offers)] = offers, _worked_out(offers)
    return known[1]


def called_area(number: str) -> str:
    """The area code of a valid called number, empty abroad."""
    return number[AREA_DIGITS] if number.startswith(NANP_PREFIX) else ""


def area_of(number: str) -> str:
    """The area code of a North American number, empty for any other."""
    return number[AREA_DIGITS] if NANP.fullmatch(number) else ""


def _worked_out(offers: Sequence[CallerIdOffer]) -> Nearness:
    """Only whole numbers: a called party must be able to call them (47 CFR 64.1601(e))."""
    numbers = tuple(dict.fromkeys(offer.number for offer in offers if E164.fullmatch(offer.number)))
    by_area: dict[str, list[str]] = {}
    by_state: dict[str, list[str]] = {}
    for number in numbers:
        if area := area_of(number):
            by_area.setdefault(area, []).append(number)
            for state in states_of_area(area):
                by_state.setdefault(state, []).append(number)
    return Nearness(numbers, _tuples(by_area), _tuples(by_state))


def _tuples(groups: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(numbers) for name, numbers in groups.items()}
