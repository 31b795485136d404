"""What far ends say and hear over RTP."""

from __future__ import annotations

import asyncio
import json
import struct
from pathlib import Path

import pytest

from dialer.practice import sdp, speech, voices
from dialer.practice.carrier import Carrier
from dialer.practice.ears import Ears
from dialer.practice.plan import Practice
from dialer.practice.rtp import HEADER, RtpLoop
from dialer.practice.voices import Identity, Kind

from .conftest import StartCarrier
from .uac import Call, Rtp, Uac, offer

pytestmark = pytest.mark.media
TALKS_ON = Practice(delay_scale=0.02, talk_scale=100)


@pytest.fixture
async def carrier(start_carrier: StartCarrier) -> Carrier:
    """People who do not hang up."""
    return await start_carrier(TALKS_ON)


def understood(packets: list[bytes]) -> list[Identity]:
    ears = Ears(1)
    slot, found = ears.open(), []
    for packet in packets:
        ears.feed(slot, packet[12:])
        found += [identity for _, identity in ears.listen()[0]]
    return found


async def talk(call: Call) -> tuple[str, int]:
    """Where the answered call's audio goes."""
    description = sdp.parse((await call.answered()).body)
    assert description is not None
    return description.host, description.port


async def collect(rtp: Rtp, enough: int) -> list[bytes]:
    """At least so many packets."""
    packets: list[bytes] = []
    async with asyncio.timeout(20):
        while len(packets) < enough:
            await asyncio.sleep(0.05)
            packets += rtp.packets()
    return packets


@pytest.mark.parametrize(("ending", "kind"), [("03", Kind.HUMAN), ("43", Kind.HUMAN), ("50", Kind.MACHINE)])
async def test_each_far_end_says_its_own_number(uac: Uac, rtp: Rtp, ending: str, kind: Kind) -> None:
    await talk(uac.call(f"+121255501{ending}", offer(rtp.port)))
    found = understood(await collect(rtp, 65))
    assert found == [voices.far_end(f"+121255501{ending}", kind)] * len(found)
    assert found


async def test_packets_are_numbered_and_stamped_20_ms_apart(uac: Uac, rtp: Rtp) -> None:
    await talk(uac.call("+12125550103", offer(rtp.port)))
    headers = [HEADER.unpack_from(packet) for packet in await collect(rtp, 20)]
    first = headers[0]
    assert first[1] == 0x80, "the first packet of a talk carries the marker"
    for index, (flags, kind, sequence, stamp, ssrc) in enumerate(headers[1:], 1):
        assert (flags, kind, ssrc) == (0x80, 0, first[4])
        assert sequence == (first[2] + index) & 0xFFFF
        assert stamp == (first[3] + 160 * index) & 0xFFFFFFFF


async def test_the_report_tells_whose_voice_was_heard_and_which_keys(
    carrier: Carrier, uac: Uac, rtp: Rtp, tmp_path: Path
) -> None:
    call = uac.call("+12125550103", offer(rtp.port))
    address = await talk(call)
    sequence = 0
    for frame in voices.pcmu_frames(voices.agent(42)) * 2:
        rtp.socket.sendto(HEADER.pack(0x80, 0, sequence, 160 * sequence, 7) + frame, address)
        sequence += 1
        if sequence % 4 == 0:
            await asyncio.sleep(0.02)
    for digit in (5, 5):
        for end in (0, 0x80, 0x80, 0x80):
            event = struct.pack("!BBH", digit, end | 10, 800)
            rtp.socket.sendto(HEADER.pack(0x80, 101, sequence, 160 * (sequence // 4 * 4), 7) + event, address)
            sequence += 1
    rtp.socket.sendto(b"\x00junk", address)
    await asyncio.sleep(0.2)
    call.request("BYE")
    await call.until(200)
    await carrier.stop()
    (entry,) = json.loads((tmp_path / "carrier.json").read_text())["calls"]
    assert list(entry["voices"]) == ["agent:42"]
    assert entry["voices"]["agent:42"]["words"] == 2
    assert entry["digits"] == "55"
    assert entry["rtp_in"] == 96 + 8
    assert entry["rtp_out"] > 0


async def test_what_a_far_end_hears_is_kept_where_that_is_asked_for(
    start_carrier: StartCarrier, tmp_path: Path, rtp: Rtp
) -> None:
    carrier = await start_carrier(TALKS_ON, tapes=tmp_path)
    caller = await Uac(carrier.port).open()
    address = await talk(caller.call("+12125550103", offer(rtp.port)))
    frames = voices.pcmu_frames(voices.agent(42))
    for sequence, frame in enumerate(frames):
        rtp.socket.sendto(HEADER.pack(0x80, 0, sequence, 160 * sequence, 7) + frame, address)
        await asyncio.sleep(0.002)
    async with asyncio.timeout(10):
        while len(tape_of("12125550103", tmp_path)) < 24 + 160 * len(frames):
            await asyncio.sleep(0.02)
    await carrier.stop()
    caller.transport.close()
    tape = tape_of("12125550103", tmp_path)
    assert struct.unpack_from(">4sIIIII", tape) == (b".snd", 24, 0xFFFFFFFF, 1, 8000, 1)
    assert tape[24:] == b"".join(frames)


def tape_of(digits: str, folder: Path) -> bytes:
    (path,) = folder.glob(f"{digits}-*.au")
    return path.read_bytes()


async def test_two_calls_with_the_same_audio_address_are_told_apart(
    carrier: Carrier, uac: Uac, rtp: Rtp, tmp_path: Path
) -> None:
    calls = [uac.call(f"+121255501{ending}", offer(rtp.port)) for ending in ("03", "04")]
    for user, call in enumerate(calls, 1):
        address = await talk(call)
        for sequence, frame in enumerate(voices.pcmu_frames(voices.agent(user)) + [speech.SILENCE] * 9):
            rtp.socket.sendto(HEADER.pack(0x80, 0, sequence, 160 * sequence, 7) + frame, address)
            if sequence % 4 == 0:
                await asyncio.sleep(0.02)
    await asyncio.sleep(0.2)
    await carrier.stop()
    entries = json.loads((tmp_path / "carrier.json").read_text())["calls"]
    heard = {entry["number"]: list(entry["voices"]) for entry in entries}
    assert heard == {"+12125550103": ["agent:1"], "+12125550104": ["agent:2"]}


async def test_audio_on_hold_stops_and_comes_back(uac: Uac, rtp: Rtp) -> None:
    call = uac.call("+12125550143", offer(rtp.port))
    await talk(call)
    await collect(rtp, 3)
    call.request("INVITE", body=offer(rtp.port, extra="a=inactive\r\n"))
    await call.until(200)
    await asyncio.sleep(0.05)
    rtp.packets()
    await asyncio.sleep(0.15)
    assert rtp.packets() == []
    call.request("INVITE", body=offer(rtp.port))
    await call.until(200)
    assert await collect(rtp, 3)


def frames_of(script: speech.Script, count: int) -> list[speech.Frame]:
    talk = speech.speech(script, voices.far_end("+12125550103"))
    return [frame for frame, _ in zip(talk, range(count))]


def test_rtp_ends_in_mid_call_where_the_plan_says_so() -> None:
    assert len(frames_of(speech.Script.RTP_STOPS, 1000)) == 200


def test_keys_are_pressed_with_three_ends_each() -> None:
    keys = [frame for frame in frames_of(speech.Script.DTMF, 250) if isinstance(frame, speech.KeyFrame)]
    ends = [frame for frame in keys if frame.payload[1] & speech.EVENT_END]
    assert [frame.payload[0] for frame in keys if frame.first] == [1, 2, 11]
    assert len(ends) == 9
    assert {struct.unpack("!BBH", frame.payload)[2] for frame in ends} == {800}


def test_a_machine_greets_beeps_and_then_only_listens() -> None:
    frames = frames_of(speech.Script.GREETING, 400)
    assert list(speech.beep()) == frames[235:255]
    assert set(frames[255:]) == {speech.SILENCE}


def test_a_late_hello_is_preceded_by_silence() -> None:
    frames = frames_of(speech.Script.LATE_HELLO, 200)
    assert set(frames[:125]) == {speech.SILENCE}
    assert frames[125] != speech.SILENCE


async def test_every_leg_has_an_even_port_of_its_own() -> None:
    rtp = RtpLoop("127.0.0.1")
    ports = [rtp.open().port for _ in range(40)]
    rtp.stop()
    assert len(set(ports)) == 40
    assert not any(port % 2 for port in ports)
