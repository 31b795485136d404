"""From how a call ended to its outcome, and to what that says about the lead and the trunk."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.choices import Outcome

BUSY_CODES = frozenset({486, 600})
NO_ANSWER_CODES = frozenset({408, 480, 487})
INVALID_CODES = frozenset({404, 410, 484, 604})
REJECTED_CODES = frozenset({603, 607, 608})
"""RFC 3261 21.6.2, RFC 8197, RFC 8688: the far end said no, and a carrier may have said it for them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the end of a call means."""

    outcome: Outcome
    counted: bool
    """Whether the lead has used up an attempt; a failure of ours or of the carrier leaves its chance."""
    trunk_failed: bool
    """Whether it speaks against the trunk."""


CARRIER_FAILURE = Verdict(Outcome.FAILED, counted=False, trunk_failed=True)
OUR_FAILURE = Verdict(Outcome.LOST, counted=False, trunk_failed=False)


def judge_unanswered(code: int, ended_by: str, rang: bool) -> Verdict:
    """The verdict on a call that nobody answered.

    ``code`` is the SIP status that ended it (0: nothing came back), ``ended_by`` as in ``bus.schemas.CallEnded``,
    ``rang`` whether the far end ever rang: a 408 or 480 without ringing on a dead path is the carrier's.
    """
    if ended_by == "node":
        return OUR_FAILURE
    if ended_by == "us":
        return Verdict(Outcome.CANCELLED, counted=False, trunk_failed=False)
    if ended_by == "machine":
        return Verdict(Outcome.MACHINE, counted=True, trunk_failed=False)
    if ended_by == "ring_limit":
        return Verdict(Outcome.NO_ANSWER, counted=True, trunk_failed=False)
    if code in BUSY_CODES:
        return Verdict(Outcome.BUSY, counted=True, trunk_failed=False)
    if code in REJECTED_CODES:
        return Verdict(Outcome.REJECTED, counted=True, trunk_failed=False)
    if code in INVALID_CODES:
        return Verdict(Outcome.INVALID, counted=True, trunk_failed=False)
    if code in NO_ANSWER_CODES and (rang or code != 408):
        return Verdict(Outcome.NO_ANSWER, counted=True, trunk_failed=False)
    return CARRIER_FAILURE
