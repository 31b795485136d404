"""An agent's session: opened by the console, one at a time, gone on with after a break."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from agents.models import AgentSession
from agents.services.end_forgotten_sessions import FORGOTTEN_AFTER, end_forgotten_sessions
from agents.services.end_session import end_session
from agents.services.enter_campaign import enter_campaign
from agents.services.open_session import open_session
from agents.services.see_session import see_session

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ann", organisation=Organisation.objects.create(name="Acme"))


def test_the_first_console_opens_a_session(person):
    session = open_session(person, timezone.now())
    assert (session.agent, session.ended_at, len(session.pk)) == (person, None, 32)


def test_a_console_that_comes_back_goes_on_with_its_session(person):
    now = timezone.now()
    assert open_session(person, now) == open_session(person, now + timedelta(minutes=5))


def test_a_session_left_for_long_ends_when_it_was_last_seen(person):
    start = timezone.now()
    old = open_session(person, start)
    see_session(old.pk, start + timedelta(minutes=3))
    new = open_session(person, start + timedelta(minutes=4) + FORGOTTEN_AFTER)
    old.refresh_from_db()
    assert new.pk != old.pk
    assert (old.ended_at, old.end_reason) == (start + timedelta(minutes=3), "left")


def test_forgotten_sessions_are_ended_without_a_console(person):
    start = timezone.now()
    session = open_session(person, start)
    assert end_forgotten_sessions(start + FORGOTTEN_AFTER) == 0
    assert end_forgotten_sessions(start + FORGOTTEN_AFTER + timedelta(seconds=1)) == 1
    session.refresh_from_db()
    assert (session.ended_at, session.end_reason) == (start, "left")


def test_a_session_ends_once(person):
    session = open_session(person, timezone.now())
    assert end_session(session.pk, "signed_out", timezone.now())
    assert not end_session(session.pk, "signed_out", timezone.now())
    assert not see_session(session.pk, timezone.now())
    assert not enter_campaign(session.pk, None)


def test_the_database_holds_one_open_session_an_agent(person):
    open_session(person, timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        AgentSession.objects.create(
            id="f" * 32,
            organisation=person.organisation,
            agent=person,
            started_at=timezone.now(),
            seen_at=timezone.now(),
        )


def test_two_tabs_that_open_at_once_share_one_session(person, monkeypatch):
    first = open_session(person, timezone.now())
    monkeypatch.setattr("agents.services.open_session._current", lambda person: None)
    assert open_session(person, timezone.now()) == first


async def test_the_socket_opens_the_session_and_says_it_in_hello(console, agent):
    hello = await console.hello()
    session = await sync_to_async(AgentSession.objects.get)(agent=agent, ended_at=None)
    assert hello["session"] == session.pk
    assert hello["session_started_at"] == pytest.approx(session.started_at.timestamp())
    assert hello["other_tab"] is False
