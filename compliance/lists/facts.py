"""What the large lists say of a batch of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..values import DialRequest


@dataclass(frozen=True, slots=True)
class ListFacts:
    """Which of the batch's numbers stand on which list, with the version of each."""


def gather(requests: Sequence[DialRequest], now: datetime) -> ListFacts:
    """One look-up in each list for the whole batch."""
    return ListFacts()
