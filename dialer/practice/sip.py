"""Just enough SIP (RFC 3261) for a far end: reading messages, writing responses and requests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_MESSAGE_BYTES = 65_535
REASONS = {
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 407: "Proxy Authentication Required",
    408: "Request Timeout", 420: "Bad Extension", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated",
    488: "Not Acceptable Here", 503: "Service Unavailable", 603: "Decline", 607: "Unwanted", 608: "Rejected",
}  # fmt: skip
METHODS = ("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "UPDATE", "INFO")
ALLOW = "Allow: " + ", ".join(METHODS)
_COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
    "c": "content-type", "k": "supported",
}  # fmt: skip
_NEEDED = ("via", "from", "to", "call-id", "cseq")
_URI_USER = re.compile(r"sips?:([^@>\s]+)@|tel:([^>\s]+)")
_URI_HOST = re.compile(r"sips?:(?:[^@>\s]*@)?(\[[0-9a-fA-F:]+\]|[^:;>\s?]+)(?::(\d{1,5}))?")
_TAG = re.compile(r";\s*tag=([^;\s>]+)")
_BRANCH = re.compile(r";\s*branch=([^;,\s]+)")
_SENT_BY = re.compile(r"SIP/2\.0/\w+\s+(\[[0-9a-fA-F:]+\]|[^:;,\s]+)(?::(\d{1,5}))?")
_FOLDED = re.compile(r"\r\n[ \t]+")


class MalformedMessage(ValueError):
    """Bytes that are no SIP message."""


@dataclass(slots=True)
class Message:
    """A request (``method`` and ``uri`` are set) or a response (``status`` is set)."""

    method: str = ""
    uri: str = ""
    status: int = 0
    headers: dict[str, list[str]] = field(default_factory=dict)
    """Values by lower-case long name, in their order."""
    body: str = ""

    def first(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        values = self.headers.get(name)
        return values[0] if values else ""

    @property
    def cseq(self) -> tuple[int, str]:
        """Number and method of the CSeq header."""
        number, _, method = self.first("cseq").partition(" ")
        return int(number), method.strip()

    @property
    def transaction(self) -> str:
        """What retransmissions, the CANCEL and the ACK of a failure share with their INVITE."""
        via = self.first("via")
        branch, sent_by = _BRANCH.search(via), _SENT_BY.search(via)
        where = sent_by[0] if sent_by else ""
        if branch and branch[1].startswith("z9hG4bK"):
            return f"{branch[1]}|{where}"
        return f"{self.first('call-id')}|{tag_of(self.first('from'))}|{self.cseq[0]}|{where}"


def _start(line: str) -> Message:
    parts = line.split(" ", 2)
    if len(parts) == 3 and parts[0] == "SIP/2.0" and parts[1].isdecimal():
        return Message(status=int(parts[1]))
    if len(parts) == 3 and parts[2] == "SIP/2.0" and parts[0].isalpha():
        return Message(method=parts[0], uri=parts[1])
    raise MalformedMessage("The first line is no SIP request or status line.")


def parse(data: bytes) -> Message:
    """Read one message. Raises ``MalformedMessage``."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        raise MalformedMessage("The headers do not end.")
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        raise MalformedMessage("The headers are not UTF-8.") from error
    lines = (_FOLDED.sub(" ", text) if "\r\n " in text or "\r\n\t" in text else text).split("\r\n")
    message = _start(lines[0])
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise MalformedMessage("A header has no colon.")
        name = name.strip().lower()
        message.headers.setdefault(_COMPACT.get(name, name), []).append(value.strip())
    _check(message)
    message.body = body[: content_length(message, len(body))].decode("utf-8", "replace")
    return message


def _check(message: Message) -> None:
    if not all(name in message.headers for name in _NEEDED):
        raise MalformedMessage("Via, From, To, Call-ID or CSeq is missing.")
    try:
        method = message.cseq[1]
    except ValueError as error:
        raise MalformedMessage("CSeq has no number.") from error
    if message.method and method != message.method:
        raise MalformedMessage("CSeq names another method.")


def content_length(message: Message, otherwise: int) -> int:
    """Bytes of the body; ``otherwise`` where the header is missing. Raises ``MalformedMessage``."""
    value = message.first("content-length")
    if not value:
        return otherwise
    if not value.isdecimal() or int(value) > MAX_MESSAGE_BYTES:
        raise MalformedMessage("Content-Length is no length.")
    return int(value)


def tag_of(value: str) -> str:
    """The tag of a From or To."""
    found = _TAG.search(value)
    return found[1] if found else ""


def user_of(value: str) -> str:
    """The user part of the URI in a header or request line, without parameters."""
    found = _URI_USER.search(value)
    return (found[1] or found[2]).partition(";")[0] if found else ""


def host_of(value: str) -> tuple[str, int] | None:
    """Host and port of the URI in a header."""
    found = _URI_HOST.search(value)
    return (found[1], int(found[2] or 5060)) if found else None


def uri_of(value: str) -> str:
    """The URI of a name-addr or addr-spec."""
    inside = re.search(r"<([^>]*)>", value)
    return inside[1] if inside else value.partition(";")[0].strip()


def reply_address(message: Message, source: tuple[str, int]) -> tuple[str, int]:
    """Where a UDP response goes: the source's port if asked (RFC 3581), else the port of the Via (18.2.2)."""
    via = message.first("via")
    if re.search(r";\s*rport\b", via):
        return source
    sent_by = _SENT_BY.search(via)
    return source[0], int(sent_by[2] or 5060) if sent_by else source[1]


def _with_source(via: str, source: tuple[str, int]) -> str:
    filled = re.sub(r";\s*rport(?:=\d*)?", f";rport={source[1]}", via, count=1)
    return filled if ";received=" in filled else f"{filled};received={source[0]}"


def response(
    request: Message,
    status: int,
    source: tuple[str, int],
    *,
    tag: str = "",
    headers: tuple[str, ...] = (),
    body: str = "",
) -> bytes:
    """A response to a request that came from ``source``."""
    vias = request.headers["via"]
    lines = [f"SIP/2.0 {status} {REASONS[status]}", f"Via: {_with_source(vias[0], source)}"]
    lines += [f"Via: {via}" for via in vias[1:]]
    lines += [f"Record-Route: {route}" for route in request.headers.get("record-route", ())]
    to = request.first("to")
    lines.append(f"To: {to}" if not tag or tag_of(to) else f"To: {to};tag={tag}")
    lines += [f"From: {request.first('from')}", f"Call-ID: {request.first('call-id')}"]
    lines += [f"CSeq: {request.first('cseq')}", *headers]
    return finish(lines, body)


def finish(lines: list[str], body: str = "", kind: str = "application/sdp") -> bytes:
    """Start line and headers with the body's headers, the empty line and the body."""
    content = body.encode()
    if content:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join([*lines, "", ""]).encode() + content
