"""How long a decision takes, beside the building of its snapshot in the same run: how fast the machine is just now."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import median

from dialer.pacing.contract import AgentState, AgentView, LineStage, LineView, Pacer, PacingEvent, Snapshot

from .methods import METHODS, OURS
from .room import HOUR_S, Room
from .scenarios import SALES
from .verdicts import Verdict

MICROSECONDS = 1e6
SCHOOL = replace(SALES, agents=60, hours=0.25)
"""Where the pacer learns before it is timed."""
BETWEEN_DECISIONS_S = 0.05
TALK_AGES_S, LINE_AGES_S = 300.0, 25.0
STATES: tuple[tuple[AgentState, ...], tuple[int, ...]] = (("talking", "wrapup", "ready"), (83, 14, 3))
"""Of a busy floor, with their weights."""


@dataclass(frozen=True)
class Size:
    """A room, and the microseconds that a decision may take there."""

    agents: int
    lines: int
    most_us: float
    decisions: int


SIZES = (Size(60, 150, 200.0, 400), Size(500, 1250, 1000.0, 100))


@dataclass(frozen=True)
class DecisionTime:
    """Medians of processor time, in microseconds."""

    agents: int
    lines: int
    most_us: float
    decision_us: float
    """To learn from one event and decide."""
    snapshot_us: float
    """To build what is decided on: the baseline, whose work stays the same."""

    @property
    def snapshots(self) -> float:
        """What a decision costs, in snapshots built: the same on a slow machine."""
        return self.decision_us / self.snapshot_us

    @property
    def verdict(self) -> Verdict:
        """Against what it may take."""
        place = f"{self.agents} agents, {self.lines} lines"
        return Verdict(place, "µs a decision", self.most_us, self.decision_us, at_most=True)


def measure(seed: int = 1) -> list[DecisionTime]:
    """Each size with a pacer that has learned for a quarter of an hour."""
    return [_time(size, seed) for size in SIZES]


def _time(size: Size, seed: int) -> DecisionTime:
    pacer = METHODS[OURS].make()
    Room(SCHOOL, pacer, seed).run()
    built, decided = zip(*_rounds(size, pacer, random.Random(seed)), strict=True)
    return DecisionTime(size.agents, size.lines, size.most_us, median(decided), median(built))


def _rounds(size: Size, pacer: Pacer, dice: random.Random) -> Iterator[tuple[float, float]]:
    """(µs to build a snapshot, µs to decide on it), each on ages that were not seen before."""
    now = SCHOOL.hours * HOUR_S
    for _ in range(size.decisions):
        now += BETWEEN_DECISIONS_S
        agents, lines = _floor(size, dice)
        started = time.thread_time()
        snapshot = build(now, agents, lines)
        built = time.thread_time()
        pacer.observe(PacingEvent("failed", now, LINE_AGES_S, "no_answer"))
        pacer.lines_to_place(snapshot)
        decided = time.thread_time()
        yield MICROSECONDS * (built - started), MICROSECONDS * (decided - built)


Floor = tuple[list[tuple[AgentState, float]], list[float]]
"""Agents as (state, age) and lines by their age."""


def _floor(size: Size, dice: random.Random) -> Floor:
    states = dice.choices(*STATES, k=size.agents)
    lines = [dice.uniform(0.0, LINE_AGES_S) for _ in range(size.lines)]
    return [(state, dice.uniform(0.0, TALK_AGES_S)) for state in states], lines


def build(now: float, agents: list[tuple[AgentState, float]], lines: list[float]) -> Snapshot:
    """A snapshot with room for as many lines again."""
    ringing: LineStage = "ringing"
    return Snapshot(
        now,
        [AgentView(state, now - age) for state, age in agents],
        [LineView(ringing, now - age, now - age) for age in lines],
        2 * len(lines),
    )
