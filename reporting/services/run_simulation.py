"""Answer a question that was asked: claim it, simulate, keep what came of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from reporting.choices import SimulationStatus
from reporting.models import Simulation
from reporting.what_if.apart import CutOff, simulate_apart
from reporting.what_if.outcome import Outcome
from reporting.what_if.simulate import Tick
from reporting.what_if.values import BadPlan, Plan

log = structlog.get_logger(__name__)

SILENT_AFTER_S = 60
"""Without a sign of life for so long a worker is gone; a live one gives two a second."""
WRITES_APART_S = 0.5
RUNS_MOST = 3
"""What was cut off so often is not begun again: it may be what ends its workers."""
CUT_OFF_WORDS = "The simulation was cut off {} times. Ask again with fewer agents or hours."

Simulate = Callable[[Plan, Tick], tuple[Outcome, ...]]


class Superseded(Exception):
    """The work is not this run's any more: cancelled, or another worker has it."""


def run_simulation(pk: int, simulate: Simulate = simulate_apart) -> bool:
    """Whether this run brought the simulation to its end. A second run of the same does nothing."""
    simulation = _claim(pk, timezone.now())
    if simulation is None:
        return False
    try:
        plan = msgspec.convert(simulation.scenario, Plan)
        outcomes = simulate(plan, Reporter(simulation))
    except Superseded:
        log.info("simulation_superseded", simulation=pk)
        return False
    except BadPlan as problem:
        return _finish(simulation, SimulationStatus.FAILED, message=str(problem)[:400])
    except CutOff:
        return _give_back(simulation)
    return _finish(simulation, SimulationStatus.DONE, results=msgspec.to_builtins(outcomes), progress=1.0)


def waiting_simulations(now: datetime) -> list[int]:
    """Those that wait for a worker, and those whose worker fell silent; what was cut off too often is ended."""
    silent = Simulation.objects.filter(_silent(now))
    silent.filter(runs__gte=RUNS_MOST).update(
        status=SimulationStatus.FAILED, message=CUT_OFF_WORDS.format(RUNS_MOST), finished_at=now
    )
    return list(Simulation.objects.filter(_claimable(now)).values_list("pk", flat=True))


class Reporter:
    """Writes how far a run is, at most twice a second. Raises ``Superseded`` when it is not its run any more."""

    def __init__(self, simulation: Simulation) -> None:
        self._mine = _mine(simulation)
        self._written_at = -WRITES_APART_S

    def __call__(self, done: float) -> None:
        """The part that is done, 0 to 1."""
        if time.monotonic() - self._written_at < WRITES_APART_S:
            return
        self._written_at = time.monotonic()
        if not self._mine.update(progress=done, seen_at=timezone.now()):
            raise Superseded


def _claim(pk: int, now: datetime) -> Simulation | None:
    """Make this the simulation's only run, by one conditional UPDATE; None where another one has it."""
    run = uuid.uuid4().hex
    free = Simulation.objects.filter(_claimable(now), pk=pk)
    if not free.update(
        status=SimulationStatus.RUNNING, run=run, runs=F("runs") + 1, begun_at=now, seen_at=now, progress=0.0
    ):
        return None
    return Simulation.objects.get(pk=pk)


def _silent(now: datetime) -> Q:
    return Q(status=SimulationStatus.RUNNING, seen_at__lt=now - timedelta(seconds=SILENT_AFTER_S))


def _claimable(now: datetime) -> Q:
    return Q(status=SimulationStatus.WAITING) | (_silent(now) & Q(runs__lt=RUNS_MOST))


def _mine(simulation: Simulation) -> QuerySet[Simulation]:
    return Simulation.objects.filter(pk=simulation.pk, run=simulation.run, status=SimulationStatus.RUNNING)


def _finish(simulation: Simulation, status: SimulationStatus, **values: object) -> bool:
    return bool(_mine(simulation).update(status=status, finished_at=timezone.now(), **values))


def _give_back(simulation: Simulation) -> bool:
    """Let another run begin anew, unless it has been tried often enough."""
    log.warning("simulation_cut_off", simulation=simulation.pk, runs=simulation.runs)
    if simulation.runs >= RUNS_MOST:
        return _finish(simulation, SimulationStatus.FAILED, message=CUT_OFF_WORDS.format(RUNS_MOST))
    _mine(simulation).update(status=SimulationStatus.WAITING)
    return False
