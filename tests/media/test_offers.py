"""An offer that cannot be answered is refused with words, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialer.bus import schemas
from dialer.media.peer import OFFER_LIMIT_BYTES, BadOffer, checked_offer
from dialer.practice.softphone import Softphone

from .rig import Rig

pytestmark = pytest.mark.media

OFFER = """v=0
o=- 1 1 IN IP4 0.0.0.0
s=-
t=0 0
a=group:BUNDLE 0
m=audio 9 UDP/TLS/RTP/SAVPF 111 0
c=IN IP4 0.0.0.0
a=mid:0
a=sendrecv
a=rtcp-mux
a=ice-ufrag:abcd
a=ice-pwd:abcdefghijklmnopqrstuvwx
a=fingerprint:sha-256 AA:BB
a=setup:actpass
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=rtpmap:111 opus/48000/2
a=rtpmap:0 PCMU/8000
a=candidate:1 1 udp 2122260223 0f0e0d0c-1111-2222-3333-444455556666.local 50000 typ host
a=candidate:2 1 udp 2122260223 192.0.2.1 50000 typ host
"""


def test_header_extensions_and_names_of_the_browsers_own_network_are_left_out() -> None:
    kept = checked_offer(OFFER)
    assert ".local" not in kept
    assert "extmap" not in kept
    assert "192.0.2.1" in kept


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        ("", "bad_offer"),
        ("no sdp at all", "bad_offer"),
        ("v=0\n" + "\x00\xff" * 5, "no_microphone"),
        (OFFER + "a=x:" + "x" * OFFER_LIMIT_BYTES, "bad_offer"),
        (OFFER.replace("sendrecv", "recvonly"), "no_microphone"),
        (OFFER.replace("m=audio", "m=video"), "no_microphone"),
        (OFFER + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\na=mid:1\n", "no_microphone"),
        (OFFER.replace("a=rtpmap:0 PCMU/8000\n", "").replace(" 111 0", " 111"), "no_codec"),
        (OFFER + "a=candidate:3 1 udp 1 192.0.2.2 50000 typ host\n" * 40, "bad_offer"),
        (OFFER.replace("a=ice-pwd:abcdefghijklmnopqrstuvwx\n", ""), "bad_offer"),
        (OFFER.replace("a=rtcp-mux\n", ""), "bad_offer"),
    ],
)
async def test_each_bad_offer_is_refused_with_its_code(rig: Rig, offer: str, code: str) -> None:
    refused = await rig.ask(offer)
    assert isinstance(refused, schemas.Failed)
    assert refused.code == code
    assert refused.message.endswith(".")
    await rig.until(lambda: not rig.node.board.sessions)


async def test_an_offer_without_any_address_is_reached_all_the_same(rig: Rig) -> None:
    session, phone = uuid.uuid4().hex, Softphone()
    lines = (await phone.offer()).splitlines()
    bare = [line for line in lines if not line.startswith("a=candidate")]
    assert "a=end-of-candidates" in bare
    answer = await rig.ask("\r\n".join([*bare, ""]), session)
    assert isinstance(answer, schemas.SessionAnswer)
    await phone.accept(answer.sdp)
    await rig.until(lambda: rig.node.board.sessions[session].up)
    await phone.aclose()


async def test_a_bad_second_offer_does_not_end_the_session(rig: Rig) -> None:
    agent = await rig.agent(Softphone().source)
    refused = await rig.ask("no sdp at all", session=agent.session)
    assert isinstance(refused, schemas.Failed)
    heard = agent.phone.received
    await rig.until(lambda: agent.phone.received > heard + 5)
    assert not rig.told(schemas.SessionDown)


async def test_two_offers_at_once_leave_the_last_one_standing(rig: Rig) -> None:
    session = uuid.uuid4().hex
    phones = [Softphone(), Softphone()]
    offers = [await phone.offer() for phone in phones]
    for offer in offers:
        await rig.tell(
            schemas.OpenSession(session=session, agent=1, campaign=7, offer_sdp=offer, reply_to="")
        )
    answer = await rig.ask(await (last := Softphone()).offer(), session)
    assert isinstance(answer, schemas.SessionAnswer)
    await last.accept(answer.sdp)
    await rig.until(lambda: rig.node.board.sessions[session].up)
    for phone in (*phones, last):
        await phone.aclose()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(OFFER)), st.integers(0, 40), st.text(max_size=10))
def test_a_damaged_offer_is_read_or_refused_and_nothing_else(at: int, length: int, put: str) -> None:
    with contextlib.suppress(BadOffer):
        checked_offer(OFFER[:at] + put + OFFER[at + length :])
