"""Simulated days by the hundred, on all cores, with a word on the way."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import TextIO

from dialer.pacing import Pacer

from .figures import Figures
from .hindsight import best_ratio
from .methods import HINDSIGHT, LIMIT, METHODS, OURS, ratio
from .room import Plan, Room, Tally
from .scenarios import SCENARIOS

PLANS = {scenario.name: scenario.plan for scenario in SCENARIOS}


@dataclass(frozen=True)
class Job:
    """Some days of one method in one room, for one process."""

    scenario: str
    method: str
    seeds: tuple[int, ...]
    hours: float | None = None
    """No more hours a day than these."""

    @property
    def plan(self) -> Plan:
        """The room, with its day cut to ``hours``."""
        plan = PLANS[self.scenario]
        return plan if self.hours is None else replace(plan, hours=min(plan.hours, self.hours))


@dataclass(frozen=True)
class Done:
    """What came of a job."""

    job: Job
    days: Sequence[Tally]
    ratio: float | None = None


def jobs_for(scenarios: Sequence[str], methods: Sequence[str], seeds: int, hours: float | None) -> list[Job]:
    """Ours thinks longest and goes first, a job a day; hindsight needs all its days at once."""
    slow_first = sorted(methods, key=lambda method: method != OURS)
    jobs = []
    for method in slow_first:
        for scenario in scenarios:
            shares = [(seed,) for seed in range(seeds)] if method == OURS else [tuple(range(seeds))]
            jobs += [Job(scenario, method, share, hours) for share in shares]
    return jobs


def run(job: Job) -> Done:
    """In this process."""

    def days(make: Callable[[], Pacer]) -> list[Tally]:
        return [Room(job.plan, make(), seed).run() for seed in job.seeds]

    if job.method == HINDSIGHT:
        best, chosen = best_ratio(lambda lines: days(lambda: ratio(lines)), LIMIT)
        return Done(job, chosen, best)
    return Done(job, days(METHODS[job.method].make))


def measure(jobs: Sequence[Job], processes: int, told: TextIO = sys.stderr) -> dict[tuple[str, str], Figures]:
    """(scenario, method) → its figures, in the order of the jobs."""
    done: dict[tuple[str, str], list[Done]] = defaultdict(list)
    with ProcessPoolExecutor(processes) as pool:
        waiting = [pool.submit(run, job) for job in jobs]
        for number, future in enumerate(as_completed(waiting), 1):
            result = future.result()
            done[result.job.scenario, result.job.method].append(result)
            _tell(told, number, len(jobs), result.job)
    return {
        key: _gather(*key, done[key]) for key in dict.fromkeys((job.scenario, job.method) for job in jobs)
    }


def _gather(scenario: str, method: str, parts: Sequence[Done]) -> Figures:
    days = [day for part in parts for day in part.days]
    return Figures.of(scenario, method, days, parts[0].ratio)


def _tell(told: TextIO, number: int, total: int, job: Job) -> None:
    """One line that overwrites itself, or where nobody looks a line for each part."""
    text = f"[{number:3}/{total}] {job.scenario}, {job.method}"
    print(f"\r{text:60}" if told.isatty() else text, end="" if told.isatty() else "\n", file=told, flush=True)
    if told.isatty() and number == total:
        print(file=told)
