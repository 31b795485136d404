"""A call centre on a virtual clock: leads ring and answer, agents talk, a pacer decides. Days pass in seconds.

For the benchmark and the tests of pacing. The room knows nothing of any method: it draws what people do from a
seed, tells the pacer what happened, and counts.
"""

from __future__ import annotations

import heapq
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from dialer.pacing.contract import AgentView, LineView, Pacer, PacingEvent, Snapshot

LOOK_EVERY_S = 0.5
BUSY_AFTER_S = 2.0
HOUR_S = 3600.0


@dataclass(frozen=True)
class Plan:
    """What a room is like. A pair is (mean seconds, coefficient of variation)."""

    agents: int = 10
    hours: float = 2.0
    people: float = 0.25
    """Shares of lines that a person answers, a machine answers, that are busy; nobody answers the rest."""
    machines: float = 0.25
    busy: float = 0.08
    ring: tuple[float, float] = (9.0, 0.5)
    machine_ring: tuple[float, float] = (18.0, 0.2)
    ring_limit_s: float = 25.0
    talks: tuple[tuple[float, float, float], ...] = ((0.35, 12.0, 0.6), (0.65, 150.0, 0.8))
    """Kinds of talk: (weight, mean seconds, coefficient of variation)."""
    wrapup: tuple[float, float] = (20.0, 0.6)
    patience_s: float = 2.0
    detection_s: float = 0.0
    line_limit: int = 10_000
    people_at: Callable[[float], float] | None = None
    """Time → ``people``, where it moves."""
    crew_at: Callable[[float], int] | None = None
    """Time → agents on duty, where it moves."""


@dataclass
class Tally:
    """What came of a day."""

    placed: int = 0
    answered: int = 0
    abandoned: int = 0
    busy_s: float = 0.0
    signed_in_s: float = 0.0
    most_lines: int = 0
    decisions: int = 0
    decided_s: float = 0.0
    hours: dict[int, list[int]] = field(default_factory=dict)
    """Hour → [answered, abandoned]."""

    @property
    def occupancy(self) -> float:
        """Talk and wrap-up over signed-in time."""
        return self.busy_s / max(1.0, self.signed_in_s)

    @property
    def abandoned_share(self) -> float:
        """Of the people who answered."""
        return self.abandoned / max(1, self.answered)

    @property
    def worst_hour(self) -> float:
        """The largest share in an hour with fifty answers or more."""
        return max((lost / answers for answers, lost in self.hours.values() if answers >= 50), default=0.0)


@dataclass
class Agent:
    state: str = "ready"
    since: float = 0.0
    leaving: bool = False


@dataclass
class Line:
    placed_at: float
    stage: str = "dialing"
    since: float = 0.0


class Room:
    """One day. The same plan and seed give the same people, whatever the pacer."""

    def __init__(self, plan: Plan, pacer: Pacer, seed: int) -> None:
        self.plan, self.pacer, self.tally = plan, pacer, Tally()
        self.now = 0.0
        self._dice, self._talk_dice = random.Random(seed), random.Random(seed + 1_000_003)
        self._future: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._lines: dict[int, Line] = {}
        self._waiting: deque[int] = deque()
        self._agents: list[Agent] = []

    def run(self) -> Tally:
        """Let the day pass."""
        end = self.plan.hours * HOUR_S
        self._in(0.0, self._look)
        while self._future and self._future[0][0] < end:
            at, _, happen = heapq.heappop(self._future)
            self.tally.signed_in_s += len(self._agents) * (at - self.now)
            self.now = at
            happen()
        return self.tally

    def _in(self, seconds: float, happen: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._future, (self.now + seconds, self._number, happen))

    def _tell(self, kind: str, seconds: float = 0.0, cause: str = "") -> None:
        self.pacer.observe(PacingEvent(kind, self.now, seconds, cause))

    def _look(self) -> None:
        self._staff()
        self._pace()
        self._in(LOOK_EVERY_S, self._look)

    def _staff(self) -> None:
        wanted = self.plan.crew_at(self.now) if self.plan.crew_at else self.plan.agents
        staying = [agent for agent in self._agents if not agent.leaving]
        for _ in range(wanted - len(staying)):
            agent = Agent(since=self.now)
            self._agents.append(agent)
            self._free(agent)
        for agent in staying[wanted:]:
            agent.leaving = True
        self._agents = [agent for agent in self._agents if not (agent.leaving and agent.state == "ready")]

    def _pace(self) -> None:
        snapshot = Snapshot(
            self.now,
            [AgentView(agent.state, agent.since, agent.leaving) for agent in self._agents],
            [LineView(line.stage, line.placed_at, line.since) for line in self._lines.values()],
            self.plan.line_limit,
        )
        started = time.perf_counter()
        count = self.pacer.lines_to_place(snapshot)
        self.tally.decided_s += time.perf_counter() - started
        self.tally.decisions += 1
        for _ in range(count):
            self._place()
        self.tally.most_lines = max(self.tally.most_lines, len(self._lines))

    def _place(self) -> None:
        plan = self.plan
        self._number += 1
        name = self._number
        self._lines[name] = Line(self.now, since=self.now)
        self.tally.placed += 1
        self._tell("placed")
        fate, delay = self._dice.random(), 0.9 + 1.2 * self._dice.random()
        people = plan.people_at(self.now) if plan.people_at else plan.people
        if fate < people:
            ring = min(plan.ring_limit_s, self._draw(self._dice, *plan.ring))
            self._in(delay + ring, lambda: self._picked_up(name, True))
        elif fate < people + plan.machines:
            ring = min(plan.ring_limit_s, self._draw(self._dice, *plan.machine_ring))
            self._in(delay + ring, lambda: self._picked_up(name, False))
        elif fate < people + plan.machines + plan.busy:
            self._in(BUSY_AFTER_S, lambda: self._failed(name, "busy"))
        else:
            self._in(delay + plan.ring_limit_s, lambda: self._failed(name, "no_answer"))

    @staticmethod
    def _draw(dice: random.Random, mean: float, variation: float) -> float:
        return dice.gammavariate(variation**-2, mean * variation**2)

    def _failed(self, name: int, cause: str) -> None:
        self._tell("failed", self.now - self._lines.pop(name).placed_at, cause)
        self._pace()

    def _picked_up(self, name: int, person: bool) -> None:
        line = self._lines[name]
        line.stage, line.since = "answered", self.now
        if self.plan.detection_s:
            self._in(self.plan.detection_s, lambda: self._told_apart(name, person))
        else:
            self._told_apart(name, person)

    def _told_apart(self, name: int, person: bool) -> None:
        line = self._lines[name]
        rang_s = line.since - line.placed_at
        if person:
            self._tell("answered", rang_s)
            self._count_answer()
            self._waiting.append(name)
            free = min((a for a in self._agents if a.state == "ready"), key=lambda a: a.since, default=None)
            if free:
                self._free(free)
            else:
                self._in(self.plan.patience_s, lambda: self._gives_up(name))
        else:
            del self._lines[name]
            self._tell("machine", rang_s)
        self._pace()

    def _count_answer(self) -> None:
        self.tally.answered += 1
        self.tally.hours.setdefault(int(self.now // HOUR_S), [0, 0])[0] += 1

    def _gives_up(self, name: int) -> None:
        if name not in self._waiting:
            return
        self._waiting.remove(name)
        del self._lines[name]
        self.tally.abandoned += 1
        self.tally.hours.setdefault(int(self.now // HOUR_S), [0, 0])[1] += 1
        self._tell("abandoned")
        self._pace()

    def _free(self, agent: Agent) -> None:
        agent.state, agent.since = "ready", self.now if agent.state != "ready" else agent.since
        if self._waiting:
            del self._lines[self._waiting.popleft()]
            self._tell("connected")
            agent.state, agent.since = "talking", self.now
            kind = self._talk_dice.choices(self.plan.talks, [talk[0] for talk in self.plan.talks])[0]
            seconds = self._draw(self._talk_dice, kind[1], kind[2])
            self._in(seconds, lambda: self._talk_ended(agent, seconds))

    def _talk_ended(self, agent: Agent, seconds: float) -> None:
        self.tally.busy_s += seconds
        agent.state, agent.since = "wrapup", self.now
        self._tell("talk_ended", seconds)
        wrapup = self._draw(self._talk_dice, *self.plan.wrapup)
        self._in(wrapup, lambda: self._wrapup_ended(agent, wrapup))
        self._pace()

    def _wrapup_ended(self, agent: Agent, seconds: float) -> None:
        self.tally.busy_s += seconds
        self._tell("wrapup_ended", seconds)
        if agent.leaving:
            self._agents.remove(agent)
        else:
            self._free(agent)
        self._pace()
