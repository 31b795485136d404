"""Pools of caller IDs, and calls that ended."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from compliance.gate import CallerIdOffer
from compliance.models import CallerDay, CallerId, CallerResult
from compliance.services.count_caller_results import count_caller_results
from compliance.services.note_caller_result import Ended, note_caller_results

from ..conftest import NOON_IN_NEW_YORK, TEMPLATE

NUMBER = TEMPLATE.caller_ids[0].number


@pytest.fixture
def pool(organisation):
    """Adds numbers to the organisation's pool, and gives what a campaign would offer of them."""

    def add(*numbers, **fields):
        for number in numbers:
            CallerId.objects.create(organisation=organisation, number=number, **fields)
        return tuple(CallerIdOffer(number) for number in numbers)

    return add


@pytest.fixture
def caller_id(organisation):
    """The one caller ID that every test has."""
    return CallerId.objects.get(organisation=organisation, number=NUMBER)


@pytest.fixture
def ended(organisation):
    """Tells the end of one call, and counts it as the commit would."""

    def tell(
        at=NOON_IN_NEW_YORK, *, call="", number=NUMBER, code=480, reason="", answered=False, talk_s=30.0
    ):
        new = bool(
            note_caller_results(
                [
                    Ended(
                        organisation.id,
                        number,
                        call or uuid.uuid4().hex,
                        at,
                        sip_code=200 if answered else code,
                        sip_reason=reason,
                        answered=answered,
                        talk_s=talk_s if answered else 0.0,
                    )
                ]
            )
        )
        count_caller_results(organisation.id)
        return new

    return tell


def results_of(caller_id, answers, last_at):
    """Counted results one minute apart, the last at ``last_at``; ``answers`` says of each whether it was answered."""
    first = last_at - timedelta(minutes=len(answers) - 1)
    CallerResult.objects.bulk_create(
        CallerResult(
            caller_id=caller_id,
            call=uuid.uuid4().hex,
            at=first + timedelta(minutes=number),
            answered=answered,
            blocked=False,
            short=False,
            counted=True,
        )
        for number, answered in enumerate(answers)
    )


def day_of(caller_id, day, **figures):
    """The figures of one day."""
    return CallerDay.objects.create(caller_id=caller_id, day=day, **figures)
