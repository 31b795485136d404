"""Ask everything of an organisation's history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain

from dialer.calls.choices import Stage

from . import accounts, agents, calls, dials, reading
from .reading import Scope
from .spells import overlapping
from .values import CallStory, Violation

SETTLED_S = 60.0
"""While the engine runs, calls that ended later than this ago are not counted: they may still change."""


def check_history(scope: Scope, at_rest: bool = False) -> Iterator[Violation]:
    """Every promise that was broken, as it is found.

    ``at_rest``: nothing runs, so that a call that has not ended, or a talk without a disposition, is one as well;
    without it such calls are passed over.
    """
    return chain(
        _check_calls(scope, at_rest),
        overlapping("no lead in two live calls", "lead", reading.lines_of_leads(scope)),
        overlapping("no agent with two people", "agent", reading.talks_of_agents(scope)),
        dials.judge(reading.dials(scope), reading.holdings(scope)),
        agents.judge(reading.changes(scope)),
        _check_permits(scope),
    )


def _check_calls(scope: Scope, at_rest: bool) -> Iterator[Violation]:
    counted: dict[int, accounts.Counter] = defaultdict(accounts.Counter)
    until = datetime.now(UTC) + (timedelta(days=1) if at_rest else timedelta(seconds=-SETTLED_S))
    for story in reading.stories(scope):
        if 0 < story.ended_at < until.timestamp():
            counted[story.campaign].add(story)
        if at_rest or _is_over(story):
            yield from calls.judge(story)
        if at_rest and story.connected and not story.disposed:
            yield Violation("records are closed", f"call {story.id}", "its agent's word is missing")
    for campaign, counter in sorted(counted.items()):
        told = [counter.account(), *reading.accounts(scope, campaign, until)]
        yield from accounts.judge(f"campaign {campaign}", told)


def _is_over(story: CallStory) -> bool:
    return story.stage == Stage.ENDED and (story.disposed or not story.connected)


def _check_permits(scope: Scope) -> Iterator[Violation]:
    for permit, times in reading.permits_used_twice(scope):
        yield Violation("one dial on one permit", f"permit {permit}", f"{times} calls name it")
