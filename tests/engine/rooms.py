"""A room with a board of its own, for tests: messages in, effects out, no process and no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Any

from compliance.values import CallerIdOffer
from dialer.bus import schemas
from dialer.engine.board import Board
from dialer.engine.room import dispatch, placing, timers
from dialer.engine.room.config import DispositionRule, RoomConfig, TrunkRule
from dialer.engine.room.effects import Effects
from dialer.engine.room.room import Room

CAMPAIGN = 7
TRUNK = TrunkRule(id=1, name="Trunk", version=1, priority=0, channel_limit=0, cps_limit=0, is_loopback=True)
DISPOSITIONS = (
    DispositionRule(id=1, code="sale", name="Sale", key="1", meaning="success"),
    DispositionRule(id=2, code="machine", name="Machine", key="2", meaning="retry", is_machine=True),
    DispositionRule(id=3, code="later", name="Later", key="3", meaning="callback"),
    DispositionRule(id=4, code="none", name="No word", key="", meaning="retry", is_default=True),
)
CONFIG = RoomConfig(
    campaign=CAMPAIGN,
    organisation=1,
    name="Test",
    method="progressive",
    status="running",
    status_note="",
    dialing_stopped=False,
    stopped_note="",
    abandon_limit=0.03,
    ring_limit_s=25.0,
    answer_wait_s=2.0,
    line_limit=50,
    wrapup_limit_s=30.0,
    preview_limit_s=30.0,
    max_attempts=5,
    opens=time(8),
    closes=time(21),
    weekdays="1234567",
    time_zone="America/New_York",
    script="Hello {{ first_name }}",
    mask_numbers=True,
    safe_harbour="ab" * 32,
    caller_ids=(CallerIdOffer("+12125550100"),),
    trunks=(TRUNK,),
    dispositions=DISPOSITIONS,
    pause_codes=(("lunch", "Lunch"),),
)


def due(number: int) -> dict[str, Any]:
    """A due lead as the hopper hands it over."""
    screen = {"id": number, "name": f"Lead {number}", "phones": []}
    return {"number": f"+1212555{number:04d}", "screen": screen, "request": {"attempts": 0}}


class World:
    """A room, its clock, and everything it has asked for."""

    def __init__(self, **changes: Any) -> None:
        self.now = 1_000_000.0
        self.board = Board()
        self.beat()
        self.room = Room(replace(CONFIG, **changes), self.board)
        self.sent: list[schemas.Message] = []
        self.journal: list[dict[str, Any]] = []
        self.replies: dict[str, Any] = {}
        self.shown: dict[tuple[str, str], Any] = {}
        self.effects = Effects()

    def beat(self) -> None:
        """Heartbeats of one line node and one media node."""
        line = schemas.NodeStatus(node="line-1", kind="line", at=self.now, started_at=0, capacity=100)
        media = schemas.NodeStatus(
            node="media-1", kind="media", at=self.now, started_at=0, capacity=100, address="unix:/x"
        )
        self.board.see_nodes([line], [media], self.now)

    def settle(self) -> list[schemas.Message]:
        """Collect what the room asked for; returns the messages to nodes."""
        self.effects = self.room.take_effects()
        messages = [message for _, message in (*self.effects.to_media, *self.effects.to_line)]
        self.sent += messages
        self.journal += self.effects.journal
        self.replies |= dict(self.effects.replies)
        self.shown |= {(change.topic, change.type): change.data for change in self.effects.topics}
        return messages

    def tell(self, message: Any) -> list[schemas.Message]:
        """One message for the room."""
        dispatch.handle(self.room, message, self.now)
        return self.settle()

    def ask(self, agent: int, name: str, /, **args: Any) -> Any:
        """One command of an agent; returns the reply."""
        self.tell(
            schemas.AgentCommand(
                agent=agent, session=f"s{agent}", name=name, args=args, reply_to=f"{agent}.{name}"
            )
        )
        return self.replies.pop(f"{agent}.{name}", None)

    def wait(self, seconds: float, step: float = 0.1) -> list[schemas.Message]:
        """Let time pass; returns what was sent meanwhile."""
        start = len(self.sent)
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + step)
            timers.tick(self.room, self.now)
            self.settle()
        return self.sent[start:]

    def agent(self, agent: int, ready: bool = True) -> None:
        """An agent joins with audio, and is ready."""
        self.ask(agent, "join", name=f"Agent {agent}")
        self.media(schemas.SessionUp, agent)
        if ready:
            assert isinstance(self.ask(agent, "ready"), schemas.Done)

    def media(self, kind: Any, agent: int, node: str = "media-1", **more: Any) -> list[schemas.Message]:
        """A media event of an agent's session."""
        return self.tell(
            kind(session=f"s{agent}", agent=agent, campaign=CAMPAIGN, node=node, at=self.now, **more)
        )

    def line(self, kind: Any, call: str, **more: Any) -> list[schemas.Message]:
        """A line event of a call."""
        return self.tell(kind(call=call, campaign=CAMPAIGN, node="line-1", at=self.now, **more))

    def place(self, *leads: int) -> list[str]:
        """Pace with these leads in the hopper, and let the gate permit what was asked for; returns the calls."""
        self.room.hopper.extend(due(lead) for lead in leads)
        placing.pace(self.room, self.now)
        self.settle()
        calls = [call.id for call in self.effects.place]
        for call in calls:
            placing.placed(self.room, call, b"permit", "p", "+12125550100", self.now)
        self.settle()
        return calls

    def state(self, agent: int) -> str:
        """An agent's state."""
        return str(self.room.seats[agent].state)
