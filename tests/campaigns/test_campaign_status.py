"""Starting, pausing, draining and stopping a campaign."""

from __future__ import annotations

import itertools

import pytest
from redis import Redis

from accounts.models import AuditEntry
from campaigns import events
from campaigns.choices import CampaignStatus, LeadStatus
from campaigns.models import Campaign
from campaigns.services.campaign_status import (
    ChangedMeanwhile,
    NotReady,
    drain_campaign,
    finish_drain,
    pause_campaign,
    start_campaign,
    stop_campaign,
)
from campaigns.states import TRANSITIONS, CampaignStep, IllegalStep, steps_from, transition
from compliance.models import CallerId
from dialer.bus import names, schemas

from .makers import make_lead, make_list

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def ready(campaign, leads, organisation):
    """A campaign with all that it needs to start."""
    organisation.trunks.create(name="Carrier", host="sip.example.com")
    campaign.caller_ids.add(CallerId.objects.create(organisation=organisation, number="+12125550100"))
    make_lead(leads)
    return campaign


def test_a_campaign_runs_pauses_drains_and_stops(ready, sue):
    assert start_campaign(ready.pk, sue).status == CampaignStatus.RUNNING
    assert pause_campaign(ready.pk, sue).status == CampaignStatus.PAUSED
    assert drain_campaign(ready.pk, sue).status == CampaignStatus.DRAINING
    assert finish_drain(ready.pk).status == CampaignStatus.STOPPED
    start_campaign(ready.pk, sue)
    assert stop_campaign(ready.pk, sue).status == CampaignStatus.STOPPED
    ready.refresh_from_db()
    assert (ready.status, ready.status_changed_by) == (CampaignStatus.STOPPED, "sue")


def test_each_step_is_audited_with_both_statuses(ready, sue):
    start_campaign(ready.pk, sue)
    entry = AuditEntry.objects.get(action="campaign.start")
    assert (entry.actor, entry.target, entry.before, entry.after) == (
        "sue",
        "Spring",
        {"status": "stopped"},
        {"status": "running"},
    )


@pytest.mark.parametrize(("status", "step"), list(itertools.product(CampaignStatus, CampaignStep)))
def test_every_pair_of_status_and_step_follows_the_table(status, step):
    if step in TRANSITIONS[status]:
        assert transition(status, step) == TRANSITIONS[status][step]
    else:
        with pytest.raises(IllegalStep, match=step.value):
            transition(status, step)


def test_a_person_is_never_offered_what_only_the_engine_may_say():
    assert all(CampaignStep.DRAINED not in steps_from(status) for status in CampaignStatus)


def test_a_step_that_does_not_fit_is_refused_in_words(ready, sue):
    with pytest.raises(IllegalStep, match="stopped cannot be told to pause"):
        pause_campaign(ready.pk, sue)


def no_trunk(campaign):
    campaign.organisation.trunks.update(enabled=False)


def no_caller_id(campaign):
    campaign.caller_ids.update(active=False)


def no_list(campaign):
    campaign.lists.update(active=False)


def no_lead(campaign):
    campaign.lists.get().leads.update(status=LeadStatus.FINAL)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (no_trunk, "trunk"),
        (no_caller_id, "caller ID"),
        (no_list, "no active list"),
        (no_lead, "left to dial"),
    ],
)
def test_a_campaign_that_lacks_something_does_not_start_and_says_what(ready, sue, spoil, words):
    spoil(ready)
    with pytest.raises(NotReady, match=words):
        start_campaign(ready.pk, sue)
    ready.refresh_from_db()
    assert ready.status == CampaignStatus.STOPPED


def test_a_trunk_that_belongs_to_other_campaigns_does_not_serve(ready, sue, organisation):
    other = Campaign.objects.create(organisation=organisation, name="Other")
    organisation.trunks.get().campaigns.add(other)
    with pytest.raises(NotReady, match="trunk"):
        start_campaign(ready.pk, sue)


def test_a_manual_campaign_starts_without_leads(ready, sue):
    no_lead(ready)
    Campaign.objects.filter(pk=ready.pk).update(method="manual")
    assert start_campaign(ready.pk, sue).status == CampaignStatus.RUNNING


def test_leads_beyond_a_lowered_limit_are_exhausted_at_the_start(ready, sue):
    spent = make_lead(make_list(ready, "old"), attempts=4, status=LeadStatus.RETRY)
    Campaign.objects.filter(pk=ready.pk).update(max_attempts=4)
    start_campaign(ready.pk, sue)
    spent.refresh_from_db()
    assert spent.status == LeadStatus.EXHAUSTED


def test_of_two_changes_at_once_the_second_is_told_to_look_again(ready, sue, monkeypatch):
    from campaigns.services import campaign_status

    def somebody_else_first(campaign):
        Campaign.objects.filter(pk=campaign.pk).update(status=CampaignStatus.RUNNING)
        return ""

    monkeypatch.setattr(campaign_status, "what_is_missing", somebody_else_first)
    with pytest.raises(ChangedMeanwhile, match="Somebody else"):
        start_campaign(ready.pk, sue)


@pytest.fixture
def bus(settings):
    """Sets the Redis that changes are announced on, and forgets it afterwards."""

    def use(url):
        settings.REDIS_URL = url
        events._redis.cache_clear()

    yield use
    events._redis.cache_clear()


def test_the_daemon_is_told_once_the_change_is_committed(
    ready, sue, redis_url, bus, django_capture_on_commit_callbacks
):
    bus(redis_url)
    with django_capture_on_commit_callbacks(execute=True):
        start_campaign(ready.pk, sue)
    with Redis.from_url(redis_url) as redis:
        [(_, fields)] = redis.xrevrange(names.room_stream(ready.pk), count=1)
    told = schemas.decoder(schemas.RoomMessage).decode(fields[b"m"])
    assert told == schemas.CampaignChanged(campaign=ready.pk)


def test_redis_being_down_does_not_hold_a_campaign_up(ready, sue, bus, django_capture_on_commit_callbacks):
    bus("unix:///nowhere/redis.sock")
    with django_capture_on_commit_callbacks(execute=True):
        assert start_campaign(ready.pk, sue).status == CampaignStatus.RUNNING
