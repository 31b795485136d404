"""Agents who come from other rooms, and who goes where when there is nothing to do."""

from __future__ import annotations

from typing import Any

import msgspec

from agents.states import AgentEvent
from agents.whereabouts import Whereabouts
from dialer.bus import schemas

from . import giving, routing
from .commands import show_everything
from .leaving import leave_room
from .model import Seat
from .room import Room
from .siblings import RoomState, Want

MIN_STAY_S = 20.0
"""An agent who came to a room stays at least so long, unless somebody waits elsewhere: nobody is sent to and fro."""
FORWARDED = (
    schemas.AgentCommand,
    schemas.AgentConnection,
    schemas.SessionUp,
    schemas.SessionDown,
    schemas.AudioHeard,
)
"""What concerns an agent and not a call of this room."""


def elsewhere(room: Room, message: Any) -> int:
    """The campaign in whose room the message's agent sits, 0 where it is for this room.

    A join that somebody waits for is answered here: it is refused while they sit elsewhere.
    """
    if not isinstance(message, FORWARDED) or is_here(room, message.agent, message.session):
        return 0
    if isinstance(message, schemas.AgentCommand) and message.name == "join" and message.reply_to:
        return 0
    sits = room.siblings.sits.get(message.session)
    return sits.campaign if sits is not None and sits.campaign != room.config.campaign else 0


def is_here(room: Room, agent: int, session: str) -> bool:
    """Whether the session's agent sits in this room."""
    seat = room.seats.get(agent)
    return seat is not None and seat.session == session


def forward(room: Room, message: Any, campaign: int) -> None:
    """Let the room that the agent was handed to have it."""
    room.effects.to_rooms.append((campaign, message))


def on_given(room: Room, message: schemas.SeatGiven, now: float) -> None:
    """Seat an agent whom another room let go, and show them this campaign."""
    campaign = room.config.campaign
    room.effects.arrived.append(message.session)
    if room.siblings.sits.get(message.session, Whereabouts(campaign)).campaign != campaign:
        return  # Signed out or joined another campaign while on the way.
    before = room.seats.get(message.agent)
    if before is not None:
        leave_room(room, before, now, "signed in elsewhere")
    seat = msgspec.msgpack.decode(message.seat, type=Seat)
    room.seats[seat.id] = seat
    seat.seated_at = now
    room.move(seat, AgentEvent.HAND_OVER, now)
    room.siblings.given.discard(seat.id)
    room.sits(seat.session, Whereabouts(campaign, seat.sequence))
    room.to_media(seat, schemas.Attach(session=seat.session, campaign=campaign))
    show_everything(room, seat)
    routing.serve_waiting(room, now)


def on_wanted(room: Room, message: schemas.SeatWanted, now: float) -> None:
    """Another room's person waits: give an agent now, or the next one who is free before the limit."""
    want = Want(
        campaign=message.campaign,
        call=message.call,
        since=now - message.waited_s,
        until=now + message.left_s,
        agents=frozenset(message.agents),
    )
    room.siblings.wants.append(want)
    routing.serve_waiting(room, now)
    if want in room.siblings.wants:
        giving.pass_on(room, message, want, now)


def on_unwanted(room: Room, message: schemas.SeatUnwanted, now: float) -> None:
    """The other room's person is served, or gone."""
    wants = room.siblings.wants
    wants[:] = [want for want in wants if want.call != message.call]


def own_state(room: Room) -> RoomState:
    """What the other rooms may know of this one."""
    levels, skills = room.config.roster.levels, {room.skill_of(due["request"]) for due in room.hopper}
    for_all = 0 in skills or not room.hopper_empty
    able = tuple(agent for agent, known in levels.items() if not skills.isdisjoint(known))
    for_all |= room.config.method == "manual"
    return RoomState(
        works=_is_open(room) and (for_all or bool(able)),
        only=None if for_all else able,
        free=len(room.free_seats),
    )


def _is_open(room: Room) -> bool:
    """Whether agents may make calls here now, dialed for them or by hand."""
    return room.config.dials and not room.board.notice(room.config.trunks, 0.0)


def has_work(room: Room, seat: Seat) -> bool:
    """Whether this room has something to do for one of its own agents."""
    by_hand = room.config.method == "manual"
    leads = not room.hopper_empty or any(room.may_take(seat, due["request"]) for due in room.hopper)
    return _is_open(room) and (by_hand or leads)


def balance(room: Room, now: float) -> None:
    """Agents with nothing to do here go where there is work, and to a campaign that has them first when it has some."""
    if not room.siblings.states:
        return
    for seat in room.free_seats:
        if now - seat.seated_at >= MIN_STAY_S:
            campaign = better_place(room, seat)
            if campaign:
                giving.give(room, seat, campaign)


def better_place(room: Room, seat: Seat) -> int:
    """Where the agent is of more use than here, 0 for nowhere."""
    open_places = {
        campaign: rank
        for campaign, rank in giving.places(room, seat).items()
        if campaign != room.config.campaign
        and campaign in room.siblings.states
        and room.siblings.states[campaign].has_work_for(seat.id)
    }
    best = min(open_places, key=lambda campaign: (open_places[campaign], campaign), default=0)
    if not best or not has_work(room, seat):
        return best
    return best if open_places[best] < room.config.roster.rank(seat.id, room.config.campaign) else 0


def send_on(room: Room, seat: Seat) -> bool:
    """The room closes: hand a ready agent to wherever there is work. False where there is none for them."""
    campaign = better_place(room, seat) if seat in room.free_seats else 0
    if campaign:
        giving.give(room, seat, campaign)
    return bool(campaign)
