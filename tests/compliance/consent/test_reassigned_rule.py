"""The rule of reassigned numbers, as the gate asks it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from compliance.choices import ConsentNeed, Refused, RndAnswer
from compliance.models import ReassignedAnswer
from compliance.numbers import to_digits
from tests.compliance.conftest import NOON_IN_NEW_YORK, TEMPLATE

pytestmark = pytest.mark.integration

CALLED = NOON_IN_NEW_YORK.date()
ANSWERED = NOON_IN_NEW_YORK - timedelta(days=1)


@pytest.fixture
def told(organisation):
    def write(said, asked=CALLED, answered_at=ANSWERED, **changes):
        values = {"organisation": organisation, "number": to_digits(TEMPLATE.number), **changes}
        return ReassignedAnswer.objects.create(
            answer=said, consent_date=asked, answered_at=answered_at, **values
        )

    return write


@pytest.fixture
def reason(gate, ask):
    def look(**changes):
        refused = gate.scrub([ask(check_reassigned=True, **changes)])[0]
        return refused.reason if refused is not None else ""

    return look


def test_a_campaign_that_relies_on_the_database_dials_only_what_it_answered_no_for(reason, enter, told):
    assert reason() == Refused.REASSIGNED
    enter("express")
    assert reason(consent_need=ConsentNeed.EXPRESS) == Refused.REASSIGNED
    told(RndAnswer.NO)
    assert reason(consent_need=ConsentNeed.EXPRESS) == ""
    told(RndAnswer.YES, answered_at=NOON_IN_NEW_YORK)
    assert reason(consent_need=ConsentNeed.EXPRESS) == Refused.REASSIGNED


def test_a_campaign_that_does_not_is_not_held_by_it(gate, ask, told):
    told(RndAnswer.YES)
    assert gate.scrub([ask()]) == [None]


def test_another_organisations_answer_permits_nothing(reason, enter, told, other_organisation):
    enter("express")
    told(RndAnswer.NO, organisation=other_organisation)
    assert reason() == Refused.REASSIGNED
