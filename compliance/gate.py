"""The gate: the one place that turns a wish to dial into a Permit or a Refusal.

Every dial of every kind passes here, at the instant of the dial. A grant and its evidence are written in the
caller's transaction; a line node dials nothing without the sealed permit.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction

from dialer.bus.keys import derive
from dialer.bus.permit import DEFAULT_LIFE_S, Permit, seal

from .callers import choosing
from .callers.counting import count_dials
from .choices import Refused as Reason
from .clock import gate_now, is_offset
from .evidence import chain
from .evidence.writing import granted_entry, refused_entry
from .facts import gather
from .rules import RULES
from .rules.base import NOTHING_SEEN, Evidence, Facts, Forbidden
from .stir.signers import Asked, Signed, Unsigned, sign_all
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
PERMIT_ID_BYTES = 16
SIGNING_RULE, SIGNING_VERSION = "signing", "1"

Judged = tuple[Refused | CallerIdOffer | None, Evidence]
"""A refusal, or the caller ID to show (None: the trunk's own); with what every rule saw."""


class Gate:
    """Decides batches of requests.

    ``key`` seals permits. ``clock`` is what the rules look at (aware UTC); ``wall`` is the real Unix time on
    which a permit's seconds of life are counted and a signature is dated, since others know no other.
    """

    def __init__(
        self,
        key: bytes,
        clock: Callable[[], datetime] = gate_now,
        wall: Callable[[], float] = time.time,
        life_s: float = DEFAULT_LIFE_S,
    ) -> None:
        self._key, self._clock, self._wall, self._life_s = key, clock, wall, life_s

    def decide(self, requests: Sequence[DialRequest], record: bool = True) -> list[Granted | Refused]:
        """One answer a request, in order, for a constant number of queries.

        Grants are always written, for caps are counted from them; refusals only with ``record``. An organisation's
        decisions are taken one batch after another: two workers cannot both take the last dial that a cap allows.
        Raises ``ValueError`` for more than ``MAX_BATCH`` requests, ``IntegrityError`` for a call that has a permit.
        """
        with transaction.atomic():
            chains = chain.lock({request.organisation for request in requests})
            facts = self._facts(requests)
            judged = [self._judge(request, facts) for request in requests]
            settled = self._answer(requests, judged, facts.now)
            granted = [answer.permit for answer, _ in settled if isinstance(answer, Granted)]
            chain.append(
                chains, [entry for answer, entry in settled if record or isinstance(answer, Granted)]
            )
            count_dials(facts.callers, granted)
        return [answer for answer, _ in settled]

    def scrub(self, requests: Sequence[DialRequest]) -> list[Refused | None]:
        """What ``decide`` would refuse now, None where it would grant; writes and signs nothing."""
        facts = self._facts(requests)
        return [_first_refusal(request, facts)[0] for request in requests]

    def record_refusals(
        self, requests: Sequence[DialRequest], answers: Sequence[Granted | Refused | None]
    ) -> None:
        """Write down what was refused, each with its request and evidence, in the caller's transaction."""
        pairs = zip(requests, answers, strict=True)
        entries = [refused_entry(request, answer) for request, answer in pairs if isinstance(answer, Refused)]
        with transaction.atomic():
            chain.append(chain.lock({entry.organisation for entry in entries}), entries)

    def _facts(self, requests: Sequence[DialRequest]) -> Facts:
        if len(requests) > MAX_BATCH:
            raise ValueError(f"Ask the gate about at most {MAX_BATCH} dials at once, not {len(requests)}.")
        return gather(requests, self._clock(), is_offset())

    def _judge(self, request: DialRequest, facts: Facts) -> Judged:
        refused, evidence = _first_refusal(request, facts)
        if refused is not None:
            return refused, evidence
        facts.note_dial(request)
        return choosing.take(request, facts.callers), evidence

    def _answer(
        self, requests: Sequence[DialRequest], judged: Sequence[Judged], now: datetime
    ) -> list[tuple[Granted | Refused, chain.Entry]]:
        at = self._wall()
        pairs = list(zip(requests, judged, strict=True))
        asked = [
            _asked(request, shown, at) for request, (shown, _) in pairs if not isinstance(shown, Refused)
        ]
        signatures = iter(sign_all(asked))
        return [
            (found, refused_entry(request, found))
            if isinstance(found, Refused)
            else self._settle(request, found, evidence, next(signatures), now, at)
            for request, (found, evidence) in pairs
        ]

    def _settle(
        self,
        request: DialRequest,
        shown: CallerIdOffer | None,
        evidence: Evidence,
        signature: Signed | Unsigned,
        now: datetime,
        at: float,
    ) -> tuple[Granted | Refused, chain.Entry]:
        """What every rule permits is granted, unless it could not be signed."""
        if isinstance(signature, Unsigned):
            refused = _unsigned(signature, now, evidence)
            return refused, refused_entry(request, refused)
        permit = self._permit(request, shown, signature, at)
        granted = Granted(permit, seal(permit, self._key))
        return granted, granted_entry(request, permit, signature, now, evidence)

    def _permit(
        self, request: DialRequest, shown: CallerIdOffer | None, signature: Signed, at: float
    ) -> Permit:
        return Permit(
            id=secrets.token_hex(PERMIT_ID_BYTES),
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
            attestation=signature.attestation,
            origid=signature.origid,
            identity=signature.identity,
            beside=signature.beside,
        )


@cache
def the_gate() -> Gate:
    """The gate of this installation, with the key that its line nodes hold."""
    return Gate(derive(settings.BUS_SECRET, "permit"))


def _first_refusal(request: DialRequest, facts: Facts) -> tuple[Refused | None, Evidence]:
    """The first rule that forbids, if any, and what every rule that was asked saw: rule → [version, saw]."""
    evidence: Evidence = {}
    for rule in RULES:
        verdict = rule.ask(request, facts)
        if verdict is NOTHING_SEEN:
            evidence[rule.id] = rule.unseen
        elif isinstance(verdict, Forbidden):
            detail = verdict.detail[:DETAIL_LENGTH]
            evidence[rule.id] = [rule.version, detail]
            refused = Refused(
                verdict.reason, detail, rule.id, rule.version, facts.now, verdict.retry_at, evidence
            )
            return refused, evidence
        else:
            evidence[rule.id] = [rule.version, verdict.saw] if verdict.saw else rule.unseen
    return None, evidence


def _asked(request: DialRequest, shown: CallerIdOffer | None, at: float) -> Asked:
    return Asked(
        signer=request.signer,
        organisation=request.organisation,
        attestation=shown.attestation if shown else "",
        orig=shown.number if shown else "",
        dest=request.number,
        at=at,
        display_name=shown.display_name if shown else "",
        diverted_from=request.diverted_from,
    )


def _unsigned(signature: Unsigned, now: datetime, evidence: Evidence) -> Refused:
    retry_at = now + timedelta(seconds=signature.retry_s)
    detail = signature.why[:DETAIL_LENGTH]
    saw = evidence | {SIGNING_RULE: [SIGNING_VERSION, detail]}
    return Refused(Reason.UNSIGNED, detail, SIGNING_RULE, SIGNING_VERSION, now, retry_at, saw)
