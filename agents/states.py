"""The agent's state machine: one table, one function. A test walks every pair."""

from __future__ import annotations

from enum import StrEnum

from .choices import AgentState as S


class AgentEvent(StrEnum):
    """What may happen to an agent."""

    SIGN_IN = "sign_in"
    GO_READY = "go_ready"
    PAUSE = "pause"
    OFFER_PREVIEW = "offer_preview"
    RESERVE = "reserve"
    RELEASE = "release"
    CONNECT = "connect"
    HOLD = "hold"
    UNHOLD = "unhold"
    CALL_ENDED = "call_ended"
    DISPOSED = "disposed"
    MEDIA_LOST = "media_lost"
    SIGN_OUT = "sign_out"
    HAND_OVER = "hand_over"
    """To the room of another campaign, which has use for a ready agent."""


class IllegalTransition(Exception):
    """The event does not fit the state."""

    def __init__(self, state: S, event: AgentEvent) -> None:
        super().__init__(f"“{event}” is not possible while {S(state).label.lower()}.")
        self.state, self.event = state, event


TRANSITIONS: dict[S, dict[AgentEvent, S]] = {
    S.OFFLINE: {AgentEvent.SIGN_IN: S.PAUSED},
    S.PAUSED: {
        AgentEvent.GO_READY: S.READY,
        AgentEvent.PAUSE: S.PAUSED,
        AgentEvent.RESERVE: S.RESERVED,
        AgentEvent.OFFER_PREVIEW: S.PREVIEW,
        AgentEvent.MEDIA_LOST: S.PAUSED,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
    S.READY: {
        AgentEvent.PAUSE: S.PAUSED,
        AgentEvent.OFFER_PREVIEW: S.PREVIEW,
        AgentEvent.RESERVE: S.RESERVED,
        AgentEvent.CONNECT: S.TALKING,
        AgentEvent.HAND_OVER: S.READY,
        AgentEvent.MEDIA_LOST: S.PAUSED,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
    S.PREVIEW: {
        AgentEvent.RESERVE: S.RESERVED,
        AgentEvent.RELEASE: S.READY,
        AgentEvent.PAUSE: S.PAUSED,
        AgentEvent.MEDIA_LOST: S.PAUSED,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
    S.RESERVED: {
        AgentEvent.CONNECT: S.TALKING,
        AgentEvent.CALL_ENDED: S.WRAPUP,
        AgentEvent.RELEASE: S.READY,
        AgentEvent.PAUSE: S.PAUSED,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
    S.TALKING: {
        AgentEvent.HOLD: S.HOLD,
        AgentEvent.CALL_ENDED: S.WRAPUP,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
    S.HOLD: {
        AgentEvent.UNHOLD: S.TALKING,
        AgentEvent.CALL_ENDED: S.WRAPUP,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
    S.WRAPUP: {
        AgentEvent.DISPOSED: S.READY,
        AgentEvent.PAUSE: S.PAUSED,
        AgentEvent.SIGN_OUT: S.OFFLINE,
    },
}


def transition(state: S, event: AgentEvent) -> S:
    """The state that follows. Raises ``IllegalTransition`` where the table has no entry."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(state, event) from None
