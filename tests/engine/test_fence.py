"""A daemon that another has followed does nothing any more, in Redis and in the database; what is done is done once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from redis.exceptions import ConnectionError as RedisAway

from agents.models import AgentStateChange
from campaigns.models import Lead
from compliance.gate import Gate
from dialer.bus import names, schemas, streams
from dialer.calls.models import Call
from dialer.calls.services.place_calls import Placed, Wish
from dialer.engine import amnesia, configs, fence, hopper, keeping, lease, recovery
from dialer.engine.clock import Clock
from dialer.engine.hands import Hands
from dialer.engine.models import Holding
from dialer.engine.room.effects import Effects

from .rooms import CAMPAIGN, World
from .test_daemon import NOON_OFFSET_S, seed

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
GATE = Gate(b"k" * 32)
NOW = datetime.now(UTC)
CHANGES = (
    ("offline", "paused", "sign_in"),
    ("paused", "ready", "go_ready"),
    ("ready", "talking", "connect"),
)


def wish(campaign: int, call: str, epoch: int) -> Wish:
    """To dial the campaign's first lead."""
    config = configs.load_config(campaign)
    lead = Lead.objects.order_by("id").first()
    assert config
    assert lead
    item = {"number": "+12125550000", "screen": {"id": lead.pk}, "request": {"attempts": 0}}
    return Wish(hopper.dial_request(config, call, "line-1", item, "auto", epoch, None), lead.pk)


def test_who_was_followed_writes_no_call_and_clears_none_away(settings: Any) -> None:
    settings.GATE_OFFSET_S = NOON_OFFSET_S
    campaign, _, _ = seed.func(leads=1, agents=0)
    fence.begin(campaign, 10, "first")
    assert isinstance(fence.place(campaign, 10, [wish(campaign, "a" * 32, 10)], GATE)[0], Placed)
    fence.begin(campaign, 11, "second")
    with pytest.raises(fence.Superseded):
        fence.place(campaign, 10, [wish(campaign, "b" * 32, 10)], GATE)
    with pytest.raises(fence.Superseded):
        recovery.close_orphans(campaign, 10, [])
    with pytest.raises(fence.Superseded):
        fence.begin(campaign, 11, "third")
    assert list(Call.objects.values_list("pk", "ended_at")) == [("a" * 32, None)]
    assert fence.newest_epochs([campaign]) == {campaign: 11}
    assert list(Holding.objects.order_by("epoch").values_list("holder", flat=True)) == ["first", "second"]


async def test_a_batch_whose_answer_was_lost_is_carried_out_once(
    redis: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    epoch = await lease.acquire(redis, CAMPAIGN, "me")
    hands = Hands(redis, world.room, Clock(), epoch or 0)
    order = schemas.Hangup(call="c")
    hands.take(Effects(to_line=[("line-1", order)], journal=[{"t": "shown", "at": 0.0, "call": "c"}]), "1-1")
    carry_out = keeping.carry_out

    async def unheard(*args: Any) -> None:
        await carry_out(*args)
        raise RedisAway

    with monkeypatch.context() as broken:
        broken.setattr(keeping, "carry_out", unheard)
        with pytest.raises(RedisAway):
            await hands.carry_out()
    assert hands.busy
    assert await hands.carry_out() is not None
    assert not hands.busy
    assert await redis.xlen(names.line_stream("line-1")) == 1
    assert await redis.xlen(names.journal_stream(CAMPAIGN)) == 1


async def test_who_was_followed_sends_and_journals_nothing(redis: Any) -> None:
    first = await lease.acquire(redis, CAMPAIGN, "first")
    await redis.delete(lease.lease_key(CAMPAIGN))
    second = await lease.acquire(redis, CAMPAIGN, "second")
    assert second > first
    effects = Effects(journal=[{"t": "shown", "at": 0.0, "call": "c"}])
    with pytest.raises(keeping.Fenced):
        await keeping.carry_out(redis, CAMPAIGN, first, 1, effects, "1-1")
    assert await redis.xlen(names.journal_stream(CAMPAIGN)) == 0


async def test_a_stream_that_is_followed_anew_during_a_read_is_read_from_its_new_place(redis: Any) -> None:
    for n in range(3):
        await streams.send(redis, "s", schemas.Hangup(call=str(n)))
    reader = streams.Reader(redis, schemas.Hangup)
    reader.follow("s", "0")
    first = await reader.read(10)
    reader.follow("s", first[1][1])

    async def followed_meanwhile(*args: Any, **kwargs: Any) -> Any:
        answer = await xread(*args, **kwargs)
        reader.follow("s", "0")
        return answer

    xread, redis.xread = redis.xread, followed_meanwhile
    assert await reader.read(10) == []
    redis.xread = xread
    assert [message.call for _, _, message in await reader.read(10)] == ["0", "1", "2"]


async def test_where_redis_has_forgotten_everything_talks_are_disposed_of_and_agents_sign_out(
    redis: Any,
) -> None:
    campaign, [(agent, session)], _ = await seed(leads=1, agents=1)
    await sync_to_async(fence.begin)(campaign, 5, "first")
    assert await amnesia.has_forgotten(redis, campaign, 5)

    def records() -> None:
        lead = Lead.objects.get()
        Lead.objects.update(live_call="c" * 32, status="dialing")
        Call.objects.create(
            id="c" * 32, organisation_id=lead.organisation_id, campaign_id=campaign, lead=lead, kind="auto",
            number="+12125550000", agent_id=agent, stage="connected", placed_at=NOW, answered_at=NOW, connected_at=NOW,
        )  # fmt: skip
        for n, (before, after, event) in enumerate(CHANGES, 1):
            AgentStateChange.objects.create(
                session_id=session, sequence=n, campaign_id=campaign, at=NOW, from_state=before, to_state=after,
                event=event, call="c" * 32,
            )  # fmt: skip

    await sync_to_async(records)()

    def settle() -> None:
        recovery.close_orphans(campaign, 5, [])
        config = configs.load_config(campaign)
        assert config
        amnesia.settle(config, 5)

    await sync_to_async(settle)()
    call = await sync_to_async(Call.objects.select_related("lead").get)()
    assert (call.outcome, call.stage, call.notes) == ("connected", "ended", amnesia.WHY)
    assert (call.lead.live_call, call.lead.status) == ("", "retry")
    assert call.lead.next_call_at > call.ended_at
    last = await sync_to_async(AgentStateChange.objects.order_by("sequence").last)()
    assert (last.sequence, last.from_state, last.to_state) == (4, "talking", "offline")


async def test_a_journal_begun_anew_on_a_clock_that_was_set_back_goes_on_behind_the_old_one(
    redis: Any,
) -> None:
    campaign, _, _ = await seed(leads=1, agents=0)
    ahead = "99999999999999-7"
    await sync_to_async(fence.begin)(campaign, 5, "first")
    await sync_to_async(fence.JournalPosition.objects.update)(position=ahead)
    await amnesia.resume_journal(redis, campaign)
    stream = names.journal_stream(campaign)
    await redis.xadd(stream, {keeping.JOURNAL_FIELD: b"x"})
    found = await redis.xrange(stream, min=f"({ahead}")
    assert len(found) == 1


def test_commands_age_by_the_clock_that_numbers_them() -> None:
    clock = Clock()
    numbered = f"{int((clock.now() - 3600) * 1000)}-0"
    assert clock.age(numbered) > 3500
    clock.redis_ahead = -3600.0
    assert abs(clock.age(numbered)) < 5, "Redis's clock is an hour behind ours, or was set back"


def test_times_of_a_node_whose_clock_differs_become_ours_and_those_that_come_late_stay() -> None:
    world = World()
    line = schemas.NodeStatus(node="line-1", kind="line", at=world.now - 60, started_at=0, capacity=1)
    world.board.see_nodes([line], [], world.now)
    event = schemas.CallRinging(call="c", campaign=CAMPAIGN, node="line-1", at=world.now - 60)
    assert world.board.on_our_clock(event).at == world.now
    world.beat()
    assert world.board.on_our_clock(replace_at(event, world.now - 30)).at == world.now - 30


def replace_at(event: schemas.CallRinging, at: float) -> schemas.CallRinging:
    """The event at another time."""
    return schemas.CallRinging(call=event.call, campaign=event.campaign, node=event.node, at=at)
