"""The media node and the line child's own end of the audio bus understand each other."""

from __future__ import annotations

import asyncio
import secrets

import numpy as np
import pytest

from dialer.bus import schemas
from dialer.lines.audio_leg import AudioLeg

from .rig import Ears, Rig, Tone

pytestmark = pytest.mark.media


@pytest.mark.parametrize("scheme", ["udp", "unix"])
async def test_a_real_audio_leg_is_heard_and_hears(redis, redis_url, tmp_path_factory, scheme: str) -> None:
    folder = tmp_path_factory.mktemp("m")
    address = "udp:127.0.0.1:0" if scheme == "udp" else f"unix:{folder}/a.sock"
    async with Rig(redis, redis_url, audio_address=address) as rig:
        agent = await rig.agent(Tone(600))
        answered: list[bool] = []
        key = secrets.randbits(64)
        leg = AudioLeg(rig.node.audio.address, key, str(folder), lambda: answered.append(True))
        lead, voice = Ears(), Tone(440)

        async def clock() -> None:
            loop = asyncio.get_running_loop()
            due = loop.time()
            while True:
                leg.send(voice().tobytes())
                lead(np.frombuffer(leg.next_frame(), "<i2"))
                due += 0.02
                await asyncio.sleep(due - loop.time())

        running = asyncio.create_task(clock())
        await rig.tell(schemas.Join(session=agent.session, call="c", key=key, tone=False))
        await rig.until(lambda: abs(lead.pitch() - 600) < 5 and abs(agent.ears.pitch() - 440) < 5)
        assert answered == [True]
        running.cancel()
        leg.farewell()
        leg.close()
