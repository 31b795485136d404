"""What a far end hears, as a file that any player opens while it is still being written (Sun audio, mu-law)."""

from __future__ import annotations

import itertools
import os
import struct
from pathlib import Path

from dialer.bus.audio import SAMPLE_RATE_HZ

MULAW, LENGTH_UNKNOWN, MONO = 1, 0xFFFFFFFF, 1
HEADER = struct.pack(">4sIIIII", b".snd", 24, LENGTH_UNKNOWN, MULAW, SAMPLE_RATE_HZ, MONO)
_serial = itertools.count(1)


class Tape:
    """One call's incoming PCMU, in the order in which it arrived; readable by its owner only."""

    def __init__(self, folder: Path, number: str) -> None:
        digits = "".join(sign for sign in number if sign in "0123456789") or "unknown"
        path = folder / f"{digits}-{next(_serial)}.au"
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self.write(HEADER)

    def write(self, data: bytes) -> None:
        """At once, so that somebody who reads along misses nothing."""
        os.write(self._descriptor, data)

    def close(self) -> None:
        """No more audio comes."""
        os.close(self._descriptor)
