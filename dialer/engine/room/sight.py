"""The room as its pacer sees it."""

from __future__ import annotations

from agents.choices import AgentState
from dialer.calls.choices import Stage
from dialer.pacing.contract import AgentState as PacedState
from dialer.pacing.contract import AgentView, LineStage, LineView, Snapshot

from . import supply
from .model import LiveCall
from .room import Room

AGENT_STATES: dict[AgentState, PacedState] = {
    AgentState.READY: "ready",
    AgentState.RESERVED: "talking",
    AgentState.TALKING: "talking",
    AgentState.HOLD: "talking",
    AgentState.WRAPUP: "wrapup",
    AgentState.PREVIEW: "paused",
    AgentState.PAUSED: "paused",
}
LINE_STAGES: dict[Stage, LineStage] = {
    Stage.PLACED: "dialing",
    Stage.RINGING: "ringing",
    Stage.ANSWERED: "answered",
}
ENDED = Stage.ENDED
NO_AGENT: tuple[AgentState | None, AgentView | None] = (None, None)
NO_LINE: tuple[Stage | None, LineView | None] = (None, None)


def snapshot(room: Room, now: float) -> Snapshot:
    """The room as the pacer sees it: lines that one agent waits for are not its business."""
    lines, others = _lines(room)
    local = supply.local_time(room.config, now)
    return Snapshot(
        now=now,
        agents=_agents(room),
        lines=lines,
        line_limit=room.config.line_limit - others,
        next_kinds=supply.NextKinds(room),
        leads_left=supply.leads_left(room),
        calls_per_s=supply.calls_per_s(room.config),
        closes_in=supply.closes_in(room.config, local),
        hour=local.hour,
    )


def _agents(room: Room) -> list[AgentView]:
    """Views are kept while they hold: a pacer is asked many times between two changes of one agent."""
    kept, found = room.agent_views, []
    for seat in room.seats.values():
        state, leaving = seat.state, seat.leaving
        was, view = kept.get(seat.id, NO_AGENT)
        if view is None or was != state or view.since != seat.since or view.leaving != leaving:
            if state not in AGENT_STATES:
                continue
            view = AgentView(state=AGENT_STATES[state], since=seat.since, leaving=leaving)
            kept[seat.id] = (state, view)
        found.append(view)
    return found


def _lines(room: Room) -> tuple[list[LineView], int]:
    """The lines that no agent waits for, and how many other calls are on a line."""
    kept, found, others = room.line_views, [], 0
    for call in room.calls.values():
        stage = call.stage
        if stage == ENDED:
            continue
        was, view = kept.get(call.id, NO_LINE)
        if was != stage:
            view = _line(call)
            kept[call.id] = (stage, view)
        if view is None or call.agent:
            others += 1
        else:
            found.append(view)
    return found, others


def _line(call: LiveCall) -> LineView | None:
    """A call as the pacer sees it, None where it is joined with somebody."""
    if call.stage not in LINE_STAGES:
        return None
    since = call.answered_at or call.ringing_at or call.placed_at
    return LineView(LINE_STAGES[call.stage], call.placed_at, since, supply.kind_of(call.request))
