"""A line node under test: real children, real SIP on loopback, a Redis of the test run's own."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import os
import secrets
import time
import uuid
import wave
from array import array
from typing import Any

from dialer.bus import audio, keys, names, schemas, streams
from dialer.bus.ending import end
from dialer.bus.permit import Permit, seal
from dialer.bus.trunks import TrunkConfig, publish_trunk
from dialer.lines.config import LineConfig
from dialer.lines.node import LineNode

from .far_end import tone

SECRET = "a secret for tests that is long enough"
CAMPAIGN = 7


def wav(samples: array) -> bytes:
    """A prompt."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


class Bench:
    """Sends commands to a node and collects its events."""

    def __init__(self, redis: Any, redis_url: str, **options: Any) -> None:
        self.redis = redis
        self.config = LineConfig(
            redis_url=redis_url, bus_secret=SECRET, node=f"t-{secrets.token_hex(4)}", **options
        )
        self.events: list[Any] = []
        self.epoch = 1
        self._reader = streams.Reader(redis, schemas.RoomMessage)
        self._tasks: list[asyncio.Task[Any]] = []

    async def start(self) -> Bench:
        self.node = LineNode(self.config)
        self.running = asyncio.create_task(self.node.run())
        self._reader.follow(names.room_stream(CAMPAIGN), "0")
        self._reader.follow(names.room_stream(0), "0")
        self._tasks = [asyncio.create_task(self._collect())]
        await self.until(lambda: self.node._pool.slots > 0)
        await self.until_async(lambda: self.redis.exists(names.node_key("line", self.config.node)))
        return self

    async def _collect(self) -> None:
        while True:
            try:
                for _, _, message in await self._reader.read(block_ms=200):
                    self.events.append((asyncio.get_running_loop().time(), message))
            except (OSError, Exception) as error:
                if isinstance(error, asyncio.CancelledError):
                    raise
                await asyncio.sleep(0.05)

    async def until(self, condition: Any, limit_s: float = 10.0) -> None:
        deadline = time.monotonic() + limit_s
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain; events: {[e for _, e in self.events]}"
            await asyncio.sleep(0.005)

    async def until_async(self, condition: Any, limit_s: float = 10.0) -> None:
        deadline = time.monotonic() + limit_s
        while not await condition():
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        self.node.stop()
        await self.running
        await end(self._tasks)

    # --- commands ---

    async def trunk(self, port: int, **fields: Any) -> int:
        number = fields.pop("id", 1)
        config = TrunkConfig(id=number, version=1, host=fields.pop("host", "127.0.0.1"), port=port, **fields)
        await publish_trunk(self.redis, keys.box(SECRET, "trunks"), config)
        return number

    def permit(self, call: str, **fields: Any) -> Permit:
        now = time.time()
        given: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "call": call,
            "organisation": 1,
            "campaign": CAMPAIGN,
            "epoch": self.epoch,
            "node": self.config.node,
            "number": "+12025550100",
            "caller_id": "+12025550199",
            "trunk": 1,
            "granted_at": now,
            "expires_at": now + 10,
        }
        return Permit(**{**given, **fields})

    async def originate(self, *, permit: Permit | None = None, key: bytes = b"", **fields: Any) -> str:
        call = fields.pop("call", None) or uuid.uuid4().hex
        order = {k: fields.pop(k) for k in ("ring_limit", "safe_harbour", "engine_silence") if k in fields}
        permit = permit or self.permit(call, **fields)
        sealed = seal(permit, key or keys.derive(SECRET, "permit"))
        await self.send(schemas.Originate(call=call, permit=sealed, **{"ring_limit": 20.0, **order}))
        return call

    async def send(self, command: schemas.Message) -> None:
        await streams.send(self.redis, names.line_stream(self.config.node), command)

    async def prompt(self, samples: array | None = None) -> str:
        content = wav(samples if samples is not None else tone(600, 8000))
        digest = hashlib.sha256(content).hexdigest()
        await self.redis.set(names.prompt_key(digest), content)
        return digest

    # --- events ---

    def of(self, call: str) -> list[Any]:
        return [event for _, event in self.events if getattr(event, "call", "") == call]

    def kinds(self, call: str) -> list[str]:
        return [type(event).__name__ for event in self.of(call)]

    def find(self, kind: type, call: str) -> Any:
        return next((event for event in self.of(call) if isinstance(event, kind)), None)

    async def event(self, kind: type, call: str, limit_s: float = 10.0) -> Any:
        await self.until(lambda: self.find(kind, call) is not None, limit_s)
        return self.find(kind, call)


class FakeMedia(asyncio.DatagramProtocol):
    """A media node's audio socket: answers each datagram with 20 ms of a tone, keeps what it hears."""

    def __init__(self, hz: float = 1000.0) -> None:
        self._hz = hz
        self.key = secrets.randbits(64)
        self.heard = array("h")
        self.sequences: list[int] = []
        self.arrivals: list[float] = []
        self.flags: list[int] = []
        self.replies = True
        self.address = ""

    async def start(self, path: str = "") -> FakeMedia:
        loop = asyncio.get_running_loop()
        if path:
            self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=path, family=1)
            self.address = f"unix:{path}"
        else:
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: self, local_addr=("127.0.0.1", 0)
            )
            self.address = f"udp:127.0.0.1:{self._transport.get_extra_info('sockname')[1]}"
        self._path = path
        return self

    def datagram_received(self, data: bytes, address: Any) -> None:
        key, sequence, flags = audio.HEADER.unpack_from(data)
        assert key == self.key
        self.sequences.append(sequence)
        self.flags.append(flags)
        self.arrivals.append(asyncio.get_running_loop().time())
        self.heard.frombytes(data[audio.HEADER.size :])
        if self.replies:
            pcm = tone(self._hz, audio.FRAME_SAMPLES, sequence * audio.FRAME_SAMPLES).tobytes()
            self._transport.sendto(audio.HEADER.pack(key, sequence, 0) + pcm, address)

    def close(self) -> None:
        self._transport.close()
        if self._path:
            with contextlib.suppress(OSError):
                os.unlink(self._path)
