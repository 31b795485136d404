"""The benchmarks: each a module of ``bench/`` that prints one JSON object, its baseline measured in the same run."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

FOLDER = Path(settings.BASE_DIR) / "bench"


class Command(BaseCommand):
    """Become the benchmark, in a process that has loaded nothing of Django."""

    help = "Run a benchmark of bench/ by name."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name, and whatever the benchmark takes."""
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument("rest", nargs="...")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find it among the files that there are; the name of a file never comes from the user."""
        known = {path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")}
        known |= {path.parent.name for path in FOLDER.glob("*/__main__.py")}
        if options["name"] not in known:
            raise CommandError(
                f"There is no benchmark “{options['name']}”. There are: {', '.join(sorted(known))}."
            )
        (name,) = known & {options["name"]}
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, [sys.executable, "-m", f"bench.{name}", *options["rest"]])  # noqa: S606
