"""A media node, line children and agents in one event loop, for the tests of this folder."""

from __future__ import annotations

import asyncio
import secrets
import socket
import uuid
from collections import deque
from collections.abc import Callable

import numpy as np

from dialer.bus import names, schemas, streams
from dialer.bus.audio import (
    DATAGRAM_BYTES,
    FLAG_LAST,
    FLAG_SILENCE,
    FRAME_SAMPLES,
    HEADER,
    SAMPLE_RATE_HZ,
    parse_address,
)
from dialer.bus.ending import end
from dialer.media.config import NodeConfig
from dialer.media.node import MediaNode
from dialer.practice.softphone import Softphone

CAMPAIGN = 7
KEPT_FRAMES = 500


class Tone:
    """An endless sine, 20 ms at a time."""

    def __init__(self, frequency_hz: float, amplitude: int = 8000) -> None:
        self.frequency_hz = frequency_hz
        self.amplitude = amplitude
        self._at = 0

    def __call__(self) -> np.ndarray:
        at = np.arange(self._at, self._at + FRAME_SAMPLES)
        self._at += FRAME_SAMPLES
        return (self.amplitude * np.sin(2 * np.pi * self.frequency_hz * at / SAMPLE_RATE_HZ)).astype("<i2")


class Ears:
    """Keeps what was heard, newest last, as arrays of 160 samples."""

    def __init__(self) -> None:
        self.frames: deque[np.ndarray] = deque(maxlen=KEPT_FRAMES)

    def __call__(self, samples: np.ndarray) -> None:
        self.frames.append(samples)

    def last(self, count: int = 25) -> np.ndarray:
        return np.concatenate(list(self.frames)[-count:]) if self.frames else np.zeros(FRAME_SAMPLES)

    def level(self, count: int = 25) -> float:
        return float(np.sqrt(np.mean(self.last(count).astype(float) ** 2)))

    def pitch(self, count: int = 25) -> float:
        """The strongest frequency of the last frames, in Hz; 0 in silence."""
        heard = self.last(count).astype(float)
        if np.sqrt(np.mean(heard**2)) < 100:
            return 0.0
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), 8 * len(heard)))
        return float(np.argmax(spectrum) * SAMPLE_RATE_HZ / (8 * len(heard)))

    def strength(self, frequency_hz: float, count: int = 25) -> float:
        """The amplitude of one frequency in the last frames."""
        heard = self.last(count).astype(float)
        at = np.arange(len(heard)) / SAMPLE_RATE_HZ
        return float(2 * abs(np.mean(heard * np.exp(-2j * np.pi * frequency_hz * at))))


class LineChild:
    """The line side of one call: 50 datagrams a second to the media node, and what it answers."""

    def __init__(self, address: str, key: int, source: Callable[[], np.ndarray]) -> None:
        self.key = key
        self.source = source
        self.ears = Ears()
        self.answers: list[tuple[int, int]] = []
        """(sequence, flags) of every answer."""
        family, self._target = parse_address(address)
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0) if family == socket.AF_INET else "")
        self._socket.setblocking(False)
        self._sent = 0
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            self.send(self.source())
            due += 0.02
            await asyncio.sleep(due - loop.time())

    def send(self, samples: np.ndarray | None) -> None:
        header = HEADER.pack(self.key, self._sent, FLAG_SILENCE if samples is None else 0)
        self._socket.sendto(header + (b"" if samples is None else samples.tobytes()), self._target)
        self._sent += 1

    def _read(self) -> None:
        data = self._socket.recv(DATAGRAM_BYTES + 1)
        key, sequence, flags = HEADER.unpack_from(data)
        if key != self.key:
            # Meant for whoever had this port before: passed over, as the real child does.
            return
        self.answers.append((sequence, flags))
        silent = bool(flags & FLAG_SILENCE)
        self.ears(np.zeros(FRAME_SAMPLES, "<i2") if silent else np.frombuffer(data[HEADER.size :], "<i2"))

    @property
    def in_sequence(self) -> bool:
        """Whether the answers were numbered one by one, without a gap."""
        numbers = [sequence for sequence, _ in self.answers]
        return numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    @property
    def dismissed(self) -> bool:
        return any(flags & FLAG_LAST for _, flags in self.answers)

    def close(self) -> None:
        self._task.cancel()
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()


class Agent:
    """A softphone and the session that it has."""

    def __init__(self, session: str, phone: Softphone, ears: Ears) -> None:
        self.session = session
        self.phone = phone
        self.ears = ears


class Rig:
    """The node under test, driven over Redis as the engine and the web process drive it."""

    def __init__(self, redis, redis_url: str, **settings) -> None:
        self.redis = redis
        given = {
            "node": "m1",
            "audio_address": "udp:127.0.0.1:0",
            "hosts": ("127.0.0.1",),
            "stop_limit_s": 0.5,
        }
        self.node = MediaNode(NodeConfig(redis_url=redis_url, **given | settings))
        self.events: list[schemas.MediaEvent] = []
        self._children: list[LineChild] = []
        self._agents: list[Agent] = []

    async def __aenter__(self) -> Rig:
        self.running = asyncio.create_task(self.node.run())
        self._following = asyncio.create_task(self._follow())
        await self.until(self._beats)
        return self

    async def __aexit__(self, *_: object) -> None:
        for child in self._children:
            child.close()
        for agent in self._agents:
            await agent.phone.aclose()
        self.node.stop()
        await self.running
        await end([self._following])

    async def _beats(self) -> bool:
        return bool(await streams.nodes(self.redis, "media"))

    async def _follow(self) -> None:
        reader = streams.Reader(self.redis, schemas.RoomMessage)
        reader.follow(names.room_stream(CAMPAIGN), "0")
        while True:
            try:
                self.events += [message for _, _, message in await reader.read(100)]
            except Exception:
                await asyncio.sleep(0.05)

    async def until(self, condition, limit_s: float = 5.0) -> None:
        """Wait until a condition holds; the limit is for failures only."""
        async with asyncio.timeout(limit_s):
            while True:
                if await condition() if asyncio.iscoroutinefunction(condition) else condition():
                    return
                await asyncio.sleep(0.01)

    async def tell(self, command: schemas.Message) -> None:
        await streams.send(self.redis, names.media_stream(self.node.config.node), command)

    async def ask(
        self, sdp: str, session: str | None = None, campaign: int = CAMPAIGN, agent: int = 1
    ) -> schemas.Reply:
        opening = schemas.OpenSession(
            session=session or uuid.uuid4().hex, agent=agent, campaign=campaign, offer_sdp=sdp, reply_to=""
        )
        return await streams.request(self.redis, names.media_stream(self.node.config.node), opening)

    async def agent(self, source, session: str | None = None, campaign: int = CAMPAIGN) -> Agent:
        """A signed-in agent whose session is up."""
        ears = Ears()
        agent = Agent(session or uuid.uuid4().hex, Softphone(source, ears), ears)
        self._agents.append(agent)
        answer = await self.ask(await agent.phone.offer(), agent.session, campaign)
        assert isinstance(answer, schemas.SessionAnswer), answer
        await agent.phone.accept(answer.sdp)
        await self.until(lambda: self.node.board.sessions[agent.session].up)
        return agent

    def child(self, source, key: int | None = None) -> LineChild:
        """A call's audio."""
        child = LineChild(self.node.audio.address, key or secrets.randbits(64), source)
        self._children.append(child)
        return child

    async def join(self, agent: Agent, child: LineChild, tone: bool = False) -> str:
        """Connect both; returns the call's id."""
        call = uuid.uuid4().hex
        await self.tell(schemas.Join(session=agent.session, call=call, key=child.key, tone=tone))
        await self.until(
            lambda: child.key in self.node.board.legs and not self.node.board.legs[child.key].first_is_due
        )
        return call

    def told(self, kind: type, session: str | None = None) -> list:
        """The events of one kind that the room has been told."""
        return [e for e in self.events if isinstance(e, kind) and session in (None, e.session)]
