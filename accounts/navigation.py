"""The entries of the top navigation, in their order, each with the capability that its page asks for."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from .choices import Capability
from .models import User


@dataclass(frozen=True)
class Entry:
    """One page in the navigation. ``setup`` puts it into the Set-up menu."""

    label: str
    view: str
    capability: Capability
    setup: bool = False


ENTRIES = (
    Entry("Console", "agents:console", Capability.TAKE_CALLS),
    Entry("Floor", "reporting:floor", Capability.WATCH_FLOOR),
    Entry("Calls", "reporting:calls", Capability.SEE_CALLS),
    Entry("Campaigns", "campaigns:campaigns", Capability.SEE_SETUP),
    Entry("Leads", "campaigns:lists", Capability.SEE_SETUP),
    Entry("Trunks", "calls:trunks", Capability.MANAGE_TRUNKS, setup=True),
    Entry("Caller IDs", "compliance:caller_ids", Capability.MANAGE_TRUNKS, setup=True),
    Entry("Do not call", "compliance:dnc", Capability.MANAGE_DNC, setup=True),
    Entry("Integrations", "integrations:hooks", Capability.MANAGE_INTEGRATIONS, setup=True),
    Entry("People", "accounts:people", Capability.MANAGE_PEOPLE, setup=True),
    Entry("Organisation", "accounts:organisation", Capability.MANAGE_PEOPLE, setup=True),
    Entry("Audit log", "accounts:audit", Capability.MANAGE_PEOPLE, setup=True),
)


@dataclass(frozen=True)
class Link:
    """An entry as the frame draws it."""

    label: str
    url: str
    current: bool


def links(user: User, path: str, *, setup: bool) -> list[Link]:
    """The pages the person may open; the one whose address begins ``path`` the longest is current."""
    allowed = [entry for entry in ENTRIES if user.can(entry.capability)]
    urls = {entry: reverse(entry.view) for entry in allowed}
    current = max((url for url in urls.values() if path.startswith(url)), key=len, default="")
    return [Link(e.label, urls[e], urls[e] == current) for e in allowed if e.setup is setup]
