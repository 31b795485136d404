"""From a CSV to conversations, end to end: every lead, every count, every join."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .drills import (
    AFTERNOON,
    assert_reconciled,
    fictional_numbers,
    figures_of,
    run_drill,
    spread,
    write_leads,
)

pytestmark = pytest.mark.stack
LEADS = 500
GONE_AT_ONCE = 2 * 4
"""Four leads whose far end hangs up at once (49), four whose answer offers no audio (97): no agent may notice them."""
SILENT = GONE_AT_ONCE + 3 * 4
"""And those that say hello so late (40 to 42) that a talk of two seconds is over."""
NIGHT_IN_NEW_YORK = "2026-11-21T08:00"
HURRY = ("--talk", "2-2.6", "--wrap", "0.1-0.3", "--delay-scale", "0.1")


def test_five_hundred_leads_end_in_one_outcome_each_and_every_join_is_right(tmp_path: Path) -> None:
    numbers = spread(LEADS)
    random.Random(7).shuffle(numbers)
    leads = write_leads(tmp_path / "leads.csv", numbers)
    done = run_drill(leads, "--agents", "10", *AFTERNOON, *HURRY)
    figures = figures_of(done)
    assert_reconciled(figures, LEADS)
    assert done.returncode == 0, done.stderr[-4000:]
    assert figures["refused"] == {}
    assert figures["far_end"]["invites"] == figures["placed"] >= LEADS
    assert figures["far_end"]["answered"] == figures["answered"]
    talked = figures["connected"] + figures["machine"]
    assert talked - GONE_AT_ONCE <= figures["joined_right"] + figures["joined_unheard"] <= talked
    assert figures["joined_right"] >= talked - SILENT, figures
    assert figures["far_end_heard_right"] >= talked - SILENT, figures
    assert figures["far_end_heard_wrong"] == 0
    for kind in ("connected", "machine", "busy", "no_answer", "rejected", "failed"):
        assert figures[kind] > 0, kind
    assert figures["answer_to_agent_ms"]["p50"] < 150


def test_at_night_every_lead_is_refused_and_nothing_is_dialed(tmp_path: Path) -> None:
    leads = write_leads(tmp_path / "leads.csv", fictional_numbers(40))
    done = run_drill(leads, "--agents", "1", "--at", NIGHT_IN_NEW_YORK, "--seconds", "60")
    figures = figures_of(done)
    assert_reconciled(figures, 40)
    assert done.returncode == 0, done.stderr[-4000:]
    assert (figures["placed"], list(figures["refused"].values())) == (0, [40])
    assert figures["far_end"]["invites"] == 0
    assert figures["wall_seconds"] < 30, "it ends early where no lead is left"


@pytest.mark.parametrize(
    ("header", "says"),
    [(None, "There is no file"), ("Favourite colour", "phone")],
    ids=["no file", "no phone"],
)
def test_leads_that_cannot_be_read_are_a_clear_message(tmp_path: Path, header: str | None, says: str) -> None:
    path = tmp_path / "leads.csv"
    if header is not None:
        write_leads(path, ["red", "blue"], header)
    done = run_drill(path, *AFTERNOON, limit_s=60)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
