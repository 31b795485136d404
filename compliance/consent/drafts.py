"""Entries before they are written: what must be true of one, in words for whoever brings it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from ..choices import ConsentKind, ConsentMeans
from ..numbers import normalise, to_digits
from .ledger import NAMES, expiry_of
from .moments import BadMoment, read_moment

CLOCK_SKEW = timedelta(minutes=5)
"""So far may another system's clock be ahead of ours."""
NANP_COUNTRIES = frozenset({"US", "CA"})
PLAIN = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d\d)\)?[ .-]?([2-9]\d\d)[ .-]?(\d{4})")
SCOPE_LENGTH, TEXT_LENGTH, SOURCE_LENGTH = 120, 20_000, 200
ALIASES = {
    "written": ConsentKind.WRITTEN,
    "pewc": ConsentKind.WRITTEN,
    "express": ConsentKind.EXPRESS,
    "pec": ConsentKind.EXPRESS,
    "purchase": ConsentKind.PURCHASE,
    "customer": ConsentKind.PURCHASE,
    "inquiry": ConsentKind.INQUIRY,
    "enquiry": ConsentKind.INQUIRY,
    "revoked": ConsentKind.REVOKED,
    "revocation": ConsentKind.REVOKED,
}
"""What files call the kinds, in small letters; prior express (written) consent is often shortened."""


class BadConsent(ValueError):
    """The entry cannot be written; ``field`` is at fault, the text says what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry to be written; see ``models.Consent`` for the meaning of each field."""

    number: int
    kind: ConsentKind
    given_at: datetime
    means: ConsentMeans
    expires_at: datetime | None = None
    scope: str = ""
    text: str = ""
    source: str = ""


def check(draft: Draft, now: datetime, *, has_proof: bool = False) -> Draft:
    """The draft with its relationship's end set. Raises ``BadConsent``."""
    if draft.given_at > now + CLOCK_SKEW:
        raise BadConsent("given_at", "It lies in the future. Give the moment at which the person acted.")
    if draft.expires_at is not None and draft.expires_at <= draft.given_at:
        raise BadConsent("expires_at", "It ends before it begins. Correct one of the two dates.")
    if draft.kind == ConsentKind.WRITTEN and not (draft.text or has_proof):
        raise BadConsent(
            "text", "A written consent needs the wording that was agreed to, or a file that shows it."
        )
    if draft.kind != ConsentKind.REVOKED and not (draft.text or draft.source or has_proof):
        raise BadConsent(
            "source", f"Say where this {NAMES[draft.kind]} came from: a source, its wording or a file."
        )
    _check_lengths(draft)
    return replace(draft, expires_at=expiry_of(draft.kind, draft.given_at, draft.expires_at))


def draft_from_cells(
    cells: Mapping[str, str], *, country: str, zone: tzinfo, means: ConsentMeans, source: str
) -> Draft:
    """An entry as a file or another system writes it, all values text; still to be checked.

    ``means`` and ``source`` stand in where the cells do not say. Raises ``BadConsent``.
    """
    number = _read_number(cells.get("number", ""), country)
    if number is None:
        raise BadConsent("number", "This is no phone number. Write it as +12025550123.")
    kind = read_kind(cells.get("kind", ""))
    return Draft(
        number=to_digits(number),
        kind=kind,
        given_at=_moment("given_at", cells.get("given_at", ""), zone, end_of_day=kind == ConsentKind.REVOKED),
        expires_at=_moment("expires_at", ends, zone)
        if (ends := cells.get("expires_at", "").strip())
        else None,
        means=_means(cells.get("means", ""), means),
        scope=cells.get("scope", "").strip(),
        text=cells.get("text", "").strip(),
        source=cells.get("source", "").strip() or source,
    )


def read_kind(text: str) -> ConsentKind:
    """The kind that a file means. Raises ``BadConsent`` naming those that there are."""
    try:
        return ALIASES[text.strip().lower()]
    except KeyError:
        raise BadConsent(
            "kind",
            f"“{text.strip()[:40]}” is no kind of consent. Write written, express, purchase, inquiry or revoked.",
        ) from None


def _read_number(text: str, country: str) -> str | None:
    """As E.164; ten digits of North America without the library, which takes twenty times as long."""
    if country in NANP_COUNTRIES and (plain := PLAIN.fullmatch(text.strip())):
        return f"+1{''.join(plain.groups())}"
    return normalise(text, country)


def _means(text: str, otherwise: ConsentMeans) -> ConsentMeans:
    if not text.strip():
        return otherwise
    try:
        return ConsentMeans(text.strip().lower())
    except ValueError:
        raise BadConsent(
            "means", f"“{text.strip()[:40]}” is no means. Write one of {', '.join(ConsentMeans.values)}."
        ) from None


def _moment(field: str, text: str, zone: tzinfo, *, end_of_day: bool = False) -> datetime:
    if not text.strip():
        raise BadConsent(field, "The date is missing. Write when the person acted, as 2026-03-01.")
    try:
        return read_moment(text, zone, end_of_day=end_of_day)
    except BadMoment as error:
        raise BadConsent(field, str(error)) from None


def _check_lengths(draft: Draft) -> None:
    limits = (("scope", SCOPE_LENGTH), ("text", TEXT_LENGTH), ("source", SOURCE_LENGTH))
    for name, limit in limits:
        if len(getattr(draft, name)) > limit:
            raise BadConsent(
                name, f"It has {len(getattr(draft, name)):,} characters; {limit:,} fit. Shorten it."
            )
