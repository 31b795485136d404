"""Make a trunk or change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.models import Campaign
from dialer.calls.models import Trunk

from .set_trunk_password import set_trunk_password

SETTINGS = (
    *("name", "host", "port", "transport", "username", "register", "srtp", "verify_tls", "channel_limit"),
    *("cps_limit", "number_prefix", "plus", "from_domain", "priority", "enabled", "signer_id"),
)


@transaction.atomic
def save_trunk(
    trunk: Trunk,
    actor: User | str,
    values: Mapping[str, Any],
    campaigns: Iterable[Campaign] | None = None,
    password: str | None = None,
) -> Trunk:
    """Write these settings; each change raises ``version``, by which line nodes see that the trunk is a new
    one.

    ``trunk`` is stored or new with its organisation set; ``campaigns`` None and ``password`` None leave them
    as they are, an empty password takes it away. Raises ``django.core.exceptions.ValidationError``.
    """
    new = trunk.pk is None
    before = {} if new else _settings(Trunk.objects.get(pk=trunk.pk))
    for name, value in values.items():
        setattr(trunk, name, value)
    trunk.full_clean(exclude=["password_sealed"])
    if trunk.signer and (trunk.signer.organisation_id != trunk.organisation_id or not trunk.signer.active):
        raise ValidationError({"signer": "This signer cannot be used. Choose one that is in use."})
    changed = new or before != _settings(trunk)
    if changed and not new:
        trunk.version += 1
    trunk.save()
    if campaigns is not None:
        trunk.campaigns.set(campaigns)
    if changed:
        _audit(trunk, actor, before, new)
    if password is not None:
        set_trunk_password(trunk, actor, password)
    return trunk


def _settings(trunk: Trunk) -> dict[str, Any]:
    return {name: getattr(trunk, name) for name in SETTINGS}


def _audit(trunk: Trunk, actor: User | str, before: dict[str, Any], new: bool) -> None:
    after = _settings(trunk)
    touched = [name for name in SETTINGS if new or before[name] != after[name]]
    record_audit(
        trunk.organisation,
        actor,
        "trunk.created" if new else "trunk.changed",
        trunk.name,
        {name: before[name] for name in touched if name in before},
        {name: after[name] for name in touched},
    )
