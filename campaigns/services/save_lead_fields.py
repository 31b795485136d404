"""Keep what an agent learned about a lead during a call."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from campaigns.models import Lead
from compliance.law.places import UnknownPlace, tidy_state

from .classify_leads import PLACE_FIELDS, classify

TEXT_FIELDS = frozenset(
    {"first_name", "last_name", "company", "email", "address", "city", "state", "postal_code", "notes"}
)
"""What agents may change; numbers and zones decide who may be called when, and are not among them."""
CUSTOM_LENGTH = 1000


class BadField(ValueError):
    """A field that may not be changed, or a value that does not fit; the message says which."""


@transaction.atomic
def save_lead_fields(lead_id: int, campaign_id: int, fields: dict[str, Any]) -> dict[str, Any]:
    """Write these fields (``custom`` merges) and return them as stored. Raises ``BadField``; nothing is half
    saved.
    """
    lead = Lead.objects.select_for_update().filter(pk=lead_id, lead_list__campaign=campaign_id).first()
    if lead is None:
        raise BadField("The lead is no longer in this campaign.")
    for name, value in fields.items():
        if name == "custom":
            lead.custom = {**lead.custom, **_custom(value)}
        else:
            setattr(lead, name, _text(lead, name, value))
    lead.save(update_fields=[*fields])
    if PLACE_FIELDS & fields.keys():
        classify([lead_id])
    return {name: getattr(lead, name) for name in fields}


def _text(lead: Lead, name: str, value: Any) -> str:
    if name not in TEXT_FIELDS:
        raise BadField(f"“{name}” cannot be changed in the console.")
    longest = lead._meta.get_field(name).max_length  # type: ignore[union-attr]
    if not isinstance(value, str) or (longest and len(value) > longest):
        raise BadField(f"“{name}” must be a text of at most {longest or 'any'} characters.")
    try:
        return tidy_state(value, lead.country) if name == "state" else value.strip()
    except UnknownPlace as unknown:
        raise BadField(str(unknown)) from unknown


def _custom(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(text, str) and len(text) <= CUSTOM_LENGTH for text in value.values()
    ):
        raise BadField(f"Custom fields must be texts of at most {CUSTOM_LENGTH} characters.")
    return value
