"""Why a dial is forbidden: every rule by itself, from all that ever happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from . import hours, ledger, places
from .world import KnownList, World

ZONES = available_timezones()
NEEDED_REGISTRIES = ("US", "CA", "GB")
KNOWN_LAW = ("US", "CA", "GB", "GG", "IM", "JE")
"""Of other countries no hours are known, so they are not called."""
DAY = timedelta(days=1)
CAPS = [
    ("us-fl-calls", "US-FL", ("sales",), 3, DAY, ("number", "subject"), True),
    ("us-ok-calls", "US-OK", ("sales",), 3, DAY, ("number", "subject"), True),
    ("us-md-calls", "US-MD", ("sales", "survey"), 3, DAY, ("number", "subject"), True),
    ("us-me-calls", "US-ME", ("sales",), 1, timedelta(hours=8), ("number",), False),
    ("us-debt-calls", "US", ("collection",), 7, 7 * DAY, ("subject",), False),
    ("us-ma-debt-calls", "US-MA", ("collection",), 2, 7 * DAY, ("subject",), False),
]
"""Rule, place, purposes, how many dials within what, counted by, only about the same matter."""
LOCKS = [
    ("gb-abandoned", ("GB", "GG", "IM", "JE"), "abandoned", 72, ("number", "subject"), True, None),
    ("us-abandoned", ("US",), "abandoned", 0, ("number", "subject"), True, None),
    ("ca-abandoned", ("CA",), "abandoned", 0, ("number", "subject"), True, None),
    ("us-debt-conversation", ("US",), "conversation", 168, ("subject",), False, "collection"),
]
"""Rule, places, after what, hours, counted by, whether an agent who waits already may, only for this purpose."""


def why_forbidden(request, world: World, now: datetime) -> set[str]:
    """The names of all rules that forbid it; empty: it is lawful."""
    found = set()
    if not 2025 <= now.year < 2100:
        found.add("clock")
    if request.dialing_stopped:
        found.add("stopped")
    if not request.campaign_dialing:
        found.add("campaign_status")
    if not may_be_dialed(request.number):
        return found | {"invalid_number", "unknown_place", "unknown_zone"}
    number = int(request.number[1:])
    found |= _of_lists(request, number, world, now)
    where = places.where(request.number, request.postal_code, request.state)
    bad_zone = request.time_zone.strip() and request.time_zone.strip() not in ZONES
    if where is None or bad_zone:
        found |= {"unknown_place", "unknown_zone"}
    if where is not None:
        states, zones = where
        found |= _of_place(request, number, states, world, now)
        zones = zones | ({request.time_zone.strip()} if request.time_zone.strip() and not bad_zone else set())
        if not hours.allowed(states, zones, request.purpose, request.message, now, world.changed(now)):
            found.add("window")
        if any(state.split("-")[0] not in KNOWN_LAW for state in states):
            found |= {"window", "unknown_place"}
    return found | _of_campaign(request, world, now)


def may_be_dialed(number: str) -> bool:
    """A subscriber's number in E.164: of North America as NANPA has it, of elsewhere one that we know."""
    if not number.startswith("+1"):
        return number in places.ABROAD
    digits = number[2:]
    if len(digits) != 10 or any(digit not in "0123456789" for digit in digits):
        return False
    area, exchange, line = digits[:3], digits[3:6], digits[6:]
    if area[0] in "01" or exchange[0] in "01" or area[1:] == "11" or exchange[1:] == "11":
        return False
    return area != "900" and exchange != "976" and (exchange, line) != ("555", "1212")


def _of_lists(request, number: int, world: World, now: datetime) -> set[str]:
    found = {"own_dnc"} if number in world.own else set()
    for each in world.lists.values():
        if each.campaign not in (None, request.campaign):
            continue
        name = {"campaign": "campaign_dnc", "internal": "campaign_dnc", "litigator": "litigator"}.get(
            each.kind
        )
        if name and each.is_bad(now):
            found.add("list_unusable")
        if name and not each.damaged and number in (each.numbers or ()):
            found.add(name)
    for prefix, campaign in world.prefixes:
        if request.number[1:].startswith(prefix) and campaign in (None, request.campaign):
            found.add("wildcard")
    return found


def _of_place(request, number: int, states: set[str], world: World, now: datetime) -> set[str]:
    entries = ledger.in_force(world.entries[number], request.topic, now)
    wants = ledger.needed(states, request)
    found = set()
    if request.purpose == "sales" and not any(
        each.kind in ("written", "purchase", "inquiry") for each in entries
    ):
        found |= _of_registries(number, states, list(world.lists.values()), now)
    if any(not any(each.kind in want for each in entries) for want in wants):
        found.add("consent")
    if request.check_reassigned and ledger.may_have_changed_hands(
        request, entries, wants, world.answers[number], now
    ):
        found.add("reassigned")
    if _is_capped(request, states, world, now):
        found.add("cap")
    if _is_locked(request, states, world, now):
        found.add("locked_out")
    return found


def _of_registries(number: int, states: set[str], lists: list[KnownList], now: datetime) -> set[str]:
    found, countries = set(), {state.split("-")[0] for state in states}
    national = [each for each in lists if each.kind == "national"]
    of_states = [each for each in lists if each.kind == "state" and f"{each.country}-{each.state}" in states]
    if any(number in (each.numbers or ()) and not each.damaged for each in national):
        found.add("national_dnc")
    if any(number in (each.numbers or ()) and not each.damaged for each in of_states):
        found.add("state_dnc")
    needed = [each for each in national if each.country in countries] + of_states
    held = {each.country for each in national}
    if any(each.numbers is None or each.is_bad(now) for each in needed):
        found.add("list_unusable")
    if any(country in countries and country not in held for country in NEEDED_REGISTRIES):
        found.add("list_unusable")
    return found


def matter(request) -> str:
    """What a call is about: the campaign's topic, in capitals or not, or the campaign."""
    return request.topic.strip().lower() or f"campaign:{request.campaign}"


def _same_person(subject: str, number: str, request) -> bool:
    """The same lead; a dial by hand without one may have been about any lead of its number."""
    if subject.startswith("number:") or request.subject.startswith("number:"):
        return number == request.number
    return subject == request.subject


def _is_capped(request, states: set[str], world: World, now: datetime) -> bool:
    changed = world.changed(now)
    for rule, place, purposes, law, within, per, same_matter in CAPS:
        if request.purpose not in purposes or not _touches(place, states):
            continue
        limit = changed.get((rule, "limit"), law)
        dials = [
            dial
            for at, dial in world.dials
            if at > now - within and (not same_matter or matter(dial) == matter(request))
        ]
        if "number" in per and sum(dial.number == request.number for dial in dials) >= limit:
            return True
        if (
            "subject" in per
            and sum(_same_person(dial.subject, dial.number, request) for dial in dials) >= limit
        ):
            return True
    return False


def _is_locked(request, states: set[str], world: World, now: datetime) -> bool:
    changed = world.changed(now)
    for rule, where, after, law, per, agent_may, purpose in LOCKS:
        if purpose not in (None, request.purpose) or not any(_touches(place, states) for place in where):
            continue
        if agent_may and request.kind in ("preview", "manual"):
            continue
        lasts = timedelta(hours=changed.get((rule, "hours"), law))
        for at, kind, number, subject in world.contacts:
            same = _same_person(subject, number, request) or ("number" in per and number == request.number)
            if kind == after and same and at + lasts > now:
                return True
    return False


def _touches(place: str, states: set[str]) -> bool:
    return any(state == place or state.split("-")[0] == place for state in states)


def _of_campaign(request, world: World, now: datetime) -> set[str]:
    found = set()
    today = [dial for at, dial in world.dials if at > now - DAY and dial.subject == request.subject]
    used_up = request.attempts >= request.max_attempts and request.kind not in ("manual", "callback")
    if used_up or len(today) >= request.max_attempts:
        found.add("attempts")
    if not within_campaign_hours(request.hours, now):
        found.add("campaign_hours")
    offered = [world.callers[each.number] for each in request.caller_ids if each.number in world.callers]
    offered = [each for each in offered if each.active]
    if offered and not usable_caller_ids(request, world, now):
        found.add("caller_ids_rest")
    if not offered and not request.trunk_presents_caller_id:
        found.add("no_caller_id")
    return found


def usable_caller_ids(request, world: World, now: datetime) -> set[str]:
    """Those of the campaign that neither rest nor are used up on the organisation's day."""
    usable = set()
    for offer in request.caller_ids:
        each = world.callers.get(offer.number)
        if each is None or not each.active or (each.rests_until is not None and now < each.rests_until):
            continue
        today = sum(world.day(at) == world.day(now) for at in each.dials)
        if not each.daily_limit or today < each.daily_limit:
            usable.add(offer.number)
    return usable


def within_campaign_hours(hours_, now: datetime) -> bool:
    """On the organisation's clock; hours past midnight belong to the day on which they began."""
    local = now.astimezone(ZoneInfo(hours_.time_zone))
    clock, opened = local.time(), local.isoweekday()
    if hours_.closes <= hours_.opens:
        if clock < hours_.closes:
            opened = (local.date() - DAY).isoweekday()
        elif clock < hours_.opens:
            return False
    elif not hours_.opens <= clock < hours_.closes:
        return False
    return str(opened) in hours_.weekdays
