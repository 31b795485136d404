"""What dies, and what happens: each process killed in turn while calls are up, on one installation, in this order."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from itertools import groupby

import pytest

from .house import AGENTS, House
from .installation import STOP_LIMIT_S, alive, descendants, sql_time, until

pytestmark = pytest.mark.stack
RESTART_LIMIT_S = 40.0
"""Until a killed process works again: three seconds are promised, most of which Python starts; machines differ."""
HEARTBEAT_LIFE_S = 2.5
"""After this the engine knows that a node is dead."""
GRACE_S = 15.0
"""How long a lead stays connected while its agent is away."""
TRIES = 3
OVER = ["over"]
Note = Callable[[str, object], None]


def test_a_line_process_dies_and_only_its_calls_end(house: House) -> None:
    before, at = house.children(), time.time()
    os.kill(house.busiest_child(), signal.SIGKILL)
    lost = "SELECT * FROM calls_call WHERE sip_reason = 'The line process was lost'"
    calls = until(lambda: house.rows(lost), 20, "its calls are recorded as lost with it")
    for call in calls:
        assert (call["ended_by"], call["stage"]) == ("node", "ended")
        assert call["outcome"] in (
            ("connected", "machine") if call["connected_at"] else ("abandoned", "lost")
        )
    wrapup = "SELECT count(*) FROM agents_agentstatechange WHERE to_state = 'wrapup' AND call = ?"
    for call in calls:
        if call["connected_at"]:
            until(lambda call=call: house.count(wrapup, call["id"]), 10, "its agents are told")
    until(lambda: set(house.children()) - set(before), 20, "a new one starts")
    house.assert_calls_flow(at)


def heard_again(house: House, talks: Iterable[str], at: float) -> list[str]:
    """When each talk was bridged anew, empty as long as one is silent; ``OVER`` where agents ended all before."""
    again = "SELECT min(at) AS at FROM calls_callevent WHERE kind = 'bridged' AND call_id = ? AND at > ?"
    moments, silent = [], False
    for call in house.calls(talks):
        moment = house.rows(again, call["id"], sql_time(at))[0]["at"]
        moments += [moment] if moment else []
        silent |= call["stage"] == "connected" and not moment
    return [] if silent else moments or OVER


def test_the_media_node_dies_and_talk_goes_on_when_it_is_back(house: House, record_property: Note) -> None:
    for _ in range(TRIES):
        talks, old = house.young_talks(at_least=2), house.pids()["media"]
        at = house.kill("media")
        moments = until(
            partial(heard_again, house, talks, at), RESTART_LIMIT_S, "the leads hear their agents again"
        )
        if moments != OVER:
            break
        until(lambda old=old: house.restarted("media", old), RESTART_LIMIT_S, "it is started again")
        house.assert_calls_flow(time.time())
    assert moments != OVER, "each time all talks were over before the node was back"
    record_property("bridged_again_after", [sql_time(at), *moments])
    assert house.restarted("media", old)
    house.assert_unharmed(talks)
    into_the_void = "SELECT count(*) FROM calls_call WHERE connected_at > ? AND connected_at < ?"
    dead = (sql_time(at + HEARTBEAT_LIFE_S), min(moments))
    assert house.count(into_the_void, *dead) == 0, "answers were sent to a dead node"
    assert house.nobody_left_since(at)
    house.assert_calls_flow(time.time())


def test_the_pacing_daemon_dies_and_the_next_takes_over(house: House, record_property: Note) -> None:
    talks, redis = house.young_talks(), house.redis_client()
    epoch, old = redis.get("paceline:epoch:1"), house.pids()["pace"]
    at = house.kill("pace")
    until(lambda: redis.get("paceline:epoch:1") != epoch, RESTART_LIMIT_S, "the campaign is taken over")
    record_property("taken_over_after_s", round(time.time() - at, 1))
    assert house.restarted("pace", old)
    house.assert_unharmed(talks)
    assert house.nobody_left_since(at)
    disposed = "SELECT count(*) FROM calls_call WHERE id = ? AND disposed_at IS NOT NULL AND notes = ''"
    for call in talks:
        until(lambda call=call: house.count(disposed, call), 60, "its calls are disposed of by their agents")
    house.assert_calls_flow(time.time())


def test_the_web_server_dies_and_consoles_come_back_with_their_state(house: House) -> None:
    talks, old = house.young_talks(), house.pids()["web"]
    sessions = house.rows("SELECT id FROM agents_agentsession WHERE ended_at IS NULL ORDER BY id")
    at = house.kill("web")
    until(lambda: house.restarted("web", old), RESTART_LIMIT_S, "it is started again")
    house.assert_unharmed(talks)
    disposed = "SELECT count(*) FROM calls_call WHERE id = ? AND disposed_at IS NOT NULL AND notes = ''"
    for call in talks:
        until(lambda call=call: house.count(disposed, call), 70, "agents end and dispose of their calls")
    house.assert_unharmed(talks)
    assert house.nobody_left_since(at)
    after = house.rows("SELECT id FROM agents_agentsession WHERE ended_at IS NULL ORDER BY id")
    assert after == sessions
    house.assert_calls_flow(time.time())


def test_redis_dies_and_talk_goes_on_and_dialing_resumes(house: House) -> None:
    talks, old = house.young_talks(), house.pids()["redis"]
    at = house.kill("redis")
    placed = house.calls_placed()
    until(lambda: house.restarted("redis", old), RESTART_LIMIT_S, "it is started again")
    assert house.calls_placed() <= placed + AGENTS, "what was being written may be; nothing else is dialed"
    house.assert_unharmed(talks)
    house.assert_calls_flow(time.time())
    house.assert_unharmed(talks)
    assert house.nobody_left_since(at)


def test_agents_whose_network_dies_keep_their_leads_for_the_grace_time_only(house: House) -> None:
    talks = house.young_talks(at_least=2)
    at = house.kill("crew")
    time.sleep(GRACE_S - 4)
    assert {call["stage"] for call in house.calls(talks)} == {"connected"}, "the leads wait"
    over = until(
        lambda: all(call["disposed_at"] and call["outcome"] for call in house.calls(talks)),
        20,
        "it ends",
    )
    assert over
    default = house.rows(
        "SELECT id FROM campaigns_disposition WHERE is_default OR meaning = 'retry' ORDER BY id"
    )
    for call in house.calls(talks):
        assert (call["ended_by"], call["outcome"]) == ("us", "connected")
        assert call["disposition_id"] in {row["id"] for row in default}
        assert "connection lost" in call["notes"]
    left = "SELECT count(*) FROM agents_agentstatechange WHERE to_state = 'offline' AND at > ?"
    until(lambda: house.count(left, sql_time(at)) == AGENTS, 10, "they are signed out of the room")
    house.hire()
    house.assert_calls_flow(time.time())


def test_sigterm_ends_everything_and_a_new_start_goes_on_with_the_data(house: House) -> None:
    house.young_talks()
    placed, family = house.calls_placed(), descendants(house.running["up"].pid)
    seconds = house.stop("up")
    assert seconds < STOP_LIMIT_S
    assert not alive(family), "processes were left behind"
    assert house.calls_placed() >= placed
    at = time.time()
    house.up()
    open_before = "SELECT count(*) FROM calls_call WHERE outcome = '' AND placed_at < ?"
    until(lambda: house.count(open_before, sql_time(at)) == 0, 30, "calls of before have their outcome")
    house.assert_calls_flow(at)


def test_afterwards_every_record_is_whole(house: House) -> None:
    _drain(house)
    house.manage("check_history", "--at-rest")
    house.stop("crew")
    house.running["up"].send_signal(signal.SIGINT)
    family = descendants(house.running["up"].pid)
    assert house.running.pop("up").wait(STOP_LIMIT_S) == 0
    assert not alive(family)
    house.stop("carrier")
    _assert_leads_and_calls_are_whole(house)
    _assert_state_changes_have_no_gap(house)
    _assert_far_end_agrees(house)


def _drain(house: House) -> None:
    house.shell(
        "from accounts.models import User; from campaigns.services.campaign_status import drain_campaign;"
        "drain_campaign(1, User.objects.get(username='supervisor'))"
    )
    unfinished = (
        "SELECT count(*) FROM calls_call WHERE outcome = '' OR (connected_at AND disposed_at IS NULL)"
    )
    until(lambda: house.count(unfinished) == 0, 60, "the last calls end and are disposed of")
    status = "SELECT status FROM campaigns_campaign"
    until(lambda: house.rows(status)[0]["status"] == "stopped", 20, "the campaign is drained")


def _assert_leads_and_calls_are_whole(house: House) -> None:
    assert (
        house.rows("SELECT * FROM calls_call WHERE outcome = '' OR ended_at IS NULL OR stage != 'ended'")
        == []
    )
    assert house.rows("SELECT * FROM campaigns_lead WHERE status = 'dialing' OR live_call != ''") == []
    twice = """SELECT call_id, kind FROM calls_callevent WHERE kind IN ('ended', 'disposed')
               GROUP BY call_id, kind HAVING count(*) > 1"""
    assert house.rows(twice) == []
    at_once = """SELECT a.id, b.id FROM calls_call a JOIN calls_call b ON a.lead_id = b.lead_id AND a.id != b.id
                 WHERE a.placed_at <= b.placed_at AND (a.ended_at > b.placed_at OR a.answered_at IS NOT NULL)"""
    assert house.rows(at_once) == [], "leads were dialed twice"


def _assert_state_changes_have_no_gap(house: House) -> None:
    rows = house.rows("SELECT * FROM agents_agentstatechange ORDER BY session_id, sequence")
    for session, found in groupby(rows, key=lambda row: row["session_id"]):
        state, number = "offline", 0
        for row in found:
            assert (row["from_state"], row["sequence"]) == (state, number + 1), (session, row)
            state, number = row["to_state"], row["sequence"]


def _assert_far_end_agrees(house: House) -> None:
    """One dialog at the far end for each INVITE of ours (a challenged one comes again in the same dialog)."""
    seen = Counter({call["call_id"]: call["number"][-10:] for call in house.far_end_calls()}.values())
    dialed = "SELECT number FROM calls_call WHERE id IN (SELECT call_id FROM calls_callevent WHERE kind = 'trying')"
    assert seen == Counter(row["number"][-10:] for row in house.rows(dialed))
