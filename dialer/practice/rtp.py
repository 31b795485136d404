"""RTP (RFC 3550) of all far ends in one loop of 20 ms. Every call has a port of its own."""

from __future__ import annotations

import asyncio
import random
import select
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass

from dialer.bus.audio import FRAME_MS, FRAME_SAMPLES

from .ears import Ears
from .sdp import PCMU
from .speech import DTMF_SIGNS, EVENT, EVENT_END, Frame
from .tape import Tape

HEADER = struct.Struct("!BBHII")
VERSION = 0x80
MARKER = 0x80
TICK_S = FRAME_MS / 1000
LATE_TICKS = 10
"""Behind by more than so many ticks, the loop lets them go instead of sending in a burst."""
LISTEN_TICKS = 3
ROUNDS = 16
"""Packets of one call taken in one tick at most."""
DATAGRAM_BYTES = 1500


@dataclass(slots=True)
class Heard:
    """A voice that reached a far end."""

    first_at: float
    words: int = 0


class Leg:
    """The audio of one call. The counters are for the report."""

    def __init__(self, sock: socket.socket, slot: int) -> None:
        self.sock, self.slot = sock, slot
        self.port: int = sock.getsockname()[1]
        self.ssrc, self.remote_ssrc = random.getrandbits(32), 0
        self.sent = self.received = self.malformed = 0
        self._first_sequence = self.highest_extended = -1
        self._reported = (0, 0)
        self.first_rtp_at = 0.0
        self.digits = ""
        self.voices: dict[str, Heard] = {}
        self.tape: Tape | None = None
        self.remote: tuple[str, int] | None = None
        self.event_payload: int | None = None
        self.sends = True
        self._frames: Iterator[Frame] = iter(())
        self._sequence, self.timestamp = random.getrandbits(16), random.getrandbits(32)
        self._marker = MARKER
        self._event_at = self._digit_at = -1

    def say(self, frames: Iterator[Frame]) -> None:
        """From the next tick on send these."""
        self._frames, self._marker = frames, MARKER

    def send_next(self) -> None:
        """Send the frame of this tick, where there is one and the other side wants it."""
        frame = next(self._frames, None)
        if frame is None or self.remote is None or not self.sends:
            return
        stamp, marker, payload_type = self.timestamp, self._marker, PCMU
        if isinstance(frame, bytes):
            payload, self._marker = frame, 0
        else:
            if self.event_payload is None:
                return
            self._event_at = stamp if frame.first else self._event_at
            stamp, marker, payload_type = self._event_at, MARKER * frame.first, self.event_payload
            payload = frame.payload
        header = HEADER.pack(VERSION, marker | payload_type, self._sequence, stamp, self.ssrc)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.timestamp = (self.timestamp + FRAME_SAMPLES) & 0xFFFFFFFF
        try:
            self.sock.sendto(header + payload, self.remote)
            self.sent += 1
        except OSError:
            return

    def take(self, ears: Ears) -> None:
        """Read one packet."""
        try:
            data = self.sock.recv(DATAGRAM_BYTES)
        except OSError:
            return
        start = HEADER.size + 4 * (data[0] & 0x0F) if data else 0
        if len(data) <= start or data[0] & 0xC0 != VERSION:
            self.malformed += 1
            return
        self._count(data)
        payload_type = data[1] & 0x7F
        if payload_type == PCMU:
            ears.feed(self.slot, data[start:])
            if self.tape:
                self.tape.write(data[start:])
        elif payload_type == self.event_payload:
            self._note_digit(data, start)

    def _count(self, data: bytes) -> None:
        """Sequence numbers go on past 65,535 (RFC 3550, A.1); a late packet does not lower the highest."""
        sequence = int.from_bytes(data[2:4], "big")
        if not self.received:
            self.first_rtp_at = time.time()
            self.remote_ssrc = int.from_bytes(data[8:12], "big")
            self._first_sequence = self.highest_extended = sequence
        self.received += 1
        ahead = (sequence - self.highest_extended) & 0xFFFF
        if ahead < 0x8000:
            self.highest_extended += ahead

    def lost_field(self) -> int:
        """Fraction lost since the last report and packets lost in all, as a report block has them (6.4.1)."""
        expected = self.highest_extended - self._first_sequence + 1
        before_expected, before_received = self._reported
        self._reported = expected, self.received
        due, came = expected - before_expected, self.received - before_received
        fraction = max(0, due - came) * 256 // due if due else 0
        return min(fraction, 255) << 24 | max(0, expected - self.received) & 0xFFFFFF

    def _note_digit(self, data: bytes, start: int) -> None:
        """A key counts once, at its first end packet."""
        if len(data) < start + EVENT.size:
            self.malformed += 1
            return
        code, flags, _ = EVENT.unpack_from(data, start)
        began = int.from_bytes(data[4:8], "big")
        if flags & EVENT_END and began != self._digit_at and code < len(DTMF_SIGNS):
            self._digit_at = began
            self.digits += DTMF_SIGNS[code]

    def understood(self, voice: str, at: float) -> None:
        """Note a word that was heard whole."""
        self.voices.setdefault(voice, Heard(at)).words += 1


class RtpLoop:
    """Sends and hears for all open legs."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._epoll = select.epoll()
        self._legs: dict[int, Leg] = {}
        self._by_slot: dict[int, Leg] = {}
        self._ears = Ears()
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._ticks = 0
        self.late_ticks = 0

    def open(self) -> Leg:
        """A leg with an even port of its own. Raises OSError when the machine has no socket left."""
        sock = self._even_socket()
        leg = Leg(sock, self._ears.open())
        self._legs[sock.fileno()] = self._by_slot[leg.slot] = leg
        self._epoll.register(sock.fileno(), select.EPOLLIN)
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time() + TICK_S
            self._timer = loop.call_at(self._due, self._tick)
        return leg

    def _even_socket(self) -> socket.socket:
        """Callers without RFC 3605 send RTCP to the next port: with even ports it reaches no other call."""
        while True:
            sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            sock.setblocking(False)
            sock.bind((self._host, 0))
            if sock.getsockname()[1] % 2 == 0:
                return sock
            sock.close()

    def close(self, leg: Leg) -> None:
        """End a leg; its counters stay."""
        if self._legs.pop(leg.sock.fileno(), None) is None:
            return
        self._epoll.unregister(leg.sock.fileno())
        del self._by_slot[leg.slot]
        self._ears.close(leg.slot)
        leg.sock.close()
        if leg.tape:
            leg.tape.close()

    def by_remote_ssrc(self, ssrc: int) -> Leg | None:
        """The leg that hears this SSRC; None where none or more than one does."""
        found = [leg for leg in self._legs.values() if leg.received and leg.remote_ssrc == ssrc]
        return found[0] if len(found) == 1 else None

    def stop(self) -> None:
        """Close all legs."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        for leg in list(self._legs.values()):
            self.close(leg)
        self._epoll.close()

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        self._receive()
        for leg in self._legs.values():
            leg.send_next()
        self._ticks += 1
        if self._ticks % LISTEN_TICKS == 0:
            self._listen()
        if not self._legs:
            self._timer = None
            return
        self._due += TICK_S
        if loop.time() > self._due + LATE_TICKS * TICK_S:
            self.late_ticks += round((loop.time() - self._due) / TICK_S)
            self._due = loop.time()
        self._timer = loop.call_at(self._due, self._tick)

    def _receive(self) -> None:
        legs, ears = self._legs, self._ears
        for _ in range(ROUNDS):
            ready = self._epoll.poll(0, max(1, len(legs)))
            if not ready:
                return
            for descriptor, _event in ready:
                legs[descriptor].take(ears)

    def _listen(self) -> None:
        now = time.time()
        for slot, identity in self._ears.listen()[0]:
            self._by_slot[slot].understood(str(identity), now)
