"""The chain of decisions: each row's hash covers the row and the hash before it.

Who changes, drops or inserts a row afterwards must change every hash that follows; the head that the monthly report
prints would no longer match.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from django.db import connection

from ..models import Chain, Decision

COLUMNS = """(organisation_id, sequence, call, campaign, subject, topic, number, kind, reason, detail, rule, retry_at,
    permit, caller_id, trunk, attestation, origid, signer, at, evidence, digest)"""
INSERT = f"""INSERT INTO compliance_decision {COLUMNS}
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""  # noqa: S608 (of constants)
"""One statement for a batch: the ORM's own bulk insert takes three times as long (bench/gate.py)."""
COPY = f"COPY compliance_decision {COLUMNS} FROM STDIN"
"""How PostgreSQL takes a batch: it would parse and plan an INSERT anew for every row."""
LOCK = """UPDATE compliance_chain SET sequence = sequence WHERE organisation_id = %s RETURNING sequence, digest"""
"""Takes the row's lock and reads it in one step, in SQLite as in PostgreSQL."""
MOVE = "UPDATE compliance_chain SET sequence = %s, digest = %s WHERE organisation_id = %s"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A decision as it is written; see ``Decision`` for the meaning of each field."""

    organisation: int
    call: str
    campaign: int
    subject: str
    topic: str
    number: int | None
    kind: str
    at: datetime
    evidence: str
    reason: str = ""
    detail: str = ""
    rule: str = ""
    retry_at: datetime | None = None
    permit: str = ""
    caller_id: str = ""
    trunk: int = 0
    attestation: str = ""
    origid: str = ""
    signer: str = ""


@dataclass(slots=True)
class Head:
    """Where an organisation's chain stands, for the transaction that holds it."""

    sequence: int
    digest: bytes


def lock(organisations: Collection[int]) -> dict[int, Head]:
    """The chains of these organisations, held until the transaction ends: their decisions come one after another."""
    return {organisation: _lock(organisation) for organisation in sorted(organisations)}


def _lock(organisation: int) -> Head:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [organisation])
        found = cursor.fetchone()
        if found is None:
            Chain.objects.bulk_create([Chain(organisation_id=organisation)], ignore_conflicts=True)
            cursor.execute(LOCK, [organisation])
            found = cursor.fetchone()
    return Head(found[0], bytes(found[1]))


def append(chains: dict[int, Head], entries: Sequence[Entry]) -> None:
    """Write the entries behind what stands, in the transaction that holds ``chains``."""
    rows = []
    # The entries of a batch share their moment: what the database wants of it is worked out once.
    adapted = cache(connection.ops.adapt_datetimefield_value)
    for entry in entries:
        head = chains[entry.organisation]
        head.sequence += 1
        head.digest = digest_of(head.digest, head.sequence, entry)
        rows.append(_row(entry, head, adapted))
    if not rows:
        return
    with connection.cursor() as cursor:
        _write(cursor, rows)
        cursor.executemany(
            MOVE, [(head.sequence, head.digest, organisation) for organisation, head in chains.items()]
        )


def _write(cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    if connection.vendor != "postgresql":
        cursor.executemany(INSERT, rows)
        return
    with connection.wrap_database_errors, cursor.copy(COPY) as copy:
        for row in rows:
            copy.write_row(row)


def digest_of(before: bytes, sequence: int, entry: Entry) -> bytes:
    """SHA-256 over the digest before and the row's content, a JSON array in the order of ``_content``."""
    return hashlib.sha256(before + _encode(_content(sequence, entry))).digest()


def entry_of(row: Decision) -> Entry:
    """What was hashed, read back from the row."""
    return Entry(
        organisation=row.organisation_id,
        **{name: getattr(row, name) for name in Entry.__slots__ if name != "organisation"},
    )


def _content(sequence: int, entry: Entry) -> list[Any]:
    return [
        sequence,
        entry.organisation,
        entry.call,
        entry.campaign,
        entry.subject,
        entry.topic,
        entry.number,
        entry.kind,
        entry.reason,
        entry.detail,
        entry.rule,
        _microseconds(entry.retry_at),
        entry.permit,
        entry.caller_id,
        entry.trunk,
        entry.attestation,
        entry.origid,
        entry.signer,
        _microseconds(entry.at),
        entry.evidence,
    ]


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - EPOCH) // MICROSECOND


def _row(entry: Entry, head: Head, adapted: Callable[[datetime | None], Any]) -> tuple[Any, ...]:
    return (
        entry.organisation,
        head.sequence,
        entry.call,
        entry.campaign,
        entry.subject,
        entry.topic,
        entry.number,
        entry.kind,
        entry.reason,
        entry.detail,
        entry.rule,
        adapted(entry.retry_at),
        entry.permit,
        entry.caller_id,
        entry.trunk,
        entry.attestation,
        entry.origid,
        entry.signer,
        adapted(entry.at),
        entry.evidence,
        head.digest,
    )
