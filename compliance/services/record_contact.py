"""Keep that somebody was abandoned or talked with: lock-outs are counted from it."""

from __future__ import annotations

from datetime import datetime

from ..choices import ContactKind
from ..clock import gate_time
from ..models import Contact
from ..numbers import to_digits


def record_contact(
    organisation: int,
    number: str,
    subject: str,
    campaign: int,
    call: str,
    kind: ContactKind | str,
    at: datetime,
) -> None:
    """One a call and kind: told twice it is kept once, with what was said first.

    ``number`` is E.164, ``subject`` whose attempts are counted together, ``at`` when it ended, in real time. Raises
    ``ValueError`` for a number or kind that is none.
    """
    contact = Contact(
        organisation_id=organisation,
        number=to_digits(number),
        subject=subject,
        campaign=campaign,
        call=call,
        kind=ContactKind(kind),
        at=gate_time(at),
    )
    Contact.objects.bulk_create([contact], ignore_conflicts=True)
