"""A call centre on a virtual clock: leads ring and answer, agents talk, a pacer decides. Days pass in seconds.

For the benchmark and the tests of pacing. The room knows nothing of any method: it draws what people do from a
seed, tells the pacer what happened, and counts.
"""

from __future__ import annotations

import heapq
import math
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from dialer.pacing.contract import AgentState, AgentView, EventKind, LineView, Pacer, PacingEvent, Snapshot

LOOK_EVERY_S = 0.5
BUSY_AFTER_S = 2.0
POST_DIAL_S = (0.9, 2.1)
"""From the dial to the first ring, the least and the most."""
HOUR_S = 3600.0
TELLING_ANSWERS = 50
"""Answers that an hour needs before its share of abandoned calls says something."""
TALK_SEED_OFFSET = 1_000_003


@dataclass(frozen=True)
class Plan:
    """What a room is like. A pair is (mean seconds, coefficient of variation) of a lognormal."""

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
    memoryless: bool = False
    """Exponential rings and talks of these means, nothing else: the room whose optimum can be computed."""


@dataclass
class Tally:
    """What came of a day."""

    placed: int = 0
    answered: int = 0
    """People whose call had an end before the day had: joined or abandoned."""
    connected: int = 0
    abandoned: int = 0
    busy_s: float = 0.0
    signed_in_s: float = 0.0
    idle_s: float = 0.0
    """Of agents who were ready, until the calls that they got."""
    most_lines: int = 0
    decisions: int = 0
    decided_s: float = 0.0
    """Processor time of the decisions."""
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
        telling = (hour for hour in self.hours.values() if hour[0] >= TELLING_ANSWERS)
        return max((abandoned / answered for answered, abandoned in telling), default=0.0)

    @property
    def idle_before_a_call_s(self) -> float:
        """How long an agent waited for a call, in the mean."""
        return self.idle_s / max(1, self.connected)


class Room:
    """One day. The same plan and seed give the same people, whatever the pacer."""

    def __init__(self, plan: Plan, pacer: Pacer, seed: int) -> None:
        self.plan, self.pacer, self.tally = plan, pacer, Tally()
        self.now = 0.0
        self._dice, self._talk_dice = random.Random(seed), random.Random(seed + TALK_SEED_OFFSET)
        self._future: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self._lines: dict[int, LineView] = {}
        self._waiting: deque[tuple[int, float]] = deque()
        """Answered people whom no agent has yet: (line, since)."""
        self._agents: dict[int, AgentView] = {}

    def run(self) -> Tally:
        """Let the day pass."""
        end = self.plan.hours * HOUR_S
        self._in(0.0, self._look)
        while self._future[0][0] < end:
            at, _, happen = heapq.heappop(self._future)
            self._pass_time(at)
            happen()
        self._pass_time(end)
        self._close()
        return self.tally

    def _pass_time(self, until: float) -> None:
        self.tally.signed_in_s += len(self._agents) * (until - self.now)
        self.now = until

    def _close(self) -> None:
        """Work under way when the day ends counts as far as it went; people still waiting have no end."""
        for agent in self._agents.values():
            if agent.state in ("talking", "wrapup"):
                self.tally.busy_s += self.now - agent.since
        self.tally.answered -= len(self._waiting)

    def _in(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._future, (self.now + seconds, self._next(), happen))

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _tell(self, kind: EventKind, seconds: float = 0.0, cause: str = "") -> None:
        self.pacer.observe(PacingEvent(kind, self.now, seconds, cause))

    def _draw(self, dice: random.Random, mean: float, variation: float) -> float:
        if self.plan.memoryless:
            return dice.expovariate(1.0 / mean)
        spread = math.log1p(variation * variation)
        return dice.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))

    # --- deciding ---

    def _look(self) -> None:
        if self.plan.crew_at or not self._agents:
            self._staff()
        self._pace()
        self._in(LOOK_EVERY_S, self._look)

    def _pace(self) -> None:
        lines = list(self._lines.values())
        snapshot = Snapshot(self.now, list(self._agents.values()), lines, self.plan.line_limit)
        started = time.thread_time()
        count = self.pacer.lines_to_place(snapshot)
        self.tally.decided_s += time.thread_time() - started
        self.tally.decisions += 1
        for _ in range(count):
            self._place()
        self.tally.most_lines = max(self.tally.most_lines, len(self._lines))

    # --- lines ---

    def _place(self) -> None:
        name = self._next()
        self._lines[name] = LineView("dialing", self.now, self.now)
        self.tally.placed += 1
        self._tell("placed")
        fate, delay_s = self._dice.random(), self._dice.uniform(*POST_DIAL_S)
        if self.plan.memoryless:
            self._ring_memoryless(name, fate)
        else:
            self._ring(name, fate, delay_s)

    def _ring_memoryless(self, name: int, fate: float) -> None:
        ring_s = self._draw(self._dice, *self.plan.ring)
        if fate < self.plan.people:
            self._in(ring_s, lambda: self._picked_up(name, True))
        else:
            self._in(ring_s, lambda: self._failed(name, "no_answer"))

    def _ring(self, name: int, fate: float, delay_s: float) -> None:
        plan = self.plan
        people = plan.people_at(self.now) if plan.people_at else plan.people
        machines = people + plan.machines
        if machines <= fate < machines + plan.busy:
            self._in(BUSY_AFTER_S, lambda: self._failed(name, "busy"))
            return
        self._in(delay_s, lambda: self._rings(name))
        if fate >= machines:
            self._in(delay_s + plan.ring_limit_s, lambda: self._failed(name, "no_answer"))
            return
        person = fate < people
        ring_s = self._draw(self._dice, *(plan.ring if person else plan.machine_ring))
        self._in(delay_s + min(plan.ring_limit_s, ring_s), lambda: self._picked_up(name, person))

    def _rings(self, name: int) -> None:
        self._lines[name] = replace(self._lines[name], stage="ringing", since=self.now)
        self._tell("ringing")

    def _failed(self, name: int, cause: str) -> None:
        self._tell("failed", self.now - self._lines.pop(name).placed_at, cause)
        self._pace()

    def _picked_up(self, name: int, person: bool) -> None:
        line = self._lines[name] = replace(self._lines[name], stage="answered", since=self.now)
        rang_s = line.since - line.placed_at
        told_apart = self._person if person else self._machine
        if self.plan.detection_s:
            self._in(self.plan.detection_s, lambda: told_apart(name, rang_s))
        else:
            told_apart(name, rang_s)

    def _machine(self, name: int, rang_s: float) -> None:
        del self._lines[name]
        self._tell("machine", rang_s)
        self._pace()

    def _person(self, name: int, rang_s: float) -> None:
        self._tell("answered", rang_s)
        self.tally.answered += 1
        self._hour(self.now)[0] += 1
        self._waiting.append((name, self.now))
        ready = [item for item in self._agents.items() if item[1].state == "ready"]
        if ready:
            longest, _ = min(ready, key=lambda item: item[1].since)
            self._join(longest)
        else:
            self._in(self.plan.patience_s, lambda: self._gives_up(name))
        self._pace()

    def _hour(self, at: float) -> list[int]:
        return self.tally.hours.setdefault(int(at // HOUR_S), [0, 0])

    def _gives_up(self, name: int) -> None:
        entry = next((entry for entry in self._waiting if entry[0] == name), None)
        if entry is None:
            return
        self._waiting.remove(entry)
        del self._lines[name]
        self.tally.abandoned += 1
        self._hour(entry[1])[1] += 1
        self._tell("abandoned")
        self._pace()

    # --- agents ---

    def _staff(self) -> None:
        """Agents come at once, and leave when the call that they have is done."""
        wanted = self.plan.crew_at(self.now) if self.plan.crew_at else self.plan.agents
        staying = [name for name, agent in self._agents.items() if not agent.leaving]
        for _ in range(wanted - len(staying)):
            self._comes_free(self._next())
        for name in staying[wanted:]:
            if self._agents[name].state == "ready":
                del self._agents[name]
            else:
                self._agents[name] = replace(self._agents[name], leaving=True)

    def _enter(self, name: int, state: AgentState) -> None:
        leaving = name in self._agents and self._agents[name].leaving
        self._agents[name] = AgentView(state, self.now, leaving)

    def _comes_free(self, name: int) -> None:
        self._enter(name, "ready")
        if self._waiting:
            self._join(name)

    def _join(self, name: int) -> None:
        """The person who waits longest and this agent."""
        line, _ = self._waiting.popleft()
        del self._lines[line]
        self.tally.connected += 1
        self.tally.idle_s += self.now - self._agents[name].since
        self._enter(name, "talking")
        self._tell("connected")
        kind = self._talk_dice.choices(self.plan.talks, [talk[0] for talk in self.plan.talks])[0]
        seconds = self._draw(self._talk_dice, kind[1], kind[2])
        self._in(seconds, lambda: self._talk_ended(name, seconds))

    def _talk_ended(self, name: int, seconds: float) -> None:
        self.tally.busy_s += seconds
        self._enter(name, "wrapup")
        self._tell("talk_ended", seconds)
        if self.plan.memoryless:
            self._wrapup_ended(name, 0.0)
            return
        wrapup_s = self._draw(self._talk_dice, *self.plan.wrapup)
        self._in(wrapup_s, lambda: self._wrapup_ended(name, wrapup_s))
        self._pace()

    def _wrapup_ended(self, name: int, seconds: float) -> None:
        self.tally.busy_s += seconds
        self._tell("wrapup_ended", seconds)
        if self._agents[name].leaving:
            del self._agents[name]
        else:
            self._comes_free(name)
        self._pace()
