"""Hearing what reached each end of a call: the lead's voice in the page, the agent's microphone at the far end."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from dialer.bus.audio import FRAME_SAMPLES, SAMPLE_RATE_HZ
from dialer.media import codec
from dialer.practice.ears import Ear

from .installation import until

LISTEN_LIMIT_S = 20.0
TAKE_EVERY_MS = 100
BEEP_LEVEL = 2000.0
"""Root mean square of 20 ms. The fake microphone's beeps reach the line at three times this, hold notes at a third."""
QUIET_FRAMES = 5
"""A beep begins after so much quiet: 100 ms."""
TAPE_HEAD_BYTES = 24
FRAMES_A_SECOND = SAMPLE_RATE_HZ // FRAME_SAMPLES


def levels(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """Root mean square of each 20 ms."""
    whole = len(samples) // FRAME_SAMPLES * FRAME_SAMPLES
    frames = samples[:whole].reshape(-1, FRAME_SAMPLES).astype(float)
    return np.sqrt((frames**2).mean(axis=1))


class Speaker:
    """What the page plays to the agent, as ``page_tap.js`` notes it."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def plays(self) -> bool:
        """Whether the page's loudspeaker runs: browsers hold back pages that nobody has touched."""
        return bool(self._page.evaluate("tap.speaker !== null && !tap.speaker.paused"))

    def take(self) -> NDArray[np.int16]:
        """What was played since the last time."""
        return np.array(self._page.evaluate("tap.take()"), dtype=np.int16)

    def listen(self, seconds: float) -> NDArray[np.float64]:
        """The levels of the next so many seconds."""
        self.take()
        heard = levels(np.zeros(0, np.int16))
        deadline = time.monotonic() + LISTEN_LIMIT_S
        while len(heard) < seconds * FRAMES_A_SECOND:
            assert time.monotonic() < deadline, "the page plays nothing at all, not even silence"
            self._page.wait_for_timeout(TAKE_EVERY_MS)
            heard = np.concatenate([heard, levels(self.take())])
        return heard

    def wait_for_voice(self, number: str) -> None:
        """Until the far end of this number was understood. Fails where another voice is heard."""
        self.take()
        ear, left = Ear(), np.zeros(0, np.int16)
        deadline = time.monotonic() + LISTEN_LIMIT_S
        while time.monotonic() < deadline:
            self._page.wait_for_timeout(TAKE_EVERY_MS)
            left = np.concatenate([left, self.take()])
            while len(left) >= FRAME_SAMPLES:
                identity, _ = ear.hear(left[:FRAME_SAMPLES])
                left = left[FRAME_SAMPLES:]
                if identity:
                    assert identity.is_number(number), f"{identity} speaks, not {number}"
                    return
        raise AssertionError(f"the voice of {number} was not heard within {LISTEN_LIMIT_S:.0f} s")


class Tape:
    """What a far end heard, while it is still being written."""

    def __init__(self, folder: Path, number: str) -> None:
        (self._path,) = folder.glob(f"{number.lstrip('+')}-*.au")

    def seconds(self) -> float:
        """How long it is now."""
        return (self._path.stat().st_size - TAPE_HEAD_BYTES) / SAMPLE_RATE_HZ

    def levels(self, since_s: float = 0.0) -> NDArray[np.float64]:
        """The level of each 20 ms from this second on."""
        start = TAPE_HEAD_BYTES + int(since_s * FRAMES_A_SECOND) * FRAME_SAMPLES
        return levels(codec.decode(self._path.read_bytes()[start:]))

    def beeps(self, since_s: float = 0.0) -> list[float]:
        """When beeps begin, in seconds of the tape."""
        loud = self.levels(since_s) > BEEP_LEVEL
        begins = [
            at for at in range(QUIET_FRAMES, len(loud)) if loud[at] and not loud[at - QUIET_FRAMES : at].any()
        ]
        return [since_s + at / FRAMES_A_SECOND for at in begins]

    def wait_for_seconds(self, seconds: float) -> None:
        """Until the far end has heard so much more."""
        end = self.seconds() + seconds
        until(lambda: self.seconds() > end, LISTEN_LIMIT_S, f"{seconds} s of audio at the far end")

    def wait_for_beeps(self, count: int = 3) -> list[float]:
        """Until so many more beeps have come from now on."""
        now = self.seconds()
        what = f"{count} beeps of the agent's microphone at the far end"
        return until(lambda: len(found := self.beeps(now)) >= count and found, LISTEN_LIMIT_S, what)

    def wait_for_quiet(self, seconds: float) -> None:
        """Until nothing louder than the line's own noise came for so long."""

        def look() -> bool:
            last = self.levels(self.seconds() - seconds) if self.seconds() > seconds else None
            return last is not None and bool((last < BEEP_LEVEL).all())

        until(look, LISTEN_LIMIT_S, f"{seconds} s without the agent at the far end")
