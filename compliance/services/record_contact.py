"""Keep that somebody was abandoned or talked with: lock-outs are counted from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ..choices import ContactKind
from ..clock import gate_time
from ..models import Contact
from ..numbers import to_digits


class Met(NamedTuple):
    """One contact: ``number`` is E.164, ``subject`` whose attempts are counted together, ``at`` when it ended, in real
    time."""

    organisation: int
    number: str
    subject: str
    campaign: int
    call: str
    kind: ContactKind | str
    at: datetime


def record_contacts(met: Iterable[Met]) -> None:
    """One a call and kind: told twice it is kept once, with what was said first.

    Raises ``ValueError`` for a number or kind that is none.
    """
    Contact.objects.bulk_create([_contact(each) for each in met], ignore_conflicts=True)


def _contact(met: Met) -> Contact:
    return Contact(
        organisation_id=met.organisation,
        number=to_digits(met.number),
        subject=met.subject,
        campaign=met.campaign,
        call=met.call,
        kind=ContactKind(met.kind),
        at=gate_time(met.at),
    )
