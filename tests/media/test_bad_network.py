"""An agent on a bad network is still heard without holes."""

from __future__ import annotations

import asyncio
import random

import numpy as np
import pytest

from .rig import Agent, Rig, Tone

pytestmark = pytest.mark.media

LOSS = 0.05
JITTER_S = 0.03
SECONDS = 6


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


async def test_five_percent_loss_and_30_ms_jitter_leave_no_holes(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    lost = spoil(agent, seed=5)
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    await rig.until(lambda: len(child.ears.frames) >= 50 * SECONDS, limit_s=SECONDS + 10)
    heard = np.stack(list(child.ears.frames)[50 : 50 * SECONDS]).astype(float)
    levels = np.sqrt((heard**2).mean(axis=1))
    jitter = rig.node.board.sessions[agent.session].mouth.jitter
    assert len(lost) > 5
    assert jitter.missing > 0
    assert (levels < 0.5 * 8000 / np.sqrt(2)).mean() < 0.02, "hardly any frame has lost half its strength"
    at = np.arange(160) / 8000
    tone = 2 * np.abs((heard * np.exp(-2j * np.pi * 600 * at)).mean(axis=1))
    assert np.median(tone) > 7500
    assert len(jitter) <= 5, "the delay that is bought for this stays under 100 ms"
