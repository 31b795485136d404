"""Agents' states: without a gap, by the table, and never in two calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from agents.choices import AgentState
from agents.states import TRANSITIONS, AgentEvent

from .values import Change, Violation

IN_CALL = (AgentState.TALKING, AgentState.HOLD)


def judge(changes: Iterable[Change]) -> Iterator[Violation]:
    """Everything that is wrong with agents' states; the changes come ordered by session and sequence."""
    last: Change | None = None
    for change in changes:
        before = last if last is not None and last.session == change.session else None
        for rule, evidence in _judge_one(before, change):
            yield Violation(rule, f"session {change.session} of agent {change.agent}", evidence)
        last = change


def _judge_one(before: Change | None, change: Change) -> Iterator[tuple[str, str]]:
    place = f"change {change.sequence}"
    number, state = (before.sequence, before.after) if before else (0, AgentState.OFFLINE.value)
    if change.sequence != number + 1:
        yield "agents' states have no gap", f"{place} follows number {number}"
    if change.before != state:
        yield (
            "agents' states have no gap",
            f"{place} begins at “{change.before}”, the one before ended at “{state}”",
        )
    if TRANSITIONS[AgentState(change.before)].get(AgentEvent(change.event)) != change.after:
        yield (
            "agents' states are lawful",
            f"{place}: {change.event} led from {change.before} to {change.after}",
        )
    if before and before.after in IN_CALL and change.after in IN_CALL and before.call != change.call:
        yield "no agent with two people", f"{place}: from call {before.call} straight to call {change.call}"
