"""One campaign's room: who gets which call, and what becomes of it."""

from __future__ import annotations

import pytest

from dialer.bus import schemas
from dialer.calls.choices import Stage
from dialer.engine.room import placing

from .rooms import World

pytestmark = pytest.mark.unit


def kinds(messages: list[schemas.Message]) -> list[str]:
    return [type(message).__name__ for message in messages]


@pytest.fixture
def world() -> World:
    return World()


def connected(world: World, agent: int = 1, lead: int = 100) -> str:
    """An agent in a call."""
    if agent not in world.room.seats:
        world.agent(agent)
    (call,) = world.place(lead)
    world.line(schemas.CallRinging, call)
    world.line(schemas.CallAnswered, call)
    assert world.state(agent) == "talking"
    return call


def test_an_answer_joins_the_longest_waiting_agent_and_shows_the_lead(world: World) -> None:
    world.agent(1)
    world.now += 5
    world.agent(2)
    _first, second = world.place(100, 101)
    sent = world.line(schemas.CallAnswered, second)
    assert kinds(sent) == ["Join", "Bridge"]
    assert sent[0].key == sent[1].key
    assert world.state(1) == "talking"
    assert world.state(2) == "ready"
    assert world.shown[("agent.1", "lead")]["id"] == 101
    assert world.shown[("agent.1", "call")]["stage"] == "connected"


def test_nobody_free_within_the_limit_means_the_message_and_an_abandoned_call(world: World) -> None:
    world.agent(1)
    (call,) = world.place(100)
    world.ask(1, "pause", reason="lunch")
    assert world.line(schemas.CallAnswered, call) == []
    assert "PlayThenHangup" not in kinds(world.wait(1.8))
    assert kinds(world.wait(0.3)) == ["PlayThenHangup"]
    world.line(schemas.CallEnded, call, code=200, ended_by="us", answered=True)
    assert world.journal[-1]["outcome"] == "abandoned"
    assert world.room.tally.abandoned == 1
    assert world.room.calls == {}


def test_an_agent_who_becomes_ready_takes_the_person_who_waits(world: World) -> None:
    world.agent(1)
    (call,) = world.place(100)
    world.ask(1, "pause", reason="")
    world.line(schemas.CallAnswered, call)
    world.now += 1
    world.ask(1, "ready")
    assert world.state(1) == "talking"
    assert world.room.calls[call].stage == Stage.CONNECTED


def test_who_hangs_up_while_waiting_counts_as_abandoned(world: World) -> None:
    world.agent(1)
    (call,) = world.place(100)
    world.ask(1, "pause", reason="")
    world.line(schemas.CallAnswered, call)
    world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    assert world.journal[-1]["outcome"] == "abandoned"
    assert not world.room.waiting


def test_hang_up_leads_to_wrap_up_and_the_disposition_to_ready(world: World) -> None:
    call = connected(world)
    sent = world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    assert kinds(sent) == ["Part"]
    assert world.state(1) == "wrapup"
    assert isinstance(world.ask(1, "dispose", call=call, disposition=1), schemas.Done)
    assert world.state(1) == "ready"
    assert world.room.calls == {}
    assert [line["t"] for line in world.journal if line["t"] in ("ended", "disposed")] == [
        "ended",
        "disposed",
    ]


def test_disposing_during_the_call_ends_it(world: World) -> None:
    call = connected(world)
    world.ask(1, "dispose", call=call, disposition=2)
    assert "Hangup" in kinds(world.sent)
    assert world.state(1) == "ready"
    world.line(schemas.CallEnded, call, code=200, ended_by="us", answered=True)
    assert world.journal[-1]["outcome"] == "machine"
    assert world.room.calls == {}
    assert world.room.tally.answered_30d == 0


def test_wrap_up_that_runs_out_takes_the_default_disposition(world: World) -> None:
    call = connected(world)
    world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    world.wait(31)
    disposed = [line for line in world.journal if line["t"] == "disposed"]
    assert [(line["disposition"], line["notes"]) for line in disposed] == [(4, "wrap-up ran out")]
    assert world.state(1) == "ready"


def test_wrap_up_can_be_extended_three_times(world: World) -> None:
    call = connected(world)
    world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    replies = [world.ask(1, "extend_wrapup") for _ in range(4)]
    assert [isinstance(reply, schemas.Done) for reply in replies] == [True, True, True, False]
    world.wait(200)
    assert world.state(1) == "wrapup"


def test_a_pause_asked_for_in_a_call_begins_after_the_wrap_up(world: World) -> None:
    call = connected(world)
    assert world.ask(1, "pause", reason="lunch").data == {"queued": True}
    assert world.state(1) == "talking"
    world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    world.ask(1, "dispose", call=call, disposition=1)
    assert (world.state(1), world.room.seats[1].reason) == ("paused", "lunch")


def test_ready_is_refused_while_the_audio_is_down(world: World) -> None:
    world.ask(1, "join", name="A")
    assert world.ask(1, "ready").code == "no_media"


@pytest.mark.parametrize(
    ("name", "args", "code"),
    [
        ("hangup", {}, "wrong_state"),
        ("dispose", {"call": "x", "disposition": 1}, "not_found"),
        ("hold", {"on": True}, "wrong_state"),
        ("mute", {"on": "yes"}, "bad_args"),
        ("nonsense", {}, "bad_command"),
        ("preview_dial", {}, "wrong_state"),
        ("dial", {}, "bad_args"),
        ("ready", {"extra": 1}, "bad_args"),
    ],
)
def test_commands_out_of_state_or_shape_are_answered_and_change_nothing(
    world: World, name: str, args: dict, code: str
) -> None:
    world.agent(1)
    assert world.ask(1, name, **args).code == code
    assert world.state(1) == "ready"


def test_a_stranger_to_the_room_is_refused(world: World) -> None:
    assert world.ask(9, "ready").code == "no_campaign"


def test_audio_lost_in_a_call_is_laid_anew_when_it_returns(world: World) -> None:
    call = connected(world)
    before = world.room.calls[call].key
    assert kinds(world.media(schemas.SessionDown, 1, why="silent")) == ["Unbridge"]
    sent = world.media(schemas.SessionUp, 1, node="media-1")
    assert kinds(sent) == ["Join", "Bridge"]
    assert sent[0].tone is False
    assert world.room.calls[call].key != before


def test_a_dead_console_keeps_its_lead_for_the_grace_period_only(world: World) -> None:
    call = connected(world)
    world.tell(schemas.AgentConnection(agent=1, session="s1", up=False, at=world.now))
    assert "Hangup" not in kinds(world.wait(14))
    assert "Hangup" in kinds(world.wait(2))
    assert 1 not in world.room.seats
    world.line(schemas.CallEnded, call, code=200, ended_by="us", answered=True)
    assert world.room.calls == {}
    assert [line["t"] for line in world.journal].count("disposed") == 1


def test_a_console_that_returns_in_time_goes_on(world: World) -> None:
    connected(world)
    world.tell(schemas.AgentConnection(agent=1, session="s1", up=False, at=world.now))
    world.wait(10)
    world.tell(schemas.AgentConnection(agent=1, session="s1", up=True, at=world.now))
    world.wait(20)
    assert world.state(1) == "talking"


def test_no_call_goes_to_an_agent_whose_console_is_away(world: World) -> None:
    world.agent(1)
    (call,) = world.place(100)
    world.tell(schemas.AgentConnection(agent=1, session="s1", up=False, at=world.now))
    assert world.line(schemas.CallAnswered, call) == []


@pytest.mark.parametrize(
    ("code", "ended_by", "rang", "outcome", "counted"),
    [
        (486, "far", True, "busy", True),
        (480, "far", False, "no_answer", True),
        (487, "ring_limit", True, "no_answer", True),
        (487, "us", True, "cancelled", False),
        (404, "far", False, "invalid", True),
        (603, "far", True, "rejected", True),
        (607, "far", False, "rejected", True),
        (608, "far", False, "rejected", True),
        (503, "far", False, "failed", False),
        (401, "far", False, "failed", False),
        (403, "far", False, "failed", False),
        (488, "far", False, "failed", False),
        (0, "timeout", False, "failed", False),
        (0, "node", False, "lost", False),
    ],
)
def test_every_end_without_an_answer_has_one_outcome(
    world: World, code: int, ended_by: str, rang: bool, outcome: str, counted: bool
) -> None:
    world.agent(1)
    (call,) = world.place(100)
    if rang:
        world.line(schemas.CallRinging, call)
    world.line(schemas.CallEnded, call, code=code, ended_by=ended_by)
    line = world.journal[-1]
    assert (line["t"], line["outcome"], line["counted"]) == ("ended", outcome, counted)
    assert world.room.calls == {}


def test_a_second_end_and_late_events_change_nothing(world: World) -> None:
    call = connected(world)
    world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    lines = len(world.journal)
    world.line(schemas.CallEnded, call, code=200, ended_by="far", answered=True)
    world.line(schemas.CallAnswered, call)
    world.line(schemas.CallRinging, call)
    (said,) = world.journal[lines:]
    assert (said["t"], said["kind"]) == ("event", "line_ended"), (
        "kept as evidence, and nothing follows from it"
    )


def test_stop_cancels_what_nobody_has_answered_and_nothing_else(world: World) -> None:
    talking = connected(world, agent=1, lead=100)
    world.agent(2)
    (ringing,) = world.place(101)
    placing.drop_unanswered(world.room, world.now)
    hangups = [message.call for message in world.settle() if isinstance(message, schemas.Hangup)]
    assert hangups == [ringing]
    assert world.room.calls[talking].stage == Stage.CONNECTED


def test_an_answer_that_crosses_the_cancel_is_connected(world: World) -> None:
    world.agent(1)
    (call,) = world.place(100)
    placing.drop_unanswered(world.room, world.now)
    world.settle()
    world.line(schemas.CallAnswered, call, crossed_cancel=True)
    assert world.state(1) == "talking"
    assert world.room.calls[call].crossed_cancel


def test_five_carrier_failures_in_a_row_rest_the_trunk_and_say_why(world: World) -> None:
    for agent in range(1, 6):
        world.agent(agent)
    for call in world.place(*range(100, 105)):
        world.line(schemas.CallEnded, call, code=503, reason="Service Unavailable")
    assert world.place(200) == []
    assert "503 Service Unavailable" in world.board.notice(world.room.config.trunks, world.now)
    world.now += 16
    world.beat()
    (probe,) = world.place(201)
    assert world.place(202) == []
    world.line(schemas.CallRinging, probe)
    world.line(schemas.CallEnded, probe, code=486)
    assert len(world.place(203, 204)) == 4


def test_hold_mute_and_keypad_reach_the_nodes(world: World) -> None:
    call = connected(world)
    world.ask(1, "mute", on=True)
    world.ask(1, "hold", on=True)
    assert world.state(1) == "hold"
    world.ask(1, "dtmf", digits="12#")
    world.ask(1, "hold", on=False)
    assert world.state(1) == "talking"
    assert kinds(world.sent)[-4:] == ["Mute", "Hold", "SendDtmf", "Hold"]
    assert world.ask(1, "dtmf", digits="1;2").code == "bad_args"
    world.ask(1, "hangup")
    assert world.sent[-1] == schemas.Hangup(call=call)


def test_preview_offers_then_dials_only_on_the_agents_word() -> None:
    world = World(method="preview")
    world.room.hopper.append(
        {"number": "+12125550142", "screen": {"id": 5, "name": "L", "phones": []}, "request": {}}
    )
    world.agent(1)
    world.wait(0.2)
    assert world.state(1) == "preview"
    assert world.shown[("agent.1", "call")]["stage"] == "preview"
    assert not world.room.calls
    world.ask(1, "preview_dial")
    (call,) = world.room.calls.values()
    placing.placed(world.room, call.id, b"p", "p", "", world.now)
    world.settle()
    world.line(schemas.CallAnswered, call.id)
    assert world.state(1) == "talking"


def test_a_refused_manual_dial_says_so_and_frees_the_agent() -> None:
    world = World(method="preview")
    world.room.hopper.append(
        {"number": "+12125550142", "screen": {"id": 5, "name": "L", "phones": []}, "request": {}}
    )
    world.agent(1)
    world.wait(0.2)
    world.tell(
        schemas.AgentCommand(agent=1, session="s1", name="preview_dial", args={}, reply_to="paceline:reply:1")
    )
    (call,) = world.room.calls
    placing.not_placed(world.room, call, "refused", "On the do-not-call list.", world.now)
    world.settle()
    assert world.replies["paceline:reply:1"].code == "refused"
    assert world.state(1) in ("ready", "preview")
    assert world.room.calls == {}


def test_callbacks_need_a_time_to_come(world: World) -> None:
    call = connected(world)
    assert world.ask(1, "dispose", call=call, disposition=3).code == "bad_args"
    assert world.ask(1, "dispose", call=call, disposition=3, callback_at=world.now - 3600).code == "bad_args"
    assert isinstance(
        world.ask(1, "dispose", call=call, disposition=3, callback_at=world.now + 60), schemas.Done
    )


def test_an_answer_after_the_call_was_given_up_counts_as_abandoned(world: World) -> None:
    world.agent(1)
    (call,) = world.place(100)
    world.line(schemas.CallEnded, call, code=0, ended_by="timeout")
    assert world.line(schemas.CallAnswered, call, crossed_cancel=True) == []
    world.line(schemas.CallEnded, call, code=200, ended_by="us", answered=True)
    told = [line["t"] for line in world.journal if line.get("call") == call]
    assert told == ["ended", "late_answer", "event"]
    assert (world.room.tally.answered, world.room.tally.abandoned) == (1, 1)


def test_agents_see_part_of_a_number_unless_the_campaign_shows_it() -> None:
    for masked, seen in ((True, "+1212…00"), (False, "+12125550100")):
        world = World(mask_numbers=masked)
        world.agent(1)
        (call,) = world.place(100)
        world.room.calls[call].lead["phones"] = [{"number": "+12125550100", "kind": "mobile"}]
        world.line(schemas.CallAnswered, call)
        assert world.shown[("agent.1", "call")]["number"] == seen
        assert world.shown[("agent.1", "lead")]["phones"][0]["number"] == seen
