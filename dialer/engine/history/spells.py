"""Nobody and nothing in two calls at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .values import Spell, Violation


def overlapping(rule: str, of_what: str, spells: Iterable[Spell]) -> Iterator[Violation]:
    """Spells of one owner that overlap. They come ordered by owner, then by their beginning."""
    last: Spell | None = None
    for spell in spells:
        if last is not None and last.owner == spell.owner and (last.end is None or spell.begin < last.end):
            until = "has not ended" if last.end is None else f"ended at {last.end}"
            yield Violation(
                rule,
                f"{of_what} {spell.owner}",
                f"call {spell.call} began at {spell.begin} while call {last.call}, begun at {last.begin}, {until}",
            )
        if last is None or last.owner != spell.owner or _later(spell, last):
            last = spell


def _later(spell: Spell, last: Spell) -> bool:
    """Whether this one lasts longer than the longest so far."""
    return last.end is not None and (spell.end is None or spell.end >= last.end)
