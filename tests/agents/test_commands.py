"""What the console asks for reaches the room as it is, or is refused with a reason."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from agents import rooms
from agents.models import AgentSession
from campaigns.choices import CampaignStatus
from dialer.bus import schemas
from tests.live.helpers import Browser, make_person, sign_in

from .conftest import make_campaign
from .room import CALL_ID, Room

pytestmark = pytest.mark.integration


@pytest.fixture
async def joined(console: Browser, room: Room, campaign) -> Browser:
    await console.subscribed()
    assert (await console.command("join", campaign=campaign.pk))["ok"]
    return console


async def _campaign_of(agent) -> int | None:
    session = await sync_to_async(AgentSession.objects.get)(agent=agent, ended_at=None)
    return session.campaign_id


async def test_the_list_has_the_organisations_running_and_paused_campaigns(console, agent, campaign):
    await make_campaign(agent, "Autumn", CampaignStatus.PAUSED)
    await make_campaign(agent, "Old", CampaignStatus.STOPPED)
    await make_campaign(agent, "Ending", CampaignStatus.DRAINING)
    stranger = await make_person("zoe", organisation="Other")
    await make_campaign(stranger, "Elsewhere")
    await console.hello()
    found = (await console.command("campaigns"))["data"]["campaigns"]
    assert [(row["name"], row["status"]) for row in found] == [
        ("Spring renewals", "running"),
        ("Autumn", "paused"),
    ]


async def test_without_a_campaign_the_web_process_says_so(console, agent):
    entry = (await console.subscribed())["state"]["agent"]
    assert (entry["state"], entry["campaign"], entry["id"]) == ("offline", None, agent.pk)
    assert entry["notice"]
    for name in ("ready", "hangup", "preview_dial"):
        assert (await console.command(name))["error"]["code"] == "no_campaign"


async def test_a_join_reaches_the_room_with_the_agents_name_and_is_kept(joined, room, agent, campaign):
    command = await room.got("join")
    assert (command.agent, command.args) == (agent.pk, {"name": "Ann"})
    assert await _campaign_of(agent) == campaign.pk


async def test_a_campaign_of_another_organisation_is_not_found(console, room):
    stranger = await make_person("zoe", organisation="Other")
    other = await make_campaign(stranger, "Elsewhere")
    await console.hello()
    assert (await console.command("join", campaign=other.pk))["error"]["code"] == "not_found"


async def test_a_join_that_the_room_refuses_is_not_kept(console, room, agent, campaign):
    room.answers["join"] = schemas.Failed(code="refused", message="The campaign is full.")
    await console.hello()
    assert (await console.command("join", campaign=campaign.pk))["error"]["code"] == "refused"
    assert await _campaign_of(agent) is None


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("ready", {}),
        ("pause", {"reason": "lunch"}),
        ("hangup", {}),
        ("mute", {"on": True}),
        ("hold", {"on": False}),
        ("dtmf", {"digits": "12#*"}),
        ("dispose", {"call": CALL_ID, "disposition": 3}),
        (
            "dispose",
            {
                "call": CALL_ID,
                "disposition": 2,
                "notes": "Asked for it.",
                "callback_at": 1795301000.0,
                "callback_mine": True,
                "then": "pause",
            },
        ),
        ("extend_wrapup", {}),
        ("dial", {"number": "(518) 555-0123"}),
        ("dial", {"lead": 4}),
        ("dial", {"callback": 5}),
        ("preview_dial", {}),
        ("preview_skip", {}),
        ("shown", {"call": CALL_ID}),
        ("save_lead", {"fields": {"email": "a@b.example", "custom": {"plan": "Green"}}}),
    ],
)
async def test_a_command_reaches_the_room_as_it_is(joined, room, agent, name: str, args: dict):
    room.answers[name] = schemas.Done(data={"queued": True})
    assert (await joined.command(name, **args))["data"] == {"queued": True}
    command = await room.got(name)
    assert (command.args, command.agent) == (args, agent.pk)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("join", {"campaign": "1"}),
        ("join", {"campaign": 0}),
        ("pause", {"reason": "x" * 25}),
        ("mute", {}),
        ("mute", {"on": 1}),
        ("dtmf", {"digits": ""}),
        ("dtmf", {"digits": "12a"}),
        ("dtmf", {"digits": "1" * 33}),
        ("dispose", {"call": "../x", "disposition": 1}),
        ("dispose", {"call": CALL_ID, "disposition": 1, "then": "sleep"}),
        ("dispose", {"call": CALL_ID, "disposition": 1, "callback_at": 1e12}),
        ("dial", {}),
        ("dial", {"number": "+15185550123", "lead": 4}),
        ("dial", {"number": "call me"}),
        ("save_lead", {"fields": {}}),
        ("save_lead", {"fields": {"email": 1}}),
        ("media_offer", {"sdp": ""}),
        ("ready", {"now": True}),
    ],
)
async def test_arguments_that_do_not_fit_never_reach_the_room(joined, room, name: str, args: dict):
    before = len(room.commands(name))
    assert (await joined.command(name, **args))["error"]["code"] == "bad_args"
    assert len(room.commands(name)) == before


async def test_a_refusal_of_the_room_comes_with_its_words(joined, room):
    room.answers["dial"] = schemas.Failed(code="refused", message="The number is on the do-not-call list.")
    error = (await joined.command("dial", number="+15185550123"))["error"]
    assert error == {"code": "refused", "message": "The number is on the do-not-call list."}


async def test_a_room_that_does_not_answer_is_no_engine(joined, room, monkeypatch):
    monkeypatch.setattr(rooms, "ANSWER_LIMIT_S", 0.2)
    room.silent = True
    assert (await joined.command("ready"))["error"]["code"] == "no_engine"


async def test_a_room_sees_the_console_come_back_and_go(joined, room, agent, campaign):
    await joined.disconnect()
    again = Browser("/ws/agent", cookie=await sign_in(agent))
    await again.hello()
    joined.greeted = False
    await again.command("ready")
    assert room.commands("join")[-1].reply_to == ""
    ups = [message.up for message in room.messages if isinstance(message, schemas.AgentConnection)]
    assert ups == [False, True]
    await again.disconnect()


async def test_leaving_takes_the_agent_out_and_clears_the_screen(joined, room, agent):
    await joined.command("leave")
    assert await _campaign_of(agent) is None
    await joined.ask(op="subscribe")
    state = (await joined.next("snapshot"))["state"]
    assert (state["agent"]["campaign"], set(state)) == (None, {"agent"})


async def test_joining_another_campaign_leaves_the_first(joined, room, agent, live):
    other = await make_campaign(agent, "Autumn")
    async with Room(live, other.pk, agent.pk) as second:
        assert (await joined.command("join", campaign=other.pk))["ok"]
        assert len(room.commands("leave")) == 1
        await second.got("join")
    assert await _campaign_of(agent) == other.pk


async def test_a_refused_leave_keeps_the_agent_in_the_first_campaign(joined, room, agent, campaign):
    room.answers["leave"] = schemas.Failed(code="wrong_state", message="Finish the call first.")
    other = await make_campaign(agent, "Autumn")
    assert (await joined.command("join", campaign=other.pk))["error"]["code"] == "wrong_state"
    assert await _campaign_of(agent) == campaign.pk


async def test_a_room_that_let_go_by_itself_is_not_asked_again(joined, room, agent):
    await room.show(state="offline", campaign=None, notice="The campaign has ended.")
    room.silent = True
    assert (await joined.command("leave"))["ok"]
    assert room.commands("leave") == []
    await joined.ask(op="subscribe")
    state = (await joined.next("snapshot"))["state"]
    assert state["agent"]["notice"] == "The campaign has ended."


async def test_signing_out_ends_the_session_and_what_follows_is_refused(joined, room, agent):
    assert (await joined.command("sign_out"))["ok"]
    await room.got("sign_out")
    session = await sync_to_async(AgentSession.objects.get)(agent=agent)
    assert session.end_reason == "signed_out"
    assert (await joined.command("ready"))["error"]["code"] == "wrong_state"


async def test_signing_out_in_a_call_is_refused_by_the_room(joined, room, agent):
    room.answers["sign_out"] = schemas.Failed(code="wrong_state", message="Finish the call first.")
    assert (await joined.command("sign_out"))["error"]["code"] == "wrong_state"
    assert await sync_to_async(AgentSession.objects.filter(agent=agent, ended_at=None).exists)()


async def test_signing_out_works_without_the_engine(joined, room, agent, monkeypatch):
    monkeypatch.setattr(rooms, "ANSWER_LIMIT_S", 0.2)
    room.silent = True
    assert (await joined.command("sign_out"))["ok"]
