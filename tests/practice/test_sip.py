"""Reading SIP, SDP and credentials: what is right is understood, what is wrong is refused cleanly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.practice import sdp, sip
from dialer.practice.digest import Challenger

pytestmark = pytest.mark.unit
INVITE = (
    b"INVITE sip:+12125550103;npdi@carrier;user=phone SIP/2.0\r\n"
    b"v: SIP/2.0/UDP 10.0.0.1:5071;branch=z9hG4bKx;rport\r\n"
    b"v: SIP/2.0/UDP 10.0.0.2\r\n"
    b'f: "A, B" <sip:+18005550100@here>;tag=abc\r\n'
    b"t: <sip:+12125550103@carrier>\r\n"
    b"i: one@here\r\n"
    b"Subject: folded\r\n over two lines\r\n"
    b"CSeq: 7 INVITE\r\n"
    b"m: <sip:me@10.0.0.1:5071;transport=udp>\r\n"
    b"l: 4\r\n\r\nbodyrest"
)
SOURCE = ("10.9.9.9", 40_000)


def test_compact_headers_folding_and_lengths_are_understood() -> None:
    message = sip.parse(INVITE)
    assert (message.method, message.cseq, message.body) == ("INVITE", (7, "INVITE"), "body")
    assert message.first("call-id") == "one@here"
    assert message.first("subject") == "folded over two lines"
    assert sip.user_of(message.uri) == "+12125550103"
    assert sip.tag_of(message.first("from")) == "abc"
    assert sip.uri_of(message.first("contact")) == "sip:me@10.0.0.1:5071;transport=udp"
    assert sip.host_of(message.first("contact")) == ("10.0.0.1", 5071)


def test_a_response_goes_where_the_via_says() -> None:
    message = sip.parse(INVITE)
    assert sip.reply_address(message, SOURCE) == SOURCE
    message.headers["via"][0] = "SIP/2.0/UDP 10.0.0.1:5071;branch=z9hG4bKx"
    assert sip.reply_address(message, SOURCE) == ("10.9.9.9", 5071)
    message.headers["via"][0] = "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx"
    assert sip.reply_address(message, SOURCE) == ("10.9.9.9", 5060)


def test_a_response_repeats_what_the_request_said() -> None:
    answer = sip.parse(sip.response(sip.parse(INVITE), 180, SOURCE, tag="far"))
    assert answer.status == 180
    assert answer.headers["via"] == [
        "SIP/2.0/UDP 10.0.0.1:5071;branch=z9hG4bKx;rport=40000;received=10.9.9.9",
        "SIP/2.0/UDP 10.0.0.2",
    ]
    assert sip.tag_of(answer.first("to")) == "far"
    assert answer.cseq == (7, "INVITE")


def test_a_transaction_is_its_branch_or_what_old_clients_send() -> None:
    message = sip.parse(INVITE)
    ack = sip.parse(INVITE.replace(b"INVITE sip", b"ACK sip").replace(b"7 INVITE", b"7 ACK"))
    assert message.transaction == ack.transaction
    old = sip.parse(INVITE.replace(b"z9hG4bKx", b"1"))
    other = sip.parse(INVITE.replace(b"z9hG4bKx", b"1").replace(b"7 INVITE", b"8 INVITE"))
    assert old.transaction != other.transaction


@pytest.mark.parametrize("change", [
    (b"i: one@here\r\n", b""), (b"CSeq: 7 INVITE", b"CSeq: x INVITE"), (b"CSeq: 7 INVITE", b"CSeq: 7 BYE"),
    (b"l: 4", b"l: -4"), (b"l: 4", b"l: 99999999"), (b"SIP/2.0\r\nv", b"HTTP/1.1\r\nv"), (b"folded", b"\xff\xfe"),
    (b"Subject: ", b"Subject "), (b"\r\n\r\n", b"\r\n"),
])  # fmt: skip
def test_what_does_not_fit_is_malformed(change: tuple[bytes, bytes]) -> None:
    with pytest.raises(sip.MalformedMessage):
        sip.parse(INVITE.replace(*change))


@given(st.binary(max_size=300), st.integers(0, len(INVITE)), st.integers(0, 40))
def test_no_bytes_bring_the_reader_down(junk: bytes, at: int, cut: int) -> None:
    try:
        message = sip.parse(INVITE[:at] + junk + INVITE[at + cut :])
    except sip.MalformedMessage:
        return
    sip.response(message, 200, SOURCE)
    sdp.parse(message.body)
    assert message.transaction


@given(st.text(max_size=200))
def test_no_text_brings_the_description_reader_down(text: str) -> None:
    for candidate in (
        text,
        f"v=0\r\nc=IN IP4 {text}\r\nm=audio {text}\r\n",
        f"c=IN IP4 h\nm=audio 9 RTP/AVP {text}",
    ):
        found = sdp.parse(candidate)
        assert found is None or found.port < 65536


def test_the_connection_of_the_audio_line_comes_before_that_of_the_session() -> None:
    text = "v=0\nc=IN IP4 1.1.1.1\nm=audio 9 RTP/AVP 0\nc=IN IP4 2.2.2.2\nm=video 7 RTP/AVP 0\nc=IN IP4 3.3.3.3\n"
    found = sdp.parse(text)
    assert found is not None
    assert (found.host, found.port, found.telephone_event) == ("2.2.2.2", 9, None)


def test_only_our_own_nonces_are_taken() -> None:
    ours, theirs = Challenger("practice", "practice"), Challenger("practice", "practice")
    nonce = theirs.challenge(401).partition('nonce="')[2].partition('"')[0]
    value = f'Digest username="practice", realm="practice", nonce="{nonce}", uri="sip:x", response="0"'
    assert not ours.accepts(value, "INVITE")
    assert not ours.accepts("", "INVITE")
    assert not ours.accepts("Basic x", "INVITE")


def test_the_old_digest_without_qop_is_taken_too() -> None:
    import hashlib

    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    challenger = Challenger("practice", "secret")
    nonce = challenger.challenge(407).partition('nonce="')[2].partition('"')[0]
    response = md5(f"{md5('practice:practice:secret')}:{nonce}:{md5('INVITE:sip:x')}")
    value = (
        f'Digest username="practice", realm="practice", nonce="{nonce}", uri="sip:x", response="{response}"'
    )
    assert challenger.accepts(value, "INVITE")
    assert not challenger.accepts(value, "BYE")
