"""The organisation that a command is about."""

from __future__ import annotations

from django.core.management.base import CommandError

from accounts.models import Organisation

SHOWN = 10


def find_organisation(name: str | None) -> Organisation:
    """By name; without one the only organisation there is. Raises ``CommandError`` that says what to give."""
    if name is not None:
        try:
            return Organisation.objects.get(name=name)
        except Organisation.DoesNotExist:
            raise CommandError(f"There is no organisation “{name}”.") from None
    every = list(Organisation.objects.order_by("name")[:SHOWN])
    if len(every) != 1:
        names = ", ".join(organisation.name for organisation in every) or "none yet"
        raise CommandError(f"Say which with --organisation. There are: {names}.")
    return every[0]
