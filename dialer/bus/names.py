"""The names of the Redis keys that the processes share."""

from __future__ import annotations

PREFIX = "paceline:"
HEARTBEAT_LIFE_S = 1.5
HEARTBEAT_EVERY_S = 0.4
STREAM_LENGTH = 20_000
"""A stream keeps about this many messages; a reader that is further behind asks the nodes again."""


def line_stream(node: str) -> str:
    """Commands to one line node."""
    return f"{PREFIX}line:{node}"


def media_stream(node: str) -> str:
    """Commands to one media node."""
    return f"{PREFIX}media:{node}"


def room_stream(campaign: int) -> str:
    """Everything that the daemon holding a campaign must know."""
    return f"{PREFIX}room:{campaign}"


def journal_stream(campaign: int) -> str:
    """What the engine decided and saw, on its way to the database."""
    return f"{PREFIX}journal:{campaign}"


def node_key(kind: str, node: str) -> str:
    """A node's heartbeat."""
    return f"{PREFIX}node:{kind}:{node}"


def reply_key(request: str) -> str:
    """The list on which one reply is waited for."""
    return f"{PREFIX}reply:{request}"


def prompt_key(digest: str) -> str:
    """A prompt as WAV bytes (8 kHz, 16 bit, mono), named by the SHA-256 of its content."""
    return f"{PREFIX}prompt:{digest}"


TRUNKS_KEY = f"{PREFIX}trunks"
"""Hash: trunk id → encrypted ``TrunkConfig``."""

STOPS_STREAM = f"{PREFIX}stops"
"""Numbers that asked not to be called, for every daemon."""
