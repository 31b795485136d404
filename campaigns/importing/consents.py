"""Consents that a file of leads brings along: each row's, for the first of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from campaigns.models import ImportJob
from compliance.choices import ConsentMeans
from compliance.consent.drafts import BadConsent, Draft, check, draft_from_cells

from .problems import Problem, RowProblem

SHOWN_NAME = 160


class ConsentReader:
    """Turns the consent columns of rows into entries to be, checked at the moment of reading."""

    def __init__(self, file_name: str, zone: ZoneInfo, now: datetime) -> None:
        self._file_name, self._zone, self._now = file_name[:SHOWN_NAME], zone, now

    def read(self, cells: Mapping[str, str], number: str, country: str, row: int) -> Draft:
        """The entry of one row for this number (E.164). Raises ``RowProblem``."""
        try:
            draft = draft_from_cells(
                {**cells, "number": number},
                country=country,
                zone=self._zone,
                means=ConsentMeans.FILE,
                source=f"{self._file_name}, row {row}",
            )
            return check(draft, self._now)
        except BadConsent as error:
            raise RowProblem(Problem.CONSENT, f"consent, {error.field}: {error.message}") from None


def reader_for(job: ImportJob) -> ConsentReader | None:
    """None where no column of the job's file holds consents."""
    if not any(target.startswith("consent:") for target in job.mapping.values()):
        return None
    return ConsentReader(job.file_name, ZoneInfo(job.organisation.time_zone), timezone.now())
