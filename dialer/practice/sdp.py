"""Session descriptions (RFC 8866) of a far end that speaks PCMU."""

from __future__ import annotations

import re
from dataclasses import dataclass

PCMU = 0
_TELEPHONE_EVENT = re.compile(r"^a=rtpmap:(\d+) telephone-event/8000", re.MULTILINE | re.IGNORECASE)
_MIRROR = {"sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}


@dataclass(frozen=True, slots=True)
class Offer:
    """What the caller's side of the audio is."""

    host: str
    port: int
    payloads: tuple[int, ...]
    telephone_event: int | None
    direction: str
    secure: bool

    @property
    def usable(self) -> bool:
        """Whether we can talk: PCMU over plain RTP to a live port."""
        return PCMU in self.payloads and not self.secure and self.port > 0


def _last(pattern: str, text: str) -> str:
    found = re.findall(pattern, text, re.MULTILINE)
    return found[-1] if found else ""


def parse(text: str) -> Offer | None:
    """The first audio line of a description, or None where there is none."""
    text = text.replace("\r\n", "\n")
    session, _, rest = text.partition("\nm=audio ")
    line, _, attributes = rest.partition("\n")
    attributes = attributes.partition("\nm=")[0]
    parts = line.split()
    address = r"^c=IN IP[46] ([^\s/]+)"
    host = _last(address, attributes) or _last(address, session)
    if len(parts) < 3 or not parts[0].isdecimal() or int(parts[0]) > 65535 or not host:
        return None
    event = _TELEPHONE_EVENT.search(attributes)
    direction = r"^a=(sendrecv|sendonly|recvonly|inactive)\s*$"
    return Offer(
        host=host,
        port=int(parts[0]),
        payloads=tuple(int(payload) for payload in parts[2:] if payload.isdecimal()),
        telephone_event=int(event[1]) if event else None,
        direction=_last(direction, attributes) or _last(direction, session) or "sendrecv",
        secure="SAVP" in parts[1],
    )


def describe(host: str, port: int, offer: Offer | None, *, rtcp_port: int, usable: bool = True) -> str:
    """Our side: an answer to an offer, or an offer of our own. Not ``usable``: a codec nobody knows."""
    event = offer.telephone_event if offer else 101
    payloads = f"{PCMU}" if event is None else f"{PCMU} {event}"
    lines = ["v=0", f"o=- {port} {port} IN IP4 {host}", "s=practice", f"c=IN IP4 {host}", "t=0 0"]
    if not usable:
        return "\r\n".join([*lines, f"m=audio {port} RTP/AVP 96", "a=rtpmap:96 PRACTICE/8000", ""])
    lines += [
        f"m=audio {port} RTP/AVP {payloads}",
        f"a=rtpmap:{PCMU} PCMU/8000",
        f"a=rtcp:{rtcp_port}",
        "a=ptime:20",
    ]
    if event is not None:
        lines += [f"a=rtpmap:{event} telephone-event/8000", f"a=fmtp:{event} 0-15"]
    direction = _MIRROR.get(offer.direction, "sendrecv") if offer else "sendrecv"
    return "\r\n".join([*lines, f"a={direction}", ""])
