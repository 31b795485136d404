"""What the carrier saw: a JSON line for each call, totals every second, everything in one file at the end."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from .rtp import Leg

STATUS_EVERY_S = 1.0


@dataclass(slots=True)
class CallRecord:
    """One INVITE. Times are Unix seconds, 0 where it did not happen."""

    number: str
    caller: str
    asserted: list[str]
    """P-Asserted-Identity values."""
    call_id: str
    behaviour: str
    transport: str
    invited_at: float
    identity: bool = False
    """Whether the INVITE had an Identity header (RFC 8224)."""
    rang_at: float = 0.0
    answered_at: float = 0.0
    acked_at: float = 0.0
    ended_at: float = 0.0
    code: int = 0
    ended_by: str = ""
    """caller, far_end, timeout (no ACK, no CANCEL), or stop (the carrier was stopped)."""
    reason: str = ""
    """The Reason header of the CANCEL or BYE (RFC 3326)."""
    crossed_cancel: bool = False
    repeats: int = 0
    """Retransmissions of the INVITE that came."""
    rtp_in: int = 0
    rtp_out: int = 0
    first_rtp_at: float = 0.0
    digits: str = ""
    voices: dict[str, dict[str, float]] = field(default_factory=dict)
    """By voice (``agent:7``): words heard whole, and when the first was."""

    def take_audio(self, leg: Leg) -> None:
        """Copy what a leg counted."""
        self.rtp_in, self.rtp_out, self.first_rtp_at = leg.received, leg.sent, leg.first_rtp_at
        self.digits = leg.digits
        self.voices = {v: {"words": h.words, "first_at": round(h.first_at, 3)} for v, h in leg.voices.items()}

    def as_json(self) -> dict[str, Any]:
        """The record as the report writes it."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: round(value, 3) if isinstance(value, float) else value for name, value in values.items()
        }


class Report:
    """Counts, and the files ``FILE`` (totals, and calls at the end) and ``FILEl`` (a line a call)."""

    def __init__(self, path: Path | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.behaviours: Counter[str] = Counter()
        self.live = self.peak = 0
        self._started_at = time.time()
        self._path = path
        self._lines: TextIO | None = self._open(self._lines_path) if path else None

    @property
    def _lines_path(self) -> Path:
        assert self._path is not None
        return self._path.with_name(self._path.name + "l")

    @staticmethod
    def _open(path: Path) -> TextIO:
        """A file that only its owner reads: it holds phone numbers."""
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", buffering=1)

    def begin(self, record: CallRecord) -> None:
        """An INVITE came in."""
        self.counts["invites"] += 1
        self.behaviours[record.behaviour] += 1
        self.live += 1
        self.peak = max(self.peak, self.live)

    def end(self, record: CallRecord) -> None:
        """It is over."""
        self.live -= 1
        self.codes[str(record.code)] += 1
        for name, counted in (
            ("answered", record.answered_at > 0),
            ("never_acked", record.answered_at > 0 and not record.acked_at),
            ("crossed_cancel", record.crossed_cancel),
            (f"ended_by_{record.ended_by}", True),
            ("heard_a_voice", bool(record.voices)),
        ):
            self.counts[name] += counted
        self.counts["rtp_in"] += record.rtp_in
        self.counts["rtp_out"] += record.rtp_out
        if self._lines:
            self._lines.write(json.dumps(record.as_json()) + "\n")

    def totals(self) -> dict[str, Any]:
        """All counts now."""
        return {
            "started_at": round(self._started_at, 3),
            "at": round(time.time(), 3),
            "live": self.live,
            "peak": self.peak,
            **self.counts,
            "codes": dict(self.codes),
            "behaviours": dict(self.behaviours),
        }

    def write(self, *, running: bool = True) -> None:
        """Replace the file in one step, so that a reader always finds it whole; with all calls at the end."""
        if not self._path:
            return
        content: dict[str, Any] = {"running": running, "totals": self.totals()}
        if not running:
            content["calls"] = [json.loads(line) for line in self._lines_path.read_text().splitlines()]
        fresh = self._path.with_name(self._path.name + ".new")
        with self._open(fresh) as file:
            json.dump(content, file)
        fresh.replace(self._path)

    def close(self) -> None:
        """The last word."""
        if self._lines:
            self._lines.close()
            self._lines = None
            self.write(running=False)
