"""A carrier that is not ours agrees with our counts: the drill against sipp."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .drills import AFTERNOON, assert_reconciled, fictional_numbers, figures_of, run_drill, write_leads
from .sipp_carrier import SippCarrier

pytestmark = pytest.mark.stack
LEADS = 200
PEOPLE, RING_OUT = 80, 20
"""Of each hundred 40 answer and 10 ring until the CANCEL."""
HURRY = ("--talk", "0.8-1.5", "--wrap", "0.1-0.3", "--agents", "6")


def test_our_counts_are_sipps_own(tmp_path: Path) -> None:
    numbers = fictional_numbers(LEADS)
    random.Random(3).shuffle(numbers)
    leads = write_leads(tmp_path / "leads.csv", numbers)
    with SippCarrier(tmp_path) as carrier:
        done = run_drill(leads, *HURRY, *AFTERNOON, "--trunk", f"sip:127.0.0.1:{carrier.port}")
    figures, seen = figures_of(done), carrier.messages()
    assert_reconciled(figures, LEADS)
    assert done.returncode == 0, done.stderr[-4000:]
    assert seen["INVITE_Recv"] == figures["placed"] >= LEADS
    assert seen["BYE_Recv"] == figures["answered"] == PEOPLE
    assert seen["486_Sent"] == figures["busy"] == LEADS // 10
    assert seen["603_Sent"] == figures["rejected"] == LEADS // 10
    assert seen["404_Sent"] + seen["503_Sent"] == figures["failed"]
    assert seen["487_Sent"] + seen["480_Sent"] == figures["no_answer"] + figures["cancelled"]
    assert seen["CANCEL_Recv"] == seen["487_Sent"] >= RING_OUT
    assert not {name: n for name, n in seen.items() if name.endswith(("Unexp", "Timeout")) and n}
    ended = carrier.statistics()
    assert ended["TotalCallCreated"] == ended["SuccessfulCall(C)"] == str(figures["placed"])
    assert ended["FailedCall(C)"] == "0"
