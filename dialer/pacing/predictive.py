"""The predictive method.

A line is placed while the chance that no agent is free when its answer comes stays under a threshold. The chance
is worked out from the age of every call and line in the room; the threshold is steered by the abandonment account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from . import survival
from .account import LAST_30_DAYS, AbandonAccount, WindowStart
from .answering import bins_of
from .contract import AgentView, LineView, PacingEvent, Snapshot
from .explained import Decision
from .forecast import QUANTILES, Crowd
from .learned import Learned
from .limits import CallRate, most_lines
from .shortage import Shortage
from .threshold import Threshold

NEXT_TO_NOTHING = 1e-4
"""A threshold below this is none: one line for each ready agent."""
AFTER_ANSWER = "after_answer"
"""The cause of a machine event whose answer was observed before: the line has been learned from already."""
STATE_VERSION = 2


class Predictive:
    """Learns the campaign's answers and talk, and keeps its abandonment account.

    ``answer_wait_s``: how long a person waits for an agent before the call counts as abandoned, until abandoned
    calls have shown it; from the answer or from the greeting, as the caller sends the events. ``answered`` and
    ``abandoned``: of the legal window so far, where no state is restored. ``window_start``: where the window begins
    that the law looks at, on the clock of the events; the last 30 days unless told.
    """

    def __init__(
        self,
        abandon_limit: float,
        answer_wait_s: float = 2.0,
        answered: int = 0,
        abandoned: int = 0,
        window_start: WindowStart = LAST_30_DAYS,
    ) -> None:
        self._account = AbandonAccount(abandon_limit, answered, abandoned, window_start)
        self._threshold = Threshold(self._account)
        self._learned = Learned(answer_wait_s)
        self._calls = CallRate()
        self._last = Decision()

    def observe(self, event: PacingEvent) -> None:
        """Learn, and keep the account."""
        if event.kind == "machine" and event.cause == AFTER_ANSWER:
            self._account.not_a_person(event.at)
            return
        self._learned.observe(event)
        if event.kind == "placed":
            self._calls.placed(event.at)
        elif event.kind == "answered":
            self._account.answered(event.at)
            self._threshold.answered()
        elif event.kind == "abandoned":
            self._account.abandoned(event.at)

    def lines_to_place(self, snapshot: Snapshot) -> int:
        """See ``dialer.pacing.contract``."""
        now, lines = snapshot.now, snapshot.lines
        waiting, unknown = self._learned.waiting.look(lines)
        ringing = [line for line in lines if line.stage != "answered"]
        bins = bins_of([now - line.placed_at for line in ringing])
        self._learned.look(snapshot, ringing, bins)
        ready = sum([agent.state == "ready" and not agent.leaving for agent in snapshot.agents])
        busy = self._busy(now, snapshot.agents)
        most, why = most_lines(snapshot, self._calls, ready + sum([number for _, number in busy]))
        self._last = Decision(ready, len(lines), most, why, self._threshold.allowed_chance())
        if self._last.allowed < NEXT_TO_NOTHING:
            self._last.placed = max(0, min(most, ready - len(lines)))
        elif most:
            shortage = Shortage(self._learned.out() + self._unknown(unknown), busy, ready - waiting)
            self._last.placed = self._count(shortage, snapshot.next_kinds, most)
        return self._last.placed

    def _count(self, shortage: Shortage, next_kinds: Sequence[str], most: int) -> int:
        count = 0
        while count < most and not shortage.exceeds(self._last.allowed):
            shortage.add(self._learned.new_row(next_kinds[count] if count < len(next_kinds) else ""))
            count += 1
        return count

    def _unknown(self, lines: Sequence[LineView]) -> list[Crowd]:
        person = self._learned.answering.person_when_picked_up
        return [((person(line.since - line.placed_at),) * len(QUANTILES), 1) for line in lines]

    def _busy(self, now: float, agents: Sequence[AgentView]) -> list[Crowd]:
        forecast, bins_of_spells = self._learned.agents, survival.bins_of
        staying = [agent for agent in agents if not agent.leaving]
        talks = bins_of_spells([now - agent.since for agent in staying if agent.state == "talking"])
        wrapups = bins_of_spells([now - agent.since for agent in staying if agent.state == "wrapup"])
        found = [(forecast.talk_rows[place], number) for place, number in Counter(talks).items()]
        found += [(forecast.wrapup_rows[place], number) for place, number in Counter(wrapups).items()]
        return found

    def state(self) -> dict[str, Any]:
        """What was learned and the account, as JSON. The forecasts are made anew at the next decision, here as in
        whoever restores it, so that both go on alike."""
        self._learned.renew_soon()
        return {
            "version": STATE_VERSION,
            "learned": self._learned.state(),
            "account": self._account.state(),
            "threshold": self._threshold.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from ``state``, on the same clock; raises ``ValueError`` for what another version saved. After
        that the pacer is of no use: make a new one."""
        if state.get("version") != STATE_VERSION:
            raise ValueError(
                f"The saved pacing state is of version {state.get('version')}, not {STATE_VERSION}."
            )
        try:
            self._learned.restore(state["learned"])
            self._account.restore(state["account"])
            self._threshold.restore(state["threshold"])
        except (KeyError, TypeError, IndexError, AttributeError) as damage:
            raise ValueError("The saved pacing state is damaged.") from damage

    def explain(self) -> str:
        """What was decided last, why no more, and what it rests on."""
        share = self._learned.lines.room.answer_share
        return self._last.in_words(share, self._account.share(), self._account.limit)
