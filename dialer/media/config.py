"""What a media node is told at its start."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from aiortc.rtcicetransport import parse_stun_turn_uri

CAPACITY = 120
"""Sessions of one node: about 60 % of the one core it has (``bench/media_cost.py``), so stalls can be made up."""


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


def check_config(config: NodeConfig) -> None:
    """Raise ValueError, with the setting's name, where no browser could be answered with these settings."""
    for host in config.hosts:
        try:
            with socket.socket(
                socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM
            ) as probe:
                probe.bind((host, 0))
        except OSError as error:
            raise ValueError(f"PACELINE_MEDIA_HOSTS: {host} is no address of this machine.") from error
    for url in config.ice_servers:
        try:
            parse_stun_turn_uri(url)
        except ValueError as error:
            raise ValueError(
                f"PACELINE_ICE_SERVERS: write stun:HOST:PORT or turn:HOST:PORT, not {url}."
            ) from error
