"""What the pacer is told of the world around the room."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialer.bus import schemas
from dialer.engine.room import placing, supply

from .rooms import CONFIG, TRUNK, World, due

pytestmark = pytest.mark.unit
NOON_IN_NEW_YORK = datetime(2026, 7, 6, 16, tzinfo=UTC).timestamp()
"""A Monday."""


def test_leads_of_one_list_attempt_and_kind_of_phone_are_of_one_sort():
    assert supply.lead_kind(7, 0, "mobile") == "7/1/mobile"
    assert supply.lead_kind(7, 2, "") == supply.lead_kind(7, 9, "") != supply.lead_kind(7, 1, "")


def test_the_pacer_is_told_of_the_next_leads_and_how_many_are_left():
    world = World()
    world.room.hopper.extend(
        {**due(number), "request": {"lead_kind": f"1/{number}/"}} for number in range(1, 100)
    )
    told = placing.snapshot(world.room, NOON_IN_NEW_YORK)
    assert list(told.next_kinds) == [f"1/{number}/" for number in range(1, supply.KINDS_AHEAD + 1)]
    assert told.leads_left is None
    world.room.hopper_empty = True
    assert placing.snapshot(world.room, NOON_IN_NEW_YORK).leads_left == 99


def test_calls_a_second_are_those_of_all_trunks_unless_one_has_no_limit():
    five, ten = replace(TRUNK, cps_limit=5.0), replace(TRUNK, id=2, cps_limit=10.0)
    assert supply.calls_per_s(replace(CONFIG, trunks=(five, ten))) == 15.0
    assert supply.calls_per_s(replace(CONFIG, trunks=(five, TRUNK))) == math.inf


def test_the_campaign_closes_by_the_clock_of_its_organisation():
    noon = supply.local_time(CONFIG, NOON_IN_NEW_YORK)
    assert (noon.hour, supply.closes_in(CONFIG, noon)) == (12, 9 * 3600)
    late = supply.local_time(CONFIG, NOON_IN_NEW_YORK + 10 * 3600)
    assert supply.closes_in(CONFIG, late) == 0
    assert supply.closes_in(replace(CONFIG, weekdays="67"), noon) == 0


def test_where_the_gates_clock_is_moved_the_hours_move_with_it(settings):
    night = NOON_IN_NEW_YORK - 10 * 3600
    assert supply.closes_in(CONFIG, supply.local_time(CONFIG, night)) == 0
    settings.GATE_OFFSET_S = 10 * 3600.0
    assert supply.closes_in(CONFIG, supply.local_time(CONFIG, night)) == 9 * 3600


def test_talks_take_lines_from_what_may_still_be_placed():
    world = World(line_limit=5)
    world.agent(1)
    (call,) = world.place(1)
    assert placing.snapshot(world.room, world.now).line_limit == 5
    world.line(schemas.CallAnswered, call)
    told = placing.snapshot(world.room, world.now)
    assert (len(told.lines), told.line_limit) == (0, 4)
