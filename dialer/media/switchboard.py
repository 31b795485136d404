"""The sessions and legs of a node, and what each command does to them. Knows nothing of how commands come."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from dialer.bus import names, schemas
from dialer.bus.outbox import Outbox

from .background import Background
from .bridge import Leg, Send
from .config import NodeConfig
from .peer import BadOffer
from .session import Session
from .transport import Address

FORGET_AFTER_S = 120.0
"""A session without a connection is forgotten after so long, its lead's leg with it."""

Reply = Callable[[str, schemas.Reply], Coroutine[Any, Any, None]]

log = structlog.get_logger(__name__)


class Switchboard:
    """Who is connected, and who is joined with whom."""

    def __init__(self, config: NodeConfig, outbox: Outbox, send: Send, reply: Reply) -> None:
        self.config = config
        self.background = Background()
        self.sessions: dict[str, Session] = {}
        self.legs: dict[int, Leg] = {}
        self.draining = False
        self.counts: Counter[str] = Counter()
        """What was refused or passed over, by reason."""
        self._leg_of: dict[str, Leg] = {}
        self._outbox = outbox
        self._send = send
        self._reply = reply

    def emit(self, session: Session, event: type[schemas.MediaEvent], **details: Any) -> None:
        """Owe an event to the session's room; a session that is in no campaign has none."""
        if session.campaign:
            told = event(
                session=session.id,
                agent=session.agent,
                campaign=session.campaign,
                node=self.config.node,
                at=time.time(),
                **details,
            )
            self._outbox.put(names.room_stream(session.campaign), told)

    def take_frame(self, key: int, sequence: int, flags: int, pcm: bytes, address: Address) -> None:
        """Hand a lead's frame to its leg; one that belongs to nobody is counted and dropped."""
        leg = self.legs.get(key)
        if leg is None:
            self.counts["unknown_key"] += 1
        else:
            leg.take(sequence, flags, pcm, address)

    def tick(self, now: float) -> None:
        """Every 20 ms, on the loop's clock."""
        for session in list(self.sessions.values()):
            session.tick(now)
            if not session.up and now - session.changed_at > FORGET_AFTER_S:
                self.forget(session, "silent")

    def drain(self) -> None:
        """Take no new sessions; close those without a call now, and the others as their calls end."""
        self.draining = True
        for session in list(self.sessions.values()):
            if not session.joined:
                self.forget(session, "drain")

    def forget(self, session: Session, why: str) -> None:
        """End a session and whatever it is joined with."""
        self._unjoin(session)
        self.sessions.pop(session.id, None)
        jitter = session.mouth.jitter
        log.info("session ended", session=session.id, why=why, late=jitter.late, missing=jitter.missing)
        self.background.spawn(session.close(why))

    # --- commands ----------------------------------------------------------------------------------

    def obey(self, command: Any) -> None:
        """Carry out one command of ``schemas.MediaCommand``, except Drain."""
        if isinstance(command, schemas.OpenSession):
            self._open(command)
            return
        session = self.sessions.get(command.session)
        if session is None:
            self.counts["unknown_session"] += 1
            log.info("command for an unknown session", kind=type(command).__name__, session=command.session)
            return
        match command:
            case schemas.Attach():
                session.attach(command.campaign)
            case schemas.CloseSession():
                self.forget(session, "closed")
            case schemas.Join():
                self._join(session, command)
            case schemas.Part():
                self._part(session, command)
            case schemas.Mute():
                session.mute(command.on)
            case schemas.Hold():
                session.hold(command.on)
            case schemas.Tone():
                self.counts["unknown_tone"] += not session.tone(command.name)

    def _open(self, command: schemas.OpenSession) -> None:
        session = self.sessions.get(command.session)
        refusal = self._refusal(session, command.agent)
        if refusal is not None:
            self._refuse(command, refusal.code, refusal.message)
            return
        if session is None:
            session = self.sessions[command.session] = Session(command, self)
        session.campaign = command.campaign or session.campaign
        self.background.spawn(self._answer(session, command))

    def _refusal(self, session: Session | None, agent: int) -> schemas.Failed | None:
        if self.draining:
            return schemas.Failed(code="draining", message="This media node is being stopped. Try again.")
        if session is not None and session.agent != agent:
            return schemas.Failed(code="not_yours", message="This session is another agent's. Sign in again.")
        if session is None and len(self.sessions) >= self.config.capacity:
            return schemas.Failed(code="no_capacity", message="All media nodes are full. Start another one.")
        return None

    def _refuse(self, command: schemas.OpenSession, code: str, message: str) -> None:
        self.counts[f"refused_{code}"] += 1
        log.info("session refused", session=command.session, code=code)
        self.background.spawn(self._reply(command.reply_to, schemas.Failed(code=code, message=message)))

    async def _answer(self, session: Session, command: schemas.OpenSession) -> None:
        try:
            sdp = await session.open(command.offer_sdp)
        except BadOffer as error:
            if session.unconnected and not session.joined:
                self.forget(session, "closed")
            self._refuse(command, error.code, str(error))
        else:
            answer = schemas.SessionAnswer(session=session.id, node=self.config.node, sdp=sdp)
            await self._reply(command.reply_to, answer)

    def _join(self, session: Session, command: schemas.Join) -> None:
        leg = self._leg_of.get(session.id)
        if leg is not None and (leg.call, leg.key) == (command.call, command.key):
            # A daemon that took over asks again: the call goes on, and Joined is said once more.
            leg.first_is_due = True
            return
        if leg is not None and leg.call == command.call:
            # The same call under another key (its bridge was laid anew): mute and hold stay as they are.
            self._drop(leg)
        else:
            self._unjoin(session)
        if command.key in self.legs:
            self._unjoin(self.legs[command.key].session)
        leg = Leg(command.call, command.key, session, self._send, self._on_first)
        self.legs[leg.key] = self._leg_of[session.id] = leg
        session.begin_call(command.tone)

    def _on_first(self, leg: Leg) -> None:
        self.emit(leg.session, schemas.Joined, call=leg.call)

    def _part(self, session: Session, command: schemas.Part) -> None:
        leg = self._leg_of.get(session.id)
        if leg is None or leg.call != command.call:
            self.counts["unknown_part"] += 1
            return
        self._unjoin(session)
        if self.draining:
            self.forget(session, "drain")

    def _unjoin(self, session: Session) -> None:
        leg = self._leg_of.get(session.id)
        if leg is not None:
            self._drop(leg)
            session.end_call()

    def _drop(self, leg: Leg) -> None:
        del self.legs[leg.key], self._leg_of[leg.session.id]
        leg.end()
        self.counts["late_frames"] += leg.late
