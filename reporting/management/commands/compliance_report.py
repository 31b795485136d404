"""``manage.py compliance_report --month 2026-11 --pdf FILE --csv FILE``."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.management.organisations import find_organisation
from compliance.services.check_chain import check_chain
from reporting.compliance_report import csv_file, pdf
from reporting.compliance_report.figures import build
from reporting.compliance_report.month import Month, NoMonth


def month(text: str) -> Month:
    """A month from the command line."""
    try:
        return Month.read(text)
    except NoMonth as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """The same report as on the page, checked anew with ``--verify``."""

    help = "Write the monthly compliance report as PDF, CSV or both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Month, organisation and files."""
        parser.add_argument("--month", type=month, help="such as 2026-11; left out: the last whole month")
        parser.add_argument("--organisation", metavar="NAME", help="needed where there are several")
        parser.add_argument("--pdf", type=Path, metavar="FILE")
        parser.add_argument("--csv", type=Path, metavar="FILE")
        parser.add_argument("--verify", action="store_true", help="check the chain of decisions first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count once, write what was asked for."""
        if not options["pdf"] and not options["csv"]:
            raise CommandError("Say where to: --pdf FILE, --csv FILE, or both.")
        organisation = find_organisation(options["organisation"])
        today = timezone.localdate(timezone=ZoneInfo(organisation.time_zone))
        if options["verify"]:
            self.stdout.write(check_chain(organisation.pk).words)
        report = build(organisation, options["month"] or Month.before(today), timezone.now())
        try:
            if options["pdf"]:
                with options["pdf"].open("wb") as binary:
                    pdf.write(report, binary, organisation.country)
            if options["csv"]:
                with options["csv"].open("w", newline="", encoding="utf-8-sig") as text:
                    csv_file.write(report, text)
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        for path in filter(None, (options["pdf"], options["csv"])):
            self.stdout.write(f"{report.month.words} is in {path}.")
