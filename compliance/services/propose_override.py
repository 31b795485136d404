"""Change a rule of law for one organisation: tighter at once, looser once a second person has approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from accounts.access import check_capability
from accounts.choices import Capability
from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..evidence import chain
from ..law.catalogue import changeable, find, plain_values, why_senseless
from ..law.loading import Row
from ..law.overrides import loosened, merged, read_values
from ..models import Override

LONGEST_LOOSENING = timedelta(days=366)
REASON_LENGTH = 400


@transaction.atomic
def propose_override(
    organisation: Organisation,
    actor: User,
    rule: str,
    values: Mapping[str, Any],
    reason: str,
    *,
    today: date,
    effective: date | None = None,
    ends: date | None = None,
) -> Override:
    """Write the change. ``values`` are fields of the rule as JSON; those that are as in the law are left out.

    What is tighter in every field holds from ``effective`` (None: ``today``, on the organisation's clock); anything
    else waits for ``approve_override`` and must end. Raises ``ValidationError``, which says what to do, and
    ``PermissionDenied``.
    """
    check_capability(actor, Capability.MANAGE_RULES)
    chain.lock({organisation.pk})
    row = _row(rule)
    changed = _changed(row, values)
    new = _read(row, changed)
    loosens = bool(loosened(new, row, changed))
    begins = effective or today
    _check_time(begins, ends, today, loosens)
    _check_together(organisation, row, changed, today)
    if not reason.strip():
        raise ValidationError({"reason": "Say why: the reason is kept with the change."})
    override = Override.objects.create(
        organisation=organisation,
        rule=rule,
        value=changed,
        reason=reason.strip()[:REASON_LENGTH],
        loosens=loosens,
        effective=begins,
        ends=ends,
        proposed_by=actor,
    )
    record_audit(
        organisation,
        actor,
        "override.proposed" if loosens else "override.tightened",
        rule,
        {name: plain_values(row)[name] for name in changed},
        {**changed, "reason": override.reason, "from": begins.isoformat(), "ends": ends and ends.isoformat()},
    )
    return override


def _row(rule: str) -> Row:
    row = find(rule)
    if row is None:
        raise ValidationError(f"There is no rule of law called {rule!r}.")
    return row


def _changed(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the law, in the form in which it is kept."""
    unknown = sorted(set(values) - set(changeable(row)))
    if unknown:
        known = ", ".join(changeable(row))
        raise ValidationError(f"{row.id} has no {', '.join(unknown)}. It can be changed in: {known}.")
    new, old = plain_values(_read(row, values)), plain_values(row)
    changed = {name: new[name] for name in values if new[name] != old[name]}
    if not changed:
        raise ValidationError(
            "This is what the law says already. Change a value, or leave the rule as it is."
        )
    return changed


def _read(row: Row, values: Mapping[str, Any]) -> Row:
    try:
        new = read_values(row, values)
    except msgspec.ValidationError as error:
        raise ValidationError(f"A value cannot be taken: {error}.") from error
    if why := why_senseless(new, values):
        raise ValidationError(why)
    return new


def _check_time(begins: date, ends: date | None, today: date, loosens: bool) -> None:
    if begins < today:
        raise ValidationError({"effective": "A change holds from today at the earliest."})
    if ends is not None and ends <= begins:
        raise ValidationError({"ends": "It must end after the day on which it begins."})
    if loosens and ends is None:
        raise ValidationError(
            {"ends": "What is looser than the law must end: give the first day without it."}
        )
    if loosens and ends is not None and ends - begins > LONGEST_LOOSENING:
        raise ValidationError(
            {"ends": f"What is looser than the law ends within {LONGEST_LOOSENING.days} days."}
        )


def _check_together(organisation: Organisation, row: Row, changed: Mapping[str, Any], today: date) -> None:
    """All changes of the rule hold side by side, the strictest of each field: they must still make sense."""
    others = Override.objects.filter(
        Q(ends=None) | Q(ends__gt=today), organisation=organisation, rule=row.id, withdrawn_at=None
    )
    _read(row, merged([*others.order_by("id").values_list("value", flat=True), changed]))
