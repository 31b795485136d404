"""What a room knows of the rooms that it shares agents with."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from agents.whereabouts import Whereabouts


class RoomState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a room tells the others of itself, some times a second."""

    works: bool = False
    """Whether it has work for agents: it dials, and has leads."""
    only: tuple[int, ...] | None = None
    """The agents for whom it has work, where not for all."""
    free: int = 0
    """Ready agents."""

    def has_work_for(self, agent: int) -> bool:
        """Whether an agent who comes would be of use."""
        return self.works and (self.only is None or agent in self.only)


@dataclass(frozen=True, slots=True)
class Want:
    """Another room's person who waits while nobody there is free. Times are on this room's clock."""

    campaign: int
    call: str
    since: float
    until: float
    agents: frozenset[int] = frozenset()
    """Who may take the call; empty: anybody."""


@dataclass(slots=True)
class Siblings:
    """Kept in memory only: a room that was taken over learns it anew within a second."""

    states: dict[int, RoomState] = field(default_factory=dict)
    """The rooms that have been heard of lately."""
    wants: list[Want] = field(default_factory=list)
    asked: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Own calls for which an agent was asked for, and the campaigns that were asked."""
    sits: dict[str, Whereabouts] = field(default_factory=dict)
    """Session → where its agent sits, as far as the room had to know."""
    given: set[int] = field(default_factory=set)
    """Agents whom this room handed on and may have on the floor still: the other room shows them now."""
