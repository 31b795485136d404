"""What a room knows of its campaign: plain values, read again when they change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from compliance.values import CallerIdOffer

from .roster import Roster


@dataclass(frozen=True, slots=True)
class DispositionRule:
    """A disposition as agents see it, and what the room must know of it."""

    id: int
    code: str
    name: str
    key: str
    meaning: str
    is_machine: bool = False
    is_default: bool = False

    def view(self) -> dict[str, object]:
        """As the console shows it."""
        return {"id": self.id, "code": self.code, "name": self.name, "key": self.key, "meaning": self.meaning}


@dataclass(frozen=True, slots=True)
class TrunkRule:
    """A trunk as routing sees it."""

    id: int
    name: str
    version: int
    priority: int
    channel_limit: int
    cps_limit: float
    is_loopback: bool
    signer: int = 0


@dataclass(frozen=True, slots=True)
class RoomConfig:
    """A campaign's settings at one moment."""

    campaign: int
    organisation: int
    name: str
    method: str
    status: str
    status_note: str
    """Who changed the status when, in words."""
    dialing_stopped: bool
    stopped_note: str
    abandon_limit: float
    ring_limit_s: float
    answer_wait_s: float
    line_limit: int
    wrapup_limit_s: float
    preview_limit_s: float
    max_attempts: int
    opens: time
    closes: time
    weekdays: str
    time_zone: str
    script: str
    mask_numbers: bool
    safe_harbour: str
    caller_ids: tuple[CallerIdOffer, ...]
    trunks: tuple[TrunkRule, ...]
    dispositions: tuple[DispositionRule, ...]
    pause_codes: tuple[tuple[str, str], ...]
    purpose: str = "sales"
    topic: str = ""
    consent_need: str = "law"
    check_reassigned: bool = False
    roster: Roster = field(default_factory=Roster)
    abandon_target: float | None = None
    """The share that was chosen to steer to; None: the limit."""
    dial_ratio: float = 1.5
    """Lines for each ready agent, where the method is the fixed ratio."""
    measured_over: str = "30 days"
    """Over what the law counts abandoned calls."""
    held_back: str = ""
    """What the law takes from the settings as they were saved, in words."""

    @property
    def steered_share(self) -> float:
        """The share of abandoned calls that predictive pacing steers to."""
        target = self.abandon_target
        return self.abandon_limit if target is None else min(target, self.abandon_limit)

    @property
    def dials(self) -> bool:
        """Whether new automatic dials are wanted at all."""
        return self.status == "running" and not self.dialing_stopped

    def disposition(self, id_: int) -> DispositionRule | None:
        """The disposition by id."""
        return next((rule for rule in self.dispositions if rule.id == id_), None)

    @property
    def default_disposition(self) -> DispositionRule | None:
        """What a call gets when wrap-up runs out: the one marked so, else the first that only retries."""
        marked = next((rule for rule in self.dispositions if rule.is_default), None)
        return marked or next((rule for rule in self.dispositions if rule.meaning == "retry"), None)


@dataclass(slots=True)
class Tally:
    """Counts since midnight in the organisation's zone, and of the legal window."""

    placed: int = 0
    answered: int = 0
    connected: int = 0
    abandoned: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    answered_30d: int = 0
    """In the window over which the law measures, 30 days in the United States."""
    abandoned_30d: int = 0

    def end(self, outcome: str) -> None:
        """One call has its outcome."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
