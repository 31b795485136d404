"""The last hour in minutes, for the floor's chart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.models import Campaign
from reporting.selectors.floor import last_hour
from tests.accounts.makers import client_of, make_organisation

from .makers import NOON, make_call, talk

pytestmark = pytest.mark.integration


def test_calls_are_counted_in_the_minute_in_which_they_were_placed(campaign, organisation):
    make_call(campaign, at=-3600)
    make_call(campaign, at=-61)
    make_call(campaign, at=-60, **talk(-60))
    make_call(campaign, at=-1, outcome="abandoned")
    make_call(campaign, at=-3601)
    make_call(campaign, at=0)
    counts = last_hour(organisation.pk, NOON + timedelta(seconds=30))
    assert len(counts["minutes"]) == 60
    assert (counts["minutes"][0], counts["minutes"][-1]) == (NOON.timestamp() - 3600, NOON.timestamp() - 60)
    assert (counts["placed"][0], counts["placed"][-2:], sum(counts["placed"])) == (1, (1, 2), 4)
    assert (counts["connected"][-1], counts["abandoned"][-1]) == (1, 1)


def test_an_hour_without_calls_is_sixty_zeros(organisation):
    assert last_hour(organisation.pk, NOON)["placed"] == (0,) * 60


def test_another_organisations_calls_are_not_counted(organisation, supervisor):
    theirs = Campaign.objects.create(organisation=make_organisation("Elsewhere"), name="Spring")
    make_call(theirs, at=-30)
    assert sum(last_hour(organisation.pk, NOON)["placed"]) == 0
    assert client_of(supervisor).get("/floor/hour/").json()["placed"] == [0] * 60
