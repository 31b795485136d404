"""Handing a ready agent to another room, and asking the others for one.

A seat is in one room at a time. It leaves this one and goes into the other's stream in the same step, so whatever dies
in between, the agent sits here, or there, or is on the way; never in two rooms.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from agents.whereabouts import Whereabouts
from dialer.bus import schemas
from dialer.live.topics import agent_topic

from .model import LiveCall, Seat
from .room import Room
from .siblings import Want

_encode = msgspec.msgpack.encode


def places(room: Room, seat: Seat) -> Mapping[int, int]:
    """The campaigns that may have the agent → rank: those that share them, and the one they joined by hand."""
    roster = room.config.roster
    return {seat.home: roster.rank(seat.id, seat.home), **roster.places.get(seat.id, {})}


def give(room: Room, seat: Seat, campaign: int) -> None:
    """Let a ready agent go to another campaign. From here on that room alone writes what they see."""
    room.effects.given.append(
        schemas.SeatGiven(
            giver=room.config.campaign,
            campaign=campaign,
            agent=seat.id,
            session=seat.session,
            seat=_encode(seat),
        )
    )
    room.callbacks.pop(seat.id, None)
    del room.seats[seat.id]
    room.touch(seat)
    topic = agent_topic(seat.id)
    room.effects.topics = [change for change in room.effects.topics if change.topic != topic]
    room.siblings.given.add(seat.id)
    room.sits(seat.session, Whereabouts(campaign, seat.sequence))


def best_for(room: Room, want: Want, free: Iterable[Seat]) -> Seat | None:
    """Whom of these to give to another room's person: the best placed there, then who has waited longest."""
    fit = [seat for seat in free if want.campaign in places(room, seat)]
    fit = [seat for seat in fit if not want.agents or seat.id in want.agents]
    return min(fit, key=lambda seat: (places(room, seat)[want.campaign], seat.since, seat.id), default=None)


def ask_siblings(room: Room, now: float) -> None:
    """Ask the other rooms for those who wait here, once for each; take back what is wanted no more."""
    siblings = room.siblings
    for call_id in siblings.asked.keys() - set(room.waiting):
        for campaign in siblings.asked.pop(call_id):
            unwanted = schemas.SeatUnwanted(campaign=room.config.campaign, call=call_id)
            room.effects.to_rooms.append((campaign, unwanted))
    if siblings.states:
        for call_id in room.waiting:
            if call_id not in siblings.asked:
                _ask(room, room.calls[call_id], now)


def _ask(room: Room, call: LiveCall, now: float) -> None:
    """One room hears of it first, the one with most agents free, and tells the next if it has none to give."""
    states = room.siblings.states
    first, *others = sorted(states, key=lambda campaign: (-states[campaign].free, campaign))
    levels, skill = room.config.roster.levels, room.skill_of(call.request)
    waited = now - call.waiting_since
    want = schemas.SeatWanted(
        campaign=room.config.campaign,
        call=call.id,
        waited_s=waited,
        left_s=room.config.answer_wait_s - waited,
        agents=tuple(agent for agent, skills in levels.items() if skill in skills) if skill else (),
        then=tuple(others),
    )
    room.siblings.asked[call.id] = (first, *others)
    room.effects.to_rooms.append((first, want))


def pass_on(room: Room, message: schemas.SeatWanted, want: Want, now: float) -> None:
    """Nobody to give now: the next room hears of it. This one remembers, for the next agent who becomes free."""
    if message.then:
        first, *others = message.then
        told = msgspec.structs.replace(
            message, waited_s=now - want.since, left_s=want.until - now, then=tuple(others)
        )
        room.effects.to_rooms.append((first, told))
