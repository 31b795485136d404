"""The simulated line node, a process: takes commands and sends events as a real one does, and carries nothing.

It keeps when each answer was sent and when the command to bridge that call came, and counts what must never be.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dialer.bus import names, permit, schemas, streams
from dialer.bus.outbox import Outbox
from dialer.lines.admission import Admission, Refused

from .far_end import SETUP_S, CallPlan, plan_of
from .nodes import READ_BLOCK_MS, Timers, beat, serve

NODE = "bench-line"
NETWORK_S = 0.01
"""From a command to what it brings about, where nobody is waited for."""
PROMPT_S = 6.0


@dataclass(slots=True)
class Call:
    """One call on a line."""

    order: schemas.Originate
    permit: permit.Permit
    plan: CallPlan
    stage: str = "trying"
    answered_at: float = 0.0
    sent_at: float = 0.0
    """Monotonic: when the answer went out."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class LineNode:
    """``warm_until`` (Unix seconds): talks that begin before count as under way already, so that the floor is as it
    is on any day from then on."""

    def __init__(self, url: str, key: bytes, warm_until: float) -> None:
        self._url, self._warm_until = url, warm_until
        self._outbox, self._timers = Outbox(streams.connect(url)), Timers()
        self._admission = Admission(NODE, key, time.monotonic)
        self._calls: dict[str, Call] = {}
        self._dialed: set[str] = set()
        self._answers: dict[str, tuple[float, float]] = {}
        self._counts: dict[str, int] = {}

    def report(self) -> dict[str, Any]:
        """``answers``: call → when it was answered (Unix seconds), and the milliseconds until its bridge came."""
        return {"answers": self._answers, "counts": self._counts, "late_ms": self._timers.late_ms}

    async def run(self) -> None:
        """Serve until cancelled."""
        redis = streams.connect(self._url)
        reader = streams.Reader(redis, schemas.LineCommand)
        reader.follow(names.line_stream(NODE), "0")
        async with asyncio.TaskGroup() as group:
            group.create_task(self._outbox.run())
            group.create_task(beat(streams.connect(self._url), NODE, "line", lambda: len(self._calls)))
            while True:
                for _stream, _position, command in await reader.read(READ_BLOCK_MS):
                    self._carry_out(command, time.monotonic())

    def _carry_out(self, command: Any, came_at: float) -> None:
        if isinstance(command, schemas.Originate):
            self._originate(command)
        elif isinstance(command, schemas.Claim):
            self._answer_claim(command)
        elif (call := self._calls.get(command.call)) is None:
            self._count("for_ended_calls")
        elif isinstance(command, schemas.Bridge):
            self._bridge(call, came_at)
        elif isinstance(command, schemas.PlayThenHangup):
            self._play(call, by_node=False)
        elif isinstance(command, schemas.Hangup):
            answered = call.answered_at > 0
            self._end(call, 200 if answered else 487, "us")

    # --- a call's life ---

    def _originate(self, order: schemas.Originate) -> None:
        try:
            opened = self._admission.open(order, time.time())
        except Refused as refused:
            self._count(f"refused_{refused.why}")
            return
        self._note_dial(order.call, opened.number)
        call = self._calls[order.call] = Call(order, opened, plan_of(order.call))
        epochs = {"epoch": opened.epoch, "newest_epoch": self._admission.newest_epoch(opened.campaign)}
        self._say(schemas.CallTrying, call, permit=opened.id, **epochs)
        if call.plan.busy:
            self._later(call, SETUP_S, self._end, 486, "far")
        else:
            self._later(call, SETUP_S, self._ring)

    def _note_dial(self, call: str, number: str) -> None:
        self._count("dialed")
        if call in self._dialed:
            self._count("call_dialed_twice")
        if any(other.permit.number == number for other in self._calls.values()):
            self._count("number_twice_live")
        self._dialed.add(call)

    def _ring(self, call: Call) -> None:
        call.stage = "ringing"
        self._say(schemas.CallRinging, call)
        if call.plan.answers and call.plan.ring_s < call.order.ring_limit:
            self._later(call, call.plan.ring_s, self._answer)
        else:
            self._later(call, call.order.ring_limit, self._end, 487, "ring_limit")

    def _answer(self, call: Call) -> None:
        self._count("answered")
        call.stage, call.answered_at, call.sent_at = "answered", time.time(), time.monotonic()
        self._say(schemas.CallAnswered, call)
        self._later(call, call.order.engine_silence, self._play, True)

    def _bridge(self, call: Call, came_at: float) -> None:
        if call.stage != "answered":
            return
        self._answers[call.order.call] = (call.answered_at, (came_at - call.sent_at) * 1000)
        self._stop_timers(call)
        call.stage = "bridged"
        self._later(call, NETWORK_S, self._say_bridged)
        if not call.plan.agent_ends:
            share = call.plan.age if call.answered_at < self._warm_until else 1.0
            self._later(call, share * call.plan.talk_s, self._end, 200, "far")

    def _say_bridged(self, call: Call) -> None:
        self._say(schemas.CallBridged, call)

    def _play(self, call: Call, by_node: bool) -> None:
        """The recorded message; by itself where the engine said nothing."""
        if call.stage != "answered":
            return
        self._stop_timers(call)
        call.stage = "prompt"
        self._count("message_by_node" if by_node else "message")
        self._say(schemas.CallPrompt, call, prompt=call.order.safe_harbour, finished=False, by_node=by_node)
        self._later(call, PROMPT_S, self._end, 200, "us")

    def _end(self, call: Call, code: int, by: str) -> None:
        self._stop_timers(call)
        if self._calls.pop(call.order.call, None) is not None:
            self._say(schemas.CallEnded, call, code=code, ended_by=by, answered=call.answered_at > 0)

    # --- takeovers ---

    def _answer_claim(self, claim: schemas.Claim) -> None:
        if self._admission.claim(claim.campaign, claim.epoch) > claim.epoch:
            return
        for call in self._calls.values():
            if call.permit.campaign == claim.campaign:
                self._say(schemas.CallReport, call, stage=call.stage, answered_at=call.answered_at)
        done = schemas.ClaimDone(campaign=claim.campaign, node=NODE, epoch=claim.epoch, at=time.time())
        self._outbox.put(names.room_stream(claim.campaign), done)

    # --- small tools ---

    def _say(self, kind: Any, call: Call, **more: Any) -> None:
        campaign = call.permit.campaign
        event = kind(call=call.order.call, campaign=campaign, node=NODE, at=time.time(), **more)
        self._outbox.put(names.room_stream(campaign), event)

    def _later(self, call: Call, seconds: float, act: Any, *args: Any) -> None:
        call.timers.append(self._timers.after(seconds, act, call, *args))

    def _stop_timers(self, call: Call) -> None:
        for timer in call.timers:
            timer.cancel()
        call.timers.clear()

    def _count(self, what: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + 1


if __name__ == "__main__":
    orders = json.loads(Path(sys.argv[1]).read_text())
    node = LineNode(orders["url"], bytes.fromhex(orders["key"]), orders["warm_until"])
    serve(node, Path(orders["report_to"]))
