"""What the ledger says of a batch of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..values import DialRequest


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """The entries and answers that hold for the batch's numbers."""


def gather(requests: Sequence[DialRequest], now: datetime) -> ConsentFacts:
    """One query each, and none where no request needs it."""
    return ConsentFacts()
