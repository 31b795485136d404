"""Who gets an answered call: by the campaign's strategy; nobody within the limit, the safe-harbour message."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from agents.states import AgentEvent
from dialer.bus import schemas
from dialer.calls.choices import Stage
from dialer.calls.states import CallStep, transition

from . import choosing, giving
from .model import LiveCall, Seat
from .room import Room
from .roster import Roster
from .siblings import Want

KEY_BITS = 64
"""As ``schemas.Bridge.key`` and the audio datagrams have it."""


Order = tuple[float, ...]


def by_longest(roster: Roster, campaign: int, seat: Seat, skill: int) -> Order:
    """Who has waited longest."""
    return (seat.since,)


def by_rank(roster: Roster, campaign: int, seat: Seat, skill: int) -> Order:
    """Who is placed best in this campaign; among those, who has waited longest."""
    return (roster.rank(seat.id, campaign), seat.since)


def by_skill(roster: Roster, campaign: int, seat: Seat, skill: int) -> Order:
    """Who is best at the skill that is asked for; among those, by rank."""
    return (roster.level(seat.id, skill), *by_rank(roster, campaign, seat, skill))


STRATEGIES: dict[str, Callable[[Roster, int, Seat, int], Order]] = {
    "longest": by_longest,
    "rank": by_rank,
    "skill": by_skill,
}
"""Every value of ``campaigns.choices.Routing``, and the order in which agents take people: the least first."""


def best_agent(room: Room, call: LiveCall, free: Iterable[Seat]) -> Seat | None:
    """Who of these takes this person, None where nobody has the skill that the list asks for.

    An agent for whom a line to somebody else is out comes after the others: what they can is needed there.
    """
    roster, campaign = room.config.roster, room.config.campaign
    skill, order = room.skill_of(call.request), STRATEGIES[roster.routing]
    elsewhere = choosing.promised(room, but=call)
    able = (seat for seat in free if roster.can(seat.id, skill))
    return min(
        able,
        key=lambda seat: (seat.id in elsewhere, *order(roster, campaign, seat, skill), seat.id),
        default=None,
    )


def route_answer(room: Room, call: LiveCall, now: float) -> None:
    """Join an answered call with its own agent; else it takes its turn, which may come at once."""
    if call.id in room.over:
        room.waiting.append(call.id)
        return
    own = room.seats.get(call.agent)
    if own is not None and own.call == call.id:
        if own.media == "up":
            connect(room, call, own, now)
            return
        _let_go(room, own, now)
    call.agent = 0
    room.waiting.append(call.id)
    serve_waiting(room, now, answered_now=call.id)


def _let_go(room: Room, seat: Seat, now: float) -> None:
    """The agent dialed and cannot hear who answered: whoever else is free takes the call."""
    seat.call = ""
    room.move(seat, AgentEvent.RELEASE, now)
    room.tell(seat.id, "call", None)
    room.show_lead(seat.id, None)


def connect(room: Room, call: LiveCall, seat: Seat, now: float, waited: bool = False) -> None:
    """Join the two: audio first, then the screen, then the records. ``waited``: nobody was free at the answer."""
    call.agent, seat.call = seat.id, call.id
    call.connected_at = now
    call.stage = transition(call.stage, CallStep.CONNECTED)
    bridge(room, call, seat, tone=True)
    seat.calls += 1
    seat.muted = False
    room.tally.connected += 1
    room.move(seat, AgentEvent.CONNECT, now)
    room.show_lead(seat.id, call.lead)
    room.touch(call)
    room.observe("connected", now)
    room.note("connected", now, call=call.id, agent=seat.id, waited=waited)


def bridge(room: Room, call: LiveCall, seat: Seat, tone: bool) -> None:
    """Lay (or lay anew) the audio between a call and an agent under a fresh key."""
    address = room.board.media_address(seat.media_node)
    if not address:
        return
    call.key = room.chance.getrandbits(KEY_BITS)
    room.touch(call)
    room.to_media(seat, schemas.Join(session=seat.session, call=call.id, key=call.key, tone=tone))
    room.to_line(call, schemas.Bridge(call=call.id, address=address, key=call.key))


def serve_waiting(room: Room, now: float, answered_now: str = "") -> None:
    """Give those who wait to the agents who are ready, in the order of their answers; ask other rooms for the rest.

    Somebody whose skill nobody free has keeps their turn and holds up nobody behind them.
    """
    turns = waiting_in_order(room, now)
    free = room.free_seats if turns else []
    for turn in turns:
        seat = giving.best_for(room, turn, free) if isinstance(turn, Want) else best_agent(room, turn, free)
        if seat is None:
            continue
        free.remove(seat)
        if isinstance(turn, Want):
            room.siblings.wants.remove(turn)
            giving.give(room, seat, turn.campaign)
        else:
            room.waiting.remove(turn.id)
            connect(room, turn, seat, now, waited=turn.id != answered_now)
    giving.ask_siblings(room, now)


def waiting_in_order(room: Room, now: float) -> list[LiveCall | Want]:
    """Who waits for an agent, here and in the rooms that asked for one, the longest first."""
    own = [call for call_id in room.waiting if (call := room.calls.get(call_id)) is not None]
    own = [call for call in own if call.stage == Stage.ANSWERED]
    if len(own) < len(room.waiting):
        room.waiting = deque(call.id for call in own)
    wants = room.siblings.wants
    if not wants:
        return [call for call in own if call.id not in room.over]
    wants[:] = [want for want in wants if want.until > now]
    own = [call for call in own if call.id not in room.over]
    return sorted(
        [*own, *wants], key=lambda turn: turn.since if isinstance(turn, Want) else turn.waiting_since
    )


def give_up_late(room: Room, now: float) -> None:
    """Nobody came in time: the message that the law asks for (16 CFR 310.4(b)(4)(iii))."""
    for call_id in list(room.waiting):
        call = room.calls.get(call_id)
        if call is None or call.stage != Stage.ANSWERED:
            room.waiting.remove(call_id)
        elif now - call.waiting_since >= room.config.answer_wait_s:
            abandon(room, call, now)
            room.to_line(call, schemas.PlayThenHangup(call=call.id, prompt=room.config.safe_harbour))


def abandon(room: Room, call: LiveCall, now: float) -> None:
    """The call counts as abandoned and hears the message."""
    if call.id in room.waiting:
        room.waiting.remove(call.id)
    call.stage = transition(call.stage, CallStep.MESSAGE)
    room.touch(call)
    room.tally.abandoned += 1
    room.tally.abandoned_30d += 1
    room.observe("abandoned", now)
