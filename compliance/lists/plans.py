"""Numbering plans whose lists may be kept as bit arrays: one bit a number that may exist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbers from ``base`` up to ``base + span``, as integers with their country code."""

    base: int
    span: int


NANP = Plan(12_000_000_000, 8_000_000_000)
"""North America: area codes begin with 2 to 9 (NANPA)."""
PLANS = {"US": NANP, "CA": NANP}
"""By the country of a list. Lists of other countries are some ten million numbers and are kept sorted."""
