"""How old a list may be, and whose numbers may not be called for a sale without one."""

from __future__ import annotations

from ..choices import ListKind

NATIONAL_MOST_DAYS = {"US": 31, "CA": 31, "GB": 28}
"""Country → the oldest that its registry may be at a sales call, which also needs one.

US: 16 CFR 310.4(b)(3)(iv) and 47 CFR 64.1200(c)(2)(i)(D). CA: CRTC Unsolicited Telecommunications Rules, part II.
GB: Privacy and Electronic Communications Regulations 2003, regulation 21(3).
"""
USUAL_DAYS = {
    ListKind.STATE: 31,
    ListKind.WIRELESS: 31,
    ListKind.PORTED_WIRELESS: 15,
    ListKind.PORTED_LANDLINE: 15,
}
"""What is suggested for a new list. Ported numbers: 47 CFR 64.1200(a)(1)(iv) forgives 15 days."""
REGISTRIES = frozenset({ListKind.NATIONAL, ListKind.STATE})
"""Asked for sales calls only; one that was set up and never loaded closes the gate for them."""
FORBIDDING = frozenset({ListKind.CAMPAIGN, ListKind.INTERNAL, ListKind.LITIGATOR})
"""Asked for every call, whatever its purpose; in force from the first load on."""
INFORMING = frozenset({ListKind.WIRELESS, ListKind.PORTED_WIRELESS, ListKind.PORTED_LANDLINE})
"""They tell what a number is."""


def usual_age_days(kind: str, country: str) -> int | None:
    """The age limit for a list that names none; None: it does not grow old."""
    if kind == ListKind.NATIONAL:
        return NATIONAL_MOST_DAYS.get(country, 31)
    return USUAL_DAYS.get(ListKind(kind))
