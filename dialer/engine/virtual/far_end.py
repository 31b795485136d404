"""A line node whose calls go to simulated people and machines: it takes the commands and sends the events of a
real one (``dialer.lines.line_call``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from random import Random
from typing import Any

from dialer.bus import schemas

from .agenda import Agenda
from .house import CAMPAIGN, LINE_NODE
from .spells import Mixture
from .values import Scenario

HOUR_S = 3600.0
SETUP_FROM, SETUP_TO = 0.6, 1.4
"""The post-dial delay varies between these shares of its mean."""
BUSY_FROM_S, BUSY_TO_S = 0.5, 2.5
"""A busy signal comes so much later than ringing would have begun."""
LAST_MOMENT_S = 0.2
"""Somebody who would pick up only after the ring limit does so this much before it: the scenario's share of people
who answer holds whatever the limit."""
HANG_UP_S = 0.05
"""From our BYE or CANCEL to the far end's word that the call is over."""
FIRST_AUDIO_S = 0.05
MESSAGE_S = 8.0
"""The safe-harbour message."""
SIP_OK, SIP_BUSY, SIP_TERMINATED = 200, 486, 487

Send = Callable[[schemas.Message], None]


class Fate(Enum):
    """What a dial will meet."""

    PERSON = auto()
    MACHINE = auto()
    BUSY = auto()
    NOBODY = auto()


@dataclass(slots=True)
class Line:
    """A call at the node."""

    call: str
    fate: Fate
    order: schemas.Originate
    answered: bool = False
    bridged: bool = False
    playing: bool = False
    """The message, at whose end the call ends."""
    ending: bool = False
    """We have hung up, and wait for the far end."""


class FarEnd:
    """The node and everybody behind it. ``send`` gives an event to the room."""

    def __init__(self, scenario: Scenario, agenda: Agenda, chance: Random, send: Send) -> None:
        self._scenario, self._agenda, self._chance, self._send = scenario, agenda, chance, send
        self._began_at = agenda.now
        self._rings = Mixture(scenario.far_end.rings, chance)
        self._machine_rings = Mixture(scenario.far_end.machine_rings, chance)
        self.lines: dict[str, Line] = {}
        """Call → its line, until it is over."""

    def take(self, command: Any) -> None:
        """One command of the room."""
        if isinstance(command, schemas.Originate):
            self._dial(command)
            return
        line = self.lines.get(command.call)
        if line is None:
            return
        if isinstance(command, schemas.Bridge):
            self._bridge(line)
        elif isinstance(command, schemas.PlayThenHangup):
            self._play(line, command.prompt)
        elif isinstance(command, schemas.Hangup):
            self._end_by_us(line)

    def is_machine(self, call: str) -> bool:
        """What the agent hears."""
        return self.lines[call].fate is Fate.MACHINE

    def hang_up(self, call: str) -> None:
        """The person ends the talk."""
        line = self.lines.get(call)
        if line is not None and not line.ending:
            self._end(line, SIP_OK, "far")

    # --- a dial ---

    def _dial(self, order: schemas.Originate) -> None:
        line = self.lines[order.call] = Line(order.call, self._draw_fate(), order)
        far, chance = self._scenario.far_end, self._chance
        setup_s = far.setup_s * chance.uniform(SETUP_FROM, SETUP_TO)
        self._later(0.0, line, partial(self._emit, line, schemas.CallTrying))
        if line.fate is Fate.BUSY:
            busy_s = setup_s + chance.uniform(BUSY_FROM_S, BUSY_TO_S)
            self._later(busy_s, line, partial(self._end, line, SIP_BUSY, "far"))
            return
        self._later(setup_s, line, partial(self._emit, line, schemas.CallRinging))
        self._later(order.ring_limit, line, partial(self._give_up_ringing, line))
        if line.fate is not Fate.NOBODY:
            rings = self._rings if line.fate is Fate.PERSON else self._machine_rings
            picked_up_s = min(setup_s + rings.draw(), order.ring_limit - LAST_MOMENT_S)
            self._later(picked_up_s, line, partial(self._pick_up, line))

    def _draw_fate(self) -> Fate:
        far = self._scenario.far_end
        hour = int((self._agenda.now - self._began_at) // HOUR_S)
        people = far.answer_share[min(hour, len(far.answer_share) - 1)]
        dice = self._chance.random()
        if dice < people:
            return Fate.PERSON
        if dice < people + far.machine_share:
            return Fate.MACHINE
        return Fate.BUSY if dice < people + far.machine_share + far.busy_share else Fate.NOBODY

    def _pick_up(self, line: Line) -> None:
        if line.ending:
            return
        if line.fate is Fate.MACHINE and self._scenario.far_end.detects_machines:
            self._end(line, 0, "machine")
            return
        line.answered = True
        self._emit(line, schemas.CallAnswered)
        self._later(line.order.engine_silence, line, partial(self._break_silence, line))

    def _give_up_ringing(self, line: Line) -> None:
        if not line.answered and not line.ending:
            self._end(line, SIP_TERMINATED, "ring_limit")

    # --- an answered call ---

    def _bridge(self, line: Line) -> None:
        line.playing = False
        if line.answered and not line.bridged:
            line.bridged = True
            self._later(FIRST_AUDIO_S, line, partial(self._emit, line, schemas.CallBridged))

    def _break_silence(self, line: Line) -> None:
        """The engine has not said in time what to do with the answer."""
        if not line.bridged:
            self._play(line, line.order.safe_harbour, by_node=True)

    def _play(self, line: Line, prompt: str, by_node: bool = False) -> None:
        if line.playing or line.ending:
            return
        line.playing = True
        begun = partial(self._emit, line, schemas.CallPrompt, prompt=prompt, finished=False, by_node=by_node)
        self._later(0.0, line, begun)
        self._later(MESSAGE_S, line, partial(self._end_message, line, prompt, by_node))

    def _end_message(self, line: Line, prompt: str, by_node: bool) -> None:
        if line.playing:
            self._emit(line, schemas.CallPrompt, prompt=prompt, finished=True, by_node=by_node)
            self._end(line, SIP_OK, "node" if by_node else "us")

    def _end_by_us(self, line: Line) -> None:
        line.ending = True
        code = SIP_OK if line.answered else SIP_TERMINATED
        self._later(HANG_UP_S, line, partial(self._end, line, code, "us"))

    def _end(self, line: Line, code: int, ended_by: str) -> None:
        del self.lines[line.call]
        self._emit(line, schemas.CallEnded, code=code, ended_by=ended_by, answered=line.answered)

    def _later(self, seconds: float, line: Line, action: Callable[[], None]) -> None:
        """Unless the call is over by then."""

        def act() -> None:
            if line.call in self.lines:
                action()

        self._agenda.after(seconds, act)

    def _emit(self, line: Line, kind: Any, **more: Any) -> None:
        self._send(kind(call=line.call, campaign=CAMPAIGN, node=LINE_NODE, at=self._agenda.now, **more))
