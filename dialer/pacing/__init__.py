"""How many lines to place now: pure Python, imports nothing of the project.

``make_pacer`` is the registry; each method speaks ``dialer.pacing.contract``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .contract import Pacer
from .plain import ByHand, Ratio
from .predictive import Predictive

__all__ = ["DESCRIPTIONS", "LEGAL_ABANDON_LIMIT", "METHODS", "Pacer", "make_pacer"]

LEGAL_ABANDON_LIMIT = 0.03
"""16 CFR 310.4(b)(4)(i): of the calls that people answer, a campaign, in 30 days."""


def _predictive(abandon_limit: float, **options: Any) -> Pacer:
    return Predictive(abandon_limit=abandon_limit, **options)


def _progressive(abandon_limit: float) -> Pacer:
    return Ratio(1.0)


def _ratio(abandon_limit: float, ratio: float = 1.5) -> Pacer:
    return Ratio(ratio)


def _preview(abandon_limit: float) -> Pacer:
    return ByHand("Agents see each lead before they dial it")


def _manual(abandon_limit: float) -> Pacer:
    return ByHand("Agents dial by hand")


METHODS: dict[str, Callable[..., Pacer]] = {
    "predictive": _predictive,
    "progressive": _progressive,
    "ratio": _ratio,
    "preview": _preview,
    "manual": _manual,
}
"""To add a method: write a ``Pacer`` (``contract``), a maker that takes the limit and the method's own options, a row
here and a line in ``DESCRIPTIONS``; ``tests/pacing/test_contract.py`` then holds it to the contract."""

DESCRIPTIONS: dict[str, str] = {
    "predictive": "Dials ahead of the agents as far as the abandonment limit allows, by what it learned",
    "progressive": "One line for each agent who is ready: nobody who answers has to wait",
    "ratio": "A fixed number of lines for each agent who is ready",
    "preview": "Each lead is shown to an agent, who starts the call",
    "manual": "Agents enter the numbers that they call",
}
"""Each method in one line for those who choose."""


def make_pacer(method: str, abandon_limit: float = LEGAL_ABANDON_LIMIT, **options: Any) -> Pacer:
    """A pacer for one campaign.

    ``abandon_limit`` is the largest share of people who answered and met nobody. Options: ``ratio`` takes
    ``ratio``; ``predictive`` takes those of ``Predictive``. Raises ``ValueError`` for an unknown method or a limit
    outside 0 to 1, ``TypeError`` for an option that the method does not have.
    """
    if method not in METHODS:
        raise ValueError(f"There is no pacing method {method!r}. Use one of: {', '.join(METHODS)}.")
    if not 0.0 <= abandon_limit < 1.0:
        raise ValueError(f"The abandonment limit is a share between 0 and 1, not {abandon_limit:g}.")
    return METHODS[method](abandon_limit, **options)
