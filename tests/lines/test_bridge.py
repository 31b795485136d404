"""Sound goes both ways, to whom it should, and nobody hears a dead line."""

from __future__ import annotations

import secrets
import statistics
from array import array
from pathlib import Path

import pytest

from dialer.bus import audio, schemas

from .bench import Bench, FakeMedia
from .far_end import FarCall, power_at, tone

pytestmark = pytest.mark.media
LOUD = 3000
QUIET = 800


async def talk(call: FarCall) -> None:
    await call.answer()
    call.rtp.send_tone(440)


async def hears(bench: Bench, heard: array, hz: float) -> None:
    """Wait until the last 200 ms of what somebody hears are that tone."""
    await bench.until(lambda: power_at(heard[-1600:], hz) > LOUD)


async def answered(bench: Bench, far_end, **fields) -> tuple[str, FarCall]:
    far = await far_end(talk)
    await bench.trunk(far.port)
    call = await bench.originate(engine_silence=10, **fields)
    await bench.event(schemas.CallAnswered, call)
    return call, far.call()


async def bridged(bench: Bench, call: str, media: FakeMedia) -> None:
    await bench.send(schemas.Bridge(call=call, address=media.address, key=media.key))
    await bench.event(schemas.CallBridged, call)
    await bench.until(lambda: len(media.arrivals) > 40)


@pytest.mark.parametrize("kind", ["unix", "udp"])
async def test_each_side_hears_the_other(bench: Bench, far_end, tmp_path: Path, kind: str) -> None:
    call, far = await answered(bench, far_end)
    media = await FakeMedia(1000).start(str(tmp_path / "m") if kind == "unix" else "")
    await bridged(bench, call, media)
    await hears(bench, media.heard, 440)
    assert power_at(media.heard[-3200:], 1000) < QUIET
    await hears(bench, far.rtp.heard, 1000)
    assert power_at(far.rtp.heard[-3200:], 440) < QUIET
    assert media.sequences == list(range(len(media.sequences)))
    assert media.flags[0] == audio.FLAG_SILENCE
    steps = [b - a for a, b in zip(media.arrivals[5:], media.arrivals[6:])]
    assert 0.018 < statistics.median(steps) < 0.022
    media.close()


async def test_a_dead_media_node_can_be_replaced_in_mid_call(bench: Bench, far_end, tmp_path: Path) -> None:
    call, far = await answered(bench, far_end)
    first = await FakeMedia(1000).start(str(tmp_path / "one"))
    await bridged(bench, call, first)
    first.close()
    second = await FakeMedia(1700).start(str(tmp_path / "two"))
    await bench.send(schemas.Bridge(call=call, address=second.address, key=second.key))
    await bench.until(lambda: len(second.arrivals) > 40)
    await hears(bench, far.rtp.heard, 1700)
    await hears(bench, second.heard, 440)
    assert bench.kinds(call).count("CallBridged") == 2
    second.close()


async def test_unbridge_leaves_soft_noise_and_says_last(bench: Bench, far_end) -> None:
    call, far = await answered(bench, far_end)
    media = await FakeMedia(1000).start()
    await bridged(bench, call, media)
    await bench.send(schemas.Unbridge(call=call))
    await bench.until(lambda: media.flags[-1] & audio.FLAG_LAST)
    count = len(far.rtp.heard)
    await bench.until(lambda: len(far.rtp.heard) > count + 4800)
    rest = far.rtp.heard[-1600:]
    assert 0 < max(map(abs, rest)) < 100
    assert "CallEnded" not in bench.kinds(call)
    media.close()


async def test_an_address_that_leads_nowhere_leaves_the_call_up(
    bench: Bench, far_end, tmp_path: Path
) -> None:
    call, _ = await answered(bench, far_end)
    await bench.send(schemas.Bridge(call=call, address=f"unix:{tmp_path}/nobody", key=1))
    await bench.send(schemas.Bridge(call=call, address="nonsense", key=1))
    media = await FakeMedia(1000).start()
    await bridged(bench, call, media)
    media.close()


async def test_two_calls_do_not_hear_each_other(bench: Bench, far_end) -> None:
    voices = {"+12025550101": 500.0, "+12025550102": 800.0}

    async def script(call: FarCall) -> None:
        await call.answer()
        call.rtp.send_tone(voices[call.number])

    far = await far_end(script)
    await bench.trunk(far.port)
    medias = {}
    for number in voices:
        call = await bench.originate(number=number, engine_silence=10)
        await bench.event(schemas.CallAnswered, call)
        medias[number] = await FakeMedia(voices[number] * 2).start()
        await bridged(bench, call, medias[number])
    calls = {call.number: call for call in far.calls.values()}
    for number, hz in voices.items():
        other = next(v for v in voices.values() if v != hz)
        await hears(bench, medias[number].heard, hz)
        await hears(bench, calls[number].rtp.heard, hz * 2)
        assert power_at(medias[number].heard[-1600:], other) < QUIET
        medias[number].close()


async def test_digits_go_both_ways(bench: Bench, far_end) -> None:
    call, far = await answered(bench, far_end)
    await bench.until(lambda: len(far.rtp.packets) > 5)
    far.rtp.send_digit("7", far.event_type)
    assert (await bench.event(schemas.CallDigit, call)).digit == "7"
    await bench.send(schemas.SendDtmf(call=call, digits="12#"))
    await bench.until(lambda: far.rtp.digits() == "12#")


async def test_a_silent_engine_makes_the_node_play_the_message_and_hang_up(bench: Bench, far_end) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    prompt = await bench.prompt(tone(600, 6400))
    call = await bench.originate(safe_harbour=prompt, engine_silence=0.3)
    ended = await bench.event(schemas.CallEnded, call)
    prompts = [(e.prompt, e.finished, e.by_node) for e in bench.of(call) if isinstance(e, schemas.CallPrompt)]
    assert prompts == [(prompt, False, True), (prompt, True, True)]
    assert (ended.ended_by, ended.answered) == ("node", True)
    started = bench.find(schemas.CallPrompt, call).at - bench.find(schemas.CallAnswered, call).at
    assert 0.29 < started < 1.0
    assert loud_samples(far.call().rtp.heard) == pytest.approx(6400, abs=640)


def loud_samples(heard: array) -> int:
    return sum(160 for n in range(0, len(heard) - 159, 160) if power_at(heard[n : n + 160], 600) > LOUD)


async def test_the_engine_has_the_message_played_to_its_end(bench: Bench, far_end) -> None:
    call, far = await answered(bench, far_end)
    prompt = await bench.prompt(tone(600, 6400))
    await bench.send(schemas.PlayThenHangup(call=call, prompt=prompt))
    ended = await bench.event(schemas.CallEnded, call)
    prompts = [(e.finished, e.by_node) for e in bench.of(call) if isinstance(e, schemas.CallPrompt)]
    assert prompts == [(False, False), (True, False)]
    assert ended.ended_by == "us"
    assert loud_samples(far.rtp.heard) == pytest.approx(6400, abs=640)


async def test_a_message_cut_short_by_the_lead_is_not_finished(bench: Bench, far_end) -> None:
    call, far = await answered(bench, far_end)
    await bench.send(schemas.PlayThenHangup(call=call, prompt=await bench.prompt(tone(600, 80000))))
    await bench.event(schemas.CallPrompt, call)
    far.bye()
    assert (await bench.event(schemas.CallEnded, call)).ended_by == "far"
    assert [e.finished for e in bench.of(call) if isinstance(e, schemas.CallPrompt)] == [False]


async def test_a_prompt_that_is_missing_or_false_is_never_relied_on(bench: Bench, far_end) -> None:
    far = await far_end(talk)
    await bench.trunk(far.port)
    prompt = await bench.prompt()
    await bench.redis.set(f"paceline:prompt:{'0' * 64}", b"not that content")
    for bad in (secrets.token_hex(32), "0" * 64, "../../etc/passwd", prompt[:-1]):
        call = await bench.originate(safe_harbour=bad)
        assert (await bench.event(schemas.OriginateRefused, call)).why == "bad_request"
    assert not far.calls


async def test_a_lead_who_holds_and_comes_back_is_heard_again(bench: Bench, far_end) -> None:
    call, far = await answered(bench, far_end)
    media = await FakeMedia(1000).start()
    await bridged(bench, call, media)
    await far.reinvite("sendonly")
    count = len(media.arrivals)
    await bench.until(lambda: len(media.arrivals) > count + 25)
    await far.reinvite("sendrecv")
    count = len(far.rtp.heard)
    await bench.until(lambda: len(far.rtp.heard) > count + 4800)
    await hears(bench, far.rtp.heard, 1000)
    await hears(bench, media.heard, 440)
    media.close()
