"""Who waits, how long they do, and how long detection takes."""

from __future__ import annotations

import pytest

from dialer.pacing.contract import LineView, PacingEvent
from dialer.pacing.waiting import Waiting

pytestmark = pytest.mark.unit


def test_people_wait_from_their_answer_until_they_are_joined_or_give_up():
    waiting = Waiting(2.0)
    lines = [LineView("answered", 0.0, 8.0), LineView("answered", 0.0, 9.0), LineView("ringing", 0.0, 2.0)]
    waiting.observe(PacingEvent("answered", 8.0, 8.0))
    waiting.observe(PacingEvent("answered", 9.0, 9.0))
    assert waiting.look(lines)[0] == 2
    waiting.observe(PacingEvent("connected", 9.5))
    assert waiting.look(lines[1:])[0] == 1
    waiting.observe(PacingEvent("abandoned", 10.0))
    assert waiting.look(lines[2:]) == (0, [])


def test_a_line_picked_up_and_not_told_apart_is_unknown():
    waiting = Waiting(2.0)
    line = LineView("answered", 0.0, 8.0)
    assert waiting.look([line]) == (0, [line])


def test_patience_is_learned_from_those_who_gave_up():
    waiting = Waiting(2.0)
    for start in range(0, 300, 10):
        waiting.observe(PacingEvent("answered", float(start), 9.0))
        waiting.observe(PacingEvent("abandoned", start + 0.5))
    assert waiting.patience_s == pytest.approx(0.5, abs=0.01)


def test_the_delay_of_detection_is_learned():
    waiting = Waiting(2.0)
    for start in range(0, 300, 10):
        waiting.look([LineView("answered", start - 8.0, float(start))])
        waiting.observe(PacingEvent("answered" if start % 20 else "machine", start + 1.2, 8.0))
        waiting.observe(PacingEvent("connected", start + 1.3))
    assert waiting.detection_s == pytest.approx(1.2, abs=0.02)


def test_a_lost_event_does_not_leave_a_ghost_in_the_queue():
    waiting = Waiting(2.0)
    waiting.observe(PacingEvent("answered", 8.0, 8.0))
    assert waiting.look([])[0] == 0
