"""The gate: the one place that turns a wish to dial into a Permit or a Refusal.

Every dial of every kind passes here, at the instant of the dial. A grant and its evidence are written in the
caller's transaction; a line node dials nothing without the sealed permit.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from itertools import count

from django.conf import settings

from dialer.bus.keys import derive
from dialer.bus.permit import DEFAULT_LIFE_S, Permit, seal

from . import caller_id
from .clock import gate_now, is_offset
from .facts import gather
from .models import GrantedPermit, Refusal
from .numbers import E164, to_digits
from .rules import RULES
from .rules.base import Facts, Forbidden
from .values import CallerIdOffer, CampaignHours, DialRequest, Granted, Refused

__all__ = [
    "CallerIdOffer",
    "CampaignHours",
    "DialRequest",
    "Gate",
    "Granted",
    "Refused",
    "the_gate",
]

MAX_BATCH = 5_000
"""Requests in one call: under every database's limit of parameters."""
DETAIL_LENGTH = 200


class Gate:
    """Decides batches of requests.

    ``key`` seals permits. ``clock`` is what the rules look at (aware UTC); ``wall`` is the real Unix time on
    which a permit's seconds of life are counted, since line nodes know no other.
    """

    def __init__(
        self,
        key: bytes,
        clock: Callable[[], datetime] = gate_now,
        wall: Callable[[], float] = time.time,
        life_s: float = DEFAULT_LIFE_S,
    ) -> None:
        self._key, self._clock, self._wall, self._life_s = key, clock, wall, life_s
        self._turns = count()

    def decide(self, requests: Sequence[DialRequest], record: bool = True) -> list[Granted | Refused]:
        """One answer a request, in order, for a constant number of queries.

        Grants are always written, for caps are counted from them; refusals only with ``record``. Raises
        ``ValueError`` for more than ``MAX_BATCH`` requests, ``IntegrityError`` for a call that has a permit.
        """
        facts = self._facts(requests)
        answers = [self._answer(request, facts) for request in requests]
        GrantedPermit.objects.bulk_create([row for _, row in answers if row is not None])
        if record:
            self.record_refusals(requests, [answer for answer, _ in answers])
        return [answer for answer, _ in answers]

    def scrub(self, requests: Sequence[DialRequest]) -> list[Refused | None]:
        """What ``decide`` would refuse now, None where it would grant; writes nothing."""
        facts = self._facts(requests)
        return [_first_refusal(request, facts)[0] for request in requests]

    def record_refusals(
        self, requests: Sequence[DialRequest], answers: Sequence[Granted | Refused | None]
    ) -> None:
        """Write down what was refused, each with its request, in the caller's transaction."""
        pairs = zip(requests, answers, strict=True)
        Refusal.objects.bulk_create(
            _refusal_row(request, answer) for request, answer in pairs if isinstance(answer, Refused)
        )

    def _facts(self, requests: Sequence[DialRequest]) -> Facts:
        if len(requests) > MAX_BATCH:
            raise ValueError(f"Ask the gate about at most {MAX_BATCH} dials at once, not {len(requests)}.")
        return gather(requests, self._clock(), is_offset())

    def _answer(self, request: DialRequest, facts: Facts) -> tuple[Granted | Refused, GrantedPermit | None]:
        refused, evidence = _first_refusal(request, facts)
        if refused is not None:
            return refused, None
        facts.permitted.setdefault((request.organisation, request.subject), []).append(facts.now)
        permit = self._permit(request)
        return Granted(permit, seal(permit, self._key)), _row(request, permit, facts.now, evidence)

    def _permit(self, request: DialRequest) -> Permit:
        shown = caller_id.choose(request, next(self._turns))
        at = self._wall()
        return Permit(
            id=uuid.uuid4().hex,
            call=request.call,
            organisation=request.organisation,
            campaign=request.campaign,
            epoch=request.epoch,
            node=request.node,
            number=request.number,
            caller_id=shown.number if shown else "",
            display_name=shown.display_name if shown else "",
            trunk=request.trunk,
            granted_at=at,
            expires_at=at + self._life_s,
        )


@cache
def the_gate() -> Gate:
    """The gate of this installation, with the key that its line nodes hold."""
    return Gate(derive(settings.BUS_SECRET, "permit"))


def _first_refusal(request: DialRequest, facts: Facts) -> tuple[Refused | None, dict[str, list[str]]]:
    """The first rule that forbids, or None and what every rule saw: rule → [version, saw]."""
    evidence = {}
    for rule in RULES:
        verdict = rule.ask(request, facts)
        if isinstance(verdict, Forbidden):
            detail = verdict.detail[:DETAIL_LENGTH]
            return Refused(verdict.reason, detail, rule.id, rule.version, facts.now, verdict.retry_at), {}
        evidence[rule.id] = [rule.version, verdict.saw] if verdict.saw else [rule.version]
    return None, evidence


def _row(request: DialRequest, permit: Permit, at: datetime, evidence: dict[str, list[str]]) -> GrantedPermit:
    return GrantedPermit(
        id=permit.id,
        organisation_id=request.organisation,
        call=request.call,
        campaign=request.campaign,
        subject=request.subject,
        number=to_digits(request.number),
        kind=request.kind,
        caller_id=permit.caller_id,
        granted_at=at,
        rules=evidence,
    )


def _refusal_row(request: DialRequest, refused: Refused) -> Refusal:
    return Refusal(
        organisation_id=request.organisation,
        campaign=request.campaign,
        subject=request.subject,
        number=to_digits(request.number) if E164.fullmatch(request.number) else None,
        kind=request.kind,
        reason=refused.reason,
        detail=refused.detail,
        rule_version=f"{refused.rule} {refused.version}",
        retry_at=refused.retry_at,
        at=refused.at,
    )
