"""How large a share of abandoned calls a campaign may be set to."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from accounts.models import Organisation
from compliance.clock import gate_now
from compliance.law.abandonment import AbandonmentRule, rule_of
from compliance.law.wording import share

from .models import Campaign


def lawful_rule(campaign: Campaign) -> AbandonmentRule:
    """What holds for the campaign today: the law where the organisation calls, with what it has tightened itself."""
    return rule_of(campaign.organisation, campaign.purpose, gate_now())


def lawful_rules(organisation: Organisation, purposes: Iterable[str]) -> dict[str, AbandonmentRule]:
    """Purpose → what holds today for the organisation's campaigns of it."""
    now = gate_now()
    return {purpose: rule_of(organisation, purpose, now) for purpose in purposes}


def check_limit(campaign: Campaign) -> None:
    """The limit is no higher than the rule's. Raises ``django.core.exceptions.ValidationError``."""
    rule = lawful_rule(campaign)
    if campaign.abandon_limit > rule.limit:
        words = f"At most {share(rule.limit)} may be abandoned ({rule.citation}, with your own changes)."
        raise ValidationError({"abandon_limit": words})


def check_target(campaign: Campaign) -> None:
    """The target is no higher than the limit. Raises ``django.core.exceptions.ValidationError``."""
    target, limit = campaign.abandon_target, campaign.abandon_limit
    if target is not None and target > limit:
        words = (
            f"The target may not be above the limit of {share(limit)}. Leave it empty to steer to the limit."
        )
        raise ValidationError({"abandon_target": words})


def held_back(campaign: Campaign, rule: AbandonmentRule) -> str:
    """What the law takes from the campaign's settings, in words; empty where they hold as they are."""
    if campaign.abandon_limit > rule.limit:
        return (
            f"Held to {share(rule.limit)} abandoned although {share(campaign.abandon_limit)} is set: "
            f"{rule.citation}, with your own changes."
        )
    return ""
