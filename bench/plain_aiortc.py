"""Sessions as aiortc's own examples hold them, for comparison: frames in, frames out, its codecs and threads."""

from __future__ import annotations

import asyncio

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError

from dialer.bus import names, schemas, streams
from dialer.media.peer import PCMU
from dialer.media.rtp_tap import limit_candidates


def serve(redis_url: str, node: str) -> None:
    """Answer OpenSession commands until ended."""
    asyncio.run(_serve(redis_url, node))


async def _serve(redis_url: str, node: str) -> None:
    redis = streams.connect(redis_url)
    reader = streams.Reader(redis, schemas.MediaCommand)
    reader.follow(names.media_stream(node), "0")
    kept = []
    while True:
        for _, _, command in await reader.read():
            connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
            kept.append(connection)
            sdp = await _answer(connection, command.offer_sdp)
            await streams.reply(
                redis, command.reply_to, schemas.SessionAnswer(session=command.session, node=node, sdp=sdp)
            )


async def _answer(connection: RTCPeerConnection, offer: str) -> str:
    transceiver = connection.addTransceiver(AudioStreamTrack())
    transceiver.setCodecPreferences(PCMU)
    limit_candidates(connection, ["127.0.0.1"])
    await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    await connection.setLocalDescription()
    connection.listening = asyncio.create_task(_listen(transceiver.receiver.track))
    return connection.localDescription.sdp


async def _listen(track) -> None:
    try:
        while True:
            await track.recv()
    except MediaStreamError:
        return
