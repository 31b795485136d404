"""The shape of a rule, and what is known when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..callers.facts import CallerFacts
from ..choices import Message, Purpose, Refused
from ..consent.facts import ConsentFacts
from ..law.history import History
from ..law.overrides import Overrides
from ..law.places import Place
from ..lists.facts import ListFacts
from ..values import DialRequest, Evidence

__all__ = ["NOTHING_SEEN", "Allowed", "Evidence", "Facts", "Forbidden", "Rule", "Verdict"]


@dataclass(frozen=True, slots=True)
class Allowed:
    """The rule has nothing against it; ``saw`` is kept as evidence."""

    saw: str = ""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The rule forbids it. ``retry_at``: from when on it would not; None: never by itself."""

    reason: Refused
    detail: str
    retry_at: datetime | None = None


Verdict = Allowed | Forbidden
NOTHING_SEEN = Allowed()


@dataclass(slots=True)
class Facts:
    """What was fetched once for a whole batch, and what its rules have already worked out."""

    now: datetime
    """The gate's clock, UTC."""
    clock_is_offset: bool
    on_dnc: frozenset[tuple[int, int]]
    """(organisation, number) of the batch's numbers that are on their organisation's own list."""
    overrides: Mapping[int, Overrides]
    """Organisation → what it has changed about the rules of law; who changed nothing is left out."""
    lists: ListFacts
    consents: ConsentFacts
    history: History
    callers: CallerFacts
    window_verdicts: dict[tuple[Place, Purpose, Message, int], Verdict] = field(default_factory=dict)
    """(place, purpose, message, organisation) → what the law's hours say: leads of one place share one answer."""

    def note_dial(self, request: DialRequest) -> None:
        """This dial was just permitted: it counts for those behind it in the batch."""
        self.history.note_dial(request, self.now)


@dataclass(frozen=True, slots=True)
class Rule:
    """One question. ``version`` changes with its meaning or its data, and stands in every decision."""

    id: str
    version: str
    ask: Callable[[DialRequest, Facts], Verdict]
    unseen: list[str] = field(init=False, compare=False)
    """Its evidence where there is nothing to say: its version alone, one list for all dials."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "unseen", [self.version])
