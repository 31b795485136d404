"""What a media node is told at its start."""

from __future__ import annotations

from dataclasses import dataclass

CAPACITY = 150
"""Sessions of one node, which has one core; ``bench/media_cost.py`` says what a session costs."""


@dataclass(frozen=True, kw_only=True)
class NodeConfig:
    """One media node's settings; the command reads them from the environment."""

    node: str
    """The node's id: letters, digits, dashes."""
    redis_url: str
    audio_address: str
    """Where line children's datagrams are taken: ``udp:HOST:PORT`` (port 0: any) or ``unix:/PATH``."""
    hosts: tuple[str, ...]
    """The addresses that browsers are offered."""
    ice_servers: tuple[str, ...] = ()
    capacity: int = CAPACITY
    stop_limit_s: float = 10.0
    """How long calls may go on after SIGTERM."""
    drain_limit_s: float = 3600.0
    """How long calls may go on after a Drain command."""
