"""The call's state machine: one table, one function."""

from __future__ import annotations

from enum import StrEnum

from .choices import Stage as S


class CallStep(StrEnum):
    """What may happen to a call."""

    RINGING = "ringing"
    ANSWERED = "answered"
    CONNECTED = "connected"
    MESSAGE = "message"
    ENDED = "ended"


class IllegalStep(Exception):
    """The step does not fit the call's stage."""

    def __init__(self, stage: S, step: CallStep) -> None:
        super().__init__(f"A call that is {S(stage).label.lower()} cannot become {step}.")
        self.stage, self.step = stage, step


TRANSITIONS: dict[S, dict[CallStep, S]] = {
    S.PLACED: {CallStep.RINGING: S.RINGING, CallStep.ANSWERED: S.ANSWERED, CallStep.ENDED: S.ENDED},
    S.RINGING: {CallStep.RINGING: S.RINGING, CallStep.ANSWERED: S.ANSWERED, CallStep.ENDED: S.ENDED},
    S.ANSWERED: {CallStep.CONNECTED: S.CONNECTED, CallStep.MESSAGE: S.MESSAGE, CallStep.ENDED: S.ENDED},
    S.CONNECTED: {CallStep.ENDED: S.ENDED},
    S.MESSAGE: {CallStep.ENDED: S.ENDED},
    S.ENDED: {},
}


def transition(stage: S, step: CallStep) -> S:
    """The stage that follows. Raises ``IllegalStep`` where the table has no entry."""
    try:
        return TRANSITIONS[stage][step]
    except KeyError:
        raise IllegalStep(stage, step) from None
