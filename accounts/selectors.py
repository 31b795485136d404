"""Reading people and the audit log."""

from __future__ import annotations

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.functions import Lower

from .choices import Role
from .models import AuditEntry, User

ROLE_ORDER = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AGENT, Role.READER)


def people_of(user: User) -> QuerySet[User]:
    """Everybody in the person's organisation: open accounts first, then by role and name."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(ROLE_ORDER)),
        output_field=IntegerField(),
    )
    people = User.objects.filter(organisation=user.organisation_id)
    return people.order_by("-is_active", rank, Lower("last_name"), Lower("username"))


def audit_of(user: User, *, actor: str = "", action: str = "") -> QuerySet[AuditEntry]:
    """The organisation's log, newest first; ``actor`` and ``action`` are beginnings of the stored words."""
    entries = AuditEntry.objects.filter(organisation=user.organisation_id)
    if actor:
        entries = entries.filter(actor__istartswith=actor)
    if action:
        entries = entries.filter(action__istartswith=action)
    return entries.order_by("-id")
