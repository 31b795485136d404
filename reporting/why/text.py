"""A story as lines of text, for the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from .outlook import Outlook
from .story import CallTold, Event, Story

INDENT = "    "


def lines(story: Story, organisation: str, zone: ZoneInfo) -> Iterator[str]:
    """The story in the organisation's time, oldest first, then what comes next."""
    yield f"{story.number} in {organisation}, {moment(story.now, zone)} ({zone.key})"
    if not story.known and not story.outlooks:
        yield "Nothing is known of this number: no decision, no call, no lead, no entry of a list."
        return
    yield from story.notes
    if story.left_out:
        yield f"{story.left_out:,} older decisions are left out."
    for event in story.events:
        yield ""
        yield from _event(event, zone)
    yield ""
    yield "Next"
    for outlook in story.outlooks:
        yield from _outlook(outlook, zone)
    if not story.outlooks:
        yield f"{INDENT}No campaign has it among its leads."


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment as people say it."""
    return f"{at.astimezone(zone):%a %-d %b %Y, %H:%M:%S}"


def verdict(outlook: Outlook, zone: ZoneInfo) -> str:
    """When the number may be called, in a few words."""
    if outlook.allowed_now:
        return "May be called now."
    if outlook.next_at is None:
        return "Never by itself."
    if outlook.steps:
        return f"The gate would permit it from {moment(outlook.next_at, zone)} on."
    return "The gate would permit it now."


def _event(event: Event, zone: ZoneInfo) -> Iterator[str]:
    yield f"{moment(event.at, zone)}  {event.campaign}"
    if event.decision is None:
        yield f"{INDENT}No decision of the gate is on record for this call."
    else:
        told = event.decision
        yield f"{INDENT}{told.headline}."
        yield from (f"{INDENT}{words}" for words in (told.detail, told.shown) if words)
        if told.retry_at:
            yield f"{INDENT}That rule would permit it from {moment(told.retry_at, zone)} on."
        asked = "; ".join(f"{name.lower()} {value}" for name, value in told.asked)
        yield f"{INDENT}Asked: {asked}."
        for rule in told.rules:
            mark = "refused" if rule.forbade else "passed"
            yield f"{INDENT}{INDENT}{rule.name} [{rule.version}] {mark}{f': {rule.saw}' if rule.saw else ''}"
        yield f"{INDENT}Decision {told.sequence:,}, {told.digest}"
    if event.call is not None:
        yield f"{INDENT}Call {event.call.id}: {call_words(event.call)}."


def call_words(call: CallTold) -> str:
    """What became of a call, in one line."""
    parts = [
        call.outcome,
        f"with {call.agent}" if call.agent else "",
        f"talk {call.talk}" if call.talk else "",
        f"disposition {call.disposition}" if call.disposition else "",
        f"SIP {call.sip}" if call.sip else "",
    ]
    return ", ".join(part for part in parts if part)


def _outlook(outlook: Outlook, zone: ZoneInfo) -> Iterator[str]:
    where = f" (list {outlook.lead_list}, lead {outlook.lead})" if outlook.lead else ", dialed by hand"
    yield f"{INDENT}{outlook.campaign_name}{where}: {verdict(outlook, zone)}"
    yield from (f"{INDENT}{INDENT}{words}" for words in outlook.in_the_way)
    for step in outlook.steps:
        yield f"{INDENT}{INDENT}{moment(step.at, zone)}: {step.label}. {step.detail} {step.next_step}"
