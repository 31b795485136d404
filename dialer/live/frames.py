"""What a browser may send over a live socket, how it is checked, and how often it may send."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

PROTOCOL = 1
FRAME_LIMIT_BYTES = 64 * 1024
BAD_FRAMES_LIMIT = 20
"""So many frames in a row that do not fit, and the socket closes."""
FRAMES_PER_S = 25.0
FRAMES_BURST = 100.0

CLOSE_BAD_FRAMES = 4400
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_NOT_ALLOWED = 4403
CLOSE_TAKEN_OVER = 4409
CLOSE_TOO_MANY_FRAMES = 4429
CLOSE_TRY_AGAIN = 1013
"""RFC 6455's registry: the server is short of something for the moment."""


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="op"):
    """A text frame from the browser."""


class Subscribe(Frame, frozen=True, kw_only=True, tag="subscribe"):
    """Asks for a snapshot, and for every change from then on."""


class Resume(Frame, frozen=True, kw_only=True, tag="resume"):
    """Asks for the changes after ``seq``; ``epoch`` as the last snapshot gave it."""

    seq: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    epoch: str = ""


class Command(Frame, frozen=True, kw_only=True, tag="command"):
    """Asks for something to be done; answered by one result with the same ``id``."""

    id: str
    name: str
    args: dict[str, Any] = msgspec.field(default_factory=dict)


class Ping(Frame, frozen=True, kw_only=True, tag="ping"):
    """Says that the client is there and has read what came."""


class BadFrame(Exception):
    """The frame does not fit; the message says why, for a programmer."""


AnyFrame = Subscribe | Resume | Command | Ping
_decode = msgspec.json.Decoder(AnyFrame).decode
_COMMAND_ID_LIMIT = 64


def read_frame(text: str | None) -> AnyFrame:
    """The frame, or ``BadFrame``: not text, too large, not JSON, an unknown op or field."""
    if text is None:
        raise BadFrame("Send text frames with JSON.")
    if len(text.encode("utf-8", "surrogatepass")) > FRAME_LIMIT_BYTES:
        raise BadFrame(f"A frame may have {FRAME_LIMIT_BYTES} bytes.")
    try:
        frame = _decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadFrame(str(error)) from None
    if isinstance(frame, Command) and not 0 < len(frame.id) <= _COMMAND_ID_LIMIT:
        raise BadFrame(f"A command's id has 1 to {_COMMAND_ID_LIMIT} characters.")
    return frame


class FrameBudget:
    """A token bucket: ``FRAMES_PER_S`` on the long run, ``FRAMES_BURST`` at once."""

    def __init__(self, now: float) -> None:
        self._tokens = FRAMES_BURST
        self._at = now

    def spend(self, now: float) -> bool:
        """Whether one more frame is within the budget at ``now`` (seconds on any steady clock)."""
        self._tokens = min(FRAMES_BURST, self._tokens + (now - self._at) * FRAMES_PER_S)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
