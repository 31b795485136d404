"""The board of a daemon: trunks and nodes, what each can take now, and the trunks' circuit breakers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dialer.bus.schemas import NodeStatus

from .clock import CLOCKS_AGREE_S
from .room.config import TrunkRule

FAILURES_TO_OPEN = 5
"""Failures in a row after which a trunk rests."""
REST_FIRST_S = 15.0
REST_LONGEST_S = 300.0
CPS_WINDOW_S = 1.0
BLIND_GRACE_S = 5.0
"""After Redis was away or has forgotten all heartbeats, nodes get so long to beat again, each for itself."""


@dataclass(slots=True)
class TrunkState:
    """What the daemon has seen of one trunk."""

    name: str = ""
    used: int = 0
    failures_in_row: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    """SIP code → how often."""
    why: str = ""
    resting_until: float = 0.0
    rest_s: float = REST_FIRST_S
    probing: bool = False
    placed_at: deque[float] = field(default_factory=deque)
    """The dials of the last second, for the call-a-second limit."""

    def resting(self, now: float) -> bool:
        """Whether the breaker is open, or one probe is under way."""
        return now < self.resting_until or (self.rest_s > REST_FIRST_S and self.probing)


@dataclass(slots=True)
class NodeState:
    """A line or media node and what this daemon has given it since its last heartbeat."""

    status: NodeStatus
    given: int = 0

    @property
    def free(self) -> int:
        """Calls or sessions it could still take."""
        return 0 if self.status.draining else max(0, self.status.capacity - self.status.used - self.given)


class Board:
    """One for each daemon, shared by its rooms. In memory only: heartbeats and calls fill it again after a restart."""

    def __init__(self) -> None:
        self.trunks: dict[int, TrunkState] = {}
        self.lines: dict[str, NodeState] = {}
        self.media: dict[str, NodeState] = {}
        self.seen = False
        """Whether the heartbeats have been read at all."""
        self._blind_at = 0.0
        self._ahead: dict[str, float] = {}
        """Nodes whose clock is not ours, and by how many seconds it is ahead."""

    # --- nodes ---

    def see_nodes(
        self, lines: list[NodeStatus], media: list[NodeStatus], now: float
    ) -> tuple[set[str], set[str]]:
        """Take the heartbeats as they stand; returns the line and the media nodes that have gone.

        When every heartbeat is missing at once Redis has lost them, not the nodes (``be_blind``).
        """
        self.seen = True
        for node in (*lines, *media):
            ahead = node.at - now
            self._ahead[node.node] = ahead if abs(ahead) > CLOCKS_AGREE_S else 0.0
        lines_now = {node.node: NodeState(node, self._given(self.lines, node)) for node in lines}
        media_now = {node.node: NodeState(node) for node in media}
        if not lines and not media and (self.lines or self.media) and not self._blind_at:
            self.be_blind(now)
        if self._blind_at and now - self._blind_at < BLIND_GRACE_S:
            lines_now, media_now = self.lines | lines_now, self.media | media_now
        else:
            self._blind_at = 0.0
        gone = set(self.lines) - set(lines_now), set(self.media) - set(media_now)
        self.lines, self.media = lines_now, media_now
        return gone

    def be_blind(self, now: float) -> None:
        """Heartbeats cannot be seen: for ``BLIND_GRACE_S`` from now on a missing one means nothing."""
        self._blind_at = now

    def on_our_clock(self, event: Any) -> Any:
        """A node's event with its time as ours. One that only comes late keeps its time."""
        ahead = self._ahead.get(event.node, 0.0)
        return msgspec.structs.replace(event, at=event.at - ahead) if ahead else event

    def lives(self) -> dict[str, float]:
        """The line nodes that are known, and when each was started: one under its old name is another."""
        return {name: state.status.started_at for name, state in self.lines.items()}

    @staticmethod
    def _given(known: dict[str, NodeState], status: NodeStatus) -> int:
        """What the node was given and has not counted yet: zero once a newer heartbeat has come."""
        before = known.get(status.node)
        return before.given if before is not None and before.status.at == status.at else 0

    def media_address(self, node: str) -> str:
        """Where a media node takes audio; empty when it is not alive."""
        state = self.media.get(node)
        return state.status.address if state else ""

    # --- trunks ---

    def trunk(self, rule_or_id: TrunkRule | int) -> TrunkState:
        """The state of a trunk."""
        if isinstance(rule_or_id, int):
            return self.trunks.setdefault(rule_or_id, TrunkState())
        state = self.trunks.setdefault(rule_or_id.id, TrunkState())
        state.name = rule_or_id.name
        return state

    def _open_slots(self, rule: TrunkRule, now: float) -> int:
        """Calls that the trunk would take now."""
        state = self.trunk(rule)
        if state.resting(now):
            return 0
        if state.rest_s > REST_FIRST_S and state.failures_in_row:
            return 1
        slots = rule.channel_limit - state.used if rule.channel_limit else 1_000_000
        if rule.cps_limit:
            while state.placed_at and now - state.placed_at[0] >= CPS_WINDOW_S:
                state.placed_at.popleft()
            slots = min(slots, max(1, int(rule.cps_limit)) - len(state.placed_at))
        return max(0, slots)

    def reserve(self, trunks: tuple[TrunkRule, ...], now: float) -> tuple[int, str] | None:
        """The first trunk by priority that is free, and the line node with the most room."""
        node = max(self.lines.values(), key=lambda state: state.free, default=None)
        rule = next((rule for rule in trunks if self._open_slots(rule, now) > 0), None)
        if node is None or node.free <= 0 or rule is None:
            return None
        node.given += 1
        state = self.trunk(rule)
        state.used += 1
        state.placed_at.append(now)
        state.probing = state.rest_s > REST_FIRST_S
        return rule.id, node.status.node

    def release(self, trunk: int, node: str) -> None:
        """The call is over."""
        state = self.trunk(trunk)
        state.used = max(0, state.used - 1)
        state.probing = False

    def adopt(self, trunk: int) -> None:
        """A call that a predecessor placed uses the trunk."""
        self.trunk(trunk).used += 1

    def succeeded(self, trunk: int, now: float) -> None:
        """The trunk carried a call: the breaker closes."""
        state = self.trunk(trunk)
        state.failures_in_row, state.rest_s, state.why, state.resting_until = 0, REST_FIRST_S, "", 0.0

    def failed(self, trunk: int, code: int, why: str, now: float) -> None:
        """One more failure; after ``FAILURES_TO_OPEN`` in a row the trunk rests, twice as long each time."""
        state = self.trunk(trunk)
        state.failures_in_row += 1
        key = str(code) if code else "no answer"
        state.failures[key] = state.failures.get(key, 0) + 1
        state.why = f"{code} {why}".strip() if code else (why or "no answer from the carrier")
        if state.failures_in_row >= FAILURES_TO_OPEN and now >= state.resting_until:
            state.resting_until = now + state.rest_s
            state.rest_s = min(REST_LONGEST_S, state.rest_s * 2)

    def notice(self, trunks: tuple[TrunkRule, ...], now: float) -> str:
        """Why nothing can be dialed, in words; empty when something can."""
        if not trunks:
            return "The campaign has no trunk. An administrator adds one under Trunks."
        if not self.lines:
            return "No line node is running. An administrator starts one."
        if now and all(self.trunk(rule).resting(now) for rule in trunks):
            rule = trunks[0]
            return f"The trunk “{rule.name}” rests: {self.trunk(rule).why}."
        return ""

    def trunk_view(self, rule: TrunkRule, now: float) -> dict[str, Any]:
        """An entry of ``trunk`` in the floor's topic."""
        state = self.trunk(rule)
        resting = state.resting(now)
        return {
            "id": rule.id,
            "name": rule.name,
            "state": "resting" if resting else "ok",
            "why": state.why if resting or state.failures_in_row else "",
            "until": state.resting_until if resting else None,
            "calls": state.used,
            "failures": dict(state.failures),
        }
