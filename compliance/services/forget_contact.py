"""Take back that a call was a contact."""

from __future__ import annotations

from ..choices import ContactKind
from ..models import Contact


def forget_contact(call: str, kind: ContactKind) -> bool:
    """Whether there was one to take back."""
    return bool(Contact.objects.filter(call=call, kind=kind).delete()[0])
