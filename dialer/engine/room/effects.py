"""What a room wants done. The runner does it, in this order: nodes first, browsers last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agents.whereabouts import Whereabouts
from dialer.bus import schemas

from .model import LiveCall, Seat


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A change of a live topic."""

    topic: str
    type: str
    data: Any
    id: str = ""
    remove: bool = False


@dataclass(slots=True)
class Effects:
    """Everything that one round of decisions asks for."""

    to_line: list[tuple[str, schemas.Message]] = field(default_factory=list)
    to_media: list[tuple[str, schemas.Message]] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    replies: list[tuple[str, schemas.Reply]] = field(default_factory=list)
    topics: list[TopicChange] = field(default_factory=list)
    place: list[LiveCall] = field(default_factory=list)
    """Calls to write and dial: they stand in the room already."""
    skipped: list[int] = field(default_factory=list)
    """Leads that an agent passed over in preview."""
    kept_seats: dict[int, Seat | None] = field(default_factory=dict)
    kept_calls: dict[str, LiveCall | None] = field(default_factory=dict)
    """What changed and must survive the daemon; None: gone."""
    lookups: list[tuple[str, int, dict[str, Any]]] = field(default_factory=list)
    """Manual dials whose lead must be looked up: reply_to, agent, args."""
    save_lead: list[tuple[str, int, int, dict[str, Any]]] = field(default_factory=list)
    """reply_to, lead, agent, fields."""
    to_rooms: list[tuple[int, schemas.Message]] = field(default_factory=list)
    """For the rooms of these campaigns."""
    given: list[schemas.SeatGiven] = field(default_factory=list)
    """Agents handed to other rooms: their seats are gone from ``kept_seats`` in the same step."""
    arrived: list[str] = field(default_factory=list)
    """Sessions whose agents were handed here and are no longer on the way."""
    whereabouts: dict[str, Whereabouts] = field(default_factory=dict)
    """Session → where its agent sits from now on."""

    def __bool__(self) -> bool:
        return any(
            (
                self.to_line,
                self.to_media,
                self.journal,
                self.replies,
                self.topics,
                self.place,
                self.skipped,
                self.kept_seats,
                self.kept_calls,
                self.lookups,
                self.save_lead,
                self.to_rooms,
                self.given,
                self.arrived,
                self.whereabouts,
            )
        )
