"""After each batch of dials the gate is held to the restatement, whatever happened before."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from compliance.choices import DialKind, Purpose
from compliance.evidence.verifying import verify
from compliance.gate import DialRequest, Gate, Granted, Refused
from dialer.bus.permit import open_permit

from . import places
from .dials import (
    HOT,
    LAWFUL,
    ONE_THING_CHANGED,
    OURS,
    PROMISES_NOTHING,
    THEIRS,
    batches,
    campaigns,
    hot,
    which,
)
from .events import KEY, Events
from .judge import usable_caller_ids, why_forbidden
from .world import World

TALLY: Counter[str] = Counter()
"""What the runs of this process met: answers by reason."""


class ForbiddenDial(AssertionError):
    """The gate permits a dial that the restatement forbids."""

    def __init__(self, request: DialRequest, forbids: set[str], now: datetime) -> None:
        super().__init__(request, forbids, now)
        self.forbids = forbids


class Compliance(Events):
    """Asks for dials between the events."""

    @rule(asked=batches)
    def dials_are_asked_for(self, asked: list[DialRequest]) -> None:
        """Each answer is the restatement's; granted dials count for those behind them."""
        self.ask([replace(each, organisation=self.organisations[each.organisation].pk) for each in asked])

    @rule(number=hot, times=st.integers(1, 12), purpose=st.sampled_from([Purpose.SALES, Purpose.COLLECTION]))
    def one_number_is_asked_for_many_times(self, number: str, times: int, purpose: Purpose) -> None:
        """By hand of an agent, in one batch."""
        one = replace(self._by_hand(OURS, purpose), number=number)
        self.ask([replace(one, call=uuid.uuid4().hex) for _ in range(times)])

    @rule(who=which, purpose=st.sampled_from([Purpose.SALES, Purpose.INFORMATION]), campaign=campaigns)
    def everybody_is_asked_for_by_hand(self, who: int, purpose: Purpose, campaign: int) -> None:
        """Each of the few numbers once, for new leads: hardly more than lists and hours can stand in the way."""
        self.ask(self._everybody(who, purpose, campaign))

    def _everybody(self, who: int, purpose: Purpose, campaign: int) -> list[DialRequest]:
        one = replace(self._by_hand(who, purpose), campaign=campaign)
        calls = [uuid.uuid4().hex for _ in HOT]
        return [
            replace(one, call=call, subject=f"lead:{call}", number=number)
            for call, number in zip(calls, HOT, strict=True)
        ]

    def _by_hand(self, who: int, purpose: Purpose) -> DialRequest:
        return replace(LAWFUL, organisation=self.organisations[who].pk, purpose=purpose, kind=DialKind.MANUAL)

    def ask(self, asked: list[DialRequest]) -> list[Granted | Refused]:
        """The gate's answers, each held to the restatement; what was granted has happened."""
        answers = self.gate.decide(asked)
        for request, answer in zip(asked, answers, strict=True):
            self._compare(request, answer)
            if isinstance(answer, Granted):
                TALLY["granted"] += 1
                self._check_permit(answer, request)
                self._world(request).dials.append((self.now, request))
            else:
                TALLY[answer.reason] += 1
        self._check_retries(asked, answers)
        return answers

    def _world(self, request: DialRequest) -> World:
        return self.worlds[[each.pk for each in self.organisations].index(request.organisation)]

    def _compare(self, request: DialRequest, answer: Granted | Refused | None) -> None:
        forbids = why_forbidden(request, self._world(request), self.now)
        if isinstance(answer, Refused):
            exact = not places.gate_may_refuse_more(request.number, request.postal_code, request.state)
            assert answer.reason in forbids or not exact, (request, answer, forbids)
        elif forbids:
            raise ForbiddenDial(request, forbids, self.now)

    def _check_permit(self, answer: Granted, request: DialRequest) -> None:
        world = self._world(request)
        permit = open_permit(answer.sealed, KEY, self.now.timestamp())
        assert permit == answer.permit
        assert (permit.number, permit.call, permit.organisation) == (
            request.number,
            request.call,
            request.organisation,
        )
        if permit.caller_id:
            assert permit.caller_id in usable_caller_ids(request, world, self.now)
            world.callers[permit.caller_id].dials.append(self.now)
        else:
            assert request.trunk_presents_caller_id

    def _check_retries(self, asked: list[DialRequest], answers: list[Granted | Refused]) -> None:
        """Of refusals behind the last grant: at ``retry_at`` the rule is content, a moment before it is not."""
        last = max((place for place, answer in enumerate(answers) if isinstance(answer, Granted)), default=-1)
        for request, answer in list(zip(asked, answers, strict=True))[last + 1 :]:
            world = self._world(request)
            if answer.retry_at is None or answer.reason in PROMISES_NOTHING:
                continue
            if world.changed(self.now) != world.changed(answer.retry_at):
                continue
            TALLY["retries"] += 1
            assert answer.retry_at > self.now, (request, answer)
            again = Gate(KEY, clock=lambda at=answer.retry_at: at).scrub([request])[0]
            assert again is None or again.rule != answer.rule, (request, answer, again)
            if places.gate_may_refuse_more(request.number, request.postal_code, request.state):
                continue
            assert answer.reason not in why_forbidden(request, world, answer.retry_at), (request, answer)
            before = why_forbidden(request, world, answer.retry_at - timedelta(microseconds=1))
            assert answer.reason in before, (request, answer, before)

    @invariant()
    def chains_are_whole(self) -> None:
        """After every step."""
        for organisation in self.organisations:
            assert verify(organisation.pk).intact

    @invariant()
    def what_just_happened_is_seen(self) -> None:
        """After every step each of the few numbers is asked about: what forbids one is met at once."""
        asked = [
            *self._everybody(OURS, Purpose.SALES, 7),
            *self._everybody(OURS, Purpose.INFORMATION, 7),
            *self._everybody(THEIRS, Purpose.SALES, 7),
            *self._with_one_thing_changed(),
        ]
        for request, answer in zip(asked, self.gate.scrub(asked), strict=True):
            self._compare(request, answer)

    def _with_one_thing_changed(self) -> list[DialRequest]:
        one = replace(LAWFUL, organisation=self.organisations[OURS].pk, purpose=Purpose.INFORMATION)
        return [replace(one, **change) for change in ONE_THING_CHANGED]
