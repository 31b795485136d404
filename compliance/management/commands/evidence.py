"""``manage.py evidence verify|head|export``: prove that the gate's decisions are what was written."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.organisations import find_organisation
from accounts.models import Organisation
from compliance.evidence.exporting import BadFile, export, verify_file
from compliance.evidence.verifying import Head, Progress, Verdict, head_of
from compliance.services.check_chain import check_chain

BAR_WIDTH = 30
SHOWN_EVERY = 2_000


def anchor(text: str) -> Head:
    """A head from the command line."""
    try:
        return Head.read(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Reads decisions; nothing here changes or deletes one."""

    help = "Check, note down or export the chain of the gate's decisions."

    def add_arguments(self, parser: CommandParser) -> None:
        """One of three things to do."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="work every digest out again; status 1 where one is wrong")
        verify.add_argument("--file", type=Path, help="check this export instead of the database")
        verify.add_argument(
            "--anchor", type=anchor, action="append", default=[], metavar="SEQUENCE:DIGEST",
            help="a head that was noted earlier; may be repeated",
        )  # fmt: skip
        head = verbs.add_parser("head", help="print where the chain stands, to be noted elsewhere")
        export_ = verbs.add_parser("export", help="write old decisions to a file that proves itself")
        export_.add_argument("--before", type=dt.date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        export_.add_argument("--file", type=Path, required=True)
        for each in (verify, head, export_):
            _add_organisation(each)

    def handle(self, *args: Any, **options: Any) -> None:
        """Through the verb that was asked for."""
        getattr(self, f"_{options['verb']}")(options)

    def _verify(self, options: dict[str, Any]) -> None:
        if options["file"]:
            self._tell(str(options["file"]), self._verdict_on_file(options["file"], options["anchor"]))
            return
        named = options["organisation"]
        every = [find_organisation(named)] if named else list(Organisation.objects.order_by("pk"))
        found = [
            self._tell(each.name, check_chain(each.pk, options["anchor"], self._bar("Checking")), stop=False)
            for each in every
        ]
        if not all(found):
            raise CommandError("The chain is not intact. Restore the database from a backup and compare.")

    def _verdict_on_file(self, path: Path, anchors: list[Head]) -> Verdict:
        try:
            with path.open("rb") as file:
                return verify_file(file, anchors)
        except BadFile as error:
            raise CommandError(f"{path}: {error}") from error
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error

    def _tell(self, name: str, verdict: Verdict, stop: bool = True) -> bool:
        words = f"{name}: {verdict.words} Head {verdict.head}."
        if stop and not verdict.intact:
            raise CommandError(words)
        (self.stdout if verdict.intact else self.stderr).write(words)
        return verdict.intact

    def _head(self, options: dict[str, Any]) -> None:
        self.stdout.write(str(head_of(find_organisation(options["organisation"]).pk)))

    def _export(self, options: dict[str, Any]) -> None:
        organisation = find_organisation(options["organisation"])
        midnight = dt.datetime.combine(options["before"], dt.time(), ZoneInfo(organisation.time_zone))
        try:
            with options["file"].open("xb") as file:
                end = export(organisation, midnight, file, self._bar("Writing"))
        except FileExistsError:
            raise CommandError(f"{options['file']} is there already; choose another name.") from None
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        except ValueError as error:
            options["file"].unlink()
            raise CommandError(str(error)) from error
        self.stdout.write(f"{end.sequence:,} decisions are in {options['file']}. Head {end}.")

    def _bar(self, words: str) -> Progress | None:
        """Shows progress on a terminal, and nothing in a log."""

        def show(done: int, whole: int) -> None:
            if done % SHOWN_EVERY and done != whole:
                return
            bar = ("#" * round(done / max(whole, 1) * BAR_WIDTH)).ljust(BAR_WIDTH, ".")
            self.stderr.write(
                f"\r{words} [{bar}] {done:,} of {whole:,}", ending="\n" if done == whole else ""
            )

        return show if self.stderr.isatty() else None


def _add_organisation(parser: ArgumentParser) -> None:
    parser.add_argument("--organisation", metavar="NAME", help="needed where there are several")
