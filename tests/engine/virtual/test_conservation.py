"""Nobody is lost: every call ends once, every answer has one fate, and all books say the same."""

from __future__ import annotations

from collections import Counter

import pytest

from dialer.engine.virtual.house import MACHINE

from .shifts import SHORT, passed, with_crew, with_far_end, with_settings

pytestmark = pytest.mark.unit

CROWDED = with_settings(with_far_end(answer_share=(0.6,)), method="ratio", dial_ratio=3.0, abandon_limit=0.9)
"""So many answers that some meet nobody."""
HEARD = with_far_end(detects_machines=False, machine_share=0.4)
SCENARIOS = {"predictive": SHORT, "crowded": CROWDED, "machines heard": HEARD}


@pytest.fixture(params=SCENARIOS, scope="module")
def shift(request):
    return passed(SCENARIOS[request.param])


def calls(journal, kind, **values):
    return {line["call"] for line in journal if line["t"] == kind and values.items() <= line.items()}


def test_every_call_that_is_dialed_ends_once(shift):
    _, _, journal = shift
    placed = Counter(line["call"] for line in journal if line["t"] == "placed")
    ended = Counter(line["call"] for line in journal if line["t"] == "ended")
    assert placed == ended
    assert set(ended.values()) == {1}


def test_every_answer_has_exactly_one_of_agent_message_machine(shift):
    _, _, journal = shift
    machine = calls(journal, "disposed", disposition=MACHINE)
    agent = calls(journal, "connected") - machine
    message = calls(journal, "message")
    assert machine | agent | message == calls(journal, "answered")
    assert len(machine) + len(agent) + len(message) == len(calls(journal, "answered"))


def test_journal_and_result_say_the_same(shift):
    result, _, journal = shift
    machines = calls(journal, "disposed", disposition=MACHINE)
    assert result.placed == len(calls(journal, "placed"))
    assert result.machines == len(machines)
    assert result.answered == len(calls(journal, "answered") - machines)
    assert result.connected == len(calls(journal, "connected") - machines)
    assert result.abandoned == len(calls(journal, "ended", outcome="abandoned"))
    assert result.answered == result.connected + result.abandoned


def test_tally_and_result_say_the_same(shift):
    result, run, _ = shift
    tally = run.room.tally
    assert (tally.placed, tally.abandoned) == (result.placed, result.abandoned)
    assert (tally.answered_30d, tally.abandoned_30d) == (result.answered, result.abandoned)
    assert tally.answered == result.answered + result.machines
    assert tally.connected == result.connected + result.machines
    assert sum(tally.outcomes.values()) == result.placed


def test_the_minutes_add_up_to_the_shift(shift):
    result, _, _ = shift
    assert sum(minute.answered for minute in result.minutes) == result.answered
    assert sum(minute.abandoned for minute in result.minutes) == result.abandoned
    assert sum(len(minute.waits_s) for minute in result.minutes) == result.connected + result.machines


def test_talk_of_an_agent_never_overlaps(shift):
    _, _, journal = shift
    state = {}
    for line in journal:
        if line["t"] == "agent":
            assert line["from"] == state.get(line["session"], "offline")
            state[line["session"]] = line["to"]
    assert set(state.values()) == {"offline"}


def test_nothing_is_left_in_the_room(shift):
    _, run, _ = shift
    assert not run.room.seats
    assert not run.room.calls
    assert not run.room.waiting


def test_the_crowded_room_abandons_and_says_so():
    result, _, journal = passed(CROWDED)
    assert result.abandoned > 0
    assert result.abandoned_share == result.abandoned / result.answered
    waited = {line["call"]: line["at"] for line in journal if line["t"] == "answered"}
    told = {line["call"]: line["at"] for line in journal if line["t"] == "message"}
    assert all(2.0 <= at - waited[call] <= 2.05 for call, at in told.items())


def test_agents_who_hear_machines_lose_time_to_them():
    deaf, heard = passed(with_far_end(machine_share=0.4))[0], passed(HEARD)[0]
    assert deaf.machines == 0
    assert heard.machines > 0
    assert heard.connected < deaf.connected


def test_agents_who_go_finish_the_call_at_hand():
    result, _, journal = passed(with_crew(staffing=((200.0, 2), (380.0, 8))))
    left = [line for line in journal if line["t"] == "left"]
    assert len(left) == 14
    assert not [line for line in journal if line["t"] == "agent" and line["from"] == "talking" == line["to"]]
    assert calls(journal, "connected") == calls(journal, "disposed")
    by_minute = [minute.agents for minute in result.minutes]
    assert by_minute[2] == 8
    assert by_minute[5] == 2
    assert by_minute[7] == 8
