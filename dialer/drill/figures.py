"""What came of a drill, in figures, and whether they add up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.models import Count

from campaigns.choices import Outcome
from campaigns.models import Campaign, Lead
from compliance.models import Decision
from dialer.calls.models import Call, CallEvent

from .occupancy import all_ready_at, occupancy

COUNTED = {
    Outcome.CONNECTED: "connected",
    Outcome.ABANDONED: "abandoned",
    Outcome.MACHINE: "machine",
    Outcome.BUSY: "busy",
    Outcome.NO_ANSWER: "no_answer",
    Outcome.REJECTED: "rejected",
    Outcome.INVALID: "failed",
    Outcome.FAILED: "failed",
    Outcome.LOST: "failed",
    Outcome.CANCELLED: "cancelled",
}
"""Outcome → the drill's count."""
ANSWERED = ("connected", "abandoned", "machine")


def collect(campaign: Campaign, crew_report: Path, wall_seconds: float) -> dict[str, Any]:
    """All figures of a finished drill."""
    calls = list(Call.objects.filter(campaign=campaign).order_by("placed_at"))
    counts = Counter(dict.fromkeys(COUNTED.values(), 0))
    counts.update(COUNTED[Outcome(call.outcome)] for call in calls if call.outcome)
    crew = _crew(crew_report)
    return {
        "leads": Lead.objects.filter(lead_list__campaign=campaign).count(),
        "placed": len(calls),
        "answered": sum(call.answered_at is not None for call in calls),
        **counts,
        "refused": refusals(campaign),
        "not_called": Lead.objects.filter(lead_list__campaign=campaign, calls=None).count(),
        "dialed_twice": dialed_twice(calls),
        "unresolved": sum(not call.outcome for call in calls),
        "joined_right": crew["joined_right"],
        "joined_wrong": crew["joined_wrong"],
        "joined_unheard": crew["joined_unheard"],
        **latencies(calls, campaign),
        "calls_per_second": rate([call.placed_at for call in calls]),
        "peak_lines": peak_lines(calls),
        "wall_seconds": round(wall_seconds, 1),
    }


def agents_time(campaign: Campaign, drained_at: datetime) -> dict[str, Any]:
    """What pacing made of the agents' time and of the people who answered.

    Measured from when all agents were ready until dialing ended; a machine is no person.
    """
    since = all_ready_at(campaign) or drained_at
    calls = Call.objects.filter(campaign=campaign, answered_at__gte=since, answered_at__lt=drained_at)
    people = calls.filter(outcome__in=(Outcome.CONNECTED, Outcome.ABANDONED)).count()
    abandoned = calls.filter(outcome=Outcome.ABANDONED).count()
    return {
        "paced_seconds": round((drained_at - since).total_seconds(), 1),
        "occupancy": round(occupancy(campaign, since, drained_at), 4),
        "abandoned_share": round(abandoned / people, 4) if people else 0.0,
    }


def latencies(calls: Sequence[Call], campaign: Campaign) -> dict[str, Any]:
    """From the answer to the agent's ear and screen, where an agent was free; how long the others waited for one."""
    events = CallEvent.objects.filter(call__campaign=campaign, kind="connected", data__waited=True)
    waited = set(events.values_list("call_id", flat=True))
    at_once = [call for call in calls if call.pk not in waited]
    return {
        "answer_to_agent_ms": spread_ms((call.answered_at, call.heard_at) for call in at_once),
        "screen_ms": spread_ms((call.answered_at, call.screen_at) for call in at_once),
        "waited_for_agent": len(waited),
        "wait_ms": spread_ms((call.answered_at, call.connected_at) for call in calls if call.pk in waited),
    }


def _crew(path: Path) -> dict[str, int]:
    names = ("joined_right", "joined_wrong", "joined_unheard")
    try:
        totals = json.loads(path.read_text())["totals"]
    except (OSError, ValueError, KeyError):
        return dict.fromkeys(names, 0)
    return {name: int(totals.get(name, 0)) for name in names}


def add_far_end(figures: dict[str, Any], carrier_report: Path) -> None:
    """Judge the joins by the carrier's ears too: a lead must have heard its own agent, and nobody else.

    A wrong voice at either end counts as joined wrongly.
    """
    try:
        report = json.loads(carrier_report.read_text())
    except (OSError, ValueError):
        return
    by_number: dict[str, list[Call]] = {}
    for call in Call.objects.filter(connected_at__isnull=False):
        by_number.setdefault(call.number[-10:], []).append(call)
    right = wrong = 0
    for record in report.get("calls", []):
        voices = set(record["voices"])
        ours = {f"agent:{call.agent_id}" for call in by_number.get(record["number"][-10:], [])}
        right += bool(voices) and voices <= ours
        wrong += not voices <= ours
    figures["far_end_heard_right"], figures["far_end_heard_wrong"] = right, wrong
    figures["joined_wrong"] += wrong
    figures["far_end"] = {
        "invites": report["totals"].get("invites", 0),
        "answered": report["totals"].get("answered", 0),
        "crossed_cancel": report["totals"].get("crossed_cancel", 0),
    }


def refusals(campaign: Campaign) -> dict[str, int]:
    """Reason → how many leads or numbers were refused for it."""
    rows = Decision.objects.filter(campaign=campaign.pk).exclude(reason="").values_list("reason")
    return dict(rows.annotate(n=Count("subject", distinct=True)).order_by("reason"))


def dialed_twice(calls: Sequence[Call]) -> int:
    """Leads that had two calls at once, or a second one after somebody had answered."""
    by_lead: dict[int, list[Call]] = {}
    for call in calls:
        if call.lead_id:
            by_lead.setdefault(call.lead_id, []).append(call)
    return sum(_twice(several) for several in by_lead.values())


def _twice(calls: list[Call]) -> bool:
    for before, after in pairwise(calls):
        if before.answered_at or before.ended_at is None or before.ended_at > after.placed_at:
            return True
    return False


def spread_ms(pairs: Iterable[tuple[datetime | None, datetime | None]]) -> dict[str, float | None]:
    """p50 and p99 of the time between two moments, in milliseconds; None where there was nothing to measure."""
    values = sorted((b - a).total_seconds() * 1000 for a, b in pairs if a is not None and b is not None)
    if not values:
        return {"p50": None, "p99": None}
    at = {"p50": len(values) // 2, "p99": min(len(values) - 1, int(len(values) * 0.99))}
    return {name: round(values[index], 1) for name, index in at.items()}


def rate(moments: Sequence[datetime]) -> float:
    """Calls a second between the first and the last."""
    if len(moments) < 2:
        return 0.0
    return round((len(moments) - 1) / max(0.001, (moments[-1] - moments[0]).total_seconds()), 2)


def peak_lines(calls: Sequence[Call]) -> int:
    """The most calls at once."""
    steps = [(call.placed_at, 1) for call in calls] + [(call.ended_at, -1) for call in calls if call.ended_at]
    now = most = 0
    for _at, change in sorted(steps):
        now += change
        most = max(most, now)
    return most


def problems(figures: dict[str, Any]) -> list[str]:
    """What does not reconcile, in words; empty where all is well."""
    found = []
    outcomes = sum(figures[name] for name in set(COUNTED.values()))
    if figures["placed"] != outcomes + figures["unresolved"]:
        found.append(f"placed {figures['placed']} is not the sum of outcomes {outcomes} and unresolved")
    if figures["answered"] != sum(figures[name] for name in ANSWERED):
        found.append("answered is not connected + abandoned + machine")
    if figures["unresolved"]:
        found.append(f"{figures['unresolved']} calls have no outcome")
    if figures["dialed_twice"]:
        found.append(f"{figures['dialed_twice']} leads were dialed twice")
    if figures["joined_wrong"]:
        found.append(f"{figures['joined_wrong']} conversations were joined wrongly")
    return found
