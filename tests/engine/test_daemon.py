"""The daemon with a real Redis and database and scripted nodes: calls, takeovers, and what may die."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections
from django.db.backends.utils import CursorWrapper

from accounts.models import Organisation, OutboxEvent, User
from agents.models import AgentSession, AgentStateChange
from campaigns.models import Campaign, Disposition, Lead, LeadList, LeadPhone
from compliance.models import CallerId
from dialer.bus import schemas
from dialer.bus.ending import end
from dialer.calls.models import Call, Trunk
from dialer.engine import lease, runner
from dialer.engine.daemon import Daemon

from .scripted import SECRET, ScriptedAgent, ScriptedLines, beat_media, until

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
NOON_OFFSET_S = (18 - datetime.now(UTC).hour) * 3600
"""The gate's clock at two in the afternoon in New York, whenever the test runs."""


@sync_to_async
def seed(leads: int, agents: int) -> tuple[int, list[tuple[int, str]], dict[str, int]]:
    """A running progressive campaign; returns its id, (agent, session) pairs and disposition ids by code."""
    organisation = Organisation.objects.create(name="Test")
    trunk = Trunk.objects.create(organisation=organisation, name="Trunk", host="127.0.0.1")
    campaign = Campaign.objects.create(
        organisation=organisation,
        name="C",
        method="progressive",
        status="running",
        purpose="information",
        opens="00:00",
        closes="23:59",
    )
    campaign.caller_ids.add(CallerId.objects.create(organisation=organisation, number="+12125550199"))
    codes = {
        code: Disposition.objects.create(campaign=campaign, code=code, name=code, meaning=meaning).pk
        for code, meaning in (("sale", "success"), ("dnc", "do_not_call"), ("later", "retry"))
    }
    leads_of = LeadList.objects.create(organisation=organisation, campaign=campaign, name="L")
    for n in range(leads):
        lead = Lead.objects.create(organisation=organisation, lead_list=leads_of, first_name=f"Lead {n}")
        LeadPhone.objects.create(lead=lead, organisation=organisation, number=f"+1212555{n:04d}")
    people = []
    for n in range(agents):
        user = User.objects.create(username=f"agent{n}", organisation=organisation, role="agent")
        now = datetime.now(UTC)
        session = AgentSession.objects.create(
            id=f"{n:032x}",
            organisation=organisation,
            agent=user,
            campaign=campaign,
            started_at=now,
            seen_at=now,
        )
        people.append((user.pk, session.pk))
    assert trunk.pk
    return campaign.pk, people, codes


class Floor:
    """Daemons and scripted nodes of one test."""

    def __init__(self, redis: Any, redis_url: str) -> None:
        self.redis, self.url = redis, redis_url
        self.daemons: dict[Daemon, asyncio.Task[None]] = {}
        self.tasks: list[asyncio.Task[Any]] = []

    def background(self, work: Any) -> None:
        """Run beside the test until it ends."""
        self.tasks.append(asyncio.create_task(work))

    def daemon(self) -> Daemon:
        """Start a daemon."""
        daemon = Daemon(self.url, SECRET)
        self.daemons[daemon] = asyncio.create_task(daemon.run())
        return daemon

    async def kill(self, daemon: Daemon) -> None:
        """End a daemon as SIGKILL would: nothing is handed over, the lease runs out."""
        await end([self.daemons.pop(daemon), *daemon._tasks.values()])

    async def close(self) -> None:
        """End everything."""
        for daemon, task in self.daemons.items():
            daemon.stop()
            await asyncio.wait_for(task, 10)
        await end(self.tasks)


@pytest_asyncio.fixture
async def floor(redis: Any, redis_url: str, settings: Any) -> AsyncIterator[Floor]:
    """An empty floor with one media node."""
    settings.GATE_OFFSET_S = NOON_OFFSET_S
    built = Floor(redis, redis_url)
    built.background(beat_media(redis, "media-1"))
    yield built
    await built.close()
    await sync_to_async(connections.close_all)()


async def rings_then_answers(node: ScriptedLines, call: str) -> None:
    """A person who answers at once."""
    await node.ring(call)
    await node.answer(call)


async def rings(node: ScriptedLines, call: str) -> None:
    """Rings and rings."""
    await node.ring(call)


async def calls(**filters: Any) -> list[Call]:
    """Call records."""
    return await sync_to_async(lambda: list(Call.objects.filter(**filters).select_related("lead")))()


async def test_a_call_goes_from_the_list_to_an_agent_to_the_record_and_the_outbox(floor: Floor) -> None:
    campaign, [(agent, session)], codes = await seed(leads=1, agents=1)
    lines = ScriptedLines(floor.redis, "line-1", rings_then_answers)
    floor.background(lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    person = ScriptedAgent(floor.redis, agent, session, campaign, "media-1")
    await person.arrive()
    (call,) = await until(lambda: calls(stage="connected"))
    assert [type(c).__name__ for c in lines.commands if not isinstance(c, schemas.Claim)] == [
        "Originate",
        "Bridge",
    ]
    assert call.caller_id == "+12125550199"
    await lines.end(call.pk, 200, "far", True)
    await until(lambda: calls(outcome="connected"))
    reply = await person.ask("dispose", call=call.pk, disposition=codes["sale"], notes="well")
    assert isinstance(reply, schemas.Done)
    (done,) = await until(lambda: calls(disposed_at__isnull=False))
    assert (done.agent_id, done.notes, done.lead.status, done.lead.live_call) == (
        agent,
        "well",
        "success",
        "",
    )
    assert await sync_to_async(OutboxEvent.objects.filter(type="call.disposed").count)() == 1
    kinds = await sync_to_async(lambda: list(done.events.values_list("kind", flat=True)))()
    assert kinds == ["ringing", "answered", "connected", "ended", "disposed"]
    changes = await sync_to_async(lambda: list(AgentStateChange.objects.values_list("to_state", flat=True)))()
    assert changes == ["paused", "ready", "talking", "wrapup", "ready"]


async def lease_of(floor: Floor, campaign: int) -> bytes | None:
    """Who holds the campaign."""
    return await floor.redis.get(lease.lease_key(campaign))


async def test_another_daemon_takes_over_within_three_seconds_and_the_talk_goes_on(floor: Floor) -> None:
    campaign, [(agent, session)], codes = await seed(leads=3, agents=1)
    lines = ScriptedLines(floor.redis, "line-1", rings_then_answers)
    floor.background(lines.run())
    first = floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    person = ScriptedAgent(floor.redis, agent, session, campaign, "media-1")
    await person.arrive()
    (call,) = await until(lambda: calls(stage="connected"))
    second = floor.daemon()
    await floor.kill(first)
    await until(lambda: campaign in second.runners, 3.0)
    seat = second.runners[campaign].room.seats[agent]
    assert (seat.state, seat.call) == ("talking", call.pk)
    await lines.end(call.pk, 200, "far", True)
    await until(lambda: seat.state == "wrapup")
    await person.ask("dispose", call=call.pk, disposition=codes["sale"])
    await until(lambda: calls(disposed_at__isnull=False))
    numbers = [opened.number for opened in lines.originated]
    assert len(numbers) == len(set(numbers))


def answered_in(state: dict[str, Any]) -> int:
    """How many people had answered by the account of a pacer's state."""
    return sum(answered for _begins, _last, answered, _abandoned in state["account"]["buckets"])


async def test_what_the_pacer_learned_survives_its_daemon(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "PACER_EVERY_S", 0.1)
    campaign, [(agent, session)], _ = await seed(leads=1, agents=1)
    await sync_to_async(Campaign.objects.update)(method="predictive")
    lines = ScriptedLines(floor.redis, "line-1", rings_then_answers)
    floor.background(lines.run())
    first = floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    await ScriptedAgent(floor.redis, agent, session, campaign, "media-1").arrive()
    await until(lambda: calls(stage="connected"))
    learned = first.runners[campaign].room.pacer.state()
    await asyncio.sleep(0.5)
    await floor.kill(first)
    second = floor.daemon()
    await until(lambda: campaign in second.runners)
    restored = second.runners[campaign].room.pacer.state()
    assert answered_in(restored) == answered_in(learned) == 1


async def test_calls_that_ended_while_no_daemon_ran_are_recorded_by_the_next(floor: Floor) -> None:
    campaign, [(agent, session)], _ = await seed(leads=1, agents=1)
    lines = ScriptedLines(floor.redis, "line-1", rings)
    floor.background(lines.run())
    first = floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    await ScriptedAgent(floor.redis, agent, session, campaign, "media-1").arrive()
    (call,) = await until(lambda: calls(stage="ringing"))
    await floor.kill(first)
    await lines.end(call.pk, 486, "far")
    floor.daemon()
    (ended,) = await until(lambda: calls(stage="ended"))
    assert (ended.outcome, ended.lead.live_call) == ("busy", "")


async def test_calls_lost_with_their_line_node_end_as_such_and_the_lead_keeps_its_chance(
    floor: Floor,
) -> None:
    campaign, [(agent, session)], _ = await seed(leads=1, agents=1)
    lines = ScriptedLines(floor.redis, "line-1", rings)
    floor.background(lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    await ScriptedAgent(floor.redis, agent, session, campaign, "media-1").arrive()
    await until(lambda: calls(stage="ringing"))
    await end([floor.tasks.pop()])
    (ended,) = await until(lambda: calls(stage="ended"))
    assert (ended.outcome, ended.lead.attempts, ended.lead.status) == ("lost", 0, "new")


async def test_a_call_on_paper_that_was_never_ordered_gives_its_lead_back(floor: Floor) -> None:
    campaign, _, _ = await seed(leads=1, agents=0)

    def orphan() -> None:
        lead = Lead.objects.get()
        Call.objects.create(
            id="f" * 32,
            organisation_id=lead.organisation_id,
            campaign_id=campaign,
            lead=lead,
            number="+12125550000",
            kind="auto",
            placed_at=datetime.now(UTC),
        )
        Lead.objects.update(live_call="f" * 32, status="dialing", attempts=1)

    await sync_to_async(orphan)()
    floor.daemon()
    (ended,) = await until(lambda: calls(stage="ended"))
    assert (ended.outcome, ended.lead.live_call, ended.lead.attempts) == ("lost", "", 0)


async def test_stopping_all_dialing_cancels_what_rings_and_places_nothing_more(floor: Floor) -> None:
    campaign, people, _ = await seed(leads=5, agents=2)
    lines = ScriptedLines(floor.redis, "line-1", rings)
    floor.background(lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    for agent, session in people:
        await ScriptedAgent(floor.redis, agent, session, campaign, "media-1").arrive()
    await until(lambda: len(lines.originated) == 2)
    await sync_to_async(Organisation.objects.update)(dialing_stopped_at=datetime.now(UTC))
    await until(lambda: calls(outcome="cancelled"))
    await until(lambda: not lines.stages)
    await asyncio.sleep(0.5)
    assert len(lines.originated) == 2


async def test_a_do_not_call_word_stops_the_number_for_good(floor: Floor) -> None:
    campaign, [(agent, session)], codes = await seed(leads=1, agents=1)
    lines = ScriptedLines(floor.redis, "line-1", rings_then_answers)
    floor.background(lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    person = ScriptedAgent(floor.redis, agent, session, campaign, "media-1")
    await person.arrive()
    (call,) = await until(lambda: calls(stage="connected"))
    await person.ask("dispose", call=call.pk, disposition=codes["dnc"])
    await until(lambda: calls(disposed_at__isnull=False))
    answer = await person.ask("dial", number=call.number)
    assert isinstance(answer, schemas.Failed)
    assert answer.code in ("refused", "wrong_state")
    await person.ask("pause", reason="")
    answer = await person.ask("dial", number=call.number)
    assert (answer.code, len(lines.originated)) == ("refused", 1)


async def test_two_daemons_side_by_side_never_dial_a_lead_twice(floor: Floor) -> None:
    campaign, people, _ = await seed(leads=30, agents=3)

    async def busy(node: ScriptedLines, call: str) -> None:
        await node.end(call, 486, "far")

    lines = ScriptedLines(floor.redis, "line-1", busy)
    floor.background(lines.run())
    floor.daemon()
    floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    for agent, session in people:
        await ScriptedAgent(floor.redis, agent, session, campaign, "media-1").arrive()
    await until(lambda: len(lines.originated) == 30, 30)
    await asyncio.sleep(0.3)
    assert sorted(opened.number for opened in lines.originated) == [f"+1212555{n:04d}" for n in range(30)]


async def test_while_the_database_is_away_talk_goes_on_nothing_is_dialed_and_nothing_is_lost(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, people, codes = await seed(leads=6, agents=2)
    lines = ScriptedLines(floor.redis, "line-1", rings_then_answers)
    floor.background(lines.run())
    floor.daemon()
    await until(lambda: lease_of(floor, campaign))
    first, second = [ScriptedAgent(floor.redis, who, session, campaign, "media-1") for who, session in people]
    await first.arrive()
    (call,) = await until(lambda: calls(stage="connected"))
    away = DatabaseAway(monkeypatch)
    await second.arrive()
    await lines.end(call.pk, 200, "far", True)
    reply = await until(lambda: disposed(first, call.pk, codes["sale"]))
    assert isinstance(reply, schemas.Done)
    await asyncio.sleep(1.5)
    assert len(lines.originated) == 1
    away.end()
    (done,) = await until(lambda: calls(disposed_at__isnull=False))
    assert (done.outcome, done.disposition_id, done.lead.status) == ("connected", codes["sale"], "success")
    await until(lambda: len(lines.originated) >= 2)


async def disposed(agent: ScriptedAgent, call: str, disposition: int) -> schemas.Done | None:
    """The reply once the room takes the disposition."""
    reply = await agent.ask("dispose", call=call, disposition=disposition)
    return reply if isinstance(reply, schemas.Done) else None


class DatabaseAway:
    """Every statement of the daemon's threads fails, as when the server is gone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._away = True
        execute = CursorWrapper.execute

        def refuse(cursor: Any, *args: Any, **kwargs: Any) -> Any:
            if self._away and threading.current_thread().name.startswith("db-"):
                raise OperationalError("the database is away")
            return execute(cursor, *args, **kwargs)

        monkeypatch.setattr(CursorWrapper, "execute", refuse)

    def end(self) -> None:
        """It is back."""
        self._away = False
