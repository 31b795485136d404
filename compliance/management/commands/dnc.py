"""``manage.py dnc load|apply|status|check``: the large lists from the command line."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.management.organisations import find_organisation
from accounts.models import Organisation
from compliance.choices import ListKind
from compliance.clock import gate_now
from compliance.lists.problems import BadFile, Busy, Damaged
from compliance.lists.standing import on_which, state_of
from compliance.lists.verifying import verify_list
from compliance.models import DncList
from compliance.numbers import normalise, to_digits
from compliance.services.apply_changes import apply_changes
from compliance.services.create_list import create_list
from compliance.services.load_list import load_list
from compliance.services.recover_list import recover_lists

ACTOR = "command line"
BAR_WIDTH = 30
COLUMNS = "{:<26} {:<12} {:<7} {:>9} {:<10} {:>5} {:>12}  {}"


class Command(BaseCommand):
    """A bad file changes nothing and ends with status 1; the list in force stays in force."""

    help = "Load, change and check do-not-call lists."

    def add_arguments(self, parser: CommandParser) -> None:
        """One of four things to do."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("load", help="load a list in full: text, CSV, gzip or zip")
        load.add_argument("file", type=Path)
        load.add_argument("--list", required=True, dest="name", help="made when it does not exist")
        load.add_argument("--kind", choices=ListKind.values, help="of a new list")
        load.add_argument("--country", default="", help="of a new list: US, CA, GB …")
        load.add_argument("--state", default="", help="of a new state's registry: FL")
        load.add_argument("--campaign", type=int, help="of a new campaign's list: its number")
        load.add_argument(
            "--max-age-days", type=int, help="of a new list: older than this it closes the gate"
        )
        apply = verbs.add_parser("apply", help="add and delete numbers")
        apply.add_argument("name", metavar="LIST")
        apply.add_argument("file", type=Path)
        signs = apply.add_mutually_exclusive_group()
        signs.add_argument("--add", action="store_true", help="all its numbers are added")
        signs.add_argument("--remove", action="store_true", help="all its numbers are deleted")
        for each in (load, apply):
            each.add_argument(
                "--as-of", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="today if not given"
            )
            each.add_argument(
                "--accept-shrink", action="store_true", help="take it although it is much shorter"
            )
        status = verbs.add_parser("status", help="every list; status 1 where one closes the gate")
        check = verbs.add_parser(
            "check", help="on which lists a number is, or whether all files are what was written"
        )
        check.add_argument("number", nargs="?")
        for each in (load, apply, status, check):
            _add_organisation(each)

    def handle(self, *args: Any, **options: Any) -> None:
        """Through the verb that was asked for."""
        try:
            getattr(self, f"_{options['verb']}")(options)
        except (BadFile, Busy, Damaged) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error

    def _load(self, options: dict[str, Any]) -> None:
        organisation = find_organisation(options["organisation"])
        options["file"].open("rb").close()
        version = load_list(
            _list_for(organisation, options),
            options["file"],
            options["as_of"] or dt.datetime.now(dt.UTC).date(),
            ACTOR,
            accept_shrink=options["accept_shrink"],
            progress=self._bar,
        )
        self.stderr.write("")
        self.stdout.write(
            f"{version.dnc_list.name} v{version.number} of {version.as_of} is in force: {version.entries:,} numbers, "
            f"{version.rejected:,} lines left out."
        )
        if version.message:
            self.stdout.write(version.message)

    def _apply(self, options: dict[str, Any]) -> None:
        organisation = find_organisation(options["organisation"])
        options["file"].open("rb").close()
        change = apply_changes(
            _find_list(organisation, options["name"]),
            options["file"],
            options["as_of"] or dt.datetime.now(dt.UTC).date(),
            ACTOR,
            adding=True if options["add"] else False if options["remove"] else None,
            accept_shrink=options["accept_shrink"],
            progress=self._bar,
        )
        self.stderr.write("")
        self.stdout.write(
            f"{options['name']} holds change {change.sequence} of {change.as_of}: {change.added:,} added, "
            f"{change.removed:,} deleted, {change.rejected:,} lines left out."
        )

    def _status(self, options: dict[str, Any]) -> None:
        recover_lists()
        closed = []
        for organisation in _asked(options):
            state = state_of(organisation.pk, gate_now())
            self.stdout.write(f"{organisation.name}")
            self.stdout.write(
                COLUMNS.format(*["List", "Kind", "Where", "Version", "Date", "Days", "Numbers", "State"])
            )
            for row in state.rows:
                self.stdout.write(COLUMNS.format(*row.cells()))
            for problem in state.problems:
                self.stdout.write(f"! {problem}")
            if state.closes_gate:
                closed.append(organisation.name)
        if closed:
            raise CommandError(f"Calls are refused because of lists of: {', '.join(closed)}.")

    def _check(self, options: dict[str, Any]) -> None:
        for organisation in _asked(options):
            if options["number"]:
                self._check_number(organisation, options["number"])
            else:
                self._check_files(organisation)

    def _check_number(self, organisation: Organisation, text: str) -> None:
        number = normalise(text, organisation.country)
        if number is None:
            raise CommandError(f"{text!r} is not a phone number. Write it as +12025550123.")
        found = on_which(organisation.pk, to_digits(number))
        for words in found or ["on no list"]:
            self.stdout.write(f"{organisation.name}: {words}")

    def _check_files(self, organisation: Organisation) -> None:
        bad = 0
        for dnc_list in DncList.objects.filter(organisation=organisation, active=True).select_related(
            "current"
        ):
            try:
                self.stdout.write(f"{dnc_list.name}: {verify_list(dnc_list)}")
            except Damaged as error:
                bad += 1
                self.stdout.write(f"{dnc_list.name}: DAMAGED. {error}")
        if bad:
            raise CommandError(f"{bad} of the lists cannot be relied on. Load them in full.")

    def _bar(self, done: int, whole: int) -> None:
        bar = ("#" * round(done / max(whole, 1) * BAR_WIDTH)).ljust(BAR_WIDTH, ".")
        self.stderr.write(f"\r[{bar}] {done / 1e6:,.0f} of {whole / 1e6:,.0f} MB", ending="")


def _asked(options: dict[str, Any]) -> list[Organisation]:
    named = options["organisation"]
    return [find_organisation(named)] if named else list(Organisation.objects.order_by("name"))


def _find_list(organisation: Organisation, name: str) -> DncList:
    lists = DncList.objects.filter(organisation=organisation)
    found = lists.filter(name=name).first()
    if found is None:
        names = ", ".join(lists.values_list("name", flat=True)) or "none yet"
        raise CommandError(f"There is no list “{name}”. There are: {names}.")
    return found


def _list_for(organisation: Organisation, options: dict[str, Any]) -> DncList:
    """The list of that name, or a new one where a kind is given."""
    found = DncList.objects.filter(organisation=organisation, name=options["name"]).first()
    if found is not None:
        if options["kind"] and options["kind"] != found.kind:
            raise CommandError(f"“{found.name}” is a list of another kind ({found.kind}).")
        return found
    if not options["kind"]:
        raise CommandError(f"There is no list “{options['name']}”. Say of which --kind to make it.")
    fields = {key: options[key] for key in ("name", "kind", "country", "state", "campaign", "max_age_days")}
    return create_list(organisation, ACTOR, **fields)


def _add_organisation(parser: ArgumentParser) -> None:
    parser.add_argument("--organisation", metavar="NAME", help="needed where there are several")
