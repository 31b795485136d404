"""Runs a shift: the loop of a campaign's runner on a virtual clock (compare ``dialer.engine.runner``).

The room, its pacer, routing, timers, board and tally are the real ones. Simulated are the database's permits, the
line node with the people behind it, the media node, and the agents at their consoles.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

from dialer.bus import schemas

from ..room import dispatch, placing, timers
from ..room.model import LiveCall
from ..room.room import Room
from .agenda import Agenda
from .checks import check
from .crew import Crew
from .far_end import HOUR_S, FarEnd
from .figures import Figures
from .house import CALLER_ID, STARTS_AT, make_board, make_config
from .leads import LeadList
from .values import Scenario, ShiftResult

LOOK_EVERY_S = 0.5
"""The room decides at each event, and at least so often."""
A_MOMENT_S = 0.001
"""Added to a limit that is looked at when it is due: a floating-point clock must be past it."""
GATE_S = 0.03
"""From the decision to dial to the permit and the written call record."""
EXPLAINED_EVERY_S = 900.0
CLEARING_LIMIT_S = 7200.0
"""After the shift calls go on to their end; one that lasts longer than this is an error of the simulation."""

Progress = Callable[[float], None]
"""Told the part of the shift that is done, 0 to 1."""
Witness = Callable[[dict[str, Any]], None]
"""Told each line of the journal, and of each call that is dialed ``{"t": "placed", "at", "call", "lead", "node"}``."""


def run_shift(
    scenario: Scenario, seed: int = 1, progress: Progress | None = None, witness: Witness | None = None
) -> ShiftResult:
    """Simulate one shift with the real room, its pacer, routing and timers.

    The same scenario and seed give the same result, but for ``took_s``. Raises ``ValueError`` with a sentence for a
    person where the scenario makes no sense.
    """
    shift = Shift(scenario, seed, witness)
    told = 0
    for at_s in shift.steps():
        percent = int(100.0 * at_s / shift.length_s)
        if progress is not None and told < percent <= 100:
            told = percent
            progress(percent / 100.0)
    return shift.result()


class Shift:
    """One shift; ``steps`` lets it pass, ``result`` says what came of it."""

    def __init__(self, scenario: Scenario, seed: int, witness: Witness | None = None) -> None:
        check(scenario)
        self.scenario, self.seed = scenario, seed
        self.length_s = scenario.hours * HOUR_S
        self._ends_at = STARTS_AT + self.length_s
        self._agenda = agenda = Agenda(STARTS_AT)
        self._witness = witness
        self.room = Room(make_config(scenario), make_board(STARTS_AT), chance=self._chance("ids"))
        self.figures = Figures(STARTS_AT, self._ends_at)
        self._leads = LeadList(scenario.leads, self._chance("leads"))
        self._far_end = FarEnd(scenario, agenda, self._chance("lines"), self._tell)
        self._crew = Crew(scenario, agenda, self._chance("talks"), self._tell, self._wake, self._far_end)
        self._explained: list[tuple[float, str]] = []
        self._look_at = STARTS_AT
        self._took_s = 0.0
        self._put_down_the_day()

    def _chance(self, what: str) -> Random:
        """Each part draws for itself: one more draw of one part leaves the others' luck as it was."""
        return Random(f"{self.seed}/{what}")

    def _put_down_the_day(self) -> None:
        crew, agenda = self.scenario.crew, self._agenda
        agenda.after(0.0, partial(self._crew.staff, crew.agents))
        for at_s, agents in sorted(crew.staffing):
            if at_s < self.length_s:
                agenda.after(at_s, partial(self._crew.staff, agents))
        for number in range(1, int(self.length_s // EXPLAINED_EVERY_S) + 1):
            agenda.after(number * EXPLAINED_EVERY_S, self._explain)
        agenda.at(self._ends_at, self._close)

    # --- the loop ---

    def steps(self) -> Iterator[float]:
        """Let the shift pass, and its last calls end; yields seconds since its start after each round of decisions."""
        began = time.perf_counter()
        while self._agenda.now < self._ends_at or self._crew.signed_in or self._far_end.lines:
            self._pass_a_moment()
            yield self._agenda.now - STARTS_AT
        self.figures.close()
        self._took_s = time.perf_counter() - began

    def _pass_a_moment(self) -> None:
        """Everything of the next moment: what comes, then time, then pace, then what follows from it."""
        agenda = self._agenda
        agenda.now = now = min(agenda.next_at, self._look_at)
        if now > self._ends_at + CLEARING_LIMIT_S:
            raise RuntimeError("Calls of the simulated shift do not end.")
        while agenda.next_at <= now:
            agenda.take()()
            self._carry_out()
        if now >= self._look_at:
            self._decide(now)

    def _decide(self, now: float) -> None:
        room = self.room
        if room.config.dials:
            room.hopper_empty = self._leads.fill(room.hopper)
        timers.tick(room, now)
        placing.pace(room, now)
        self._carry_out()
        self._look_at = now + LOOK_EVERY_S
        waiting = room.calls.get(room.waiting[0]) if room.waiting else None
        if waiting is not None:
            due = waiting.waiting_since + room.config.answer_wait_s + A_MOMENT_S
            self._look_at = min(self._look_at, max(due, now + A_MOMENT_S))

    def _tell(self, message: schemas.Message) -> None:
        """The room gets a message."""
        dispatch.handle(self.room, message, self._agenda.now)
        if not isinstance(message, placing.QUIET):
            self._wake()

    def _wake(self) -> None:
        self._look_at = self._agenda.now

    def _carry_out(self) -> None:
        effects = self.room.take_effects()
        for _node, to_media in effects.to_media:
            self._crew.hear(to_media)
        for _node, to_line in effects.to_line:
            self._far_end.take(to_line)
        for line in effects.journal:
            self.figures.record(line)
            if self._witness is not None:
                self._witness(line)
        for reply_to, reply in effects.replies:
            self._crew.read(reply_to, reply)
        for change in effects.topics:
            self._crew.see(change)
        if effects.place:
            self._place(effects.place)

    # --- what the database, the supervisor and the end of the day do ---

    def _place(self, calls: list[LiveCall]) -> None:
        for call in calls:
            self.figures.place(call.id, call.placed_at)
        self._agenda.after(GATE_S, partial(self._permit, calls))

    def _permit(self, calls: list[LiveCall]) -> None:
        now = self._agenda.now
        for call in calls:
            if self._witness is not None:
                dialed = {"t": "placed", "at": now, "call": call.id, "lead": call.lead_id, "node": call.node}
                self._witness(dialed)
            placing.placed(self.room, call.id, b"", call.id, CALLER_ID, now)

    def _explain(self) -> None:
        self._explained.append((self._agenda.now - STARTS_AT, self.room.pacer.explain()))

    def _close(self) -> None:
        """The shift ends: nothing is dialed any more, what rings is cancelled, everybody leaves after their call."""
        self.room.config = replace(self.room.config, status="stopped", status_note="The shift is over.")
        placing.drop_unanswered(self.room, self._agenda.now)
        self._crew.staff(0)
        self._wake()

    def result(self) -> ShiftResult:
        """What came of it, after ``steps`` has come to its end."""
        figures = self.figures
        waits = sorted(seconds for _at, seconds in figures.waits)
        return ShiftResult(
            seed=self.seed,
            occupancy=figures.busy.total / max(1.0, figures.signed_in.total),
            abandoned_share=figures.abandoned / max(1, figures.answered),
            worst_hour=figures.worst_hour,
            placed=figures.placed,
            answered=figures.answered,
            connected=figures.connected - figures.machines,
            abandoned=figures.abandoned,
            wait_mean_s=math.fsum(waits) / max(1, len(waits)),
            wait_p90_s=waits[int(0.9 * len(waits))] if waits else 0.0,
            lines_mean=figures.lines.mean,
            lines_p95=figures.lines.percentile(0.95),
            lines_most=figures.lines.most,
            minutes=figures.minutes(),
            explained=tuple(self._explained),
            took_s=self._took_s,
            machines=figures.machines,
        )
