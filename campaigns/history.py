"""What was changed of a campaign, by whom and when, read from the audit log; and settings as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import AuditEntry
from compliance.law.wording import share

from .choices import Method
from .models import Campaign

CHANGED = "campaign.changed"
SHOWN = 5
WORDS_MAX = 60
"""A script's whole text is no line of a list."""
NAMES = {
    "method": "Method",
    "dial_ratio": "Lines for each ready agent",
    "abandon_limit": "Abandoned at most",
    "abandon_target": "Target",
    "line_limit": "Lines at once",
    "ring_limit_s": "Ring for (s)",
    "answer_wait_s": "Wait for an agent (s)",
    "wrapup_limit_s": "Wrap-up limit (s)",
    "preview_limit_s": "Preview limit (s)",
    "max_attempts": "Attempts a lead",
    "consent_need": "Consent it needs",
    "check_reassigned": "Reassigned numbers checked",
    "mask_numbers": "Numbers masked",
}
"""Setting → its name where it differs from the field's own."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What one person changed at one time."""

    at: datetime
    by: str
    settings: tuple[Difference, ...]


def recent_changes(campaign: Campaign, count: int = SHOWN) -> list[SettingsChange]:
    """The last changes of the campaign's settings, the newest first."""
    entries = AuditEntry.objects.filter(
        organisation=campaign.organisation_id,
        action=CHANGED,
        target=campaign.name,
        at__gte=campaign.created_at,
    )
    return [
        SettingsChange(entry.at, entry.actor, differences(entry.before, entry.after))
        for entry in entries[:count]
    ]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Both sides of each setting, in words."""
    return tuple(
        Difference(setting_name(name), setting_words(name, before.get(name)), setting_words(name, value))
        for name, value in after.items()
    )


def setting_name(name: str) -> str:
    """``line_limit`` as Lines at once."""
    return NAMES.get(name) or name.replace("_", " ").capitalize()


def setting_words(name: str, value: Any) -> str:
    """0.025 of ``abandon_limit`` as 2.5 %, no target as the limit that it then is."""
    if name == "abandon_target" and value is None:
        return "the limit"
    if name in ("abandon_limit", "abandon_target"):
        return share(value)
    if name == "method":
        return str(Method(value).label) if value in Method.values else str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    words = f"{value:g}" if isinstance(value, float) else str(value)
    return "none" if value in (None, "") else words if len(words) <= WORDS_MAX else f"{words[:WORDS_MAX]}…"
