"""Change what agents may say of a call, and when leads are called again by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.choices import Meaning
from campaigns.events import announce_change
from campaigns.models import Campaign, Disposition, RecycleRule

from .changes import facts

DISPOSITION_FACTS = (
    "code",
    "name",
    "meaning",
    "retry_after_min",
    "is_machine",
    "key",
    "is_default",
    "active",
)


@transaction.atomic
def save_dispositions(campaign: Campaign, actor: User, rows: Sequence[Disposition]) -> None:
    """Write all dispositions of a campaign, in their order. None is ever deleted: calls refer to them.

    Raises ``ValidationError`` where the whole table does not work: a key used twice, not exactly one default,
    no way to say “do not call”.
    """
    check_dispositions(rows)
    before = [facts(each, DISPOSITION_FACTS) for each in campaign.dispositions.all()]
    for position, row in enumerate(rows):
        row.campaign, row.position = campaign, position
        row.full_clean()
        row.save()
    after = [facts(each, DISPOSITION_FACTS) for each in campaign.dispositions.all()]
    if before != after:
        record_audit(
            campaign.organisation,
            actor,
            "campaign.dispositions",
            campaign.name,
            {"dispositions": before},
            {"dispositions": after},
        )
        announce_change(campaign.pk)


def check_dispositions(rows: Iterable[Disposition]) -> None:
    """Raises ``ValidationError`` where the table as a whole does not work."""
    active = [row for row in rows if row.active]
    keys = [row.key for row in active if row.key]
    if len(keys) != len(set(keys)):
        raise ValidationError("Two dispositions have the same key. Give each its own, or none.")
    if sum(row.is_default for row in active) != 1:
        raise ValidationError("Exactly one active disposition is the default for a wrap-up that runs out.")
    if any(row.is_default and row.meaning == Meaning.CALLBACK for row in active):
        raise ValidationError("A callback needs a time, so it cannot be the default.")
    if not any(row.meaning == Meaning.DO_NOT_CALL for row in active):
        raise ValidationError(
            "Agents need a way to say “do not call”. Keep one disposition with that meaning."
        )


@transaction.atomic
def save_recycle_rules(campaign: Campaign, actor: User, wanted: dict[str, tuple[int, int]]) -> None:
    """Outcome → (minutes, most attempts) replaces the campaign's rules; an outcome left out is not called
    again.
    """
    before = _rules(campaign)
    if before == wanted:
        return
    campaign.recycle_rules.exclude(outcome__in=wanted).delete()
    for outcome, (minutes, attempts) in wanted.items():
        RecycleRule.objects.update_or_create(
            campaign=campaign,
            outcome=outcome,
            defaults={"retry_after_min": minutes, "max_attempts": attempts},
        )
    record_audit(
        campaign.organisation,
        actor,
        "campaign.recycling",
        campaign.name,
        {"rules": before},
        {"rules": wanted},
    )
    announce_change(campaign.pk)


def _rules(campaign: Campaign) -> dict[str, tuple[int, int]]:
    rules = campaign.recycle_rules.order_by("outcome")
    return {rule.outcome: (rule.retry_after_min, rule.max_attempts) for rule in rules}
