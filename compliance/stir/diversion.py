"""Calls that are sent on: a ``div`` PASSporT for each step from the number first called (RFC 8946)."""

from __future__ import annotations

from collections.abc import Sequence

from .identity_header import Identity
from .passport import Called, Caller, Div, Shaken

STEPS_MAX = 5


class ChainBroken(ValueError):
    """The steps do not lead from the number first called to the one that is called now."""


def diverted(orig: Caller, first_called: str, dest: Called, iat: int) -> Div:
    """What is signed when the call to ``first_called`` (digits) goes on to ``dest``; the caller stays who it was."""
    return Div(dest, Caller(first_called), iat, orig)


def steps_to(shaken: Shaken, called: str, others: Sequence[Identity]) -> list[Identity]:
    """The ``div`` headers that lead from the number called now back to the one that ``shaken`` names.

    None where it names that number itself. Raises ``ChainBroken``. Headers that belong to no step are left out.
    """
    steps: list[Identity] = []
    left = list(others)
    while called not in shaken.dest.tn:
        step = next((each for each in left if _leads_to(each, called, shaken.orig)), None)
        if step is None or len(steps) == STEPS_MAX:
            raise ChainBroken("The token is for another number than the one called.")
        left.remove(step)
        steps.append(step)
        assert isinstance(step.passport.claims, Div)
        called = step.passport.claims.div.tn
    return steps


def _leads_to(identity: Identity, called: str, orig: Caller) -> bool:
    claims = identity.passport.claims
    return isinstance(claims, Div) and called in claims.dest.tn and claims.orig == orig
