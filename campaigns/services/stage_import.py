"""Take a file in: keep it, find out what it is, suggest what its columns mean."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files import File
from django.db import transaction

from accounts.models import User
from accounts.services.record_audit import record_audit
from campaigns.importing.headers import suggest
from campaigns.importing.problems import BadFile
from campaigns.importing.sniff import Sniffed, sniff
from campaigns.models import ImportJob, LeadList

MEGABYTE = 1024 * 1024


def stage_import(
    lead_list: LeadList, user: User | None, file_name: str, chunks: Iterable[bytes], country: str = "US"
) -> ImportJob:
    """A staged job with a suggested mapping. ``file_name`` is only shown, never used as a path. Raises
    ``BadFile``.
    """
    with tempfile.NamedTemporaryFile(prefix="import-", suffix=".csv") as kept:
        digest = _keep(kept, chunks)
        sniffed = sniff(Path(kept.name))
        return _make_job(lead_list, user, file_name, country, digest, sniffed, kept)


def _keep(kept: IO[bytes], chunks: Iterable[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.IMPORT_MAX_BYTES:
            limit = settings.IMPORT_MAX_BYTES // MEGABYTE
            raise BadFile(f"The file is larger than {limit} MB. Cut it into several files.")
        digest.update(chunk)
        kept.write(chunk)
    kept.flush()
    return digest.hexdigest()


@transaction.atomic
def _make_job(
    lead_list: LeadList,
    user: User | None,
    file_name: str,
    country: str,
    digest: str,
    sniffed: Sniffed,
    kept: IO[bytes],
) -> ImportJob:
    job = ImportJob(
        organisation_id=lead_list.organisation_id,
        lead_list=lead_list,
        created_by=user,
        file_name=Path(file_name).name[:200],
        digest=digest,
        encoding=sniffed.shape.encoding,
        delimiter=sniffed.shape.delimiter,
        has_header=sniffed.shape.has_header,
        columns=sniffed.columns,
        samples=[[cell.replace("\0", " ")[:200] for cell in row] for row in sniffed.samples],
        mapping=suggest(sniffed.columns, sniffed.samples),
        country=country,
        rows_total=sniffed.rows_estimate,
    )
    kept.seek(0)
    job.file.save(f"{uuid.uuid4().hex}.csv", File(kept), save=False)
    job.save()
    actor = user or "command line"
    record_audit(lead_list.organisation, actor, "import.staged", f"{job.file_name} → {lead_list.name}")
    return job


def same_file_before(job: ImportJob) -> ImportJob | None:
    """The last import of the very same bytes into the same list that was brought in."""
    earlier = ImportJob.objects.filter(lead_list=job.lead_list, digest=job.digest, status="done")
    return earlier.exclude(pk=job.pk).order_by("-pk").first()
