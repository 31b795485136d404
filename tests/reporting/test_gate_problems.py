"""What troubles the gate is told on the floor, within ten seconds, with the next step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from campaigns.models import Campaign
from compliance import health
from compliance.choices import Refused
from compliance.models import ChainCheck, Decision
from compliance.services.check_chain import check_chain
from dialer.live.consumer import WATCH_S
from reporting.selectors.floor import GATE_KEPT_S, floor_rows
from reporting.views.floor import LABELS

from .why_makers import NOON, gate_at, lead_of, request_for, running_campaign

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


def test_a_missing_registry_is_told_where_somebody_sells(organisation):
    running_campaign(organisation)
    assert floor_rows(organisation.pk)["gate"] == []
    cache.clear()
    Campaign.objects.update(purpose="sales")
    (words,) = floor_rows(organisation.pk)["gate"]
    assert "national do-not-call registry" in words
    assert words.endswith(".")


def test_a_broken_chain_is_told_with_its_place(organisation):
    campaign = running_campaign(organisation)
    gate_at(NOON).decide([request_for(campaign, lead_of(campaign), "a" * 32)])
    check_chain(organisation.pk)
    now = timezone.now()
    assert health.problems(organisation.pk, now, sells=False) == []
    Decision.objects.update(detail="changed")
    check_chain(organisation.pk)
    (words,) = health.problems(organisation.pk, now, sells=False)
    assert "not intact at decision 1" in words
    assert "backup" in words


def test_a_chain_that_nobody_checks_any_more_is_told(organisation):
    check_chain(organisation.pk)
    ChainCheck.objects.update(at=timezone.now() - timedelta(days=4))
    (words,) = health.problems(organisation.pk, timezone.now(), sells=False)
    assert "last checked" in words
    assert "worker" in words


def test_a_change_is_seen_within_ten_seconds():
    slowest_look_s = 1.2 * WATCH_S
    assert slowest_look_s + GATE_KEPT_S < 10


def test_many_supervisors_cost_no_more_than_one(organisation, django_assert_max_num_queries):
    running_campaign(organisation)
    floor_rows(organisation.pk)
    # The organisation, its campaigns, what it has tightened of the law: nothing of the gate again.
    with django_assert_max_num_queries(3):
        floor_rows(organisation.pk)


def test_the_floor_has_words_for_every_reason():
    assert dict(LABELS["refused"].choices) == {reason.value: reason.label for reason in Refused}
