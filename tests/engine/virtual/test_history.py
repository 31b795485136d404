"""The rules that the engine's history is held against find nothing wrong with a simulated shift."""

from __future__ import annotations

import pytest

from dialer.engine.history import agents
from dialer.engine.history.spells import overlapping
from dialer.engine.history.values import Change, Spell

from .shifts import passed, with_crew, with_far_end

pytestmark = pytest.mark.unit

STIRRED = with_crew(
    with_far_end(answer_share=(0.5,), detects_machines=False), staffing=((120.0, 3), (240.0, 12), (400.0, 2))
)


@pytest.fixture(scope="module")
def journal():
    return passed(STIRRED, 6)[2]


def spells(journal, owner, begins, *ends):
    """From the line that begins a call's spell to the first that ends it; order is that of the journal."""
    over = {line["call"]: number for number, line in reversed([*enumerate(journal)]) if line["t"] in ends}
    found = [
        Spell(line[owner], line["call"], number, over[line["call"]])
        for number, line in enumerate(journal)
        if line["t"] == begins
    ]
    assert len(found) > 50
    return sorted(found, key=lambda spell: (spell.owner, spell.begin))


def test_no_lead_is_in_two_live_calls(journal):
    lines = spells(journal, "lead", "placed", "ended")
    assert not list(overlapping("no lead in two live calls", "lead", lines))


def test_no_agent_is_with_two_people(journal):
    talks = spells(journal, "agent", "connected", "ended", "disposed")
    assert not list(overlapping("no agent with two people", "agent", talks))


def test_every_change_of_an_agent_is_lawful_and_follows_the_last(journal):
    seats = {}
    changes = [
        Change(
            agent=seats.setdefault(line["session"], len(seats)),
            session=line["session"],
            sequence=line["sequence"],
            before=line["from"],
            after=line["to"],
            event=line["event"],
            call=line["call"],
        )
        for line in journal
        if line["t"] == "agent"
    ]
    changes.sort(key=lambda change: (change.agent, change.sequence))
    assert len(seats) == 8 + 9
    assert not list(agents.judge(changes))
