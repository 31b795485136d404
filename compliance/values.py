"""What the gate is asked and what it answers: plain values, no leads and no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time

from dialer.bus.permit import Permit

from .choices import ConsentNeed, DialKind, Message, Purpose
from .choices import Refused as Reason

Evidence = dict[str, list[str]]
"""Rule → its version and, where there is something to say, what it saw."""


@dataclass(frozen=True, slots=True)
class CallerIdOffer:
    """A number that the campaign may show, E.164 with ``+``."""

    number: str
    display_name: str = ""
    attestation: str = ""
    """The highest level that may be claimed for it; the signer may claim less."""


@dataclass(frozen=True, slots=True)
class CampaignHours:
    """When a campaign dials, on the clock of ``time_zone``; ``weekdays`` are digits, 1 is Monday.

    Where ``closes`` is not after ``opens`` the hours run past midnight and belong to the day they opened on.
    """

    opens: time
    closes: time
    weekdays: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DialRequest:
    """One dial that somebody wants to make, with everything the rules look at."""

    call: str
    """The call record's id, 32 hex digits; one call is granted at most once."""
    organisation: int
    campaign: int
    epoch: int
    node: str
    trunk: int
    trunk_is_loopback: bool
    subject: str
    """Whose attempts are counted together, for instance ``lead:123``."""
    number: str
    """E.164 with ``+``."""
    kind: DialKind
    attempts: int
    """Attempts made so far."""
    max_attempts: int
    caller_ids: tuple[CallerIdOffer, ...]
    trunk_presents_caller_id: bool
    state: str
    postal_code: str
    time_zone: str
    """Given with the lead, empty where nothing was; added to what number and ZIP say, never instead of it."""
    hours: CampaignHours
    dialing_stopped: bool
    campaign_dialing: bool
    """The campaign runs; or it drains and a person, not the campaign, asks for the dial."""
    purpose: Purpose = Purpose.SALES
    """What is not said is the strictest."""
    message: Message = Message.LIVE
    topic: str = ""
    """The subject matter that caps count by; empty: the campaign is its own."""
    country: str = "US"
    """The lead's, two letters."""
    phone_kind: str = ""
    """As given with the lead: mobile, landline, voip; empty: not known."""
    consent_need: ConsentNeed = ConsentNeed.LAW
    check_reassigned: bool = False
    """The campaign relies on the Reassigned Numbers Database: only its answer "no" permits."""
    signer: int = 0
    """The trunk's signer; 0: its carrier signs."""
    diverted_from: str = ""
    """Of a transferred leg: the number (E.164) that was called first; it is signed with ``div`` (RFC 8946)."""


@dataclass(frozen=True, slots=True)
class Granted:
    """The dial may be made: the permit, and the sealed form that a line node opens."""

    permit: Permit
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """The dial may not be made: the first rule that forbids it."""

    reason: Reason
    detail: str
    """For a person, in words."""
    rule: str
    version: str
    at: datetime
    retry_at: datetime | None
    """From when on this rule would allow it; None: never by itself."""
    evidence: Evidence = field(default_factory=dict, compare=False, repr=False)
    """What every rule that was asked saw, this one last."""
