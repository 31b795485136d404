"""What columns are called, and which lead field each probably holds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from .numbers import NumberProblem, read_number, unwrap

NAME_LENGTH = 60
LIKELY_SHARE = 0.6
"""So much of a column's samples must be phone numbers for it to be taken for one whatever it is called."""

ALIASES: dict[str, tuple[str, ...]] = {
    "phone:mobile": ("mobile", "cell", "cellphone", "mobilephone", "cellularphone", "handy", "phonemobile"),
    "phone:home": ("homephone", "phonehome", "homenumber"),
    "phone:work": ("workphone", "phonework", "businessphone", "officephone", "work", "daytimephone"),
    "phone": (
        *(
            "phone",
            "phonenumber",
            "telephone",
            "tel",
            "telephonenumber",
            "primaryphone",
            "mainphone",
            "number",
        ),
        *(
            "contactnumber",
            "phone1",
            "phone2",
            "phone3",
            "altphone",
            "alternatephone",
            "otherphone",
            "msisdn",
        ),
    ),
    "first_name": ("firstname", "first", "fname", "givenname", "forename"),
    "last_name": ("lastname", "last", "lname", "surname", "familyname"),
    "name": ("name", "fullname", "contactname", "customername", "contact", "leadname"),
    "company": ("company", "companyname", "organisation", "organization", "business", "employer", "account"),
    "email": ("email", "emailaddress", "mail"),
    "address": ("address", "address1", "street", "streetaddress", "addressline1", "mailingaddress"),
    "city": ("city", "town", "locality"),
    "state": ("state", "province", "region", "stateprovince", "st"),
    "postal_code": ("zip", "zipcode", "postalcode", "postcode", "zippostalcode", "zip5"),
    "country": ("country", "countrycode"),
    "time_zone": ("timezone", "tz"),
    "external_id": ("id", "leadid", "externalid", "customerid", "accountnumber", "recordid", "contactid"),
    "consent:kind": ("consent", "consentkind", "consenttype"),
    "consent:given_at": ("consentat", "consentdate", "consentgivenat", "consentgiven"),
    "consent:expires_at": ("consentexpires", "consentexpiresat", "consentexpiry"),
    "consent:means": ("consentmeans", "consentchannel"),
    "consent:scope": ("consentscope", "consentsubject"),
    "consent:text": ("consenttext", "consentwording", "consentlanguage"),
    "consent:source": ("consentsource", "consenturl"),
    "notes": ("notes", "note", "comments", "comment", "remarks"),
}
"""Lead field → what files call it, in small letters without spaces and signs."""
_FIELD_OF = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
SINGLE = frozenset(field for field in ALIASES if not field.startswith("phone"))
"""Fields that only one column can fill."""


def squeeze(name: str) -> str:
    """``First Name`` and ``first_name`` as ``firstname``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def looks_like_header(first: Sequence[str], rest: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: it holds no phone number, and a known name or rows unlike it
    below.
    """
    if any(_is_phone(cell) for cell in first):
        return False
    known = any(squeeze(cell) in _FIELD_OF for cell in first)
    return known or any(_is_phone(cell) for row in rest for cell in row)


def name_columns(first: Sequence[str], has_header: bool) -> list[str]:
    """A name for every column, each once: “Phone”, “Phone (2)”, “Column 3”."""
    seen: Counter[str] = Counter()
    names = []
    for position, cell in enumerate(first, start=1):
        name = (
            " ".join(cell.replace("\0", "").split())[:NAME_LENGTH] if has_header else ""
        ) or f"Column {position}"
        seen[name.lower()] += 1
        names.append(name if seen[name.lower()] == 1 else f"{name} ({seen[name.lower()]})")
    return names


def suggest(columns: Sequence[str], samples: Sequence[Sequence[str]]) -> dict[str, str]:
    """Column index (as text) → lead field, for the columns whose name or content tells it."""
    mapping: dict[str, str] = {}
    for index, name in enumerate(columns):
        field = _FIELD_OF.get(squeeze(re.sub(r"\(\d+\)$", "", name)))
        if field is None and _holds_phones(samples, index):
            field = "phone"
        if field is not None and not (field in SINGLE and field in mapping.values()):
            mapping[str(index)] = field
    return mapping


def _holds_phones(samples: Sequence[Sequence[str]], index: int) -> bool:
    cells = [row[index] for row in samples if index < len(row) and row[index].strip()]
    return bool(cells) and sum(_is_phone(cell) for cell in cells) >= LIKELY_SHARE * len(cells)


def _is_phone(cell: str) -> bool:
    try:
        read_number(unwrap(cell), "US")
    except NumberProblem:
        return False
    return True
