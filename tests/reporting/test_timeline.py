"""The picture of a call: its steps follow each other and fill it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reporting.timeline import NARROWEST, WIDTH, timeline

from .makers import NOON, make_call, talk

pytestmark = pytest.mark.integration


def test_the_steps_of_a_talk_follow_each_other(campaign):
    picture = timeline(make_call(campaign, **talk(seconds=40)), NOON)
    assert [(segment.name, segment.seconds) for segment in picture.segments] == [
        ("Setting up", 1.0),
        ("Ringing", 4.0),
        ("Waiting for an agent", 0.08),
        ("With an agent", 40.0),
    ]
    assert picture.seconds == pytest.approx(45.08)
    for before, after in zip(picture.segments, picture.segments[1:], strict=False):
        assert after.x == pytest.approx(before.x + before.seconds / picture.seconds * WIDTH, abs=0.2)


def test_a_step_of_milliseconds_is_seen(campaign):
    waiting = timeline(make_call(campaign, **talk(seconds=600)), NOON).segments[2]
    assert (waiting.name, waiting.width) == ("Waiting for an agent", NARROWEST)


def test_a_call_that_is_up_ends_now(campaign):
    call = make_call(campaign, stage="placed", outcome="", ended_at=None)
    picture = timeline(call, NOON + timedelta(seconds=7))
    assert [(segment.name, segment.seconds) for segment in picture.segments] == [("Setting up", 7.0)]


def test_a_call_that_failed_at_once_has_a_picture(campaign):
    assert timeline(make_call(campaign, ended_at=NOON), NOON).segments[0].seconds == 0.0


def test_an_abandoned_call_shows_the_message(campaign):
    answered = NOON + timedelta(seconds=4)
    call = make_call(
        campaign,
        outcome="abandoned",
        answered_at=answered,
        message_at=answered + timedelta(seconds=2),
        ended_at=answered + timedelta(seconds=9),
    )
    names = [segment.name for segment in timeline(call, NOON).segments]
    assert names == ["Setting up", "Waiting for an agent", "Safe-harbour message"]
