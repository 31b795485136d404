"""Write the log of changes that people and keys make."""

from __future__ import annotations

from typing import Any

from accounts.models import AuditEntry, Organisation, User

TARGET_LENGTH = 160


def record_audit(
    organisation: Organisation,
    actor: User | str,
    action: str,
    target: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Keep one change; call it in the transaction of the change, so that both are kept or neither.

    ``action`` reads ``thing.verb`` (``campaign.started``); ``target`` names the object for a person.
    ``before`` and ``after`` hold only what changed, as JSON, and never a secret.
    """
    return AuditEntry.objects.create(
        organisation=organisation,
        actor=actor.username if isinstance(actor, User) else actor,
        action=action,
        target=target[:TARGET_LENGTH],
        before=before or {},
        after=after or {},
    )
