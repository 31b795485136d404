"""A lead and an agent who are joined hear each other, and nobody else does."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from dialer.bus import schemas
from dialer.bus.audio import FLAG_SILENCE, HEADER

from .rig import Rig, Tone

pytestmark = pytest.mark.media

LEAK = 80
"""One hundredth of a tone's amplitude: what a late frame alone can put at another frequency."""


def zeros() -> np.ndarray:
    return np.zeros(160, "<i2")


async def test_lead_and_agent_hear_each_other_until_they_are_parted(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    call = await rig.join(agent, child)
    await rig.until(lambda: abs(child.ears.pitch() - 600) < 5 and abs(agent.ears.pitch() - 440) < 5)
    await rig.until(lambda: [e.call for e in rig.told(schemas.Joined, agent.session)] == [call])
    await rig.tell(schemas.Part(session=agent.session, call=call))
    await rig.until(lambda: child.dismissed and agent.ears.pitch() == 0.0)
    heard = len(child.answers)
    dropped = rig.node.board.counts["unknown_key"]
    await rig.until(lambda: rig.node.board.counts["unknown_key"] > dropped + 3)
    assert len(child.answers) == heard


async def test_every_frame_of_the_lead_is_answered_with_one_of_the_agent(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    await rig.until(lambda: len(child.answers) >= 50)
    assert child.in_sequence


async def test_the_lead_is_heard_at_once_though_the_connect_tone_plays(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(300, amplitude=3000))
    await rig.join(agent, child, tone=True)
    heard = agent.ears
    await rig.until(lambda: sum(np.abs(frame).max() > 100 for frame in heard.frames) > 10)
    began = next(n for n, frame in enumerate(heard.frames) if np.abs(frame).max() > 100)
    first = np.concatenate(list(heard.frames)[began : began + 7])
    at = np.arange(len(first)) / 8000
    found = {hz: 2 * abs(np.mean(first * np.exp(-2j * np.pi * hz * at))) for hz in (300, 660, 880)}
    assert all(strength > 600 for strength in found.values()), found


async def test_two_calls_at_once_stay_apart(rig: Rig) -> None:
    pairs = []
    for agent_hz, lead_hz in ((500, 900), (700, 1100)):
        agent = await rig.agent(Tone(agent_hz))
        child = rig.child(Tone(lead_hz))
        await rig.join(agent, child)
        pairs.append((agent, child, agent_hz, lead_hz))
    stranger = rig.child(Tone(1500))
    for agent, child, agent_hz, lead_hz in pairs:
        await rig.until(lambda a=agent, hz=lead_hz: a.ears.strength(hz) > 7800)
        await rig.until(lambda c=child, hz=agent_hz: c.ears.strength(hz) > 7800)
        for other_hz in {900, 1100, 1500} - {lead_hz}:
            assert agent.ears.strength(other_hz) < LEAK
        assert child.ears.strength(1200 - agent_hz) < LEAK
    assert stranger.answers == []
    assert rig.node.board.counts["unknown_key"] > 0


async def test_a_muted_agent_is_silence_to_the_lead_and_still_hears(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    await rig.join(agent, child)
    await rig.until(lambda: child.ears.pitch() > 0)
    await rig.tell(schemas.Mute(session=agent.session, on=True))
    await rig.until(lambda: not child.ears.last(10).any())
    assert child.answers[-1][1] & FLAG_SILENCE
    await rig.until(lambda: abs(agent.ears.pitch() - 440) < 5)
    await rig.tell(schemas.Mute(session=agent.session, on=False))
    await rig.until(lambda: abs(child.ears.pitch() - 600) < 5)


async def test_on_hold_the_lead_hears_the_hold_sound_and_the_agent_nothing(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    call = await rig.join(agent, child)
    await rig.until(lambda: child.ears.pitch() > 0)
    await rig.tell(schemas.Hold(session=agent.session, on=True))
    await rig.until(lambda: child.ears.strength(600, 10) < 20 and not agent.ears.last(10).any())
    await rig.until(lambda: child.ears.strength(440, 15) > 300)
    await rig.tell(schemas.Part(session=agent.session, call=call))
    await rig.until(lambda: not rig.node.board.legs)
    await rig.join(agent, child)
    await rig.until(lambda: abs(child.ears.pitch() - 600) < 5)


async def test_a_new_join_takes_the_place_of_the_one_before(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    first, second = rig.child(Tone(440)), rig.child(Tone(900))
    await rig.join(agent, first)
    await rig.join(agent, second)
    await rig.until(lambda: first.dismissed and agent.ears.strength(900) > 7800)
    assert agent.ears.strength(440) < LEAK


async def test_a_join_that_is_said_again_changes_nothing_and_is_confirmed_again(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    child = rig.child(Tone(440))
    call = await rig.join(agent, child)
    await rig.tell(schemas.Join(session=agent.session, call=call, key=child.key))
    await rig.until(lambda: [e.call for e in rig.told(schemas.Joined)] == [call, call])
    assert child.in_sequence


async def test_a_frame_that_comes_twice_is_played_once(rig: Rig) -> None:
    agent = await rig.agent(zeros)
    child = rig.child(zeros)
    await rig.join(agent, child)
    leg = rig.node.board.legs[child.key]
    for sequence in (1000, 1000, 999, 1003):
        leg.take(sequence, FLAG_SILENCE, b"", leg.address)
    assert leg.late >= 2


@pytest.mark.parametrize("scheme", ["udp", "unix"])
async def test_hostile_datagrams_are_counted_and_harm_nothing(
    redis, redis_url, tmp_path_factory, scheme
) -> None:
    address = "udp:127.0.0.1:0" if scheme == "udp" else f"unix:{tmp_path_factory.mktemp('m')}/a.sock"
    async with Rig(redis, redis_url, audio_address=address) as rig:
        agent = await rig.agent(Tone(600))
        child = rig.child(Tone(440))
        await rig.join(agent, child)
        hostile = [
            b"",
            b"x",
            bytes(HEADER.size),
            HEADER.pack(child.key, 0, 0) + b"short",
            HEADER.pack(child.key, 0, FLAG_SILENCE) + bytes(320),
            HEADER.pack(child.key ^ 1, 0, 0) + bytes(320),
            struct.pack("<QII", 2**64 - 1, 2**32 - 1, 2**32 - 1),
            bytes(60_000),
        ]
        for datagram in hostile:
            child._socket.sendto(datagram, child._target)
        await rig.until(lambda: rig.node.audio.dropped["malformed"] >= 6)
        await rig.until(lambda: rig.node.board.counts["unknown_key"] >= 2)
        await rig.until(lambda: abs(agent.ears.pitch() - 440) < 5 and abs(child.ears.pitch() - 600) < 5)


async def test_mute_and_hold_end_with_their_call(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    first = rig.child(Tone(440))
    call = await rig.join(agent, first)
    await rig.tell(schemas.Mute(session=agent.session, on=True))
    await rig.tell(schemas.Hold(session=agent.session, on=True))
    await rig.tell(schemas.Part(session=agent.session, call=call))
    second = rig.child(Tone(900))
    await rig.join(agent, second)
    await rig.until(lambda: abs(second.ears.pitch() - 600) < 5 and abs(agent.ears.pitch() - 900) < 5)


async def test_a_call_whose_bridge_is_laid_anew_stays_muted(rig: Rig) -> None:
    agent = await rig.agent(Tone(600))
    first = rig.child(Tone(440))
    call = await rig.join(agent, first)
    await rig.tell(schemas.Mute(session=agent.session, on=True))
    second = rig.child(Tone(440))
    await rig.tell(schemas.Join(session=agent.session, call=call, key=second.key, tone=False))
    await rig.until(lambda: first.dismissed and len(second.answers) > 20)
    assert not any(frame.any() for frame in second.ears.frames)


async def test_a_lead_who_is_handed_to_another_agent_takes_that_agents_frames_as_newer(rig: Rig) -> None:
    first, second = await rig.agent(Tone(600)), await rig.agent(Tone(800))
    child = rig.child(Tone(440))
    await rig.join(first, child)
    await rig.until(lambda: abs(child.ears.pitch() - 600) < 5)
    before = child.answers[-1][0]
    await rig.tell(schemas.Join(session=second.session, call="c", key=child.key))
    await rig.until(lambda: abs(child.ears.pitch() - 800) < 5)
    assert child.answers[-1][0] > before
    await rig.until(lambda: abs(second.ears.pitch() - 440) < 5 and first.ears.pitch() == 0.0)
