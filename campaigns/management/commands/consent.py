"""``manage.py consent import|export|revoke|rnd-queries|rnd-answers``: the ledger of consents from the command line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.organisations import find_organisation
from accounts.models import Organisation
from campaigns.models import Campaign, LeadPhone
from compliance.choices import ConsentFile, ConsentMeans
from compliance.consent.exporting import begin_export
from compliance.consent.files import BadFile
from compliance.consent.moments import BadMoment, read_day
from compliance.consent.queries import numbers_of_ledger, rnd_queries
from compliance.models import ConsentImport
from compliance.numbers import normalise, to_digits
from compliance.services.import_consents import import_consents
from compliance.services.revoke_consent import revoke_consent
from compliance.services.stage_consents import stage_consents

CHUNK_BYTES = 1024 * 1024
BAR_WIDTH = 30
SHOWN_ERRORS = 10


class Command(BaseCommand):
    """The same verbs as the page; what cannot be done ends with status 1 and changes nothing."""

    help = "Import, export and revoke consents; ask the Reassigned Numbers Database and bring in its answers."

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command an action."""
        parser.add_argument("--organisation", help="needed where there are several")
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("import", help="enter a CSV file").add_argument("file", type=Path)
        actions.add_parser("export", help="write the ledger as CSV").add_argument(
            "file", type=Path, nargs="?"
        )
        revoke = actions.add_parser("revoke", help="revoke what a number has agreed to")
        revoke.add_argument("number")
        revoke.add_argument("--means", choices=ConsentMeans.values, default=ConsentMeans.OTHER)
        revoke.add_argument("--note", default="", help="what the person said")
        queries = actions.add_parser("rnd-queries", help="write the query file for the database")
        queries.add_argument("file", type=Path, nargs="?")
        queries.add_argument("--campaign", help="only the numbers of its leads; without it the whole ledger")
        answers = actions.add_parser("rnd-answers", help="bring in the file that the database gave back")
        answers.add_argument("file", type=Path)
        answers.add_argument("--answered", metavar="DATE", help="the day of the answers; without it: now")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the organisation, do the action."""
        organisation = find_organisation(options["organisation"])
        actions: dict[str, Callable[[Organisation, dict[str, Any]], None]] = {
            "import": lambda who, given: self._enter(who, given["file"], ConsentFile.CONSENTS),
            "export": self._export,
            "revoke": self._revoke,
            "rnd-queries": self._queries,
            "rnd-answers": self._answers,
        }
        actions[options["action"]](organisation, options)

    def _enter(
        self, organisation: Organisation, path: Path, kind: ConsentFile, at: datetime | None = None
    ) -> None:
        try:
            job = stage_consents(organisation, None, kind, path.name, _chunks(path), at)
        except BadFile as error:
            raise CommandError(str(error)) from error
        job = import_consents(job.pk, self._bar)
        if self.stderr.isatty():
            self.stderr.write("")
        self.stdout.write(f"{job.rows_done:,} rows read: {job.entered:,} entered, {job.rejected:,} rejected.")
        for line, words in job.errors[:SHOWN_ERRORS]:
            self.stdout.write(f"  line {line}: {words}")
        if job.message:
            raise CommandError(job.message)

    def _export(self, organisation: Organisation, options: dict[str, Any]) -> None:
        with _opened(options["file"], self.stdout) as file:
            for piece in begin_export(organisation, "command line"):
                file.write(piece)

    def _revoke(self, organisation: Organisation, options: dict[str, Any]) -> None:
        number = normalise(options["number"], organisation.country)
        if number is None:
            raise CommandError("This is no phone number. Write it as +12025550123.")
        means, note = options["means"], options["note"]
        revoke_consent(organisation.pk, number, means, text=note, source="command line", actor="command line")
        self.stdout.write("Revoked. The next decision obeys it.")

    def _queries(self, organisation: Organisation, options: dict[str, Any]) -> None:
        name, topic, numbers = options["campaign"], "", numbers_of_ledger(organisation.pk)
        if name is not None:
            campaign = _campaign(organisation, name)
            topic, numbers = campaign.topic, _numbers_of(campaign)
        with _opened(options["file"], self.stdout) as file:
            csv.writer(file).writerows(rnd_queries(organisation.pk, numbers, timezone.now(), topic))

    def _answers(self, organisation: Organisation, options: dict[str, Any]) -> None:
        at = timezone.now()
        if options["answered"]:
            try:
                day = read_day(options["answered"])
            except BadMoment as error:
                raise CommandError(str(error)) from error
            at = min(at, datetime.combine(day, time(), ZoneInfo(organisation.time_zone)))
        self._enter(organisation, options["file"], ConsentFile.ANSWERS, at)

    def _bar(self, job: ConsentImport) -> None:
        """Progress on a terminal, nothing in a log."""
        if not self.stderr.isatty():
            return
        share = min(job.rows_done / max(job.rows_total, 1), 1.0)
        bar = ("#" * round(share * BAR_WIDTH)).ljust(BAR_WIDTH, ".")
        self.stderr.write(f"\rEntering [{bar}] {job.rows_done:,} rows", ending="")


def _campaign(organisation: Organisation, name: str) -> Campaign:
    try:
        return Campaign.objects.get(organisation=organisation, name=name)
    except Campaign.DoesNotExist:
        raise CommandError(f"There is no campaign “{name}” in {organisation.name}.") from None


def _numbers_of(campaign: Campaign) -> Iterator[int]:
    phones = LeadPhone.objects.filter(lead__lead_list__campaign=campaign).order_by("number")
    return map(to_digits, phones.values_list("number", flat=True).distinct().iterator())


@contextmanager
def _opened(path: Path | None, otherwise: Any) -> Iterator[TextIO | Any]:
    if path is None:
        yield otherwise
        return
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            yield file
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
