"""What line nodes report, and what the room makes of it."""

from __future__ import annotations

import msgspec

from agents.choices import AgentState
from agents.states import AgentEvent
from campaigns.choices import Outcome
from dialer.bus import schemas
from dialer.calls.choices import Stage
from dialer.calls.outcomes import CARRIER_FAILURE, OUR_FAILURE, Verdict, judge_unanswered
from dialer.calls.states import CallStep, IllegalStep, transition

from . import routing
from .model import LiveCall
from .room import Room

FAILED_CAUSES = {Outcome.BUSY: "busy", Outcome.NO_ANSWER: "no_answer", Outcome.INVALID: "invalid"}
"""Outcome → cause in the pacer's event; the rest is congestion."""
PROVEN_AFTER_S = 1.0
HUNG_UP = "hung up at once after the answer"
CLOCKS_AGREE_S = 3.0


def step(call: LiveCall, what: CallStep) -> bool:
    """Move the call on; False where the step comes late or twice and means nothing any more."""
    try:
        call.stage = transition(call.stage, what)
    except IllegalStep:
        return False
    return True


def cancel(room: Room, call: LiveCall, now: float) -> None:
    """End a call that nobody has answered."""
    if call.live and not call.answered and not call.cancelled:
        call.cancelled = True
        room.touch(call)
        room.to_line(call, schemas.Hangup(call=call.id, cause="cancel"))


def hang_up(room: Room, call: LiveCall) -> None:
    """End a call whatever its stage."""
    if call.live:
        room.to_line(call, schemas.Hangup(call=call.id))


def unwanted(room: Room, event: schemas.LineEvent) -> bool:
    """Whether the call is over for the room. Its node carries it all the same: it must not go on behind our back."""
    call = room.calls.get(event.call)
    if call is not None and call.live:
        return False
    room.effects.to_line.append((event.node, schemas.Hangup(call=event.call, cause="unknown")))
    return True


def on_trying(room: Room, event: schemas.CallTrying, now: float) -> None:
    """The INVITE has left. The node's evidence is kept whatever the room knows of the call."""
    evidence = {"node": event.node, "permit": event.permit}
    epochs = {"epoch": event.epoch, "newest_epoch": event.newest_epoch}
    room.note("event", event.at, call=event.call, kind="trying", data={**evidence, **epochs})
    unwanted(room, event)


def on_ringing(room: Room, event: schemas.CallRinging, now: float) -> None:
    """The far end rings."""
    call = room.calls.get(event.call)
    if unwanted(room, event) or call is None:
        return
    first = not call.ringing_at
    if step(call, CallStep.RINGING) and first:
        call.ringing_at = event.at
        room.touch(call)
        room.observe("ringing", now)
        room.note("ringing", event.at, call=call.id, early_media=event.early_media)


def on_answered(room: Room, event: schemas.CallAnswered, now: float) -> None:
    """Somebody picked up: find an agent at once."""
    call = room.calls.get(event.call)
    if call is None or not call.live:
        on_late_answer(room, event, now)
        return
    if not step(call, CallStep.ANSWERED):
        return
    room.answers.add(call.id)
    call.answered_at, call.crossed_cancel = event.at, event.crossed_cancel
    call.waiting_since = on_our_clock(event.at, now)
    room.tally.answered += 1
    room.tally.answered_30d += 1
    room.observe("answered", now, now - call.placed_at, call=call)
    room.note("answered", event.at, call=call.id, crossed_cancel=event.crossed_cancel)
    room.touch(call)
    routing.route_answer(room, call, now)


def on_late_answer(room: Room, event: schemas.CallAnswered, now: float) -> None:
    """The person answered a call that had been given up for dead: the node plays the message, and it counts.

    Nodes may say a thing twice: an answer that was taken before means nothing.
    """
    known = room.calls.get(event.call)
    if event.call in room.answers or (known is not None and known.answered):
        return
    room.answers.add(event.call)
    room.tally.answered += 1
    room.tally.answered_30d += 1
    room.observe("answered", now)
    count_abandoned(room, now)
    room.note("late_answer", event.at, call=event.call)


def on_our_clock(at: float, now: float) -> float:
    """A node's time as the engine's: its own word where the clocks agree, else now."""
    return at if abs(now - at) <= CLOCKS_AGREE_S else now


def on_bridged(room: Room, event: schemas.CallBridged, now: float) -> None:
    """The lead hears the agent."""
    if event.call in room.calls:
        room.note("event", event.at, call=event.call, kind="bridged", data={})


def on_joined(room: Room, event: schemas.Joined, now: float) -> None:
    """The agent hears the lead."""
    if event.call in room.calls:
        room.note("heard", event.at, call=event.call, agent=event.agent, node=event.node)


def on_digit(room: Room, event: schemas.CallDigit, now: float) -> None:
    """The lead pressed a key."""
    if event.call in room.calls:
        room.note("event", event.at, call=event.call, kind="digit", data={"digit": event.digit})


def on_prompt(room: Room, event: schemas.CallPrompt, now: float) -> None:
    """The safe-harbour message began or ended; begun by the node itself when this engine was silent."""
    call = room.calls.get(event.call)
    if call is None or event.finished:
        return
    if call.stage == Stage.ANSWERED and event.by_node:
        routing.abandon(room, call, now)
    if call.stage == Stage.MESSAGE:
        if not call.message_at:
            call.message_at = event.at
            room.touch(call)
            room.note("message", event.at, call=call.id, by_node=event.by_node)
    else:
        # The agent came while the node had just begun: the first words of the message, and then a person.
        room.note("event", event.at, call=call.id, kind="message_begun", data={"by_node": event.by_node})


def on_report(room: Room, event: schemas.CallReport, now: float) -> None:
    """After a takeover, or when the node is back: it still carries this call."""
    call = room.calls.get(event.call)
    if event.stage in ("answered", "bridged") and not (call and call.answered):
        answer = schemas.CallAnswered(
            call=event.call, campaign=event.campaign, node=event.node, at=event.answered_at or event.at
        )
        on_answered(room, answer, now)
    if not unwanted(room, event) and call is not None:
        call.claimed = True


def on_refused_by_node(room: Room, event: schemas.OriginateRefused, now: float) -> None:
    """The node placed nothing: no fault of the lead."""
    call = room.calls.get(event.call)
    if call is not None and call.stage == Stage.PLACED and step(call, CallStep.ENDED):
        call.ended_by = "node"
        verdict = CARRIER_FAILURE if event.detail else OUR_FAILURE
        reason = event.detail or f"refused by line node: {event.why}"
        settle(room, call, verdict, now, at=event.at, code=0, reason=reason)


def on_ended(room: Room, event: schemas.CallEnded, now: float) -> None:
    """The call is over. Where the room had given it up before, the records say until when the line was in use."""
    call = room.calls.get(event.call)
    if call is None or not call.live:
        room.note("event", event.at, call=event.call, kind="line_ended", data={"by": event.ended_by})
        return
    was, call.stage = call.stage, transition(call.stage, CallStep.ENDED)
    call.ended_by = event.ended_by
    if call.answered:
        verdict = judge_answered(was, call.machine, worthless(call, event))
    else:
        verdict = judge_unanswered(event.code, event.ended_by, call.ringing_at > 0)
    if was == Stage.ANSWERED:
        if call.id in room.waiting:
            room.waiting.remove(call.id)
        count_abandoned(room, now)
    quality = msgspec.to_builtins(event.quality) if event.quality else {}
    settle(room, call, verdict, now, at=event.at, code=event.code, reason=event.reason, quality=quality)


def worthless(call: LiveCall, event: schemas.CallEnded) -> bool:
    """Whether an answer speaks against the trunk: no audio in it, or hung up before a word could be said.

    One such call proves nothing; a trunk rests after several in a row (``board``).
    """
    at_once = event.ended_by == "far" and event.at - call.answered_at < PROVEN_AFTER_S
    return event.reason == schemas.NO_AUDIO or at_once


def prove_trunks(room: Room, now: float) -> None:
    """A call that has lasted a moment after its answer shows that its trunk carries calls."""
    for call in room.calls.values():
        if call.proven or not call.answered_at:
            continue
        if call.live and now - call.answered_at >= PROVEN_AFTER_S:
            call.proven = True
            room.board.succeeded(call.trunk, now)


def judge_answered(stage: Stage, machine: bool, worthless: bool) -> Verdict:
    """The verdict on an answered call by the stage it ended in; the agent may have called it a machine."""
    talked = Outcome.MACHINE if machine else Outcome.CONNECTED
    outcome = talked if stage == Stage.CONNECTED else Outcome.ABANDONED
    return Verdict(outcome, counted=True, trunk_failed=worthless)


def count_abandoned(room: Room, now: float) -> None:
    """One more person met nobody."""
    room.tally.abandoned += 1
    room.tally.abandoned_30d += 1
    room.observe("abandoned", now)


def settle(
    room: Room,
    call: LiveCall,
    verdict: Verdict,
    now: float,
    *,
    at: float,
    code: int,
    reason: str,
    quality: dict[str, object] | None = None,
) -> None:
    """Write the end of a call, free its line, and send its agent to wrap-up."""
    call.ended_at = at
    room.board.release(call.trunk, call.node)
    if verdict.trunk_failed:
        why = HUNG_UP if call.answered and reason != schemas.NO_AUDIO else reason
        room.board.failed(call.trunk, code, why, now)
    elif call.answered or call.ringing_at or code:
        room.board.succeeded(call.trunk, now)
    if not call.answered:
        observe_unanswered(room, call, verdict, now)
    room.tally.end(verdict.outcome)
    room.note(
        "ended",
        at,
        call=call.id,
        lead=call.lead_id,
        number=call.number,
        outcome=verdict.outcome,
        counted=verdict.counted,
        code=code,
        reason=reason[:120],
        ended_by=call.ended_by,
        quality=quality or {},
    )
    room.touch(call)
    release_agent(room, call, now)
    if call.disposed or not call.agent:
        room.forget(call)


def observe_unanswered(room: Room, call: LiveCall, verdict: Verdict, now: float) -> None:
    """Tell the pacer of a line that no person answered."""
    if verdict.outcome == Outcome.MACHINE:
        room.observe("machine", now, now - call.placed_at, call=call)
        return
    cause = FAILED_CAUSES.get(verdict.outcome, "congestion")
    room.observe("failed", now, now - call.placed_at, cause, call)


def release_agent(room: Room, call: LiveCall, now: float) -> None:
    """The call is over for its agent: wrap-up after a talk or a manual attempt."""
    seat = room.seats.get(call.agent)
    if seat is None or seat.call != call.id:
        return
    room.to_media(seat, schemas.Part(session=seat.session, call=call.id))
    if seat.state in (AgentState.TALKING, AgentState.HOLD, AgentState.RESERVED):
        room.move(seat, AgentEvent.CALL_ENDED, now)
        seat.wrapup_until = now + room.config.wrapup_limit_s
        seat.extensions = 0
