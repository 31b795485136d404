"""A campaign's live settings as the floor's panel reads and changes them: thin over ``save_campaign``."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from msgspec import UNSET, UnsetType

from accounts.choices import Capability
from accounts.models import User
from campaigns.access import access_campaign
from campaigns.history import SettingsChange, recent_changes, setting_name
from campaigns.lawful import held_back, lawful_rule
from campaigns.services.save_campaign import LIVE_SETTINGS, save_campaign
from dialer.live.commands import Arguments


class LiveValues(Arguments, frozen=True, kw_only=True):
    """Some of the settings; what is left out is not meant. Shares are parts of one."""

    method: str | UnsetType = UNSET
    dial_ratio: float | UnsetType = UNSET
    abandon_limit: float | UnsetType = UNSET
    abandon_target: float | UnsetType | None = UNSET
    line_limit: int | UnsetType = UNSET


class ChangeArguments(Arguments, frozen=True, kw_only=True):
    """New values for a campaign, and those that the person saw when choosing them."""

    campaign: int
    values: LiveValues
    seen: LiveValues


class BadValue(Exception):
    """A value that cannot be; the message says which and what would do."""


def live_settings(person: User, campaign_id: int) -> dict[str, Any]:
    """The settings, what the law allows, and who changed what last. Raises ``Http404`` or ``PermissionDenied``."""
    campaign = access_campaign(person, campaign_id, Capability.SEE_SETUP)
    rule = lawful_rule(campaign)
    return {
        "campaign": campaign.pk,
        "values": {name: getattr(campaign, name) for name in LIVE_SETTINGS},
        "lawful": {"limit": rule.limit, "measured_over": str(rule.window), "citation": rule.citation},
        "held_back": held_back(campaign, rule),
        "changes": [_change_view(change) for change in recent_changes(campaign)],
    }


def change_settings(person: User, args: ChangeArguments) -> dict[str, Any]:
    """Save, and answer with the settings as they stand now.

    Raises ``BadValue``, ``SettingsChanged``, ``Http404`` or ``PermissionDenied``.
    """
    campaign = access_campaign(person, args.campaign, Capability.EDIT_CAMPAIGNS)
    try:
        save_campaign(campaign, person, _given(args.values), seen=_given(args.seen))
    except ValidationError as error:
        raise BadValue(_sentences(error)) from error
    return live_settings(person, args.campaign)


def _given(values: LiveValues) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(values)
    return found


def _sentences(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"{setting_name(name)}: {' '.join(problem.messages)}"
        for name, problems in error.error_dict.items()
        for problem in problems
    )


def _change_view(change: SettingsChange) -> dict[str, Any]:
    return {
        "at": change.at.timestamp(),
        "by": change.by,
        "settings": [
            {"name": each.name, "before": each.before, "after": each.after} for each in change.settings
        ],
    }
