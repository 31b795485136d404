"""One agent's audio, from sign-in to sign-out, over one browser connection after another."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from dialer.bus import schemas

from . import codec, tones
from .background import Background
from .config import NodeConfig
from .ear import Ear
from .mouth import Mouth
from .peer import AudioPeer

SILENT_AFTER_S = 1.0
"""A browser sends 50 packets a second even when nobody speaks; ICE notices a dead one only after 30 s."""
CONNECT_LIMIT_S = 20.0
LEAD_GAP_S = 0.1
"""The lead's frames are the clock of what the agent hears; after such a gap the node's own takes over."""
HEARD_LEVEL = 60.0
"""Root mean square (16 bit scale, -55 dBov) above which a microphone is said to carry something."""


class Host(Protocol):
    """What a session needs of its node."""

    @property
    def config(self) -> NodeConfig:
        """The node's settings."""

    def emit(self, session: Session, event: type[schemas.MediaEvent], **details: Any) -> None:
        """Tell the session's room."""

    @property
    def background(self) -> Background:
        """Where connections are closed."""


class Session:
    """What the node knows of one agent, and the agent's audio both ways: ``play`` and ``speak``."""

    def __init__(self, opening: schemas.OpenSession, host: Host) -> None:
        self.id = opening.session
        self.agent = opening.agent
        self.campaign = opening.campaign
        self.up = False
        """Whether the agent's audio arrives."""
        self.changed_at = _now()
        """When the session came up, went down or was opened last, on the loop's clock."""
        self.joined = False
        """Whether the agent is in a call."""
        self.ear = Ear()
        self.mouth = Mouth()
        self._host = host
        self._live: AudioPeer | None = None
        self._pending: AudioPeer | None = None
        self._packet_at = self._played_at = 0.0
        self._heard = False

    # --- connections -------------------------------------------------------------------------------

    @property
    def unconnected(self) -> bool:
        """Neither a connection nor the beginning of one."""
        return self._live is None and self._pending is None

    async def open(self, offer_sdp: str) -> str:
        """The answer to an offer; raises ``BadOffer``.

        The connection before stays in use until the new one carries audio, so the lead hears no gap.
        """
        peer = AudioPeer(self, self._host.config.hosts, self._host.config.ice_servers)
        before, self._pending = self._pending, peer
        self.changed_at = _now()
        if before is not None:
            self._host.background.spawn(before.close())
        try:
            return await peer.answer(offer_sdp)
        except BaseException:
            if self._pending is peer:
                self._pending = None
            await peer.close()
            raise

    async def close(self, why: str) -> None:
        """End the session's connections and say so."""
        peers = [peer for peer in (self._live, self._pending) if peer is not None]
        self._live = self._pending = None
        self._go_down(why)
        for peer in peers:
            await peer.close()

    def attach(self, campaign: int) -> None:
        """Tell another room from now on, and first what it missed."""
        self.campaign = campaign
        if self.up:
            self._host.emit(self, schemas.SessionUp)
        if self._heard:
            self._host.emit(self, schemas.AudioHeard)

    def on_state(self, peer: AudioPeer, state: str) -> None:
        """Part of ``peer.Listener``."""
        if state in ("failed", "closed"):
            self._lose(peer, "ice" if state == "failed" else "closed")

    def on_audio(self, peer: AudioPeer, sequence: int, payload: bytes) -> None:
        """Part of ``peer.Listener``."""
        if peer is not self._live and not self._promote(peer):
            return
        self._packet_at = _now()
        if not self.up:
            self._come_up()
        if len(payload) != codec.PAYLOAD_BYTES:
            return
        if not self._heard:
            self._listen(payload)
        self.mouth.push(sequence, payload)

    def _promote(self, peer: AudioPeer) -> bool:
        """Put the pending connection in the place of the one before; False for one that was replaced."""
        if peer is not self._pending:
            return False
        before, self._live, self._pending = self._live, peer, None
        self.up = False
        self.mouth.restart()
        if before is not None:
            self._host.background.spawn(before.close())
        return True

    def _lose(self, peer: AudioPeer, why: str) -> None:
        if peer is self._live:
            self._live = None
            self._go_down(why)
        elif peer is self._pending:
            self._pending = None
            if not self.up:
                self._host.emit(self, schemas.SessionDown, why=why)
        else:
            return
        self._host.background.spawn(peer.close())

    def _come_up(self) -> None:
        self.up, self.changed_at = True, _now()
        self._host.emit(self, schemas.SessionUp)

    def _go_down(self, why: str) -> None:
        if self.up:
            self.up, self.changed_at = False, _now()
            self._host.emit(self, schemas.SessionDown, why=why)

    def _listen(self, payload: bytes) -> None:
        if codec.level(codec.decode(payload)) > HEARD_LEVEL:
            self._heard = True
            self._host.emit(self, schemas.AudioHeard)

    # --- calls and sounds --------------------------------------------------------------------------

    def begin_call(self, tone: bool) -> None:
        """The agent is joined with a lead from now on."""
        self.joined = True
        self.ear.echo(on=False)
        self.mouth.restart()
        self.mouth.wanted = True
        if tone:
            self.ear.sound("connect")

    def end_call(self) -> None:
        """The agent is alone again; mute and hold end with their call."""
        self.joined = self.mouth.wanted = False
        self.mute(on=False)
        self.hold(on=False)

    def mute(self, on: bool) -> None:
        """The lead hears silence instead of the agent."""
        self.mouth.muted = on

    def hold(self, on: bool) -> None:
        """The lead hears the hold sound, the agent nothing."""
        self.mouth.held = self.ear.held = on

    def tone(self, name: str) -> bool:
        """Play a named sound, or begin or end the echo; False for a name that means nothing."""
        if name in ("echo_start", "echo_stop"):
            self._echo(name == "echo_start")
        elif name in tones.SOUNDS:
            self.ear.sound(name)
        else:
            return False
        return True

    def _echo(self, on: bool) -> None:
        if not self.joined:
            self.mouth.restart()
            self.mouth.wanted = on
            self.ear.echo(on)

    # --- audio -------------------------------------------------------------------------------------

    def play(self, pcm: bytes, frames_passed: int) -> bool:
        """Send the agent one frame of the lead (empty: silence); False where no connection takes it."""
        if self._live is None or not self._live.connected:
            return False
        self._played_at = _now()
        self._live.send(self.ear.lead_frame(pcm), frames_passed)
        return True

    def speak(self) -> bytes:
        """The next 20 ms for the lead as PCM; empty for silence."""
        return self.mouth.frame() if self.up else self.mouth.comfort()

    def tick(self, now: float) -> None:
        """Every 20 ms: send the agent what the node itself has to say, and notice silence."""
        if self.up and now - self._packet_at > SILENT_AFTER_S:
            self._go_down("silent")
        if self._pending is not None and now - self.changed_at > CONNECT_LIMIT_S:
            self._lose(self._pending, "ice")
        if self._live is not None and self._live.connected and now - self._played_at > LEAD_GAP_S:
            self._live.send(self.ear.own_frame(self.mouth))


def _now() -> float:
    return asyncio.get_running_loop().time()
