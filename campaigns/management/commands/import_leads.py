"""``manage.py import_leads FILE --list NAME``: bring a file of leads in from the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.organisations import find_organisation
from accounts.models import Organisation
from campaigns.choices import Duplicates, ImportStatus, Scope
from campaigns.importing.commit import commit
from campaigns.importing.mapping import read_options
from campaigns.importing.problems import BadFile
from campaigns.importing.report import summary_lines
from campaigns.importing.validate import validate
from campaigns.models import Campaign, ImportJob, LeadList
from campaigns.services.run_import import start_commit, start_validation
from campaigns.services.stage_import import stage_import

CHUNK_BYTES = 1024 * 1024
BAR_WIDTH = 30


class Command(BaseCommand):
    """The same steps as the pages, one after the other; a bad file changes nothing and ends with status 1."""

    help = "Bring a CSV file of leads into a list."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file and where it goes."""
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.add_argument("file", type=Path)
        parser.add_argument("--list", required=True, dest="list_name", help="made when it does not exist")
        parser.add_argument("--campaign", help="the campaign the list belongs to")
        parser.add_argument("--organisation", help="needed where there are several")
        parser.add_argument(
            "--map", action="append", default=[], metavar="HEADER=FIELD", help="may be repeated"
        )
        parser.add_argument("--country", default="US", help="where numbers without + belong")
        parser.add_argument("--duplicates", choices=Duplicates.values, default=Duplicates.SKIP)
        parser.add_argument(
            "--scope", choices=Scope.values, default=Scope.LIST, help="where duplicates are looked for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Stage, map, check, bring in, report."""
        path: Path = options["file"]
        lead_list = _find_list(options)
        try:
            job = stage_import(lead_list, None, path.name, _chunks(path), options["country"].upper())
            mapping = job.mapping | read_options(options["map"], job.columns)
            start_validation(job, mapping, job.country, options["duplicates"], options["scope"])
        except BadFile as error:
            raise CommandError(str(error)) from error
        self._through(validate(job.pk, self._bar("Checking")), ImportStatus.READY)
        start_commit(job, "command line")
        done = self._through(commit(job.pk, self._bar("Bringing in")), ImportStatus.DONE)
        for line in summary_lines(done):
            self.stdout.write(line)

    def _through(self, job: ImportJob, wanted: ImportStatus) -> ImportJob:
        if self.stderr.isatty():
            self.stderr.write("")
        if job.status != wanted:
            raise CommandError(
                job.message or f"The import stands at “{job.get_status_display()}” and went no further."
            )
        return job

    def _bar(self, words: str) -> Any:
        """Shows progress on a terminal, and nothing in a log."""

        def show(job: ImportJob) -> None:
            share = min(job.rows_done / max(job.rows_total, 1), 1.0)
            bar = ("#" * round(share * BAR_WIDTH)).ljust(BAR_WIDTH, ".")
            self.stderr.write(f"\r{words} [{bar}] {job.rows_done:,} rows", ending="")

        return show if self.stderr.isatty() else None


def _find_list(options: dict[str, Any]) -> LeadList:
    organisation = find_organisation(options["organisation"])
    campaign = _find_campaign(organisation, options["campaign"])
    lead_list, made = LeadList.objects.get_or_create(
        organisation=organisation, name=options["list_name"], defaults={"campaign": campaign}
    )
    if not made and campaign is not None and lead_list.campaign_id != campaign.pk:
        raise CommandError(f"The list “{lead_list.name}” belongs to another campaign. Move it there first.")
    return lead_list


def _find_campaign(organisation: Organisation, name: str | None) -> Campaign | None:
    if name is None:
        return None
    try:
        return Campaign.objects.get(organisation=organisation, name=name)
    except Campaign.DoesNotExist:
        raise CommandError(f"There is no campaign “{name}” in {organisation.name}.") from None


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
