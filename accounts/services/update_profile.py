"""Change what a person may change of their own account."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User

from .record_audit import record_audit

FIELDS = ("first_name", "last_name", "email", "shortcuts_enabled")


@transaction.atomic
def update_profile(
    person: User, *, first_name: str, last_name: str, email: str, shortcuts_enabled: bool
) -> bool:
    """Whether anything changed. Raises ``ValidationError`` for a value that does not fit."""
    wanted = dict(zip(FIELDS, (first_name, last_name, email, shortcuts_enabled), strict=True))
    stored = User.objects.values(*FIELDS).get(pk=person.pk)
    changed = {name: value for name, value in wanted.items() if stored[name] != value}
    if not changed:
        return False
    for name, value in changed.items():
        setattr(person, name, value)
    person.full_clean()
    person.save(update_fields=list(changed))
    before = {name: stored[name] for name in changed}
    record_audit(person.organisation, person, "person.profile_changed", person.username, before, changed)
    return True
