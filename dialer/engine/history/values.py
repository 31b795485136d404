"""What was seen, as plain values. Order is told by numbers that grow, never by clocks: those may have been set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken: by whom or what, and what shows it."""

    rule: str
    subject: str
    evidence: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}: {self.evidence}"


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a call; ``number`` grows in the order in which the room of its campaign took them."""

    number: int
    kind: str
    at: float
    """Unix seconds, for a person who reads the evidence."""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallStory:
    """A call's record and its steps in order."""

    id: str
    campaign: int
    lead: int
    """0: a number that belongs to no lead."""
    agent: int
    epoch: int
    permit: str
    granted_permit: str
    """The permit of the gate's recorded decision to grant this call; empty where there is none."""
    stage: str
    outcome: str
    answered: bool
    connected: bool
    disposed: bool
    ended_at: float = 0.0
    """Unix seconds, 0: it lives."""
    steps: tuple[Step, ...] = ()

    def having(self, *kinds: str) -> list[Step]:
        """The steps of these kinds, in order."""
        return [step for step in self.steps if step.kind in kinds]


@dataclass(frozen=True, slots=True)
class Spell:
    """From one number to another somebody or something was taken by a call; None: it still is."""

    owner: int | str
    call: str
    begin: int | float
    end: int | float | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an agent's state."""

    agent: int
    session: str
    sequence: int
    before: str
    after: str
    event: str
    call: str


@dataclass(frozen=True, slots=True)
class Dial:
    """A line node says that an INVITE left, in the order in which it said so."""

    campaign: int
    call: str
    node: str
    permit: str
    epoch: int
    newest_epoch: int
    """The highest epoch of the campaign that the node knew when it gave the order."""


@dataclass(frozen=True, slots=True)
class Account:
    """How many people answered and how many of them met nobody, as one place has it."""

    source: str
    answered: int
    abandoned: int
