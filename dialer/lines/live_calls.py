"""The calls of a node as its parent knows them from the children's events."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dialer.bus import schemas

from .child_process import Child

STAGE_AFTER: dict[type, str] = {
    schemas.CallTrying: "trying",
    schemas.CallRinging: "ringing",
    schemas.CallAnswered: "answered",
    schemas.CallBridged: "bridged",
    schemas.CallPrompt: "prompt",
}


class LiveCall(msgspec.Struct):
    """One call that a child carries."""

    call: str
    campaign: int
    trunk: int
    child: Child
    stage: str = "trying"
    answered_at: float = 0.0
    hung_up: bool = False
    """The engine wants it ended: it must not be placed again elsewhere."""


class LiveCalls:
    """All of them, by id."""

    def __init__(self) -> None:
        self._calls: dict[str, LiveCall] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[LiveCall]:
        return iter(list(self._calls.values()))

    def get(self, call: str) -> LiveCall | None:
        """The call, None when it is not ours or over."""
        return self._calls.get(call)

    def add(self, live: LiveCall) -> None:
        """A child was told to place it."""
        self._calls[live.call] = live

    def pop(self, call: str) -> LiveCall | None:
        """The call is over."""
        return self._calls.pop(call, None)

    def note(self, child: Child, event: schemas.LineEvent) -> None:
        """Keep the stage. An answer that comes after a call was given up brings the call back."""
        live = self._calls.get(event.call)
        if live is None:
            if not isinstance(event, schemas.CallAnswered):
                return
            live = LiveCall(call=event.call, campaign=event.campaign, trunk=0, child=child)
            self._calls[event.call] = live
            child.calls.add(event.call)
        live.stage = STAGE_AFTER.get(type(event), live.stage)
        if isinstance(event, schemas.CallAnswered):
            live.answered_at = event.at
