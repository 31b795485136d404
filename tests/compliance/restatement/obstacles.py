"""For each rule of the gate, ways in which it alone comes to forbid a dial that was lawful until then.

An obstacle is put up by the public verbs, or is something else that the dial asks for; it gives the dial as it is
then asked for.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from compliance.choices import ConsentNeed, DialKind, Message, Purpose
from compliance.gate import CampaignHours, DialRequest, Granted

from . import places
from .dials import CALLER_IDS, NOON, OURS, country_of
from .machine import Compliance

Make = Callable[[Compliance, DialRequest], DialRequest]
FLORIDA, MARYLAND, MAINE, LONDON = "+13055550123", "+14105550123", "+12075550123", "+442079460123"
JERSEY = "+441534123456"
"""Where every sale needs a consent."""
NOT_A_PLACE = {"unknown_place", "unknown_zone"}
REASONS = {
    "number": {"invalid_number", *NOT_A_PLACE},
    "caller_id": {"no_caller_id", "caller_ids_rest"},
}
"""What the restatement says where that is not the rule's own name."""


class Obstacle(NamedTuple):
    """``rule`` alone forbids what ``make`` gives."""

    rule: str
    make: Make

    @property
    def reasons(self) -> set[str]:
        """What the restatement has against the dial."""
        return REASONS.get(self.rule, {self.rule})


OBSTACLES: list[Obstacle] = []


def obstacle(rule: str) -> Callable[[Make], Make]:
    """Add it to the table."""

    def add(make: Make) -> Make:
        OBSTACLES.append(Obstacle(rule, make))
        return make

    return add


def _sale(dial: DialRequest) -> DialRequest:
    """By hand: then no state asks for a consent."""
    return replace(dial, purpose=Purpose.SALES, kind=DialKind.MANUAL)


def _again(dial: DialRequest) -> DialRequest:
    return replace(dial, call=uuid.uuid4().hex)


def _has_called(world: Compliance, dial: DialRequest, times: int) -> DialRequest:
    """The same was dialed so often."""
    answers = world.ask([_again(dial) for _ in range(times)])
    assert all(isinstance(answer, Granted) for answer in answers)
    return _again(dial)


# What holds for everybody


@obstacle("clock")
def the_clock_shows_another_century(world, dial):
    world.now = datetime(2100, 1, 6, NOON.hour, NOON.minute, tzinfo=UTC)
    return replace(dial, purpose=Purpose.INFORMATION)


@obstacle("stopped")
def all_dialing_is_stopped(_, dial):
    return replace(dial, dialing_stopped=True)


@obstacle("campaign_status")
def the_campaign_does_not_dial(_, dial):
    return replace(dial, campaign_dialing=False)


# What the number is


@obstacle("number")
def it_is_directory_assistance(_, dial):
    return replace(dial, number="+12125551212")


@obstacle("number")
def it_is_a_service_code(_, dial):
    return replace(dial, number="+12129110123")


@obstacle("number")
def it_is_premium_rate(_, dial):
    return replace(dial, number="+12129760123")


@obstacle("own_dnc")
def they_asked_not_to_be_called(world, dial):
    world.they_ask_not_to_be_called(OURS, {dial.number})
    return dial


@obstacle("campaign_dnc")
def it_is_on_the_campaigns_list(world, dial):
    world.loads_list(OURS, ("campaign", "", "", dial.campaign), {dial.number}, 0)
    return dial


@obstacle("campaign_dnc")
def it_is_on_a_list_of_the_whole_organisation(world, dial):
    world.loads_list(OURS, ("internal", "", "", None), {dial.number}, 0)
    return dial


@obstacle("litigator")
def it_is_a_litigators(world, dial):
    world.loads_list(OURS, ("litigator", "", "", None), {dial.number}, 0)
    return dial


@obstacle("wildcard")
def its_beginning_is_blocked(world, dial):
    world.prefix_is_blocked(OURS, dial.number[:8], None)
    return dial


@obstacle("wildcard")
def its_beginning_is_blocked_for_the_campaign(world, dial):
    world.prefix_is_blocked(OURS, dial.number[:5], dial.campaign)
    return dial


@obstacle("national_dnc")
def it_is_on_the_national_registry(world, dial):
    number = LONDON if dial.number == JERSEY else dial.number
    world.loads_list(OURS, ("national", country_of(number), "", None), {number}, 1)
    return replace(_sale(dial), number=number)


@obstacle("state_dnc")
def it_is_on_the_states_registry(world, dial):
    world.loads_list(OURS, ("state", "US", "FL", None), {FLORIDA}, 1)
    return replace(_sale(dial), number=FLORIDA)


@obstacle("list_unusable")
def the_registry_is_too_old(world, dial):
    world.loads_list(OURS, ("national", "US", "", None), set(), 32)
    return replace(_sale(dial), number=FLORIDA)


@obstacle("list_unusable")
def the_states_registry_is_too_old(world, dial):
    world.loads_list(OURS, ("state", "US", "FL", None), set(), 32)
    return replace(_sale(dial), number=FLORIDA)


@obstacle("list_unusable")
def a_list_is_damaged(world, dial):
    world.loads_list(OURS, ("litigator", "", "", None), set(), 0)
    world.damages(OURS, "litigator", cut=True)
    return dial


# What was agreed to


@obstacle("consent")
def the_campaign_asks_for_consent(_, dial):
    return replace(dial, consent_need=ConsentNeed.WRITTEN)


@obstacle("consent")
def the_message_is_recorded(_, dial):
    return replace(dial, number=FLORIDA, purpose=Purpose.INFORMATION, message=Message.RECORDED)


@obstacle("consent")
def maryland_asks_for_consent(_, dial):
    return replace(dial, number=MARYLAND, purpose=Purpose.SURVEY, kind=DialKind.AUTO)


@obstacle("consent")
def the_consent_was_revoked(world, dial):
    world.somebody_agrees(OURS, dial.number, "written", timedelta(hours=1), None, "")
    world.somebody_revokes(OURS, dial.number, None)
    return replace(dial, consent_need=ConsentNeed.EXPRESS)


@obstacle("reassigned")
def nobody_knows_whose_it_is(_, dial):
    return replace(dial, check_reassigned=True)


@obstacle("reassigned")
def it_has_changed_hands(world, dial):
    world.somebody_agrees(OURS, dial.number, "written", timedelta(days=92), None, "")
    world.database_answers(OURS, dial.number, 1, "yes", 0)
    return replace(dial, check_reassigned=True)


# How often


@obstacle("attempts")
def the_attempts_are_used_up(_, dial):
    return replace(dial, attempts=dial.max_attempts, purpose=Purpose.INFORMATION, kind=DialKind.AUTO)


@obstacle("attempts")
def it_was_dialed_as_often_as_the_campaign_allows(world, dial):
    modest = replace(dial, attempts=0, max_attempts=2, purpose=Purpose.INFORMATION)
    return _has_called(world, modest, 2)


@obstacle("cap")
def maine_was_called_today(world, dial):
    return _has_called(world, replace(_sale(dial), number=MAINE), 1)


@obstacle("cap")
def maryland_was_called_three_times_about_it(world, dial):
    return _has_called(world, replace(_sale(dial), number=MARYLAND), 3)


@obstacle("cap")
def seven_calls_about_a_debt_were_made(world, dial):
    debt = replace(dial, number=FLORIDA, purpose=Purpose.COLLECTION, kind=DialKind.MANUAL)
    return _has_called(world, debt, 7)


@obstacle("locked_out")
def a_call_was_abandoned(world, dial):
    world.a_call_ends(OURS, LONDON, dial.subject, talked=False)
    world.now += timedelta(hours=1)
    return replace(dial, number=LONDON, kind=DialKind.AUTO)


@obstacle("locked_out")
def somebody_talked_about_the_debt(world, dial):
    world.a_call_ends(OURS, FLORIDA, dial.subject, talked=True)
    world.now += timedelta(hours=1)
    return replace(dial, number=FLORIDA, purpose=Purpose.COLLECTION)


# When


@obstacle("window")
def it_is_night_there(world, dial):
    zone = ZoneInfo(min(places.told_by_number(dial.number)[1]))
    tomorrow = world.now.astimezone(zone).date() + timedelta(days=1)
    world.now = datetime.combine(tomorrow, time(3), zone).astimezone(UTC)
    return dial


@obstacle("window")
def it_is_night_where_the_zip_is(world, dial):
    world.now += timedelta(hours=8)
    return replace(dial, number="+12065550123", postal_code="02108", purpose=Purpose.SALES)


@obstacle("campaign_hours")
def the_campaign_is_closed_by_now(_, dial):
    return replace(dial, hours=CampaignHours(time(0), time(8), "1234567", "America/New_York"))


@obstacle("campaign_hours")
def the_campaign_dials_at_weekends(_, dial):
    return replace(dial, hours=CampaignHours(time(0), time(0), "67", "America/New_York"))


# What is shown


@obstacle("caller_id")
def no_caller_id_is_switched_on(world, dial):
    for number in CALLER_IDS:
        world.caller_id_is_saved(OURS, number, active=False, limit=0)
    return dial


@obstacle("caller_id")
def every_caller_id_rests(world, dial):
    for number in CALLER_IDS:
        world.caller_id_rests_or_wakes(OURS, number, 24, wakes=False)
    return dial


@obstacle("caller_id")
def every_caller_id_is_used_up(world, dial):
    for number in CALLER_IDS:
        world.caller_id_rests_or_wakes(OURS, number, 1, wakes=True)
        world.caller_id_is_saved(OURS, number, active=True, limit=1)
    information = replace(dial, purpose=Purpose.INFORMATION)
    return _has_called(world, information, len(CALLER_IDS))
