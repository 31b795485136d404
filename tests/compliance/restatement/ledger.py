"""Consents, relationships, revocations and reassigned numbers, from docs/consent.md and 47 CFR 64.1200."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

AGREED = {"written", "express"}
RELATED = {"purchase": 18, "inquiry": 3}
"""Kind → calendar months (47 CFR 64.1200(f)(5))."""
OPEN_COUNTRIES = ("US", "CA", "GB")
DATABASE_DAYS = 31


@dataclass(frozen=True)
class Entry:
    """What somebody agreed to, bought, asked or took back."""

    kind: str
    given_at: datetime
    expires_at: datetime | None = None
    scope: str = ""


@dataclass(frozen=True)
class Answer:
    """Of the Reassigned Numbers Database about a day."""

    asked: date
    answer: str
    answered_at: datetime


def months_later(moment: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    year, month = moment.year + (moment.month - 1 + months) // 12, (moment.month - 1 + months) % 12 + 1
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def in_force(entries: list[Entry], topic: str, now: datetime) -> list[Entry]:
    """What may be relied on for a call about ``topic``, the newest first."""
    revoked = [each.given_at for each in entries if each.kind == "revoked"]
    found = []
    for each in entries:
        if each.kind == "revoked" or each.given_at > now or (each.expires_at and each.expires_at <= now):
            continue
        if each.scope and each.scope.lower() != topic.lower():
            continue
        if each.kind in AGREED and any(moment >= each.given_at for moment in revoked):
            continue
        if each.kind in RELATED and (revoked or now >= months_later(each.given_at, RELATED[each.kind])):
            continue
        found.append(each)
    return sorted(found, key=lambda each: each.given_at, reverse=True)


def needed(states: set[str], request) -> list[set[str]]:
    """For each thing that must be shown, the kinds of entry that show it."""
    wants = [_of_place(state, request.purpose, request.message, request.kind) for state in states]
    wants = [want for several in wants for want in several]
    if request.consent_need == "express":
        wants.append(set(AGREED))
    if request.consent_need == "written":
        wants.append({"written"})
    return wants


def _of_place(state: str, purpose: str, message: str, kind: str) -> list[set[str]]:
    country, recorded = state.split("-")[0], message == "recorded"
    if country not in OPEN_COUNTRIES:
        if recorded:
            return [{"written"}]
        return [set(AGREED)] if purpose in ("sales", "charity") else []
    if country == "CA":
        return [set(AGREED)] if recorded and purpose in ("sales", "charity") else []
    if country == "GB":
        return [set(AGREED)] if recorded and purpose in ("sales", "charity", "survey") else []
    wants: list[set[str]] = []
    if recorded:
        wants.append({"written"} if purpose == "sales" else set(AGREED))
    if state == "US-FL" and purpose == "sales" and kind in ("auto", "api"):
        wants.append({"written", *RELATED})
    automated = kind in ("auto", "preview", "api")
    if automated and (state, purpose) in {("US-OK", "sales"), ("US-MD", "sales"), ("US-MD", "survey")}:
        wants.append({"written"})
    return wants


def may_have_changed_hands(
    request, entries: list[Entry], wants: list[set[str]], answers: list[Answer], now
) -> bool:
    """Whether the database does not vouch for every entry that the call rests on."""
    if wants:
        rests_on = [next((each for each in entries if each.kind in want), None) for want in wants]
    else:
        rests_on = [next(iter(entries), None)]
    return any(each is None or not _vouched(each, answers, now) for each in rests_on)


def _vouched(entry: Entry, answers: list[Answer], now: datetime) -> bool:
    day = entry.given_at.astimezone(ZoneInfo("America/New_York")).date()
    asked = [
        (each.answered_at, each.asked, place, each) for place, each in enumerate(answers) if each.asked <= day
    ]
    if not asked:
        return False
    newest = max(asked, key=lambda each: each[:3])[3]
    since = any(
        each.asked > day and each.answer == "yes" and each.answered_at >= newest.answered_at
        for each in answers
    )
    fresh = now - newest.answered_at <= timedelta(days=DATABASE_DAYS)
    return newest.answer == "no" and fresh and not since
