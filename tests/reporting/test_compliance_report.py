"""The monthly report's figures are those of a plain recount; months and hours are the organisation's."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaigns.models import Campaign
from compliance.models import ChainCheck, Consent, Decision, DncList, DncVersion, Override
from compliance.services.check_chain import check_chain
from dialer.calls.models import Call
from reporting.compliance_report.abandonment import Counted
from reporting.compliance_report.figures import build
from reporting.compliance_report.month import Month, NoMonth, hour_of, midnight
from tests.accounts.makers import make_organisation

from .why_makers import NOON, gate_at, lead_of, request_for, running_campaign

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NEW_YORK = ZoneInfo("America/New_York")
NOVEMBER = Month(2026, 11)
AFTERWARDS = datetime(2026, 12, 5, tzinfo=UTC)
OUTCOMES = ("connected", "abandoned", "machine", "no_answer", "lost")


def answered(campaign: Campaign, at: datetime, outcome: str, ring_s: float = 8.0) -> Call:
    """A call that was answered at this moment, or that nobody answered."""
    people = outcome != "no_answer"
    return Call(
        id=f"{random.getrandbits(128):032x}",
        organisation=campaign.organisation,
        campaign=campaign,
        number="+12125550123",
        kind="auto",
        stage="ended",
        outcome=outcome,
        placed_at=at - timedelta(seconds=ring_s),
        answered_at=at if people else None,
        ended_at=at + timedelta(seconds=30),
    )


@pytest.fixture
def november(organisation):
    """Two campaigns with calls at random from the end of September to the beginning of December."""
    campaigns = [
        Campaign.objects.create(organisation=organisation, name=name) for name in ("Autumn", "Spring")
    ]
    draw = random.Random(7)
    since = datetime(2026, 9, 28, tzinfo=UTC)
    calls = [
        answered(
            draw.choice(campaigns),
            since + timedelta(seconds=draw.randrange(66 * 86400)),
            draw.choice(OUTCOMES),
            draw.uniform(0, 60),
        )
        for _ in range(900)
    ]
    edges = [
        midnight(date(2026, 11, 1), NEW_YORK),
        midnight(date(2026, 11, 1), NEW_YORK) - timedelta(microseconds=1),
        midnight(date(2026, 12, 1), NEW_YORK),
        midnight(date(2026, 12, 1), NEW_YORK) - timedelta(microseconds=1),
        midnight(date(2026, 11, 1), NEW_YORK) - timedelta(days=29),
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    ]
    calls += [answered(campaigns[0], at, "abandoned") for at in edges]
    Call.objects.bulk_create(calls)
    return calls


def recount(calls, campaign: int, since: datetime, until: datetime) -> Counted:
    """As plainly as it can be said."""
    live = [
        call
        for call in calls
        if call.campaign_id == campaign and call.answered_at and call.outcome != "machine"
        if since <= call.answered_at < until
    ]
    return Counted(len(live), sum(call.outcome == "abandoned" for call in live))


def test_days_month_and_windows_are_those_of_a_plain_recount(november, organisation):
    report = build(organisation, NOVEMBER, AFTERWARDS)
    assert [account.campaign_name for account in report.abandonment] == ["Autumn", "Spring"]
    since, until = NOVEMBER.bounds(NEW_YORK)
    for account in report.abandonment:
        assert account.month == recount(november, account.campaign, since, until)
        assert [day.day for day in account.days] == NOVEMBER.days()
        for day, window in zip(account.days, account.windows, strict=True):
            begin, end = midnight(day.day, NEW_YORK), midnight(day.day + timedelta(days=1), NEW_YORK)
            assert day.counted == recount(november, account.campaign, begin, end)
            thirty_days = end - timedelta(hours=720)
            assert window.counted == recount(november, account.campaign, thirty_days, end)


def test_the_worst_day_and_hour_have_the_most_abandoned(november, organisation):
    report = build(organisation, NOVEMBER, AFTERWARDS)
    since, until = NOVEMBER.bounds(NEW_YORK)
    for account in report.abandonment:
        days = Counter()
        hours = Counter()
        for call in november:
            at = call.answered_at
            if call.campaign_id == account.campaign and call.outcome == "abandoned" and since <= at < until:
                days[at.astimezone(NEW_YORK).date()] += 1
                hours[at.replace(minute=0, second=0, microsecond=0)] += 1
        assert account.worst_day.counted.abandoned == max(days.values())
        assert days[account.worst_day.day] == max(days.values())
        assert account.worst_hour[1].abandoned == max(hours.values())
        assert hours[account.worst_hour[0]] == max(hours.values())


def test_sales_are_measured_as_the_law_says_with_its_citation(november, organisation):
    account = build(organisation, NOVEMBER, AFTERWARDS).abandonment[0]
    assert (account.rule.limit, str(account.rule.window)) == (0.03, "30 days")
    assert "16 CFR 310.4(b)(4)" in account.rule.citation
    assert account.days_over == sum(window.counted.share > 0.03 for window in account.windows)


def test_a_calendar_month_begins_anew(organisation):
    organisation.country = "CA"
    organisation.save()
    campaign = Campaign.objects.create(organisation=organisation, name="North")
    october = midnight(date(2026, 11, 1), NEW_YORK) - timedelta(hours=3)
    Call.objects.bulk_create(
        [answered(campaign, october, "abandoned"), answered(campaign, NOON, "connected")]
    )
    (account,) = build(organisation, NOVEMBER, AFTERWARDS).abandonment
    assert str(account.rule.window) == "calendar month"
    assert account.at_the_end.counted == Counted(1, 0)


def test_a_month_that_runs_is_counted_up_to_now(november, organisation):
    report = build(organisation, NOVEMBER, NOON)
    assert report.running
    assert report.abandonment[0].days[-1].day == date(2026, 11, 20)
    autumn = report.abandonment[0]
    since, _ = NOVEMBER.bounds(NEW_YORK)
    assert autumn.month == recount(november, autumn.campaign, since, NOON)


def test_another_organisations_calls_do_not_count(november):
    assert build(make_organisation("Elsewhere"), NOVEMBER, AFTERWARDS).abandonment == ()


@pytest.mark.parametrize(("day", "hours"), [((2026, 11, 1), 25), ((2027, 3, 14), 23), ((2026, 11, 2), 24)])
def test_a_day_on_which_clocks_change_has_its_hours(day, hours):
    begin, end = midnight(date(*day), NEW_YORK), midnight(date(*day) + timedelta(days=1), NEW_YORK)
    minutes = [begin + timedelta(minutes=index) for index in range(int((end - begin).total_seconds() // 60))]
    assert len({hour_of(minute, NEW_YORK) for minute in minutes}) == hours
    assert hour_of(begin, NEW_YORK) == begin


def test_hours_begin_at_midnight_also_where_zones_are_half_an_hour_off():
    zone = ZoneInfo("Asia/Kolkata")
    begin = midnight(date(2026, 11, 3), zone)
    assert hour_of(begin + timedelta(minutes=59), zone) == begin
    assert hour_of(begin - timedelta(seconds=1), zone) == begin - timedelta(hours=1)


def test_months_follow_each_other():
    assert Month.read("2026-12").following == Month(2027, 1)
    assert Month.before(date(2027, 1, 31)) == Month(2026, 12)
    assert len(Month(2028, 2).days()) == 29
    for wrong in ("2026-13", "11-2026", "2026-1", "november", ""):
        with pytest.raises(NoMonth):
            Month.read(wrong)


def test_answers_of_the_gate_are_counted_by_campaign_reason_level_and_signer(organisation):
    spring, autumn = running_campaign(organisation), running_campaign(organisation, "Autumn")
    draw = random.Random(3)
    for index, days in enumerate(sorted(draw.randrange(-40, 30) for _ in range(60))):
        campaign = draw.choice([spring, autumn])
        at = NOON.replace(hour=draw.choice([9, 17])) + timedelta(days=days)
        lead = lead_of(campaign, f"+1212555{1000 + index}")
        gate_at(at).decide([request_for(campaign, lead, f"{index:032x}")])
    since, until = NOVEMBER.bounds(NEW_YORK)
    rows = [row for row in Decision.objects.all() if since <= row.at < until]
    names = {spring.pk: "Spring", autumn.pk: "Autumn"}
    found = build(organisation, NOVEMBER, AFTERWARDS).answers
    assert 0 < len(rows) < 60
    assert found.refused == Counter((names[row.campaign], row.reason) for row in rows if row.reason)
    assert found.permitted == Counter(names[row.campaign] for row in rows if not row.reason)
    assert found.attested == Counter((row.attestation, row.signer) for row in rows if not row.reason)


def test_lists_are_in_force_from_one_load_to_the_next(organisation):
    registry = DncList.objects.create(organisation=organisation, kind="national", name="Registry")
    loads = [date(2026, 9, 1), date(2026, 10, 20), date(2026, 11, 15), date(2026, 12, 2)]
    for number, day in enumerate(loads, start=1):
        DncVersion.objects.create(
            dnc_list=registry,
            number=number,
            status="ready",
            as_of=day,
            fresh_as_of=day,
            entries=number,
            ready_at=midnight(day, NEW_YORK),
        )
    found = build(organisation, NOVEMBER, AFTERWARDS).lists
    assert [(each.version, each.since, each.until) for each in found] == [
        (2, midnight(date(2026, 11, 1), NEW_YORK), midnight(date(2026, 11, 15), NEW_YORK)),
        (3, midnight(date(2026, 11, 15), NEW_YORK), midnight(date(2026, 12, 1), NEW_YORK)),
    ]


def test_changes_of_rules_name_who_proposed_and_who_agreed(organisation, supervisor, reader):
    common = {"organisation": organisation, "reason": "Asked for", "proposed_by": supervisor}
    held = Override.objects.create(
        rule="us-window",
        value={"closes": "20:00"},
        loosens=False,
        effective=date(2026, 10, 1),
        **common,
    )
    looser = {"rule": "fl-cap", "value": {"limit": 4}, "loosens": True, "effective": date(2026, 11, 3)}
    agreed = {"approved_by": reader, "approved_at": datetime(2026, 11, 2, tzinfo=UTC)}
    Override.objects.create(**looser, ends=date(2026, 11, 20), **agreed, **common)
    Override.objects.create(**looser, ends=date(2026, 11, 20), **common)
    Override.objects.create(
        **(looser | {"effective": date(2026, 9, 1)}), ends=date(2026, 11, 1), **agreed, **common
    )
    Override.objects.update(proposed_at=datetime(2026, 9, 1, tzinfo=UTC))
    found = build(organisation, NOVEMBER, AFTERWARDS).rule_changes
    assert [(each.rule, each.proposed_by, each.approved_by) for each in found] == [
        (held.rule, "sam", ""),
        ("fl-cap", "sam", "rita"),
    ]


def test_consents_and_revocations_of_the_month_are_counted(organisation):
    for kind, day in (("written", 3), ("written", 9), ("revoked", 9), ("written", 31)):
        at = midnight(date(2026, 11, 1), NEW_YORK) + timedelta(days=day)
        Consent.objects.create(
            organisation=organisation, number=12125550123, kind=kind, given_at=at, means="web"
        )
    found = build(organisation, NOVEMBER, AFTERWARDS).consents
    assert found == (("revoked", "web", 1), ("written", "web", 2))


def test_the_head_and_the_last_check_of_the_chain_are_told(organisation):
    campaign = running_campaign(organisation)
    gate_at(NOON).decide([request_for(campaign, lead_of(campaign), "a" * 32)])
    assert build(organisation, NOVEMBER, AFTERWARDS).chain.checked_at is None
    verdict = check_chain(organisation.pk)
    state = build(organisation, NOVEMBER, AFTERWARDS).chain
    assert (state.head, state.checked, state.finding) == (verdict.head, 1, "")
    Decision.objects.update(caller_id="+13125550199")
    check_chain(organisation.pk)
    state = build(organisation, NOVEMBER, AFTERWARDS).chain
    assert (state.found_at, state.finding) == (1, "It was changed, or is not in its place")
    assert ChainCheck.objects.count() == 2
