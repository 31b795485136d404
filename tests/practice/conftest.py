"""A practice carrier for each test, with short waits."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest_asyncio

from dialer.practice.carrier import Carrier, Options
from dialer.practice.plan import Practice

from .uac import Rtp, Uac

QUICK = Practice(delay_scale=0.02, talk_scale=0.02, ring_limit_s=0.3)
StartCarrier = Callable[..., Awaitable[Carrier]]


@pytest_asyncio.fixture
async def start_carrier(tmp_path: Path) -> AsyncIterator[StartCarrier]:
    """Starts carriers on free ports; they are stopped after the test."""
    started: list[Carrier] = []

    async def start(practice: Practice = QUICK, **more: object) -> Carrier:
        options = Options(port=0, report=tmp_path / "carrier.json", practice=practice, **more)
        carrier = Carrier(options)
        await carrier.start()
        started.append(carrier)
        return carrier

    yield start
    for carrier in started:
        await carrier.stop()


@pytest_asyncio.fixture
async def carrier(start_carrier: StartCarrier) -> Carrier:
    """A carrier in a hurry."""
    return await start_carrier()


@pytest_asyncio.fixture
async def uac(carrier: Carrier) -> AsyncIterator[Uac]:
    """A caller."""
    caller = await Uac(carrier.port).open()
    yield caller
    caller.transport.close()


@pytest_asyncio.fixture
async def rtp() -> AsyncIterator[Rtp]:
    """The caller's audio socket."""
    audio = Rtp()
    assert audio.socket.family is socket.AF_INET
    yield audio
    audio.socket.close()
