"""Writes a piece of records as new leads and as updates of leads that were there."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from typing import Any

from django.db import connection
from django.utils import timezone

from campaigns.choices import LeadStatus
from campaigns.models import ImportJob, Lead, LeadChange, LeadPhone
from campaigns.services.classify_leads import classify
from compliance.law.classes import class_ids, place_of_lead
from compliance.law.places import Place

from . import statements
from .record import TEXT_LENGTHS, Record

TEXT_FIELDS = tuple(TEXT_LENGTHS)
"""In the order of the statements."""


class Writer:
    """The plan of a commit: gathers what is to be written, then writes it within the piece's transaction."""

    def __init__(self, job: ImportJob) -> None:
        self._job = job
        self._new: list[Record] = []
        self._updates: list[tuple[Record, int]] = []
        self._owners: dict[str, Record | int] = {}

    def create(self, record: Record) -> None:
        """Nobody has these numbers: a new lead."""
        self._new.append(record)
        self._own(record, record)

    def update(self, record: Record, lead_id: int) -> None:
        """A lead of before has one of the numbers."""
        self._updates.append((record, lead_id))
        self._own(record, lead_id)

    def merge(self, record: Record, number: str) -> None:
        """A row of this piece, still to be written, has this number."""
        owner = self._owners[number]
        if isinstance(owner, int):
            self.update(record, owner)
        else:
            _absorb(owner, record)
            self._own(record, owner)

    def write(self) -> None:
        """Write all that was gathered."""
        if self._new:
            self._insert()
        if self._updates:
            self._apply_updates()

    def _own(self, record: Record, owner: Record | int) -> None:
        for number, _ in record.phones:
            self._owners.setdefault(number, owner)

    def _insert(self) -> None:
        job, now = self._job, timezone.now()
        head = (job.organisation_id, job.lead_list_id, job.pk, _stamp(now))
        numbered = list(zip(statements.reserve_lead_ids(len(self._new)), self._new))
        places = [_place(record) for record in self._new]
        classes = class_ids(set(places))
        leads = [
            (pk, *head, json.dumps(record.custom), *_texts(record), classes[place])
            for (pk, record), place in zip(numbered, places)
        ]
        phones = [
            (pk, job.organisation_id, number, kind, position)
            for pk, record in numbered
            for position, (number, kind) in enumerate(record.phones)
        ]
        with connection.cursor() as cursor:
            cursor.executemany(statements.INSERT_LEAD, leads)
            cursor.executemany(statements.INSERT_PHONE, phones)

    def _apply_updates(self) -> None:
        ids = {lead_id for _, lead_id in self._updates}
        leads = Lead.objects.select_for_update().order_by("pk").in_bulk(ids)
        numbers: dict[int, list[str]] = defaultdict(list)
        for lead_id, number in LeadPhone.objects.filter(lead__in=ids).values_list("lead_id", "number"):
            numbers[lead_id].append(number)
        changes, phones = [], []
        for record, lead_id in self._updates:
            lead, had = leads[lead_id], numbers[lead_id]
            added = [phone for phone in record.phones if phone[0] not in had]
            changes.append(_change(self._job, lead, record, [number for number, _ in added]))
            for number, kind in added:
                phones.append((lead_id, self._job.organisation_id, number, kind, len(had)))
                had.append(number)
        LeadChange.objects.bulk_create(changes)
        _write_updates(list(leads.values()), phones)


def _write_updates(leads: list[Lead], phones: list[tuple[int, int, str, str, int]]) -> None:
    rows = [
        (json.dumps(lead.custom), *(getattr(lead, name) for name in TEXT_FIELDS), lead.pk) for lead in leads
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statements.UPDATE_LEAD, rows)
        cursor.executemany(statements.INSERT_PHONE, phones)
    revived = {phone[0] for phone in phones}
    Lead.objects.filter(pk__in=revived, status=LeadStatus.UNUSABLE).update(status=LeadStatus.RETRY)
    classify([lead.pk for lead in leads])


def _change(job: ImportJob, lead: Lead, record: Record, added: list[str]) -> LeadChange:
    """Set the record's values on the lead; what they were goes into the change."""
    before = {name: getattr(lead, name) for name in record.fields} | {
        "custom": lead.custom,
        "status": lead.status,
    }
    for name, value in record.fields.items():
        setattr(lead, name, value)
    lead.custom = {**lead.custom, **record.custom}
    return LeadChange(job=job, lead=lead, before=before, phones_added=added)


def _absorb(earlier: Record, later: Record) -> None:
    earlier.fields.update(later.fields)
    earlier.custom.update(later.custom)
    had = {number for number, _ in earlier.phones}
    earlier.phones.extend(phone for phone in later.phones if phone[0] not in had)


def _place(record: Record) -> Place | None:
    where = (record.fields.get(name, "") for name in ("postal_code", "state", "time_zone"))
    return place_of_lead([number for number, _ in record.phones], *where)


def _texts(record: Record) -> tuple[Any, ...]:
    return tuple(record.fields.get(name, "") for name in TEXT_FIELDS)


def _stamp(now: dt.datetime) -> Any:
    """A time as the database's own parameter, made once for a piece."""
    return Lead._meta.get_field("created_at").get_db_prep_save(now, connection)
