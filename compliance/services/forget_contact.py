"""Take back that calls were contacts."""

from __future__ import annotations

from collections.abc import Collection

from ..choices import ContactKind
from ..models import Contact


def forget_contacts(calls: Collection[str], kind: ContactKind) -> int:
    """How many there were to take back."""
    return Contact.objects.filter(call__in=calls, kind=kind).delete()[0]
