"""The predictive method.

A line is placed while the chance that no agent is free when its answer comes stays under a threshold. The chance
is worked out from the age of every call and line in the room; the threshold is steered by the abandonment account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import answering, survival
from .account import AbandonAccount
from .contract import AgentView, LineView, PacingEvent, Snapshot
from .forecast import QUANTILES, Row
from .learned import Learned
from .shortage import Shortage
from .threshold import Threshold

MOST_AT_ONCE = 200
"""Lines in one decision: the next one follows within half a second."""
NEXT_TO_NOTHING = 1e-4
"""A threshold below this is none: one line for each ready agent."""
AFTER_ANSWER = "after_answer"
"""The cause of a machine event whose answer was observed before: the line has been learned from already."""
STATE_VERSION = 1


class Predictive:
    """Learns the campaign's answers and talk, and keeps its abandonment account.

    ``answer_wait_s``: how long a person waits for an agent before the call counts as abandoned, until abandoned
    calls have shown it. ``answered`` and ``abandoned``: of the legal window so far, where no state is restored.
    """

    def __init__(
        self, abandon_limit: float, answer_wait_s: float = 2.0, answered: int = 0, abandoned: int = 0
    ) -> None:
        self._account = AbandonAccount(abandon_limit, answered, abandoned)
        self._threshold = Threshold(self._account)
        self._learned = Learned(answer_wait_s)
        self._ready = 0
        self._allowed = 0.0

    def observe(self, event: PacingEvent) -> None:
        """Learn, and keep the account."""
        if event.kind == "machine" and event.cause == AFTER_ANSWER:
            self._account.not_a_person(event.at)
            return
        self._learned.observe(event)
        if event.kind == "answered":
            self._account.answered(event.at)
            self._threshold.answered()
        elif event.kind == "abandoned":
            self._account.abandoned(event.at)

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """See ``dialer.pacing.contract``."""
        now = snapshot.now
        waiting, unknown = self._learned.waiting.look(snapshot.lines)
        ages = [now - line.placed_at for line in snapshot.lines if line.stage != "answered"]
        self._learned.look(snapshot, ages)
        ready = sum([agent.state == "ready" and not agent.leaving for agent in snapshot.agents])
        room = snapshot.line_limit - len(snapshot.lines)
        self._ready, self._allowed = ready, self._threshold.allowed_chance()
        if self._allowed < NEXT_TO_NOTHING:
            return max(0, min(room, ready - len(snapshot.lines)))
        shortage = Shortage(
            self._line_rows(ages, unknown), self._busy_rows(now, snapshot.agents), ready - waiting
        )
        return self._count(shortage, min(room, MOST_AT_ONCE))

    def _count(self, shortage: Shortage, room: int) -> int:
        new_line = self._learned.lines.rows[0]
        count = 0
        while count < room and not shortage.exceeds(self._allowed):
            count += 1
            shortage.add(new_line)
        return count

    def _line_rows(self, ages: Sequence[float], unknown: Sequence[LineView]) -> list[Row]:
        rows = self._learned.lines.rows
        found = [rows[answering.bin_of(age)] for age in ages]
        for line in unknown:
            person = self._learned.answering.person_when_picked_up(line.since - line.placed_at)
            found.append((person,) * len(QUANTILES))
        return found

    def _busy_rows(self, now: float, agents: Sequence[AgentView]) -> list[Row]:
        forecast, bin_of = self._learned.agents, survival.bin_of
        talk, wrapup = forecast.talk_rows, forecast.wrapup_rows
        found = []
        for agent in agents:
            if agent.leaving:
                continue
            if agent.state == "talking":
                found.append(talk[bin_of(now - agent.since)])
            elif agent.state == "wrapup":
                found.append(wrapup[bin_of(now - agent.since)])
        return found

    def state(self) -> dict[str, Any]:
        """What was learned and the account, as JSON."""
        return {
            "version": STATE_VERSION,
            "learned": self._learned.state(),
            "account": self._account.state(),
            "threshold": self._threshold.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``; raises ``ValueError`` for one that another version saved."""
        if state.get("version") != STATE_VERSION:
            raise ValueError(
                f"The saved pacing state is of version {state.get('version')}, not {STATE_VERSION}."
            )
        self._learned.restore(state["learned"])
        self._account.restore(state["account"])
        self._threshold.restore(state["threshold"])

    def explain(self) -> str:
        """Answer rate, agents ready, the threshold, and how the account stands."""
        account = self._account
        return (
            f"{self._learned.lines.answer_share:.0%} of lines are answered, {self._ready} agents ready, "
            f"a new line may miss an agent with {self._allowed:.1%}, "
            f"abandoned {account.share():.1%} of at most {account.limit:.1%}"
        )
