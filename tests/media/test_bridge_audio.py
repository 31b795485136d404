"""A lead and an agent who are joined hear each other, and nobody else does."""

from __future__ import annotations

import asyncio

import pytest

from dialer.bus import schemas

from .rig import Rig, Tone

pytestmark = pytest.mark.media


async def test_lead_and_agent_hear_each_other(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    call = await rig.join(agent, child)
    await rig.until(lambda: abs(child.ears.pitch() - 600) < 5 and abs(agent.ears.pitch() - 440) < 5)
    await rig.until(lambda: [e.call for e in rig.told(schemas.Joined, agent.session)] == [call])
    await rig.tell(schemas.Part(session=agent.session, call=call))
    await rig.until(lambda: child.dismissed and agent.ears.pitch() == 0.0)
    heard = len(child.answers)
    await asyncio.sleep(0.1)
    assert len(child.answers) == heard
