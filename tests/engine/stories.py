"""From a room's journal to what the history checker judges: as the projection writes it, without a database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from dialer.calls.choices import Stage
from dialer.engine.history.accounts import Counter
from dialer.engine.history.values import Account, CallStory, Change, Spell, Step

PERMIT, EPOCH = "p", 1
EVIDENCE = {"permit": PERMIT, "epoch": EPOCH, "newest_epoch": EPOCH}
MACHINES = (2,)
"""Ids of the dispositions that say “machine” (``rooms.DISPOSITIONS``)."""
KINDS = {"late_answer": "answered"}
CALL_LINES = (
    "event",
    "ringing",
    "answered",
    "late_answer",
    "connected",
    "heard",
    "message",
    "ended",
    "disposed",
)


def stories(journal: Iterable[dict[str, Any]], calls: Iterable[str]) -> list[CallStory]:
    """Every call that was ordered, with its steps."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for number, line in enumerate(journal):
        if line["t"] in CALL_LINES:
            late = line["t"] == "late_answer"
            if late and any(step.kind == "answered" for step in steps[line["call"]]):
                continue
            kind = line["kind"] if line["t"] == "event" else KINDS.get(line["t"], line["t"])
            data = {**line.get("data", {}), **line, "late": late}
            steps[line["call"]].append(Step(number, kind, line["at"], data))
    return [_story(call, tuple(steps[call])) for call in calls]


def _story(call: str, steps: tuple[Step, ...]) -> CallStory:
    def having(kind: str) -> list[Step]:
        return [step for step in steps if step.kind == kind]

    ended, connected, disposed = having("ended"), having("connected"), having("disposed")
    outcome = str(ended[-1].data["outcome"]) if ended else ""
    if any(step.data["late"] for step in having("answered")):
        outcome = "abandoned"
    if outcome in ("", "connected") and any(step.data["disposition"] in MACHINES for step in disposed):
        outcome = "machine"
    return CallStory(
        id=call,
        campaign=7,
        lead=0,
        agent=int(connected[0].data["agent"]) if connected else 0,
        epoch=EPOCH,
        permit=PERMIT,
        granted_permit=PERMIT,
        stage=Stage.ENDED if ended else Stage.PLACED,
        outcome=outcome,
        answered=bool(having("answered")),
        connected=bool(connected),
        disposed=bool(disposed),
        ended_at=ended[-1].at if ended else 0.0,
        steps=steps,
    )


def changes(journal: Iterable[dict[str, Any]]) -> list[Change]:
    """Every change of an agent's state, by session."""
    found: dict[str, list[Change]] = defaultdict(list)
    for line in journal:
        if line["t"] == "agent":
            session = line["session"]
            numbered = len(found[session]) + 1
            named = (line["from"], line["to"], line["event"], line["call"])
            found[session].append(Change(int(session[1:]), session, numbered, *named))
    return [change for session in sorted(found) for change in found[session]]


def talks(told: Iterable[CallStory]) -> list[Spell]:
    """From when to when each agent was with each person."""
    spells = []
    for story in told:
        if story.connected:
            begin = story.having("connected")[0].number
            end = min((step.number for step in story.having("ended", "disposed")), default=None)
            spells.append(Spell(story.agent, story.id, begin, end))
    return sorted(spells, key=lambda spell: (spell.owner, spell.begin))


def account(told: Iterable[CallStory]) -> Account:
    """Who answered, and who of them met nobody."""
    counter = Counter()
    for story in told:
        counter.add(story)
    return counter.account()
