"""Which column goes where: the fields on offer, and whether a mapping can be used."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from .headers import SINGLE
from .problems import BadFile

__all__ = ["FIELD_CHOICES", "BadMapping", "check_mapping", "custom_name", "read_options"]

FIELD_CHOICES: tuple[tuple[str, str], ...] = (
    ("", "Leave out"),
    ("phone", "Phone"),
    ("phone:mobile", "Mobile phone"),
    ("phone:home", "Home phone"),
    ("phone:work", "Work phone"),
    ("first_name", "First name"),
    ("last_name", "Last name"),
    ("name", "Whole name"),
    ("company", "Company"),
    ("email", "E-mail"),
    ("address", "Address"),
    ("city", "City"),
    ("state", "State"),
    ("postal_code", "ZIP or postal code"),
    ("country", "Country"),
    ("time_zone", "Time zone"),
    ("external_id", "Your own id"),
    ("notes", "Notes"),
    ("consent:kind", "Consent: kind"),
    ("consent:given_at", "Consent: given"),
    ("consent:expires_at", "Consent: good until"),
    ("consent:means", "Consent: how it came"),
    ("consent:scope", "Consent: subject"),
    ("consent:text", "Consent: wording"),
    ("consent:source", "Consent: source"),
    ("custom", "Field of its own name"),
)
KNOWN = frozenset(value for value, _ in FIELD_CHOICES if value and value != "custom")
CONSENT_NEEDED = frozenset({"consent:kind", "consent:given_at"})
CUSTOM_NAME = re.compile(r"[\w .()/-]{1,60}")


class BadMapping(BadFile):
    """The mapping cannot be used; the message says what to change."""


def check_mapping(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    """The mapping without what is left out. Raises ``BadMapping``."""
    chosen = {index: target for index, target in mapping.items() if target}
    for index, target in chosen.items():
        if not index.isdecimal() or int(index) >= len(columns):
            raise BadMapping("A column was mapped that the file does not have. Load the page again.")
        kind, _, name = target.partition(":")
        if target not in KNOWN and not (kind == "custom" and CUSTOM_NAME.fullmatch(name)):
            raise BadMapping(f"“{target[:60]}” is not a field of a lead.")
    for field in SINGLE:
        if list(chosen.values()).count(field) > 1:
            label = dict(FIELD_CHOICES)[field]
            raise BadMapping(f"Two columns go to “{label}”. Choose one of them.")
    consents = {target for target in chosen.values() if target.startswith("consent:")}
    if consents and not consents >= CONSENT_NEEDED:
        raise BadMapping(
            "A consent needs its kind and the day it was given. Choose the columns that hold them."
        )
    if not any(target.split(":")[0] == "phone" for target in chosen.values()):
        raise BadMapping("No column holds the phone number. Choose the one that does.")
    return chosen


def custom_name(column: str) -> str:
    """A column's name as the name of a custom field."""
    return re.sub(r"[^\w .()/-]", " ", column).strip()[:60] or "Column"


def read_options(options: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """A mapping from ``Header=field`` texts. Raises ``BadMapping`` naming the headers that there are."""
    mapping: dict[str, str] = {}
    places = {name.lower(): str(index) for index, name in enumerate(columns)}
    for option in options:
        header, found, target = option.rpartition("=")
        index = places.get(header.strip().lower())
        if not found or index is None:
            raise BadMapping(f"“{option}” names no column of the file. Its columns: {', '.join(columns)}.")
        target = target.strip()
        mapping[index] = f"custom:{custom_name(columns[int(index)])}" if target == "custom" else target
    return mapping
