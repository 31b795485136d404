"""The ledger as CSV, piece by piece, in cells that no spreadsheet computes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from accounts.csv_cells import harmless
from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..models import Consent
from ..numbers import to_e164

PIECE_ROWS = 2000
BYTE_ORDER_MARK = "\ufeff"
"""Lets spreadsheets read UTF-8 as UTF-8."""
HEADER = (
    *("number", "kind", "given_at", "expires_at", "means", "scope", "text", "source"),
    *("proof_sha256", "created_by", "created_at", "id"),
)


def begin_export(organisation: Organisation, actor: User | str) -> Iterator[str]:
    """Keep in the audit log who took the ledger, and return its pieces. The file can be imported again."""
    record_audit(organisation, actor, "consents.exported", "ledger of consents")
    return _pieces(organisation.pk)


def _pieces(organisation_id: int) -> Iterator[str]:
    """Each piece by a query of its own: no transaction stays open."""
    yield BYTE_ORDER_MARK + _lines([HEADER])
    last = 0
    while True:
        entries = Consent.objects.filter(organisation=organisation_id, pk__gt=last).order_by("pk")[
            :PIECE_ROWS
        ]
        rows = list(entries)
        if not rows:
            return
        yield _lines(_cells(entry) for entry in rows)
        last = rows[-1].pk


def _cells(entry: Consent) -> list[str]:
    times = (entry.given_at.isoformat(), entry.expires_at.isoformat() if entry.expires_at else "")
    texts = (entry.means, entry.scope, entry.text, entry.source, entry.proof_sha256, entry.created_by)
    return [
        harmless(to_e164(entry.number)),
        entry.kind,
        *times,
        *map(harmless, texts),
        entry.created_at.isoformat(),
        str(entry.pk),
    ]


def _lines(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
