"""An agent on a bad network is still heard without holes."""

from __future__ import annotations

import asyncio
import random
from collections import deque

import numpy as np
import pytest

from dialer.media import codec
from dialer.media.mouth import Mouth

from .rig import Agent, Rig, Tone

pytestmark = pytest.mark.media

LOSS = 0.05
JITTER_S = 0.03
FRAMES = 250
FULL = 8000 / np.sqrt(2)


def spoil(agent: Agent, seed: int) -> list[int]:
    """Lose and delay the agent's RTP packets, as sent; the returned list grows by one for each lost packet."""
    rng = random.Random(seed)
    lost: list[int] = []
    transport = agent.phone._peer._connection.getReceivers()[0].transport
    ice = transport.transport
    send = ice._send

    async def lossy(data: bytes) -> None:
        is_audio = 127 < data[0] < 192 and not 191 < data[1] < 224
        if not is_audio:
            await send(data)
        elif rng.random() < LOSS:
            lost.append(1)
        else:
            loop = asyncio.get_running_loop()
            loop.call_later(rng.uniform(0, JITTER_S), lambda: loop.create_task(send(data)))

    ice._send = lossy
    return lost


def heard_through(loss: float, jitter_ms: float, sender_clock: float = 1.0) -> tuple[np.ndarray, Mouth]:
    """What a lead hears of a minute of tone, 20 ms a row, with arrival times made up instead of waited for."""
    rng, tone, mouth = random.Random(7), Tone(600), Mouth()
    mouth.wanted = True
    sent = [(20 * n * sender_clock + rng.uniform(0, jitter_ms), n, codec.encode(tone())) for n in range(3000)]
    waiting = deque(sorted(packet for packet in sent if rng.random() >= loss))
    heard = []
    for turn in range(3000):
        while waiting and waiting[0][0] <= 20 * turn:
            _, sequence, payload = waiting.popleft()
            mouth.push(sequence, payload)
        heard.append(np.frombuffer(mouth.frame(), "<i2").astype(float))
    return np.stack(heard[50:]), mouth


def quality(heard: np.ndarray) -> tuple[float, float]:
    """The share of frames that lost half their strength, and the ratio of the tone to all else in dB."""
    power = (heard**2).mean(axis=1)
    at = np.arange(160) / 8000
    tone = 2 * np.abs((heard * np.exp(-2j * np.pi * 600 * at)).mean(axis=1)) ** 2
    return float((np.sqrt(power) < 0.5 * FULL).mean()), float(
        10 * np.log10(tone.sum() / (power - tone).sum())
    )


@pytest.mark.parametrize(
    ("loss", "jitter_ms", "clock", "db", "depth"),
    [
        (0.0, 0, 1.0, 38, 1),
        (0.05, 0, 1.0, 28, 1),
        (0.05, 30, 1.0, 28, 3),
        (0.10, 60, 1.0, 24, 4),
        (0.05, 100, 1.0, 28, 6),
        (0.0, 5, 1.001, 36, 2),
        (0.0, 5, 0.999, 36, 3),
    ],
)
def test_the_lead_hears_no_holes(loss: float, jitter_ms: float, clock: float, db: float, depth: int) -> None:
    heard, mouth = heard_through(loss, jitter_ms, clock)
    holes, tone_db = quality(heard)
    assert holes < 0.005
    assert tone_db > db
    assert len(mouth.jitter) <= depth


async def test_losses_and_jitter_on_a_real_connection_are_concealed(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    lost = spoil(agent, seed=5)
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    await rig.until(lambda: len(child.ears.frames) >= FRAMES, limit_s=20)
    holes, _ = quality(np.stack(list(child.ears.frames)[50:]).astype(float))
    assert len(lost) > 5
    assert rig.node.board.sessions[agent.session].mouth.jitter.missing > 0
    assert holes < LOSS, "what was lost is not heard as holes"
