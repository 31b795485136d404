"""How the caller IDs of a batch fare today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..values import DialRequest


@dataclass(frozen=True, slots=True)
class CallerFacts:
    """Which caller IDs rest, and how often each was shown today."""


def gather(requests: Sequence[DialRequest], now: datetime) -> CallerFacts:
    """One query for the whole batch."""
    return CallerFacts()
