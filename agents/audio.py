"""An agent's audio: which media node carries it, and what the console may ask of that node."""

from __future__ import annotations

from collections.abc import Iterable

from redis.asyncio import Redis

from dialer.bus import names, schemas, streams

from .rooms import ask

CARRIER_LIFE_S = 24 * 3600
NO_MEDIA = schemas.Failed(
    code="no_media",
    message="No audio server is free. The console tries again by itself; if it stays so, tell a supervisor.",
)


def choose_node(nodes: Iterable[schemas.NodeStatus], before: str | None = None) -> schemas.NodeStatus | None:
    """The node for a session: the one it had, else the least loaded; None where none has room.

    A node that drains takes nothing new.
    """
    usable = [node for node in nodes if not node.draining and node.used < node.capacity]
    for node in usable:
        if node.node == before:
            return node
    return min(usable, key=lambda node: (node.used / node.capacity, node.node), default=None)


def _key(session: str) -> str:
    return f"{names.PREFIX}console:media:{session}"


async def carrier(redis: Redis, session: str) -> str | None:
    """The media node that answered the session's last offer."""
    found = await redis.get(_key(session))
    return found.decode() if isinstance(found, bytes) else None


async def answer_offer(
    redis: Redis, session: str, agent: int, campaign: int, sdp: str
) -> schemas.Done | schemas.Failed:
    """Have a media node answer a WebRTC offer; ``Done`` carries ``sdp``."""
    before = await carrier(redis, session)
    node = choose_node(await streams.nodes(redis, "media"), before)
    if node is None:
        return NO_MEDIA
    offer = schemas.OpenSession(session=session, agent=agent, campaign=campaign, offer_sdp=sdp, reply_to="")
    answer = await ask(redis, names.media_stream(node.node), offer)
    if not isinstance(answer, schemas.SessionAnswer):
        refused = isinstance(answer, schemas.Failed) and answer.code != "no_answer"
        return answer if refused and isinstance(answer, schemas.Failed) else NO_MEDIA
    await redis.set(_key(session), answer.node, ex=CARRIER_LIFE_S)
    if before is not None and before != answer.node:
        await streams.send(redis, names.media_stream(before), schemas.CloseSession(session=session))
    return schemas.Done(data={"sdp": answer.sdp})


async def attach(redis: Redis, session: str, campaign: int) -> None:
    """Have the session's events sent to this campaign's room (0: to nobody)."""
    await _tell(redis, session, schemas.Attach(session=session, campaign=campaign))


async def echo(redis: Redis, session: str, on: bool) -> schemas.Done | schemas.Failed:
    """Play the agent's own voice back, or stop doing so."""
    tone = schemas.Tone(session=session, name="echo_start" if on else "echo_stop")
    return schemas.Done() if await _tell(redis, session, tone) else NO_MEDIA


async def close(redis: Redis, session: str) -> None:
    """End the session's audio for good."""
    await _tell(redis, session, schemas.CloseSession(session=session))
    await redis.delete(_key(session))


async def _tell(redis: Redis, session: str, message: schemas.MediaCommand) -> bool:
    node = await carrier(redis, session)
    if node is not None:
        await streams.send(redis, names.media_stream(node), message)
    return node is not None
