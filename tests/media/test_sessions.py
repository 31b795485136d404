"""An agent's session from sign-in to sign-out: reloads, silence, sounds, refusals."""

from __future__ import annotations

import time

import numpy as np
import pytest

from dialer.bus import names, schemas, streams
from dialer.practice.softphone import Softphone

from .rig import CAMPAIGN, Rig, Tone

pytestmark = pytest.mark.media


def zeros() -> np.ndarray:
    return np.zeros(160, "<i2")


async def test_the_room_is_told_that_the_agent_is_up_and_heard(rig: Rig) -> None:
    agent = await rig.agent(zeros)
    await rig.until(lambda: rig.told(schemas.SessionUp, agent.session))
    assert not rig.told(schemas.AudioHeard)
    agent.phone.source = Tone(300)
    await rig.until(lambda: rig.told(schemas.AudioHeard, agent.session))
    await rig.tell(schemas.CloseSession(session=agent.session))
    await rig.until(lambda: [e.why for e in rig.told(schemas.SessionDown)] == ["closed"])
    assert len(rig.told(schemas.AudioHeard)) == 1
    assert not rig.node.board.sessions
    await rig.until(agent.phone.closed.is_set)


async def test_an_agent_in_no_campaign_is_told_of_when_one_is_attached(rig: Rig) -> None:
    agent = await rig.agent(Tone(300), campaign=0)
    await rig.until(lambda: agent.phone.received > 10)
    assert rig.events == []
    await rig.tell(schemas.Attach(session=agent.session, campaign=CAMPAIGN))
    await rig.until(lambda: rig.told(schemas.SessionUp) and rig.told(schemas.AudioHeard))


async def test_a_browser_that_falls_silent_is_noticed_and_the_lead_hears_comfort_noise(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    agent.phone.frozen = True
    await rig.until(lambda: [e.why for e in rig.told(schemas.SessionDown)] == ["silent"])
    await rig.until(lambda: 2 < child.ears.level(10) < 40)
    agent.phone.frozen = False
    await rig.until(lambda: len(rig.told(schemas.SessionUp)) == 2)
    await rig.until(lambda: abs(child.ears.pitch() - 600) < 5)


async def test_a_reload_keeps_the_lead_and_carries_the_call_on(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    await agent.phone.aclose()
    await rig.until(lambda: [e.why for e in rig.told(schemas.SessionDown)] == ["closed"])
    await rig.until(lambda: 2 < child.ears.level(10) < 40)
    again = await rig.agent(Tone(800), session=agent.session)
    await rig.until(lambda: abs(child.ears.pitch() - 800) < 5 and abs(again.ears.pitch() - 440) < 5)
    assert len(rig.told(schemas.SessionUp)) == 2
    assert child.in_sequence


async def test_a_second_open_takes_over_without_a_gap_for_the_lead(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    await rig.until(lambda: child.ears.pitch() > 0)
    before = len(child.ears.frames)
    again = await rig.agent(Tone(600), session=agent.session)
    await rig.until(agent.phone.closed.is_set)
    await rig.until(lambda: again.phone.received > 20)
    heard = list(child.ears.frames)[before:]
    quiet = [n for n, frame in enumerate(heard) if np.abs(frame).max() < 500]
    assert len(quiet) <= 1, quiet
    assert not rig.told(schemas.SessionDown)
    assert len(rig.told(schemas.SessionUp)) == 2


async def test_the_echo_lets_an_agent_hear_themselves(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    await rig.tell(schemas.Tone(session=agent.session, name="echo_start"))
    await rig.until(lambda: abs(agent.ears.pitch() - 600) < 5)
    await rig.tell(schemas.Tone(session=agent.session, name="echo_stop"))
    await rig.until(lambda: agent.ears.pitch() == 0.0)


@pytest.mark.parametrize(("name", "frequency"), [("callback", 1175), ("pause_over", 523), ("hangup", 440)])
async def test_each_sound_is_heard_by_its_agent(rig: Rig, name: str, frequency: int) -> None:
    agent = await rig.agent(zeros)
    await rig.tell(schemas.Tone(session=agent.session, name=name))
    await rig.until(lambda: agent.ears.strength(frequency, 20) > 800)


async def test_commands_that_fit_nothing_are_counted(rig: Rig) -> None:
    agent = await rig.agent(zeros)
    counts = rig.node.board.counts
    await rig.tell(schemas.Tone(session=agent.session, name="fanfare"))
    await rig.tell(schemas.Join(session="0" * 32, call="c", key=1))
    await rig.tell(schemas.Part(session=agent.session, call="c"))
    await rig.redis.xadd(names.media_stream("m1"), {b"m": b"\xc1 no message"})
    await rig.redis.xadd(names.media_stream("m1"), {b"other": b""})
    await rig.until(lambda: counts["bad_command"] == 2)
    assert (counts["unknown_tone"], counts["unknown_session"], counts["unknown_part"]) == (1, 1, 1)


async def test_a_full_node_says_so(redis, redis_url: str) -> None:
    async with Rig(redis, redis_url, capacity=1) as rig:
        agent = await rig.agent(zeros)
        refused = await rig.ask("v=0")
        assert isinstance(refused, schemas.Failed)
        assert refused.code == "no_capacity"
        await rig.agent(zeros, session=agent.session)


async def test_the_heartbeat_says_where_audio_goes_and_how_full_the_node_is(rig: Rig) -> None:
    await rig.agent(zeros)

    async def beats() -> bool:
        (status,) = await streams.nodes(rig.redis, "media")
        return (status.used, status.address, status.draining) == (1, rig.node.audio.address, False)

    await rig.until(beats)


async def test_nobody_takes_over_the_session_of_another_agent(rig: Rig) -> None:
    agent = await rig.agent(zeros)
    refused = await rig.ask(await Softphone().offer(), session=agent.session, agent=2)
    assert isinstance(refused, schemas.Failed)
    assert refused.code == "not_yours"
    heard = agent.phone.received
    await rig.until(lambda: agent.phone.received > heard + 5)


async def test_a_reload_that_names_no_campaign_leaves_the_room_as_it_was(rig: Rig) -> None:
    agent = await rig.agent(zeros)
    await rig.until(lambda: rig.told(schemas.SessionUp))
    await rig.agent(zeros, session=agent.session, campaign=0)
    await rig.until(lambda: len(rig.told(schemas.SessionUp)) == 2)
    await rig.tell(schemas.Attach(session=agent.session, campaign=0))
    await rig.until(lambda: rig.node.board.sessions[agent.session].campaign == 0)


async def test_a_node_that_stood_still_calls_nobody_silent(rig: Rig) -> None:
    agent = await rig.agent(zeros)
    await rig.until(lambda: rig.told(schemas.SessionUp))
    time.sleep(1.2)  # noqa: ASYNC251 - the whole process is to stand still
    heard = agent.phone.received
    await rig.until(lambda: agent.phone.received > heard + 10)
    assert not rig.told(schemas.SessionDown)
