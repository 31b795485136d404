"""Other systems may ask for a dial, and hand on do-not-call requests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.scopes import Scope
from agents.models import AgentSession
from campaigns.models import Campaign
from compliance.models import DncEntry
from dialer.bus import names, schemas, streams

from .conftest import client_with

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
NUMBER = "+12125550123"


class Room:
    """The other end of a campaign's stream: answers every command with what the test says."""

    def __init__(self, redis_url: str, campaign: int, answer: schemas.Reply) -> None:
        self.url, self.campaign, self.answer = redis_url, campaign, answer
        self.commands: list[Any] = []
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> Room:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join()

    async def _serve(self) -> None:
        redis = streams.connect(self.url, max_connections=4)
        reader = streams.Reader(redis, schemas.RoomMessage)
        reader.follow(names.room_stream(self.campaign), "0")
        self._ready.set()
        while not self._stop.is_set():
            for _stream, _position, command in await reader.read(50):
                self.commands.append(command)
                await streams.reply(redis, command.reply_to, self.answer)
        await redis.aclose()


@pytest.fixture
def agent(administrator: User, campaign: Campaign) -> Iterator[User]:
    """Somebody who has joined the campaign."""
    person = User.objects.create_user(username="sam", organisation=administrator.organisation, role="agent")
    AgentSession.objects.create(
        id="5" * 32,
        organisation=administrator.organisation,
        agent=person,
        campaign=campaign,
        started_at=datetime.now(UTC),
    )
    return person


def dial(api: APIClient, **body: Any) -> Any:
    return api.post("/api/v1/dials", body, format="json")


def test_a_dial_goes_to_the_agents_room_as_the_systems_own(api, agent, campaign, redis_url):
    with Room(redis_url, campaign.pk, schemas.Done(data={"call": "c" * 32})) as room:
        answer = dial(api, agent="sam", number=NUMBER)
    assert (answer.status_code, answer.json()) == (201, {"call": "c" * 32})
    (command,) = room.commands
    assert (command.name, command.agent, command.session) == ("dial", agent.pk, "5" * 32)
    assert command.args == {"number": NUMBER, "by_system": True}


def test_a_refusal_comes_back_in_words(api, agent, campaign, redis_url):
    no = schemas.Failed(code="refused", message="The number is on the organisation's do-not-call list.")
    with Room(redis_url, campaign.pk, no):
        answer = dial(api, agent="sam", number=NUMBER)
    assert answer.status_code == 409
    assert answer.json()["error"] == {"code": "not_dialed", "message": no.message}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"agent": "sam"}, "non_field_errors"),
        ({"agent": "sam", "number": NUMBER, "lead": 1}, "non_field_errors"),
        ({"agent": "nobody", "number": NUMBER}, "agent"),
        ({"agent": "sam", "number": NUMBER, "by_system": False}, "by_system"),
        ({"agent": "sam", "lead": 0}, "lead"),
        ({"number": NUMBER}, "agent"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(api, agent, body, field):
    answer = dial(api, **body)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]


def test_an_agent_of_another_organisation_is_not_found(stranger, agent, redis_url, settings):
    settings.REDIS_URL = redis_url
    assert dial(client_with(stranger), agent="sam", number=NUMBER).status_code == 400


def test_a_key_without_the_scope_dials_nothing(administrator, agent, redis_url, settings):
    settings.REDIS_URL = redis_url
    api = client_with(administrator, [Scope.CALLS_READ])
    assert dial(api, agent="sam", number=NUMBER).status_code == 403
    assert api.post("/api/v1/do-not-call", {"numbers": [NUMBER]}, format="json").status_code == 403


def test_do_not_call_requests_hold_from_the_answer_on(api, administrator):
    def post() -> Any:
        body = {"numbers": [NUMBER, "(212) 555-0124"], "note": "Opted out by text"}
        return api.post("/api/v1/do-not-call", body, format="json")

    assert (post().json(), post().json()) == ({"added": 2, "asked": 2}, {"added": 0, "asked": 2})
    rows = DncEntry.objects.filter(organisation=administrator.organisation).order_by("number")
    assert [(row.number, row.source, row.note) for row in rows] == [
        (12125550123, "api", "Opted out by text"),
        (12125550124, "api", "Opted out by text"),
    ]


def test_one_unreadable_number_adds_none_and_is_named(api):
    answer = api.post("/api/v1/do-not-call", {"numbers": [NUMBER, "call me"]}, format="json")
    assert answer.status_code == 400
    assert "call me" in answer.json()["error"]["fields"]["numbers"][0]
    assert not DncEntry.objects.exists()
