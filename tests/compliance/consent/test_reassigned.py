"""Reassigned numbers: only "no" permits, for the day of the consent, and not for long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.choices import RndAnswer
from compliance.consent.facts import Answer
from compliance.consent.reassigned import MAX_AGE, day_of, why_not
from tests.compliance.conftest import NOON_IN_NEW_YORK

pytestmark = pytest.mark.unit

DAY = timedelta(days=1)
CONSENTED = date(2026, 3, 1)
ANSWERED = NOON_IN_NEW_YORK - DAY


def answer(asked=CONSENTED, said=RndAnswer.NO, answered_at=ANSWERED, pk=1):
    return Answer(pk, asked, said, answered_at)


@pytest.mark.parametrize(
    ("answers", "permits"),
    [
        ([answer()], True),
        ([answer(asked=CONSENTED - DAY)], True),
        ([answer(asked=CONSENTED + DAY)], False),
        ([], False),
        ([answer(said=RndAnswer.YES)], False),
        ([answer(said=RndAnswer.NO_DATA)], False),
        ([answer(answered_at=NOON_IN_NEW_YORK - MAX_AGE)], True),
        ([answer(answered_at=NOON_IN_NEW_YORK - MAX_AGE - timedelta(seconds=1))], False),
        ([answer(), answer(said=RndAnswer.YES, answered_at=NOON_IN_NEW_YORK)], False),
        ([answer(said=RndAnswer.YES, answered_at=ANSWERED - DAY), answer()], True),
        ([answer(), answer(CONSENTED + 9 * DAY, RndAnswer.YES, NOON_IN_NEW_YORK)], False),
        ([answer(CONSENTED - 9 * DAY, RndAnswer.YES), answer()], True),
        ([answer(said=RndAnswer.NO_DATA, answered_at=NOON_IN_NEW_YORK), answer()], False),
    ],
)
def test_what_answers_are_worth(answers, permits):
    assert (why_not(answers, CONSENTED, NOON_IN_NEW_YORK) == "") is permits


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.builds(
            Answer,
            st.integers(1, 99),
            st.integers(-3, 3).map(lambda days: CONSENTED + days * DAY),
            st.sampled_from(RndAnswer),
            st.integers(-40, 0).map(lambda days: NOON_IN_NEW_YORK + days * DAY),
        ),
        max_size=5,
    )
)
def test_nothing_is_permitted_without_a_fresh_no_for_the_day_or_an_earlier_one(answers):
    if why_not(answers, CONSENTED, NOON_IN_NEW_YORK) == "":
        assert any(
            each.answer == "no"
            and each.asked <= CONSENTED
            and NOON_IN_NEW_YORK - each.answered_at <= timedelta(days=31)
            for each in answers
        )


def test_the_day_of_a_consent_is_that_of_the_countrys_east():
    assert day_of(datetime(2026, 3, 2, 3, 0, tzinfo=UTC)) == date(2026, 3, 1)
