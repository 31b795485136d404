"""The campaign's state machine: one table, one function."""

from __future__ import annotations

from enum import StrEnum

from .choices import CampaignStatus as S


class CampaignStep(StrEnum):
    """What may be done to a campaign; ``drained`` is said by the engine when the last call has ended."""

    START = "start"
    PAUSE = "pause"
    DRAIN = "drain"
    STOP = "stop"
    DRAINED = "drained"


class IllegalStep(Exception):
    """The step does not fit the campaign's status."""

    def __init__(self, status: S, step: CampaignStep) -> None:
        super().__init__(f"A campaign that is {S(status).label.lower()} cannot be told to {step}.")
        self.status, self.step = status, step


TRANSITIONS: dict[S, dict[CampaignStep, S]] = {
    S.STOPPED: {CampaignStep.START: S.RUNNING},
    S.RUNNING: {CampaignStep.PAUSE: S.PAUSED, CampaignStep.DRAIN: S.DRAINING, CampaignStep.STOP: S.STOPPED},
    S.PAUSED: {CampaignStep.START: S.RUNNING, CampaignStep.DRAIN: S.DRAINING, CampaignStep.STOP: S.STOPPED},
    S.DRAINING: {
        CampaignStep.START: S.RUNNING,
        CampaignStep.PAUSE: S.PAUSED,
        CampaignStep.STOP: S.STOPPED,
        CampaignStep.DRAINED: S.STOPPED,
    },
}
"""Paused: no new dials, agents stay. Draining: no new dials, and stopped when the last call has ended."""


def transition(status: S, step: CampaignStep) -> S:
    """The status that follows. Raises ``IllegalStep`` where the table has no entry."""
    try:
        return TRANSITIONS[status][step]
    except KeyError:
        raise IllegalStep(status, step) from None


def steps_from(status: S) -> list[CampaignStep]:
    """What a person may do to a campaign of this status."""
    return [step for step in TRANSITIONS[status] if step is not CampaignStep.DRAINED]
