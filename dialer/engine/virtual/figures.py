"""What a simulated shift came to, counted from the journal and the calls placed, never from the pacer's belief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from agents.choices import AgentState
from campaigns.choices import Outcome

from .house import MACHINE
from .minutes import MINUTE_S, Course
from .values import Minute

HOUR_S = 3600.0
HOUR_ANSWERS_LEAST = 50
BUSY = (AgentState.TALKING, AgentState.HOLD, AgentState.WRAPUP)


class Figures:
    """Takes journal lines as they are written; ``starts_at`` and ``ends_at`` bound what counts as the shift."""

    def __init__(self, starts_at: float, ends_at: float) -> None:
        self._starts_at = starts_at
        self.signed_in, self.busy = Course(starts_at, ends_at), Course(starts_at, ends_at)
        self.unjoined, self.lines = Course(starts_at, ends_at), Course(starts_at, ends_at)
        self.placed = self.connected = self.machines = 0
        self._answers: dict[str, float] = {}
        """Call → when it was answered; machines that an agent knew as such are taken out."""
        self._abandoned: list[float] = []
        """When those answered who met nobody."""
        self.waits: list[tuple[float, float]] = []
        """(when, how long) for each call that an agent got."""
        self._states: dict[str, tuple[str, float]] = {}
        self._out: set[str] = set()
        """Calls on a line that are joined with nobody."""

    def place(self, call: str, at: float) -> None:
        """A line is taken for a call."""
        self.placed += 1
        self._out.add(call)
        self.lines.change(at, +1)
        self.unjoined.change(at, +1)

    def record(self, line: Mapping[str, Any]) -> None:
        """One line of the journal."""
        taker = self._TAKERS.get(line["t"])
        if taker is not None:
            taker(self, line)

    def _agent(self, line: Mapping[str, Any]) -> None:
        before, since = self._states.get(line["session"], (AgentState.OFFLINE, 0.0))
        after, at = line["to"], line["at"]
        self._states[line["session"]] = (after, at)
        self.signed_in.change(at, (after != AgentState.OFFLINE) - (before != AgentState.OFFLINE))
        self.busy.change(at, (after in BUSY) - (before in BUSY))
        if before == AgentState.READY and after == AgentState.TALKING:
            self.waits.append((at, at - since))

    def _answered(self, line: Mapping[str, Any]) -> None:
        self._answers[line["call"]] = line["at"]

    def _connected(self, line: Mapping[str, Any]) -> None:
        self.connected += 1
        self._join(line["call"], line["at"])

    def _disposed(self, line: Mapping[str, Any]) -> None:
        if line["disposition"] == MACHINE:
            self.machines += 1
            del self._answers[line["call"]]

    def _ended(self, line: Mapping[str, Any]) -> None:
        self._join(line["call"], line["at"])
        self.lines.change(line["at"], -1)
        if line["outcome"] == Outcome.ABANDONED:
            self._abandoned.append(self._answers[line["call"]])

    def _join(self, call: str, at: float) -> None:
        if call in self._out:
            self._out.remove(call)
            self.unjoined.change(at, -1)

    _TAKERS = {
        "agent": _agent,
        "answered": _answered,
        "connected": _connected,
        "disposed": _disposed,
        "ended": _ended,
    }

    def close(self) -> None:
        """The shift is over."""
        for course in (self.signed_in, self.busy, self.unjoined, self.lines):
            course.close()

    # --- what came of it ---

    @property
    def answered(self) -> int:
        """People who answered, as the campaign's account has them."""
        return len(self._answers)

    @property
    def abandoned(self) -> int:
        """Of them, those whom no agent took in time."""
        return len(self._abandoned)

    @property
    def worst_hour(self) -> float:
        """The largest abandoned share of an hour with enough answers to say."""
        answers, lost = self._by(HOUR_S, list(self._answers.values())), self._by(HOUR_S, self._abandoned)
        return max((lost[hour] / n for hour, n in answers.items() if n >= HOUR_ANSWERS_LEAST), default=0.0)

    def _by(self, span_s: float, times: list[float]) -> Counter[int]:
        return Counter(int((at - self._starts_at) // span_s) for at in times)

    def minutes(self) -> tuple[Minute, ...]:
        """The shift minute by minute."""
        answers = self._by(MINUTE_S, list(self._answers.values()))
        lost = self._by(MINUTE_S, self._abandoned)
        waits: dict[int, list[float]] = {}
        for at, seconds in self.waits:
            waits.setdefault(int((at - self._starts_at) // MINUTE_S), []).append(round(seconds, 3))
        return tuple(
            Minute(
                at_s=(number + 1) * MINUTE_S,
                occupancy=self.busy.sums[number] / signed_in if signed_in else 0.0,
                agents=round(signed_in / MINUTE_S),
                lines=self.unjoined.sums[number] / MINUTE_S,
                answered=answers[number],
                abandoned=lost[number],
                waits_s=tuple(waits.get(number, ())),
            )
            for number, signed_in in enumerate(self.signed_in.sums)
        )
