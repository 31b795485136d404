"""Who is alive."""

from __future__ import annotations

import msgspec

from .base import Message


class NodeStatus(Message, frozen=True, kw_only=True, tag="node.status"):
    """A node's heartbeat, kept in Redis under its id with a life of ``HEARTBEAT_LIFE_S``."""

    node: str
    kind: str
    """line, media, pace or practice."""
    at: float
    started_at: float
    draining: bool = False
    capacity: int = 0
    """Calls or sessions the node could carry now in all."""
    used: int = 0
    address: str = ""
    """Media nodes: where audio datagrams go."""
    detail: dict[str, object] = msgspec.field(default_factory=dict)
