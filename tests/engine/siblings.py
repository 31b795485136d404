"""Two rooms that share agents, with a Redis made of dictionaries: each step is done whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from agents.whereabouts import Whereabouts
from dialer.bus import schemas
from dialer.engine.room import commands, dispatch, handing, placing, timers
from dialer.engine.room.effects import Effects
from dialer.engine.room.model import LiveCall, Seat
from dialer.engine.room.room import Room
from dialer.engine.room.roster import Roster

from .rooms import CONFIG, World, due

NORTH, SOUTH = 7, 8
BOTH = (NORTH, SOUTH)
_pack, _unpack = msgspec.msgpack.encode, msgspec.msgpack.decode


class Store:
    """What Redis holds: streams, positions, kept seats and calls, and where agents sit."""

    def __init__(self) -> None:
        self.streams: dict[int, list[Any]] = {campaign: [] for campaign in BOTH}
        self.positions = dict.fromkeys(BOTH, 0)
        self.seats: dict[int, dict[int, bytes]] = {campaign: {} for campaign in BOTH}
        self.calls: dict[int, dict[str, bytes]] = {campaign: {} for campaign in BOTH}
        self.sits: dict[str, Whereabouts] = {}
        self.under_way: dict[str, int] = {}
        self.journal: list[tuple[int, dict[str, Any]]] = []
        self.replies: dict[str, Any] = {}
        self.shown: dict[tuple[str, str], Any] = {}
        self.sent: list[Any] = []

    def carry_out(self, campaign: int, effects: Effects, position: int) -> None:
        """As ``keeping.carry_out`` does it in one transaction."""
        self.sent += [message for _, message in (*effects.to_media, *effects.to_line)]
        self.journal += [(campaign, record) for record in effects.journal]
        _keep(self.seats[campaign], effects.kept_seats)
        _keep(self.calls[campaign], effects.kept_calls)
        for other, message in effects.to_rooms:
            self.streams[other].append(message)
        for given in effects.given:
            self.streams[given.campaign].append(given)
            self.under_way[given.session] = given.campaign
        for session in effects.arrived:
            self.under_way.pop(session, None)
        self.sits |= effects.whereabouts
        self.positions[campaign] = position

    def unread(self, campaign: int) -> list[Any]:
        """Messages that no batch has taken yet."""
        return self.streams[campaign][self.positions[campaign] :]


def _keep(kept: dict[Any, bytes], changed: Mapping[Any, Any]) -> None:
    for id_, thing in changed.items():
        if thing is None:
            kept.pop(id_, None)
        else:
            kept[id_] = _pack(thing)


class Twins:
    """Two campaigns of one organisation, each with its room, and the agents whom both share."""

    def __init__(self, places: dict[int, dict[int, int]], **changes: dict[str, Any]) -> None:
        self.store, self.now = Store(), 1_000_000.0
        self.places, self.changes = places, changes
        self.board = World().board
        self.rooms: dict[int, Room] = {}
        self.dead: set[int] = set()
        for campaign in BOTH:
            self.start(campaign)
        self.exchange()

    def start(self, campaign: int) -> None:
        """A daemon takes the campaign: from what is kept, and nothing else."""
        (other,) = set(BOTH) - {campaign}
        roster = Roster(places=self.places, siblings=(other,))
        name = "north" if campaign == NORTH else "south"
        config = replace(CONFIG, campaign=campaign, name=name, roster=roster, **self.changes.get(name, {}))
        room = self.rooms[campaign] = Room(config, self.board)
        room.seats = {id_: _unpack(raw, type=Seat) for id_, raw in self.store.seats[campaign].items()}
        room.calls = {id_: _unpack(raw, type=LiveCall) for id_, raw in self.store.calls[campaign].items()}
        waiting = [call for call in room.calls.values() if call.stage == "answered"]
        room.waiting.extend(call.id for call in sorted(waiting, key=lambda call: call.answered_at))
        for call in room.calls.values():
            if call.live:
                room.board.adopt(call.trunk)
        for seat in room.seats.values():
            commands.show_everything(room, seat)
        self.dead.discard(campaign)

    def die(self, campaign: int) -> None:
        """The daemon is gone with whatever it had decided and not carried out."""
        self.dead.add(campaign)

    def exchange(self) -> None:
        """Each room that lives hears how the other stands."""
        states = {c: handing.own_state(self.rooms[c]) for c in BOTH if c not in self.dead}
        for campaign, room in self.rooms.items():
            room.siblings.states = {c: state for c, state in states.items() if c != campaign}

    def decide(self, campaign: int) -> tuple[Effects, int]:
        """One round of a room up to the point where it would be carried out."""
        room, unread = self.rooms[campaign], self.store.unread(campaign)
        room.siblings.sits = {**self.store.sits, **room.effects.whereabouts}
        for message in unread:
            dispatch.handle(room, message, self.now)
        timers.tick(room, self.now)
        return room.take_effects(), self.store.positions[campaign] + len(unread)

    def step(self, campaign: int) -> None:
        """One round, carried out and shown."""
        if campaign in self.dead:
            return
        effects, position = self.decide(campaign)
        self.store.carry_out(campaign, effects, position)
        self.store.replies |= dict(effects.replies)
        self.store.shown |= {(change.topic, change.type): change.data for change in effects.topics}

    def settle(self, rounds: int = 4) -> None:
        """Let both rooms read what there is, and what follows from it."""
        for _ in range(rounds):
            for campaign in BOTH:
                self.step(campaign)

    def wait(self, seconds: float, step_s: float = 0.5) -> None:
        """Let time pass."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + step_s)
            self.exchange()
            self.settle(1)

    # --- what agents and lines do --------------------------------------------------------------

    def say(self, campaign: int, message: Any) -> None:
        """Somebody sends a message to a room."""
        self.store.streams[campaign].append(message)

    def ask(self, campaign: int, agent: int, name: str, /, **args: Any) -> Any:
        """An agent's command to the room where the console thinks they are; returns the reply."""
        reply_to = f"{agent}.{name}"
        self.say(
            campaign,
            schemas.AgentCommand(agent=agent, session=f"s{agent}", name=name, args=args, reply_to=reply_to),
        )
        self.settle()
        return self.store.replies.pop(reply_to, None)

    def arrive(self, campaign: int, agent: int, ready: bool = True) -> None:
        """An agent joins by hand, with audio."""
        self.ask(campaign, agent, "join", name=f"Agent {agent}")
        self.say(
            campaign,
            schemas.SessionUp(
                session=f"s{agent}", agent=agent, campaign=campaign, node="media-1", at=self.now
            ),
        )
        self.settle(1)
        if ready:
            assert isinstance(self.ask(campaign, agent, "ready"), schemas.Done)

    def answer(self, campaign: int, lead: int) -> str:
        """Somebody answers in a campaign; returns the call."""
        room = self.rooms[campaign]
        call = room.new_call(f"+1212555{lead:04d}", "auto", due(lead)["screen"], {})
        call.trunk, call.node, call.placed_at = 1, "line-1", self.now
        room.calls[call.id] = call
        placing.placed(room, call.id, b"permit", "p", "+12125550100", self.now)
        self.step(campaign)
        answered = schemas.CallAnswered(call=call.id, campaign=campaign, node="line-1", at=self.now)
        self.say(campaign, answered)
        return call.id

    # --- what is asked of them -----------------------------------------------------------------

    def places_of(self, agent: int) -> list[str]:
        """Everywhere an agent is by what is kept: seats, and hand-overs that nobody has taken."""
        seats = [f"seat in {campaign}" for campaign in BOTH if agent in self.store.seats[campaign]]
        ways = [
            f"on the way to {campaign}"
            for campaign in BOTH
            for message in self.store.unread(campaign)
            if isinstance(message, schemas.SeatGiven) and message.agent == agent
        ]
        return seats + ways

    def state(self, campaign: int, agent: int) -> str:
        """An agent's state in a room, empty where they are not."""
        seat = self.rooms[campaign].seats.get(agent)
        return str(seat.state) if seat else ""
