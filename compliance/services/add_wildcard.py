"""Block all numbers that begin in a certain way."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..lists.registry import THE_REGISTRY
from ..models import Wildcard

SEPARATORS = re.compile(r"[\s().-]+")
NANP = re.compile(r"1?([2-9]\d{2}(?:\d{3,6})?)")
ABROAD = re.compile(r"\+([1-9]\d{1,13})")
NOTE_LENGTH = 200


def read_prefix(text: str) -> int:
    """``212``, ``212-555`` and ``+1 212`` as 1212 and 1212555; a country's only with its plus. ``ValidationError``."""
    plain = SEPARATORS.sub("", text)
    found = NANP.fullmatch(plain.removeprefix("+1") if plain.startswith("+1") else plain)
    if found is not None and (plain.startswith("+1") or not plain.startswith("+")):
        return int("1" + found[1])
    abroad = ABROAD.fullmatch(plain)
    if abroad is None or plain.startswith("+1"):
        raise ValidationError(
            {"begins": "Give an area code (212), an exchange (212-555), or another country's prefix (+4470)."}
        )
    return int(abroad[1])


@transaction.atomic
def add_wildcard(
    organisation: Organisation, prefix: str, actor: User | str, note: str = "", campaign: int | None = None
) -> Wildcard:
    """It holds from the commit on: in this process at once, in all others within a second.

    Adding it twice changes nothing. Raises ``ValidationError`` for what is no prefix.
    """
    made, new = Wildcard.objects.get_or_create(
        organisation=organisation,
        prefix=read_prefix(prefix),
        campaign=campaign,
        defaults={
            "note": note.strip()[:NOTE_LENGTH],
            "created_by": actor.username if isinstance(actor, User) else actor,
        },
    )
    if new:
        record_audit(organisation, actor, "wildcard.added", f"+{made.prefix}", after={"campaign": campaign})
    THE_REGISTRY.forget()
    transaction.on_commit(THE_REGISTRY.forget)
    return made
