"""From counts and lengths to what a simulated shift rests on, saying how much stands behind each figure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from dialer.engine.virtual.values import FarEnd, Spell

from .counting import HOURS, Counts
from .fitting import fit_spells
from .values import Basis

ENOUGH_ANSWERS = 50
"""With fewer answers or lengths a usual campaign's figure is the better guess."""
MINUTE_S = 60
UNBROKEN = "\u00a0"
"""No line breaks between a figure and its unit."""


class Shares(NamedTuple):
    """What becomes of dials."""

    people: float
    machines: float
    refused: float
    by_hour: tuple[float, ...]
    """``people`` for each hour of the day."""


class Findings:
    """Gathers figures and keeps in ``basis`` what each rests on."""

    def __init__(self) -> None:
        self.basis: list[Basis] = []

    def shares(self, counts: Counts, usual: FarEnd) -> Shares:
        """What becomes of dials, measured where enough people answered."""
        if is_measured := counts.answers >= ENOUGH_ANSWERS:
            found = Shares(
                counts.answer_share, counts.machine_share, counts.busy_share, counts.hourly_shares()
            )
        else:
            share = usual.answer_share[0]
            found = Shares(share, usual.machine_share, usual.busy_share, (share,) * HOURS)
        people, machines, refused = (f"{100 * share:.0f}{UNBROKEN}%" for share in found[:3])
        words = f"{people} people, {machines} machines, {refused} refused at once"
        self.basis.append(Basis("Dials answered", words, counts.calls, is_measured))
        return found

    def middle(self, name: str, lengths_s: Sequence[float], usual_s: float) -> float:
        """The median of lengths that hardly differ."""
        is_measured = len(lengths_s) >= ENOUGH_ANSWERS
        middle_s = round(median(lengths_s), 2) if is_measured else usual_s
        self.basis.append(Basis(name, seconds_words(middle_s), len(lengths_s), is_measured))
        return middle_s

    def spells(self, name: str, lengths_s: Sequence[float], usual: tuple[Spell, ...]) -> tuple[Spell, ...]:
        """The kinds of lengths that there are."""
        is_measured = len(lengths_s) >= ENOUGH_ANSWERS
        spells = fit_spells(lengths_s) if is_measured else usual
        self.basis.append(Basis(name, _spells_words(spells), len(lengths_s), is_measured))
        return spells


def _spells_words(spells: tuple[Spell, ...]) -> str:
    """Such as "2:01 on average: 35 % about 12 s, 65 % about 3:00"."""
    whole = sum(spell.weight for spell in spells)
    mean = seconds_words(sum(spell.weight * spell.mean_s for spell in spells) / whole)
    if len(spells) == 1:
        return f"{mean} on average"
    parts = (f"{100 * spell.weight / whole:.0f} % about {seconds_words(spell.mean_s)}" for spell in spells)
    return f"{mean} on average: {', '.join(part.replace(' ', UNBROKEN) for part in parts)}"


def seconds_words(seconds: float) -> str:
    """Seconds as people say them: 9.4 s, 48 s, 3:05."""
    if seconds < MINUTE_S:
        return f"{seconds:.1f}{UNBROKEN}s" if seconds < 10 else f"{seconds:.0f}{UNBROKEN}s"
    minutes, rest = divmod(round(seconds), MINUTE_S)
    return f"{minutes}:{rest:02}"
