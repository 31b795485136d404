"""Take in a file of consents, or of the Reassigned Numbers Database's answers."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files import File
from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.record_audit import record_audit

from ..choices import ConsentFile
from ..consent.files import ANSWERS, CONSENTS, BadFile, count_lines, read_rows
from ..models import ConsentImport

MEGABYTE = 1024 * 1024
MAX_FILE_BYTES = 256 * MEGABYTE
SHAPES = {ConsentFile.CONSENTS: CONSENTS, ConsentFile.ANSWERS: ANSWERS}


def stage_consents(
    organisation: Organisation,
    user: User | None,
    kind: ConsentFile,
    file_name: str,
    chunks: Iterable[bytes],
    answered_at: datetime | None = None,
) -> ConsentImport:
    """The file kept, its first rows read, ready to be entered (``import_consents``).

    The same bytes give the same import: one that was cut off goes on, one that is done is not entered again.
    ``file_name`` is only shown. ``answered_at`` is when the database gave its answers. Raises ``BadFile``.
    """
    with tempfile.NamedTemporaryFile(prefix="consents-", suffix=".csv") as kept:
        digest = _keep(kept, chunks)
        found = ConsentImport.objects.filter(organisation=organisation, kind=kind, digest=digest).first()
        if found is not None:
            return _again(found)
        next(read_rows(Path(kept.name), SHAPES[kind]), None)
        return _store(
            ConsentImport(
                organisation=organisation,
                kind=kind,
                created_by=user,
                file_name=Path(file_name).name[:200],
                digest=digest,
                answered_at=answered_at,
                rows_total=count_lines(Path(kept.name)),
            ),
            kept,
        )


def _keep(kept: IO[bytes], chunks: Iterable[bytes]) -> str:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_FILE_BYTES:
            raise BadFile(
                f"The file is larger than {MAX_FILE_BYTES // MEGABYTE} MB. Cut it into several files."
            )
        digest.update(chunk)
        kept.write(chunk)
    kept.flush()
    return digest.hexdigest()


def _again(found: ConsentImport) -> ConsentImport:
    if found.finished_at is not None:
        raise BadFile(
            f"The very same file was entered on {found.finished_at:%Y-%m-%d} (import {found.pk}). "
            "Nothing was entered twice."
        )
    return found


@transaction.atomic
def _store(job: ConsentImport, kept: IO[bytes]) -> ConsentImport:
    kept.seek(0)
    job.file.save(f"{uuid.uuid4().hex}.csv", File(kept), save=False)
    job.save()
    actor = job.created_by or "command line"
    record_audit(job.organisation, actor, "consents.staged", job.file_name, after={"sha256": job.digest})
    return job
