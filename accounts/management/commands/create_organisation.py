"""``manage.py create_organisation NAME --administrator USERNAME``: the first step of a new installation."""

from __future__ import annotations

import getpass
import os
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.services.create_organisation import create_organisation

PASSWORD_VARIABLE = "PACELINE_ADMIN_PASSWORD"  # noqa: S105 - the name of a variable, not a password


class Command(BaseCommand):
    """Founds an organisation with its first administrator."""

    help = f"Found an organisation. The password is asked for, or taken from {PASSWORD_VARIABLE}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name, administrator and zone."""
        parser.add_argument("name")
        parser.add_argument("--administrator", required=True, metavar="USERNAME")
        parser.add_argument("--time-zone", default="America/New_York", metavar="ZONE")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make both, or say what does not fit."""
        password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass("Password of the administrator: ")
        try:
            organisation, person = create_organisation(
                options["name"],
                time_zone=options["time_zone"],
                administrator=options["administrator"],
                password=password,
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{organisation.name} is founded. Sign in as {person.username}.")
