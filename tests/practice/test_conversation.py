"""Voices are put down to the right call, and the crew's totals say so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from dialer.practice import voices
from dialer.practice.conversation import EARLY_S, Conversation, Listener
from dialer.practice.crew import CrewReport, percentile, spread_ms
from dialer.practice.voices import Identity

pytestmark = pytest.mark.unit
FIRST, SECOND = "+12125550101", "+12125550102"
SILENCE = np.zeros(160, np.int16)


def conversation(number: str = FIRST, answered_at: float = 100.0) -> Conversation:
    return Conversation("c1", number, "predictive", 7, 90.0, answered_at, answered_at + 0.1)


def say(listener: Listener, identity: Identity, at: float, words: float = 1.1) -> float:
    """Let a voice be heard from a moment on; returns when it ended."""
    frames = voices.pcm_frames(identity)
    for index in range(int(words * len(frames))):
        at += 0.02
        listener.hear(frames[index % len(frames)], at)
    return at


def test_a_voice_in_the_call_is_the_calls() -> None:
    listener, talk = Listener(), conversation()
    listener.begin(talk, 100.1)
    say(listener, voices.far_end(FIRST), 100.2)
    assert talk.joined == "right"
    assert 100.2 < talk.first_audio_at < 100.3


def test_a_voice_heard_just_before_the_console_knew_is_the_calls_too() -> None:
    listener, talk = Listener(), conversation()
    now = say(listener, voices.far_end(FIRST), 100.0)
    listener.begin(talk, now)
    assert talk.joined == "right"
    assert 100.0 < talk.first_audio_at < 100.1
    assert listener.strays == 0


def test_the_agents_own_echo_is_nobody_and_another_agents_voice_is_wrong() -> None:
    listener, talk = Listener(), conversation()
    listener.begin(talk, 100.1)
    now = say(listener, voices.agent(talk.agent), 100.2)
    assert (talk.heard, talk.joined) == (["agent:7"], "unheard")
    say(listener, voices.agent(8), now)
    assert talk.joined == "wrong"


def test_a_voice_heard_long_before_is_a_stray() -> None:
    listener, talk = Listener(), conversation()
    now = say(listener, voices.far_end(SECOND), 90.0)
    listener.begin(talk, now + EARLY_S + 1)
    assert talk.joined == "unheard"
    assert talk.first_audio_at == 0
    assert listener.strays == 1


def test_the_tail_of_a_call_is_not_put_down_to_the_next() -> None:
    listener, first, second = Listener(), conversation(FIRST), conversation(SECOND, 110.0)
    listener.begin(first, 100.1)
    now = say(listener, voices.far_end(FIRST), 100.2, words=1.5)
    listener.end(now)
    listener.begin(second, now + 3)
    say(listener, voices.far_end(SECOND), now + 3.1)
    assert (first.joined, second.joined) == ("right", "right")


def test_one_wrong_voice_among_right_ones_makes_the_join_wrong() -> None:
    talk = conversation()
    talk.note_voice(voices.far_end(FIRST))
    talk.note_voice(voices.far_end(SECOND))
    assert talk.joined == "wrong"


def test_a_voice_after_the_last_call_is_a_stray() -> None:
    listener, talk = Listener(), conversation()
    listener.begin(talk, 100.1)
    listener.end(101.0)
    say(listener, voices.far_end(SECOND), 101.0 + EARLY_S)
    listener.close()
    assert listener.strays == 1


def test_silence_is_no_voice() -> None:
    listener, talk = Listener(), conversation()
    listener.begin(talk, 100.1)
    for index in range(200):
        listener.hear(SILENCE, 100.1 + index * 0.02)
    assert talk.first_audio_at == 0


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([], 0.5) is None
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(200), 0.99) == 198
    assert spread_ms([0.1, 0.3]) == {"p50": 300.0, "p99": 300.0}
    assert spread_ms([]) == {"p50": None, "p99": None}


def test_the_crews_report_has_totals_and_every_conversation(tmp_path: Path) -> None:
    report = CrewReport(tmp_path / "crew.json")
    for heard in (voices.far_end(FIRST), voices.far_end(SECOND), None):
        talk = conversation()
        talk.on_screen_at, talk.disposition = 100.05, "sale"
        if heard:
            talk.note_voice(heard)
            talk.first_audio_at = 100.1
        report.add(talk)
    totals = report.close([])
    assert (totals["joined_right"], totals["joined_wrong"], totals["joined_unheard"]) == (1, 1, 1)
    assert totals["answer_to_screen_ms"]["p50"] == pytest.approx(50, abs=1)
    assert totals["answer_to_audio_ms"]["p99"] == pytest.approx(100, abs=1)
    written = json.loads((tmp_path / "crew.json").read_text())
    assert written["totals"] == totals
    lines = (tmp_path / "crew.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == written["calls"]
    assert (tmp_path / "crew.json").stat().st_mode & 0o777 == 0o600
