"""``manage.py practice_agents``: agents that sign in and talk by themselves."""

from __future__ import annotations

import asyncio
import json
import signal
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from dialer.practice.agent import Habits
from dialer.practice.crew import Crew, CrewOptions

PASSWORD_FILE = "practice_password"  # noqa: S105 - a file's name


def seconds_range(text: str) -> tuple[float, float]:
    """``A-B`` in seconds, or one number for both."""
    first, _, last = text.partition("-")
    try:
        shortest, longest = float(first), float(last or first)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no range: write seconds as 5-20.") from None
    if not 0 <= shortest <= longest:
        raise ArgumentTypeError(f"“{text}” is no range: the first number must not be the larger one.")
    return shortest, longest


def _numbers(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"Cannot read {path}: {error}.") from error
    return tuple(line.strip() for line in lines if line.strip())


class Command(BaseCommand):
    """Works until SIGINT, SIGTERM or the end of ``--seconds``, then prints its totals as JSON."""

    help = "Practice agents: they sign in, get ready, talk with their own voice, and dispose of calls."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options, each with what it is for."""
        parser.add_argument("--count", type=int, default=6, help="how many")
        parser.add_argument(
            "--usernames-prefix", default="practice", help="practice: practice1, practice2 and so on"
        )
        parser.add_argument(
            "--url", default=f"http://127.0.0.1:{settings.HTTP_PORT}", help="where Paceline is"
        )
        parser.add_argument("--password-file", type=Path, default=settings.DATA_DIR / PASSWORD_FILE)
        parser.add_argument(
            "--campaign", default="", help="name of the campaign; default: the first one running"
        )
        parser.add_argument("--numbers", type=Path, help="file of numbers to dial by hand, one a line")
        parser.add_argument(
            "--talk", type=seconds_range, default=Habits().talk_s, help="seconds of talk, as 6-20"
        )
        parser.add_argument(
            "--wrap", type=seconds_range, default=Habits().wrap_s, help="seconds of wrap-up, as 1-4"
        )
        parser.add_argument("--seconds", type=float, help="stop after so many")
        parser.add_argument("--seed", type=int, default=0, help="the same seed draws the same talks")
        parser.add_argument("--report", type=Path, help="write what happened to this JSON file")

    def handle(self, *args: Any, **given: Any) -> None:
        """Check the options and run."""
        if given["count"] < 1:
            raise CommandError("--count must be at least 1.")
        numbers = _numbers(given["numbers"])
        options = CrewOptions(
            url=given["url"].rstrip("/"),
            sign_in_path=reverse("accounts:sign_in"),
            usernames=tuple(f"{given['usernames_prefix']}{n}" for n in range(1, given["count"] + 1)),
            password=lambda: given["password_file"].read_text().strip(),
            habits=Habits(
                talk_s=given["talk"],
                wrap_s=given["wrap"],
                campaign=given["campaign"],
                numbers=numbers,
            ),
            seed=given["seed"],
            report=given["report"],
        )
        totals = asyncio.run(self._run(options, given["seconds"]))
        self.stdout.write(json.dumps(totals))

    async def _run(self, options: CrewOptions, seconds: float | None) -> dict[str, Any]:
        stopped = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        return await Crew(options).work(stopped, seconds)
